// The file sinks: each does its work under a scoped, an unscoped and an all-allowing grant, refuses
// what was not granted, and reports errors in Deno's words.
#include "src/permissions/sinks.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>

#include "tests/unit/permissions/support.h"

namespace rt::test {
namespace {

class Sinks : public ::testing::TestWithParam<Mode> {
 protected:
  Sinks() : permissions_(MakeFor(GetParam(), folder_)) {}

  Granted<Perm::kRead, PathTarget> R(const std::string& name) {
    return std::move(*Read(permissions_, folder_ / name));
  }
  Granted<Perm::kWrite, PathTarget> Wr(const std::string& name) {
    return std::move(*Write(permissions_, folder_ / name));
  }
  Granted<Perm::kRead, EntryTarget> RE(const std::string& name) {
    return std::move(*Entry<Perm::kRead>(permissions_, folder_ / name));
  }
  Granted<Perm::kWrite, EntryTarget> WE(const std::string& name) {
    return std::move(*Entry<Perm::kWrite>(permissions_, folder_ / name));
  }
  GrantedReadWrite<EntryTarget> RWE(const std::string& name) {
    return std::move(*GrantAccess::CheckEntryReadWrite(permissions_, folder_ / name, ""));
  }
  bool Exists(const std::string& name) const { return access((folder_ / name).c_str(), F_OK) == 0; }
  std::string Text(const std::string& name) {
    const auto fd = OpenForRead(R(name), "open");
    return fd.ok() ? ReadFd(fd->get()) : MessageOf(fd);
  }

  TempFolder folder_;
  Permissions permissions_;
};

INSTANTIATE_TEST_SUITE_P(Grants, Sinks, AllModes());

TEST_P(Sinks, OpenReadWriteCreate) {
  {
    const auto fd = OpenForWrite(Wr("new"), "open", O_CREAT | O_EXCL, 0640);
    ASSERT_TRUE(fd.ok()) << MessageOf(fd);
    ASSERT_EQ(write(fd->get(), "hello", 5), 5);
    EXPECT_NE(fcntl(fd->get(), F_GETFD) & FD_CLOEXEC, 0);
  }
  EXPECT_EQ(Text("new"), "hello");
  EXPECT_EQ(Stat(R("new"))->stx_mode & 0777, 0640);
  EXPECT_EQ(OpenForWrite(Wr("new"), "open", O_CREAT | O_EXCL).error().error_class,
            ErrorClass::kAlreadyExists);
  EXPECT_EQ(MessageOf(OpenForRead(R("none"), "readfile")),
            "No such file or directory (os error 2): readfile '" + (folder_ / "none") + "'");
  folder_.Link("to-new", "new");
  EXPECT_EQ(Text("to-new"), "hello");
  // Creating through a dangling link makes what it names, as the kernel does.
  folder_.Link("to-made", "made");
  EXPECT_TRUE(OpenForWrite(Wr("to-made"), "open", O_CREAT).ok());
  EXPECT_TRUE(Exists("made"));
  EXPECT_EQ(OpenForWrite(Wr("slash/"), "open", O_CREAT).error().sys_errno, EISDIR);
}

TEST_P(Sinks, S10_FlagsCannotExceedTheGrant) {
  folder_.File("f", "text");
  for (const int flags : {O_CREAT, O_TRUNC, O_APPEND, O_WRONLY, O_RDWR, O_TMPFILE}) {
    EXPECT_EQ(OpenForRead(R("f"), "open", flags).error().sys_errno, EINVAL) << flags;
  }
  const auto open = [&](bool read, bool write, int flags) {
    const auto granted = GrantAccess::CheckOpen(permissions_, folder_ / "f", read, write, "");
    return OpenGranted(*granted, "open", flags).ok();
  };
  EXPECT_TRUE(open(true, false, O_RDONLY));
  EXPECT_FALSE(open(true, false, O_WRONLY));
  EXPECT_FALSE(open(true, false, O_RDWR));
  EXPECT_FALSE(open(true, false, O_RDONLY | O_CREAT));
  EXPECT_FALSE(open(true, false, O_RDONLY | O_TRUNC));
  EXPECT_TRUE(open(false, true, O_WRONLY | O_APPEND));
  EXPECT_FALSE(open(false, true, O_RDONLY));
  EXPECT_FALSE(open(false, true, O_RDWR));
  EXPECT_TRUE(open(true, true, O_RDWR | O_CREAT));
  EXPECT_FALSE(open(true, true, O_ACCMODE));
  EXPECT_EQ(Text("f"), "text");
  EXPECT_FALSE(GrantAccess::CheckOpen(permissions_, folder_ / "f", false, false, "").ok());
}

TEST_P(Sinks, StatAndLinks) {
  folder_.File("f", "12345");
  folder_.Link("l", "f");
  EXPECT_EQ(Stat(R("f"))->stx_size, 5u);
  EXPECT_TRUE(S_ISREG(Stat(R("l"))->stx_mode));
  EXPECT_TRUE(S_ISLNK(Lstat(RE("l"))->stx_mode));
  EXPECT_EQ(*ReadLink(RE("l")), "f");
  EXPECT_EQ(ReadLink(RE("f")).error().sys_errno, EINVAL);
  EXPECT_EQ(*RealPath(R("l")), folder_ / "f");
  EXPECT_EQ(RealPath(R("none")).error().sys_errno, ENOENT);
  EXPECT_EQ(Lstat(RE("none")).error().syscall, "lstat");
  EXPECT_EQ(Lstat(RE("f/")).error().sys_errno, ENOTDIR);
  EXPECT_EQ(Stat(R("f/")).error().sys_errno, ENOTDIR);
}

TEST_P(Sinks, Mkdir) {
  EXPECT_TRUE(Mkdir(WE("a"), 0755, false).ok());
  EXPECT_TRUE(Mkdir(WE("b/"), 0755, false).ok());
  EXPECT_EQ(Mkdir(WE("a"), 0755, false).error().error_class, ErrorClass::kAlreadyExists);
  EXPECT_EQ(Mkdir(WE("x/y/z"), 0755, false).error().error_class, ErrorClass::kNotFound);
  EXPECT_TRUE(Mkdir(WE("x/y/z"), 0755, true).ok());
  EXPECT_TRUE(Mkdir(WE("x/y/z"), 0755, true).ok());
  EXPECT_TRUE(Mkdir(WE("x/y/z/1/2/"), 0755, true).ok());
  EXPECT_TRUE(Exists("x/y/z/1/2"));
  folder_.File("f", "");
  EXPECT_EQ(Mkdir(WE("f"), 0755, true).error().error_class, ErrorClass::kAlreadyExists);
  EXPECT_EQ(Mkdir(WE("f/x"), 0755, true).error().error_class, ErrorClass::kNotADirectory);
}

TEST_P(Sinks, Remove) {
  folder_.File("f", "");
  folder_.Folder("t/u/v");
  folder_.File("t/u/v/w", "");
  folder_.Folder("keep");
  folder_.File("keep/x", "");
  folder_.Link("t/u/out", folder_ / "keep");
  folder_.Link("t/u/gone", "nowhere");
  EXPECT_EQ(Remove(WE("f/"), false).error().sys_errno, ENOTDIR);
  EXPECT_TRUE(Remove(WE("f"), false).ok());
  EXPECT_EQ(Remove(WE("f"), false).error().error_class, ErrorClass::kNotFound);
  EXPECT_EQ(Remove(WE("f"), true).error().error_class, ErrorClass::kNotFound);
  EXPECT_EQ(Remove(WE("t"), false).error().code, "ENOTEMPTY");
  EXPECT_TRUE(Remove(WE("t"), true).ok());
  EXPECT_FALSE(Exists("t"));
  EXPECT_TRUE(Exists("keep/x"));
  folder_.Link("l", "keep");
  // A trailing slash does not make the link its target.
  EXPECT_EQ(Remove(WE("l/"), true).error().sys_errno, ENOTDIR);
  EXPECT_EQ(Remove(WE("l//"), false).error().sys_errno, ENOTDIR);
  EXPECT_TRUE(Exists("keep/x"));
  EXPECT_TRUE(Remove(WE("l"), true).ok());
  EXPECT_TRUE(Exists("keep/x"));
}

TEST_P(Sinks, RenameAndCopy) {
  folder_.File("f", "text");
  ASSERT_EQ(chmod((folder_ / "f").c_str(), 0600), 0);
  EXPECT_TRUE(Rename(RWE("f"), WE("g")).ok());
  EXPECT_EQ(Text("g"), "text");
  EXPECT_EQ(MessageOf(Rename(RWE("f"), WE("h"))),
            "No such file or directory (os error 2): rename '" + (folder_ / "f") + "' -> '" +
                (folder_ / "h") + "'");
  folder_.File("old", "longer text that must go");
  EXPECT_EQ(*CopyFile(R("g"), Wr("old")), 4u);
  EXPECT_EQ(Text("old"), "text");
  EXPECT_EQ(Stat(R("old"))->stx_mode & 0777, 0600);
  // Onto itself: refused as in Deno, and the file keeps its text.
  const auto onto_itself = CopyFile(R("g"), Wr("g"));
  ASSERT_FALSE(onto_itself.ok());
  EXPECT_EQ(onto_itself.error().error_class, ErrorClass::kTypeError);
  EXPECT_EQ(Text("g"), "text");
  const auto folder_copy = CopyFile(R("."), Wr("y"));
  ASSERT_FALSE(folder_copy.ok());
  EXPECT_EQ(folder_copy.error().error_class, ErrorClass::kTypeError);
  EXPECT_FALSE(Exists("y"));
  EXPECT_EQ(MessageOf(CopyFile(R("none"), Wr("y"))),
            "No such file or directory (os error 2): copy '" + (folder_ / "none") + "' -> '" +
                (folder_ / "y") + "'");
  ASSERT_EQ(mkfifo((folder_ / "fifo").c_str(), 0600), 0);
  EXPECT_FALSE(CopyFile(R("fifo"), Wr("y")).ok());
}

TEST_P(Sinks, ReadDirTruncateTemporary) {
  folder_.Folder("d/sub");
  folder_.File("d/f", "12345");
  folder_.Link("d/l", "f");
  auto entries = ReadDir(R("d"));
  ASSERT_TRUE(entries.ok());
  std::sort(entries->begin(), entries->end(),
            [](const DirEntry& a, const DirEntry& b) { return a.name < b.name; });
  ASSERT_EQ(entries->size(), 3u);
  EXPECT_EQ((*entries)[0].kind, DirEntry::Kind::kFile);
  EXPECT_EQ((*entries)[1].kind, DirEntry::Kind::kSymlink);
  EXPECT_EQ((*entries)[2].kind, DirEntry::Kind::kDirectory);
  EXPECT_EQ(ReadDir(R("d/f")).error().error_class, ErrorClass::kNotADirectory);
  EXPECT_TRUE(Truncate(Wr("d/f"), 2).ok());
  EXPECT_EQ(Text("d/f"), "12");
  EXPECT_TRUE(Truncate(Wr("d/f"), 4).ok());
  EXPECT_EQ(Text("d/f"), std::string("12\0\0", 4));
  EXPECT_EQ(Truncate(Wr("none"), 0).error().error_class, ErrorClass::kNotFound);
  EXPECT_FALSE(Truncate(Wr("d/f"), UINT64_MAX).ok());

  const auto made = MakeTempDir(Wr("d"), "pre", "suf");
  ASSERT_TRUE(made.ok()) << MessageOf(made);
  EXPECT_TRUE(made->starts_with(folder_ / "d/pre"));
  EXPECT_TRUE(made->ends_with("suf"));
  struct stat info;
  ASSERT_EQ(stat(made->c_str(), &info), 0);
  EXPECT_EQ(info.st_mode, static_cast<mode_t>(S_IFDIR | 0700));
  const auto file = MakeTempFile(Wr("d"), "", "");
  ASSERT_TRUE(file.ok());
  ASSERT_EQ(stat(file->c_str(), &info), 0);
  EXPECT_EQ(info.st_mode, static_cast<mode_t>(S_IFREG | 0600));
  // S9
  for (const std::string& affix :
       {std::string("/../x"), std::string("a/b"), std::string("a\0b", 3)}) {
    EXPECT_FALSE(MakeTempDir(Wr("d"), affix, "").ok());
    EXPECT_FALSE(MakeTempDir(Wr("d"), "", affix).ok());
  }
}

TEST_P(Sinks, ChangeDirectory) {
  folder_.Folder("d");
  folder_.File("f", "");
  const std::string before = *CurrentDirectory();
  ASSERT_TRUE(ChangeDirectory(R("d")).ok());
  EXPECT_EQ(*CurrentDirectory(), folder_ / "d");
  EXPECT_EQ(ChangeDirectory(R("f")).error().error_class, ErrorClass::kNotADirectory);
  ASSERT_EQ(chdir(before.c_str()), 0);
}

TEST(SinksUnderDeny, S36_RecursiveCallsStopAtDeniedPaths) {
  const TempFolder folder;
  folder.Folder("w/d/keep");
  folder.File("w/d/x", "");
  Permissions permissions = ForPaths({folder / "w"}, {folder / "w/d/keep"});
  const auto tree = Entry<Perm::kWrite>(permissions, folder / "w/d");
  ASSERT_TRUE(tree.ok());
  EXPECT_TRUE(IsNotCapable(Remove(*tree, true)));
  EXPECT_EQ(access((folder / "w/d/x").c_str(), F_OK), 0);
  // Nor may the folder above get another name.
  const auto source = GrantAccess::CheckEntryReadWrite(permissions, folder / "w/d", "");
  const auto target = Entry<Perm::kWrite>(permissions, folder / "w/e");
  ASSERT_TRUE(source.ok() && target.ok());
  EXPECT_TRUE(IsNotCapable(Rename(*source, *target)));
  // Single-path calls are not affected.
  EXPECT_TRUE(ReadDir(*Read(permissions, folder / "w/d")).ok());
  EXPECT_TRUE(Stat(*Read(permissions, folder / "w")).ok());
  EXPECT_TRUE(Remove(*Entry<Perm::kWrite>(permissions, folder / "w/d/x"), true).ok());
}

TEST(SinksUnderDeny, S2_RenameChecksBothEnds) {
  const TempFolder folder;
  folder.Folder("w");
  folder.Folder("o");
  folder.File("w/f", "");
  Permissions permissions = ForPaths({folder / "w"});
  EXPECT_TRUE(IsNotCapable(Entry<Perm::kWrite>(permissions, folder / "o/f")));
  EXPECT_TRUE(IsNotCapable(GrantAccess::CheckEntryReadWrite(permissions, folder / "o/f", "")));
}

TEST(SinksTree, DeepTreesAreRemovedWithoutRecursion) {
  const TempFolder folder;
  std::string deep = "t";
  for (int i = 0; i < 200; ++i) deep += "/d";
  folder.Folder(deep);
  Permissions permissions = ForPaths({folder.path()});
  EXPECT_TRUE(Remove(*Entry<Perm::kWrite>(permissions, folder / "t"), true).ok());
  EXPECT_NE(access((folder / "t").c_str(), F_OK), 0);
}

}  // namespace
}  // namespace rt::test
