// FileResource: streams wait for readiness and can be dropped, files go to the pool in order, and
// nobody's descriptor changes its mode or number.
#include "src/ext/io/file_resource.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <string>
#include <vector>

namespace rt {
namespace {

using Transfer = Task<Result<size_t>>;

class FileResourceTest : public testing::Test {
 protected:
  void SetUp() override {
    auto loop = Loop::Create();
    ASSERT_TRUE(loop.ok());
    loop_ = std::move(loop).value();
  }

  Ref<FileResource> Adopt(int fd) {
    return MakeResource<FileResource>(
        *loop_, OwnedFd(fd),
        FileResource::Rights{.read = true, .write = true, .stat = true, .path = {}});
  }
  // Both ends of a pipe: [0] is read, [1] is written.
  void MakePipe(int (&ends)[2]) { ASSERT_EQ(pipe2(ends, O_CLOEXEC), 0); }

  Result<size_t> Finish(Transfer& transfer) {
    while (!transfer.done()) loop_->Poll(true);
    return transfer.TakeValue();
  }

  std::unique_ptr<Loop> loop_;
};

TEST_F(FileResourceTest, DataThatIsThereIsReadAtOnce) {
  int ends[2];
  MakePipe(ends);
  OwnedFd writer(ends[1]);
  Ref<FileResource> reader = Adopt(ends[0]);
  ASSERT_EQ(write(writer.get(), "abc", 3), 3);
  Bytes buffer = Bytes::Allocate(8);
  Transfer read = reader->Read(buffer);
  read.Start(nullptr);
  ASSERT_TRUE(read.done());
  EXPECT_EQ(read.TakeValue().value(), 3u);
  EXPECT_EQ(buffer.view().substr(0, 3), "abc");
}

TEST_F(FileResourceTest, AReadWaitsForDataThenForTheEnd) {
  int ends[2];
  MakePipe(ends);
  OwnedFd writer(ends[1]);
  Ref<FileResource> reader = Adopt(ends[0]);
  Transfer read = reader->Read(Bytes::Allocate(8));
  read.Start(nullptr);
  for (int i = 0; i < 3; ++i) loop_->Poll(false);
  EXPECT_FALSE(read.done());
  ASSERT_EQ(write(writer.get(), "x", 1), 1);
  EXPECT_EQ(Finish(read).value(), 1u);
  Transfer end = reader->Read(Bytes::Allocate(8));
  end.Start(nullptr);
  writer.Reset();
  EXPECT_EQ(Finish(end).value(), 0u);
}

TEST_F(FileResourceTest, TheDescriptorStaysBlocking) {
  int ends[2];
  MakePipe(ends);
  OwnedFd writer(ends[1]);
  Ref<FileResource> reader = Adopt(ends[0]);
  Transfer read = reader->Read(Bytes::Allocate(8));
  read.Start(nullptr);
  loop_->Poll(false);
  EXPECT_EQ(fcntl(ends[0], F_GETFL) & O_NONBLOCK, 0);
  reader->Close();
}

TEST_F(FileResourceTest, ClosingEndsPendingReadsAndThoseBehindThem) {
  int ends[2];
  MakePipe(ends);
  OwnedFd writer(ends[1]);
  Ref<FileResource> reader = Adopt(ends[0]);
  Transfer first = reader->Read(Bytes::Allocate(8));
  Transfer second = reader->Read(Bytes::Allocate(8));
  first.Start(nullptr);
  second.Start(nullptr);
  reader->Close();
  ASSERT_TRUE(first.done());
  ASSERT_TRUE(second.done());
  EXPECT_EQ(first.TakeValue().error().error_class, ErrorClass::kInterrupted);
  EXPECT_EQ(second.TakeValue().error().error_class, ErrorClass::kBadResource);
  EXPECT_EQ(reader->fd().error().error_class, ErrorClass::kBadResource);
}

TEST_F(FileResourceTest, APendingReadHoldsUpNothingAtTheEnd) {
  int ends[2];
  MakePipe(ends);
  OwnedFd writer(ends[1]);
  {
    Ref<FileResource> reader = Adopt(ends[0]);
    Transfer read = reader->Read(Bytes::Allocate(8));
    read.Start(nullptr);
    loop_->Poll(false);
    reader->Close();
  }
  loop_.reset();
}

TEST_F(FileResourceTest, AFullPipeMakesAWriteWaitWithoutBlockingTheThread) {
  int ends[2];
  MakePipe(ends);
  OwnedFd reader(ends[0]);
  Ref<FileResource> writer = Adopt(ends[1]);
  const Bytes chunk = Bytes::Allocate(1 << 20);
  Transfer fill = writer->Write(chunk);
  fill.Start(nullptr);
  const size_t taken = Finish(fill).value();
  EXPECT_GT(taken, 0u);
  EXPECT_LT(taken, chunk.size());
  Transfer blocked = writer->Write(chunk);
  blocked.Start(nullptr);
  for (int i = 0; i < 3; ++i) loop_->Poll(false);
  EXPECT_FALSE(blocked.done());
  std::vector<char> drain(taken);
  ASSERT_GT(read(reader.get(), drain.data(), drain.size()), 0);
  EXPECT_GT(Finish(blocked).value(), 0u);
}

TEST_F(FileResourceTest, AReadAndAWriteOfASocketDoNotWaitForEachOther) {
  int ends[2];
  ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
  Ref<FileResource> one = Adopt(ends[0]);
  OwnedFd other(ends[1]);
  Transfer read = one->Read(Bytes::Allocate(8));
  read.Start(nullptr);
  Transfer write = one->Write(Bytes::Copy("hi"));
  write.Start(nullptr);
  EXPECT_EQ(Finish(write).value(), 2u);
  EXPECT_FALSE(read.done());
  one->Close();
}

TEST_F(FileResourceTest, AlwaysReadyStreamsLetTheLoopTurn) {
  int ends[2];
  MakePipe(ends);
  OwnedFd writer(ends[1]);
  Ref<FileResource> reader = Adopt(ends[0]);
  const std::string data(1000, 'x');
  ASSERT_EQ(write(writer.get(), data.data(), data.size()), 1000);
  bool waited = false;
  for (int i = 0; i < 1000 && !waited; ++i) {
    Transfer read = reader->Read(Bytes::Allocate(1));
    read.Start(nullptr);
    waited = !read.done();
    EXPECT_EQ(Finish(read).value(), 1u);
  }
  EXPECT_TRUE(waited);
}

TEST_F(FileResourceTest, AReaderlessPipeIsBrokenPipe) {
  signal(SIGPIPE, SIG_IGN);
  int ends[2];
  MakePipe(ends);
  close(ends[0]);
  Ref<FileResource> writer = Adopt(ends[1]);
  Transfer write = writer->Write(Bytes::Copy("x"));
  write.Start(nullptr);
  EXPECT_EQ(Finish(write).error().error_class, ErrorClass::kBrokenPipe);
}

TEST_F(FileResourceTest, FilesAreWrittenInOrder) {
  char path[] = "/tmp/rt-file-resource-XXXXXX";
  Ref<FileResource> file = Adopt(mkostemp(path, O_CLOEXEC));
  unlink(path);
  std::vector<Transfer> writes;
  for (char c = 'a'; c <= 'z'; ++c) {
    writes.push_back(file->Write(Bytes::Copy(std::string(1, c))));
    writes.back().Start(nullptr);
  }
  for (Transfer& write : writes) EXPECT_EQ(Finish(write).value(), 1u);
  char text[27] = "";
  ASSERT_EQ(pread(file->fd().value()->get(), text, 26, 0), 26);
  EXPECT_STREQ(text, "abcdefghijklmnopqrstuvwxyz");
}

TEST_F(FileResourceTest, AJobUnderWayKeepsTheDescriptorsNumber) {
  char path[] = "/tmp/rt-file-resource-XXXXXX";
  const int fd = mkostemp(path, O_CLOEXEC);
  unlink(path);
  Ref<FileResource> file = Adopt(fd);
  Transfer write = file->Write(Bytes::Copy("x"));
  write.Start(nullptr);
  file->Close();
  EXPECT_GE(fcntl(fd, F_GETFD), 0);
  EXPECT_EQ(Finish(write).value(), 1u);
}

TEST_F(FileResourceTest, DevNullIsAlwaysAtItsEnd) {
  Ref<FileResource> null = Adopt(open("/dev/null", O_RDWR | O_CLOEXEC));
  Transfer read = null->Read(Bytes::Allocate(4));
  read.Start(nullptr);
  EXPECT_EQ(Finish(read).value(), 0u);
}

TEST_F(FileResourceTest, TheWrongDirectionIsAPlainErrorWithItsCode) {
  Ref<FileResource> null = Adopt(open("/dev/null", O_RDONLY | O_CLOEXEC));
  const uint8_t byte = 0;
  const auto written = null->WriteSync({&byte, 1});
  ASSERT_FALSE(written.ok());
  EXPECT_EQ(written.error().error_class, ErrorClass::kError);
  EXPECT_EQ(written.error().code, "EBADF");
}

TEST_F(FileResourceTest, ClosingAStandardStreamLeavesItsDescriptorOpen) {
  {
    Ref<FileResource> err = MakeResource<FileResource>(*loop_, 2, "stderr");
    EXPECT_EQ(err->name(), "stderr");
    err->Close();
    EXPECT_FALSE(err->fd().ok());
  }
  EXPECT_GE(fcntl(2, F_GETFD), 0);
}

}  // namespace
}  // namespace rt
