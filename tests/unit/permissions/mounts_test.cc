// Bind mounts: where a denied folder can be reached besides its own place, told from a list of
// mounts and tried with real ones.
#include "src/permissions/mounts.h"

#include <sched.h>
#include <sys/mount.h>
#include <sys/wait.h>

#include "src/permissions/sinks.h"
#include "tests/unit/permissions/support.h"

namespace rt::test {
namespace {

using Places = std::vector<std::string>;

// None of these places exists, so the kernel says nothing about them.
constexpr const char* kMounts =
    "20 1 8:1 / / rw - ext4 /dev/sda1 rw\n"
    "21 20 8:1 /none/denied /none/whole rw,relatime shared:1 - ext4 /dev/sda1 rw\n"
    "22 20 8:1 /none/denied/in/side /none/part rw - ext4 /dev/sda1 rw\n"
    "23 20 8:1 /none /none/a\\040b rw - ext4 /dev/sda1 rw\n"
    "24 20 8:2 /none/denied /none/other\\011disk rw - ext4 /dev/sdb1 rw\n"
    "25 20 8:1 /none/deniedtoo /none/twin rw - ext4 /dev/sda1 rw\n"
    "broken\n";

TEST(MountTable, PlacesOfAFolder) {
  const MountTable table = MountTable::Parse(kMounts);
  EXPECT_EQ(table.OtherPlacesOf("/none/denied"),
            (Places{"/none/whole", "/none/part", "/none/a b/denied"}));
  EXPECT_EQ(table.OtherPlacesOf("/none/denied/in"),
            (Places{"/none/whole/in", "/none/part", "/none/a b/denied/in"}));
  EXPECT_EQ(table.OtherPlacesOf("/none/denied/in/side/f"),
            (Places{"/none/whole/in/side/f", "/none/part/f", "/none/a b/denied/in/side/f"}));
  // Asked about by one of the other places.
  EXPECT_EQ(table.OtherPlacesOf("/none/whole/in/x"),
            (Places{"/none/denied/in/x", "/none/a b/denied/in/x"}));
  EXPECT_EQ(table.OtherPlacesOf("/none/other\tdisk/x"), Places{});
  EXPECT_EQ(table.OtherPlacesOf("/none/den"), (Places{"/none/a b/den"}));
  EXPECT_EQ(table.OtherPlacesOf("relative"), Places{});
  EXPECT_EQ(MountTable::Parse("").OtherPlacesOf("/x"), Places{});
}

TEST(MountTable, ReadsTheListOfThisProcess) {
  // Whatever there is: the root folder is mounted, and no place is its own other place.
  const MountTable table = MountTable::Read();
  for (const std::string& place : table.OtherPlacesOf("/usr")) EXPECT_NE(place, "/usr");
}

// Runs `body` in a process that may mount things nobody else sees; 77 if that is not possible.
template <class Body>
int InNamespace(const Body& body) {
  const pid_t child = fork();
  if (child == 0) {
    const bool apart = unshare(CLONE_NEWNS) == 0 &&
                       mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;
    _exit(apart ? body() : 77);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST(DenyRules, S35_BelowABindMountOfADeniedFolder) {
  TempFolder folder;
  folder.Folder("denied/sub/deep");
  folder.Folder("whole");
  folder.Folder("part");
  folder.File("denied/sub/deep/file", "x");
  folder.File("free", "x");
  folder.File("file", "");
  const auto bind = [&](const char* from, const char* to) {
    return mount((folder / from).c_str(), (folder / to).c_str(), nullptr, MS_BIND, nullptr) == 0;
  };
  const int result = InNamespace([&] {
    if (!bind("denied", "whole") || !bind("denied/sub", "part") ||
        !bind("denied/sub/deep/file", "file")) {
      return 77;
    }
    Permissions permissions = ForPaths({folder.path()}, {folder / "denied"});
    for (const char* path :
         {"denied/sub/deep/file", "whole", "whole/sub", "whole/sub/deep", "whole/sub/deep/file",
          "part", "part/deep", "part/deep/file", "file"}) {
      if (!IsNotCapable(Read(permissions, folder / path))) return 1;
      if (!IsNotCapable(Write(permissions, folder / path))) return 2;
      if (!IsNotCapable(Entry<Perm::kRead>(permissions, folder / path))) return 3;
    }
    // What is not there yet, too.
    if (!IsNotCapable(Write(permissions, folder / "whole/sub/deep/new"))) return 4;
    if (!Read(permissions, folder / "free").ok()) return 5;
    // The unscoped grant as well.
    PermissionOptions all;
    all[Perm::kRead].allow_all = true;
    all[Perm::kRead].deny_list = {folder / "denied"};
    Permissions unscoped = Make(all);
    if (!IsNotCapable(Read(unscoped, folder / "part/deep/file"))) return 6;
    if (!Read(unscoped, folder / "free").ok()) return 7;
    // Asked for by the mount, denied at its source.
    Permissions reversed = ForPaths({folder.path()}, {folder / "whole/sub"});
    if (!IsNotCapable(Read(reversed, folder / "denied/sub/deep/file"))) return 8;
    if (!IsNotCapable(Read(reversed, folder / "part/deep/file"))) return 9;
    return 0;
  });
  if (result == 77) GTEST_SKIP() << "may not mount";
  EXPECT_EQ(result, 0);
}

}  // namespace
}  // namespace rt::test
