// Granted paths on a real file system: links, races, existence, procfs, encodings.
#include <fcntl.h>

#include <atomic>
#include <thread>

#include "src/permissions/path_resolver.h"
#include "src/permissions/sinks.h"
#include "tests/unit/permissions/support.h"

namespace rt::test {
namespace {

// w is granted; secret is not.
class PathGrant : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_.Folder("w/sub");
    folder_.Folder("wide");
    folder_.Folder("secret/dir");
    folder_.File("w/file", "fine");
    folder_.File("w/sub/inner", "inner");
    folder_.File("secret/key", "SECRET");
    folder_.File("wide/file", "SECRET");
  }
  std::string W(const std::string& name) const { return folder_ / ("w/" + name); }
  Permissions Scoped() const { return ForPaths({folder_ / "w"}); }

  TempFolder folder_{InMemory()};
};

TEST_F(PathGrant, S7_InsideAndOutside) {
  Permissions permissions = Scoped();
  for (const std::string& path :
       {W("file"), W("sub/inner"), W("sub/../file"), W("./file"), W("/sub//inner"), W("."),
        W("sub/.."), folder_ / "w", folder_ / "w/", folder_ / "secret/../w/file",
        folder_ / "absent/../w/file"}) {
    const auto granted = Read(permissions, path);
    ASSERT_TRUE(granted.ok()) << path << " " << MessageOf(granted);
    EXPECT_TRUE(Stat(*granted).ok()) << path;
  }
  for (const std::string& path :
       {folder_ / "wide/file", folder_ / "wide", folder_ / "w.", folder_.path(), std::string("/"),
        W("../secret/key"), W("sub/../../secret/key"), W(".."), std::string("/etc/passwd"),
        folder_ / "w%2f", folder_ / "w\\file", folder_ / "W/file"}) {
    EXPECT_TRUE(IsNotCapable(Read(permissions, path))) << path;
    EXPECT_TRUE(IsNotCapable(Write(permissions, path))) << path;
    EXPECT_TRUE(IsNotCapable(Entry<Perm::kWrite>(permissions, path))) << path;
  }
}

TEST_F(PathGrant, S7_NulByteIsATypeError) {
  Permissions scoped = Scoped();
  Permissions all = Everything();
  for (Permissions* permissions : {&scoped, &all}) {
    for (const std::string& path : {W("file") + std::string("\0.txt", 5), std::string("\0", 1),
                                    "/etc/passwd" + std::string("\0", 1) + W("file")}) {
      const auto granted = Read(*permissions, path);
      ASSERT_FALSE(granted.ok());
      EXPECT_EQ(granted.error().error_class, ErrorClass::kTypeError);
    }
  }
}

TEST_F(PathGrant, RelativePathsFollowTheWorkingDirectory) {
  char before[4096];
  ASSERT_NE(getcwd(before, sizeof before), nullptr);
  Permissions permissions = Scoped();
  ASSERT_EQ(chdir(W("sub").c_str()), 0);
  EXPECT_TRUE(Read(permissions, "inner").ok());
  EXPECT_TRUE(Read(permissions, "../file").ok());
  EXPECT_TRUE(IsNotCapable(Read(permissions, "../../secret/key")));
  ASSERT_EQ(chdir((folder_ / "secret").c_str()), 0);
  EXPECT_TRUE(IsNotCapable(Read(permissions, "key")));
  EXPECT_TRUE(Read(permissions, "../w/file").ok());
  ASSERT_EQ(chdir(before), 0);
}

TEST_F(PathGrant, S1_LinksOutOfTheGrant) {
  folder_.Link("w/abs", folder_ / "secret/key");
  folder_.Link("w/rel", "../secret/key");
  folder_.Link("w/dir", "../secret/dir");
  folder_.Link("w/chain", "abs");
  folder_.Link("w/dangling", "../secret/none");
  folder_.Link("w/deep", "sub/../../secret/key");
  Permissions permissions = Scoped();
  for (const char* name :
       {"abs", "rel", "chain", "dangling", "deep", "dir", "dir/x", "dir/", "dir/x/y"}) {
    EXPECT_TRUE(IsNotCapable(Read(permissions, W(name)))) << name;
    EXPECT_TRUE(IsNotCapable(Write(permissions, W(name)))) << name;
    EXPECT_TRUE(IsNotCapable(GrantAccess::CheckOpen(permissions, W(name), true, true, "test")))
        << name;
  }
  for (const char* name : {"dir/x", "dir/x/y"}) {
    EXPECT_TRUE(IsNotCapable(Entry<Perm::kWrite>(permissions, W(name)))) << name;
  }
  // The link itself is inside: it may be looked at and removed.
  const auto link = Entry<Perm::kRead>(permissions, W("abs"));
  ASSERT_TRUE(link.ok());
  EXPECT_TRUE(S_ISLNK(Lstat(*link)->stx_mode));
  EXPECT_EQ(*ReadLink(*link), folder_ / "secret/key");
  const auto removed = Entry<Perm::kWrite>(permissions, W("abs"));
  ASSERT_TRUE(removed.ok());
  EXPECT_TRUE(Remove(*removed, true).ok());
  EXPECT_EQ(access((folder_ / "secret/key").c_str(), F_OK), 0);
}

TEST_F(PathGrant, S1_LinksInsideTheGrantWork) {
  folder_.Link("w/alias", "sub/inner");
  folder_.Link("w/sub/up", "../file");
  folder_.Link("w/folder", folder_ / "w/sub");
  folder_.Link("in", "w");
  Permissions permissions = Scoped();
  for (const std::string& path :
       {W("alias"), W("sub/up"), W("folder/inner"), W("folder/up"), folder_ / "in/file"}) {
    const auto granted = Read(permissions, path);
    ASSERT_TRUE(granted.ok()) << path;
    const auto fd = OpenForRead(*granted, "open");
    EXPECT_TRUE(fd.ok()) << path << MessageOf(fd);
  }
}

TEST_F(PathGrant, S1_ScopeThatIsALink) {
  folder_.Link("entry", "w");
  Permissions permissions = ForPaths({folder_ / "entry"});
  EXPECT_TRUE(Read(permissions, folder_ / "entry/file").ok());
  EXPECT_TRUE(Read(permissions, W("file")).ok());
  EXPECT_TRUE(IsNotCapable(Read(permissions, folder_ / "secret/key")));
  // Pointing it elsewhere later widens nothing.
  ASSERT_EQ(unlink((folder_ / "entry").c_str()), 0);
  folder_.Link("entry", "secret");
  EXPECT_TRUE(IsNotCapable(Read(permissions, folder_ / "entry/key")));
}

TEST_F(PathGrant, S1_ScopeMadeBeforeTheFolder) {
  Permissions permissions = ForPaths({folder_ / "later/out"});
  EXPECT_TRUE(IsNotCapable(Entry<Perm::kWrite>(permissions, folder_ / "later")));
  folder_.Folder("later");
  const auto made = Entry<Perm::kWrite>(permissions, folder_ / "later/out");
  ASSERT_TRUE(made.ok());
  EXPECT_TRUE(Mkdir(*made, 0777, false).ok());
  EXPECT_TRUE(Write(permissions, folder_ / "later/out/x").ok());
}

TEST_F(PathGrant, LinkLoopIsNoEscapeAndNoHang) {
  folder_.Link("w/a", "b");
  folder_.Link("w/b", "a");
  Permissions permissions = Scoped();
  const auto granted = Read(permissions, W("a"));
  ASSERT_TRUE(granted.ok());
  EXPECT_EQ(Stat(*granted).error().sys_errno, ELOOP);
}

TEST_F(PathGrant, S35_DenyReachedThroughALink) {
  folder_.Link("w/door", "sub");
  folder_.Link("w/window", "sub/inner");
  Permissions permissions = ForPaths({folder_ / "w"}, {W("sub")});
  for (const char* name :
       {"sub", "sub/inner", "door/inner", "window", "door/../sub/inner", "sub/absent"}) {
    EXPECT_TRUE(IsNotCapable(Read(permissions, W(name)))) << name;
  }
  EXPECT_TRUE(Read(permissions, W("file")).ok());

  // A deny rule written through a link covers what it leads to.
  Permissions through = ForPaths({folder_ / "w"}, {W("door")});
  EXPECT_TRUE(IsNotCapable(Read(through, W("sub/inner"))));
  EXPECT_TRUE(IsNotCapable(Read(through, W("door/inner"))));
}

TEST_F(PathGrant, S8_DeniedFileUnderAnotherName) {
  ASSERT_EQ(link(W("sub/inner").c_str(), W("hard").c_str()), 0);
  Permissions permissions = ForPaths({folder_ / "w"}, {W("sub/inner")});
  EXPECT_TRUE(IsNotCapable(Read(permissions, W("hard"))));
}

TEST_F(PathGrant, S5_NoExistenceOracle) {
  Permissions permissions = Scoped();
  folder_.Link("w/l-there", "../secret/key");
  folder_.Link("w/l-none", "../secret/none");
  folder_.Link("w/l-none2", "../none/none");
  const auto generic = [&](const std::string& path, const Error& error) {
    std::string message = error.message;
    const size_t at = message.find(path);
    EXPECT_NE(at, std::string::npos) << message;
    if (at != std::string::npos) message.replace(at, path.size(), "PATH");
    return std::string(ErrorClassName(error.error_class)) + error.code + message;
  };
  std::vector<std::string> seen;
  for (const std::string& path :
       {folder_ / "secret/key", folder_ / "secret/none", folder_ / "none/none", W("l-there"),
        W("l-none"), W("l-none2"), folder_ / "secret/key/below", folder_ / "secret/dir/",
        W("../secret/none"), std::string("/root/x"), std::string("/proc/self/mem")}) {
    const auto granted = Read(permissions, path);
    ASSERT_FALSE(granted.ok()) << path;
    seen.push_back(generic(path, granted.error()));
    EXPECT_EQ(seen.back(), seen.front()) << path;
  }
  // Inside the grant errors are the usual ones.
  const auto absent = Read(permissions, W("none"));
  ASSERT_TRUE(absent.ok());
  const auto opened = OpenForRead(*absent, "readfile");
  EXPECT_EQ(MessageOf(opened),
            "No such file or directory (os error 2): readfile '" + W("none") + "'");
  EXPECT_EQ(opened.error().error_class, ErrorClass::kNotFound);
  EXPECT_EQ(Stat(*Read(permissions, W("none/x/y"))).error().sys_errno, ENOENT);
  EXPECT_EQ(Stat(*Read(permissions, W("file/x"))).error().sys_errno, ENOTDIR);
  EXPECT_EQ(Stat(*Read(permissions, W("file/"))).error().sys_errno, ENOTDIR);
}

// A file and a link out of the grant change places 100 000 times, each with one call, while the
// name is opened 100 000 times. Neither gets far ahead: who flips alone only keeps the other
// waiting.
TEST_F(PathGrant, S3_FlippingLinkNeverLeaks) {
  constexpr int kTimes = 100000;
  const std::string target = W("flip");
  folder_.File("w/flip", "fine");
  folder_.Link("w/staged", folder_ / "secret/key");
  Permissions permissions = Scoped();
  std::atomic<bool> stop{false};
  std::atomic<bool> failed{false};
  std::atomic<int> flips{0};
  std::atomic<int> opens{0};
  constexpr int kAhead = 4;
  std::thread attacker([&, staged = W("staged")] {
    while (!stop.load(std::memory_order_relaxed)) {
      if (renameat2(AT_FDCWD, staged.c_str(), AT_FDCWD, target.c_str(), RENAME_EXCHANGE) != 0) {
        failed = true;
        return;
      }
      const int done = flips.fetch_add(1, std::memory_order_relaxed);
      while (done > opens.load(std::memory_order_relaxed) + kAhead && !stop) {
        std::this_thread::yield();
      }
    }
  });
  int opened = 0;
  int refused = 0;
  int leaked = 0;
  for (int i = 0; !failed && (i < kTimes || flips.load(std::memory_order_relaxed) < kTimes); ++i) {
    opens.store(i, std::memory_order_relaxed);
    const auto granted = Read(permissions, target);
    if (!granted.ok()) {
      ++refused;
      continue;
    }
    const auto fd = OpenForRead(*granted, "open");
    if (!fd.ok()) continue;
    ++opened;
    char text[8] = {};
    const ssize_t size = read(fd->get(), text, sizeof text);
    leaked += size != 4 || std::string_view(text, 4) != "fine";
  }
  stop = true;
  attacker.join();
  EXPECT_EQ(leaked, 0);
  EXPECT_GE(flips, kTimes);
  EXPECT_GT(opened, 0);
  EXPECT_GT(refused, 0);
}

TEST_F(PathGrant, S3_FlippingFolderNeverLeaks) {
  folder_.File("w/sub/key", "fine");
  Permissions permissions = Scoped();
  std::atomic<bool> stop{false};
  std::thread attacker([&] {
    while (!stop.load(std::memory_order_relaxed)) {
      rename(W("sub").c_str(), W("sub.away").c_str());
      if (symlink((folder_ / "secret").c_str(), W("sub").c_str()) != 0) continue;
      unlink(W("sub").c_str());
      rename(W("sub.away").c_str(), W("sub").c_str());
    }
  });
  int opened = 0;
  int leaked = 0;
  for (int i = 0; i < 20000; ++i) {
    const auto granted = Read(permissions, W("sub/key"));
    if (!granted.ok()) continue;
    const auto fd = OpenForRead(*granted, "open");
    if (!fd.ok()) continue;
    ++opened;
    leaked += ReadFd(fd->get()) != "fine";
  }
  stop = true;
  attacker.join();
  EXPECT_EQ(leaked, 0);
  EXPECT_GT(opened, 0);
}

TEST_F(PathGrant, S3_LinkSwappedInAfterTheCheck) {
  Permissions permissions = Scoped();
  const auto granted = Read(permissions, W("file"));
  const auto writable = Write(permissions, W("file"));
  ASSERT_TRUE(granted.ok() && writable.ok());
  ASSERT_EQ(unlink(W("file").c_str()), 0);
  folder_.Link("w/file", folder_ / "secret/key");
  EXPECT_EQ(OpenForRead(*granted, "open").error().sys_errno, ELOOP);
  EXPECT_EQ(OpenForWrite(*writable, "open", O_CREAT | O_TRUNC).error().sys_errno, ELOOP);
  EXPECT_FALSE(Truncate(*writable, 0).ok());
  std::ifstream key(folder_ / "secret/key");
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(key), {}), "SECRET");
}

TEST_F(PathGrant, S3_ReadAndWriteAreAskedAboutOneObject) {
  PermissionOptions options;
  options[Perm::kRead].allow_list = {folder_ / "w", folder_ / "secret"};
  options[Perm::kWrite].allow_list = {folder_ / "w"};
  Permissions permissions = Make(options);
  folder_.Link("w/l", folder_ / "secret/key");
  EXPECT_TRUE(GrantAccess::CheckOpen(permissions, W("l"), true, false, "").ok());
  EXPECT_TRUE(IsNotCapable(GrantAccess::CheckOpen(permissions, W("l"), true, true, "")));
  EXPECT_TRUE(IsNotCapable(GrantAccess::CheckOpen(permissions, W("l"), false, true, "")));
  EXPECT_TRUE(
      IsNotCapable(GrantAccess::CheckEntryReadWrite(permissions, folder_ / "secret/key", "")));
}

TEST_F(PathGrant, MovedFromGrantIsRefusedByTheSinks) {
  Permissions all = Everything();
  auto granted = Read(all, W("file"));
  ASSERT_TRUE(granted.ok());
  const Granted<Perm::kRead, PathTarget> taken = std::move(*granted);
  EXPECT_TRUE(Stat(taken).ok());
  EXPECT_EQ(Stat(*granted).error().sys_errno, EBADF);
}

TEST_F(PathGrant, WalkAgreesWithOpenat2) {
  folder_.Link("w/abs", folder_ / "w/sub");
  folder_.Link("w/rel", "sub/../sub/inner");
  folder_.Link("w/out", "../secret");
  folder_.Link("w/loop", "loop");
  folder_.Link("w/nowhere", "../none/../w/file");
  for (const std::string& path :
       {W("file"), W("abs/inner"), W("rel"), W("out/key"), W("out"), W("loop"), W("loop/x"),
        W("none"), W("none/a/b"), W("file/x"), W("file/"), W("abs/"), W("nowhere"), W("sub/.."),
        std::string("/"), std::string("/proc/self/status"), std::string("/dev/stdin")}) {
    for (const bool follow : {true, false}) {
      const auto fast = PathResolver::Resolve(path, {.follow = follow});
      const auto walked = PathResolver::Resolve(path, {.follow = follow, .walk = true});
      EXPECT_EQ(fast.resolved, walked.resolved) << path;
      EXPECT_EQ(fast.exists, walked.exists) << path;
      EXPECT_EQ(fast.inode, walked.inode) << path;
      EXPECT_EQ(fast.special, walked.special) << path;
      EXPECT_EQ(fast.target.how(), walked.target.how()) << path;
      EXPECT_EQ(fast.target.name(), walked.target.name()) << path;
      EXPECT_EQ(fast.target.rest(), walked.target.rest()) << path;
      EXPECT_EQ(fast.target.error_number(), walked.target.error_number()) << path;
    }
  }
}

// --- kernel state ---

const char* const kKernelPaths[] = {
    "/proc/self/environ",    "/proc/self/mem",  "/proc/self/maps",    "/proc/thread-self/environ",
    "/proc/self/task",       "/proc/1/environ", "/proc/self/cwd/x",   "/proc/self/root/etc/passwd",
    "/proc/self/exe",        "/proc/self/fd",   "/proc/cpuinfo",      "/proc",
    "/sys/kernel",           "/dev/tty",        "/dev/fd/../environ", "/dev/fd/999",
    "/proc/../proc/self/mem"};

TEST(KernelState, S6_RefusedUnlessEverythingIsAllowed) {
  Permissions unscoped = Unscoped({Perm::kRead, Perm::kWrite});
  Permissions scoped = ForPaths({"/proc", "/sys", "/dev"});
  Permissions with_deny = [] {
    PermissionOptions options;
    options[Perm::kRead].allow_all = true;
    options[Perm::kRead].deny_list = {"/nonexistent"};
    return Make(options);
  }();
  for (const char* path : kKernelPaths) {
    for (Permissions* permissions : {&unscoped, &scoped, &with_deny}) {
      const auto granted = Read(*permissions, path);
      if (!granted.ok()) {
        EXPECT_TRUE(IsNotCapable(granted)) << path;
        continue;
      }
      const auto fd = OpenForRead(*granted, "open");
      EXPECT_FALSE(fd.ok()) << path;
      // The kernel itself may have said no first (absent, no terminal, another user's process).
      if (fd.ok() || fd.error().sys_errno != 0) continue;
      EXPECT_TRUE(IsNotCapable(fd)) << path;
    }
  }
  const auto granted = Read(unscoped, "/proc/self/mem");
  ASSERT_TRUE(granted.ok());
  EXPECT_EQ(MessageOf(OpenForRead(*granted, "open")),
            "Requires all access to \"/proc/self/mem\", run again with the --allow-all flag");
  EXPECT_TRUE(IsNotCapable(Stat(*granted)));
  EXPECT_TRUE(IsNotCapable(RealPath(*Read(unscoped, "/proc/self/cwd"))));
  EXPECT_TRUE(IsNotCapable(ReadDir(*Read(unscoped, "/proc/self/fd"))));
  EXPECT_TRUE(IsNotCapable(ReadLink(*Entry<Perm::kRead>(unscoped, "/proc/self/exe"))));
  EXPECT_TRUE(IsNotCapable(Lstat(*Entry<Perm::kRead>(unscoped, "/proc/self/root/etc"))));
}

TEST(KernelState, S6_LinkToProcfsIsNoWayIn) {
  const TempFolder folder;
  folder.Link("p", "/proc/self");
  folder.Link("e", "/proc/self/environ");
  Permissions unscoped = Unscoped({Perm::kRead});
  for (const char* name : {"p/environ", "e", "p/cwd/.", "p/root/etc/passwd"}) {
    EXPECT_TRUE(IsNotCapable(OpenForRead(*Read(unscoped, folder / name), "open"))) << name;
  }
}

TEST(KernelState, S6_EverythingAllowedOpensProcfs) {
  Permissions all = Everything();
  EXPECT_TRUE(OpenForRead(*Read(all, "/proc/self/status"), "open").ok());
}

TEST(KernelState, S6_HarmlessDevicesAndInheritedPipesStayReadable) {
  Permissions unscoped = Unscoped({Perm::kRead});
  EXPECT_TRUE(OpenForRead(*Read(unscoped, "/dev/null"), "open").ok());
  EXPECT_TRUE(OpenForRead(*Read(unscoped, "/dev/urandom"), "open").ok());
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  ASSERT_EQ(write(ends[1], "piped", 5), 5);
  close(ends[1]);
  const std::string path = "/dev/fd/" + std::to_string(ends[0]);
  const auto fd = OpenForRead(*Read(unscoped, path), "open");
  ASSERT_TRUE(fd.ok()) << MessageOf(fd);
  EXPECT_EQ(ReadFd(fd->get()), "piped");
  // S13: a descriptor rt opened for itself is close-on-exec and stays out of reach.
  ASSERT_EQ(fcntl(ends[0], F_SETFD, FD_CLOEXEC), 0);
  EXPECT_TRUE(IsNotCapable(OpenForRead(*Read(unscoped, path), "open")));
  close(ends[0]);
}

}  // namespace
}  // namespace rt::test
