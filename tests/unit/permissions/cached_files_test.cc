// Files in the kernel's memory: what is answered from there, and what is left to the pool. That
// ordinary files are answered at all is not promised (the kernel may have dropped them), so it is
// tried more than once.
#include "src/permissions/cached_files.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "src/permissions/sinks.h"
#include "tests/unit/permissions/support.h"

namespace rt::test {
namespace {

class CachedFiles : public ::testing::TestWithParam<Mode> {
 protected:
  Granted<Perm::kRead, PathTarget> R(const std::string& path) {
    return std::move(*Read(permissions_, path));
  }
  std::optional<CachedFile> Opened(const std::string& path, size_t most = 100) {
    for (int i = 0; i < 100; ++i) {
      auto file = OpenCached(R(path), most);
      if (file) return file;
    }
    return std::nullopt;
  }

  TempFolder folder_;
  Permissions permissions_ = MakeFor(GetParam(), folder_);
};

INSTANTIATE_TEST_SUITE_P(Grants, CachedFiles, AllModes());

TEST_P(CachedFiles, AnOrdinaryFileIsRead) {
  folder_.File("file", "hello");
  const auto file = Opened(folder_ / "file");
  ASSERT_TRUE(file);
  EXPECT_EQ(file->size, 5u);
  uint8_t data[5];
  if (!ReadCached(*file, data)) GTEST_SKIP() << "this file system cannot say what is in memory";
  EXPECT_EQ(std::string(data, data + 5), "hello");
}

TEST_P(CachedFiles, NothingIfTheSizeHasChanged) {
  folder_.File("file", "hello");
  const auto file = Opened(folder_ / "file");
  ASSERT_TRUE(file);
  uint8_t data[5];
  folder_.File("file", "hello!");
  EXPECT_FALSE(ReadCached(*file, data));
  folder_.File("file", "hell");
  EXPECT_FALSE(ReadCached(*file, data));
}

TEST_P(CachedFiles, NothingThatIsTooLargeOrEmpty) {
  folder_.File("file", "hello");
  folder_.File("empty", "");
  EXPECT_TRUE(Opened(folder_ / "file", 5));
  EXPECT_FALSE(Opened(folder_ / "file", 4));
  EXPECT_FALSE(Opened(folder_ / "empty"));
}

TEST_P(CachedFiles, NothingThatIsNoFile) {
  folder_.Folder("below");
  ASSERT_EQ(mkfifo((folder_ / "fifo").c_str(), 0600), 0);
  // With a writer, opening it would succeed at once, and closing it again would be noticed there.
  const int writer = open((folder_ / "fifo").c_str(), O_RDWR | O_NONBLOCK);
  ASSERT_GE(writer, 0);
  EXPECT_FALSE(Opened(folder_ / "fifo"));
  EXPECT_FALSE(Opened(folder_ / "below"));
  EXPECT_FALSE(Opened(folder_ / "none"));
  EXPECT_FALSE(StatCached(R(folder_ / "fifo")));
  EXPECT_FALSE(StatCached(R(folder_ / "none")));
  close(writer);
}

TEST_P(CachedFiles, ALinkThatCameAfterTheCheckIsNotFollowed) {
  if (GetParam() != Mode::kScoped) GTEST_SKIP();
  TempFolder outside;
  outside.File("secret", "secret");
  folder_.File("file", "hello");
  const auto granted = R(folder_ / "file");
  ASSERT_EQ(unlink((folder_ / "file").c_str()), 0);
  ASSERT_EQ(symlink((outside / "secret").c_str(), (folder_ / "file").c_str()), 0);
  for (int i = 0; i < 100; ++i) {
    EXPECT_FALSE(OpenCached(granted, 100));
    EXPECT_FALSE(StatCached(granted));
  }
}

TEST_P(CachedFiles, KernelStateIsLeftToTheSinks) {
  if (GetParam() == Mode::kScoped) GTEST_SKIP();
  for (int i = 0; i < 100; ++i) {
    EXPECT_FALSE(OpenCached(R("/proc/self/status"), 1 << 20));
    EXPECT_FALSE(StatCached(R("/proc/self/status")));
    EXPECT_FALSE(OpenCached(R("/dev/null"), 1 << 20));
  }
}

TEST_P(CachedFiles, StatSaysTheSame) {
  folder_.File("file", "hello");
  std::optional<struct statx> info;
  for (int i = 0; i < 100 && !info; ++i) info = StatCached(R(folder_ / "file"));
  ASSERT_TRUE(info);
  const auto expected = Stat(R(folder_ / "file"));
  ASSERT_TRUE(expected.ok());
  EXPECT_EQ(info->stx_ino, expected->stx_ino);
  EXPECT_EQ(info->stx_size, 5u);
  EXPECT_EQ(info->stx_mtime.tv_nsec, expected->stx_mtime.tv_nsec);
  EXPECT_EQ(info->stx_mask & STATX_BTIME, expected->stx_mask & STATX_BTIME);
}

}  // namespace
}  // namespace rt::test
