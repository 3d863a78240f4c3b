// The kernel's wall, from a process that skips every check of ours on purpose: raw system calls
// after RaiseOsSandbox must be refused unless a permission needs them. Each case is a child
// process.
#include "src/permissions/os_sandbox.h"

#include <sys/prctl.h>
#include <sys/ptrace.h>

#include <algorithm>
#include <thread>

#include "src/permissions/landlock_ruleset.h"
#include "tests/unit/permissions/os_sandbox_support.h"

namespace rt::test {
namespace {

TEST_F(OsSandbox, NothingGranted) {
  Behind(NothingGrantedRules(), {}, [&](int report) {
    Expect(report, "read", Open(folder_ / "secret", O_RDONLY), EACCES);
    Expect(report, "read folder", Open(folder_.path(), O_RDONLY | O_DIRECTORY), EACCES);
    Expect(report, "write", Open(folder_ / "secret", O_WRONLY), EACCES);
    Expect(report, "create", Open(folder_ / "new", O_WRONLY | O_CREAT), EACCES);
    Expect(report, "environ", Open("/proc/self/environ", O_RDONLY), EACCES);
    Expect(report, "other's environ", Open("/proc/1/environ", O_RDONLY), EACCES);
    Expect(report, "unlink", unlink((folder_ / "secret").c_str()) == 0 ? 0 : errno, EACCES);
    Expect(report, "truncate", truncate((folder_ / "secret").c_str(), 0) == 0 ? 0 : errno, EACCES);
    Expect(report, "inet", Socket(AF_INET), EPERM);
    Expect(report, "inet6", Socket(AF_INET6), EPERM);
    Expect(report, "unix", Socket(AF_UNIX), EPERM);
    Expect(report, "netlink", Socket(AF_NETLINK), EPERM);
    Expect(report, "exec", Exec(), EPERM);
    Expect(report, "fork", Fork(), kForkRefused);
    Expect(report, "ptrace", ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) == 0 ? 0 : errno,
           kForkRefused);
    Expect(report, "kill", kill(getppid(), 0) == 0 ? 0 : errno, EPERM);
    Expect(report, "bpf", syscall(SYS_bpf, 0, nullptr, 0) >= 0 ? 0 : errno, EPERM);
    Expect(report, "keyctl", syscall(SYS_keyctl, 0, 0, 0) >= 0 ? 0 : errno, EPERM);
    Expect(report, "mount", syscall(SYS_mount, "", "/", "tmpfs", 0, nullptr) == 0 ? 0 : errno,
           EPERM);
    Expect(report, "io_uring", syscall(SYS_io_uring_setup, 1, nullptr) >= 0 ? 0 : errno, EPERM);
    // What rt itself goes on needing.
    Expect(report, "urandom", Open("/dev/urandom", O_RDONLY), 0);
    Expect(report, "null", Open("/dev/null", O_WRONLY), 0);
    Expect(report, "own signal", kill(getpid(), 0) == 0 ? 0 : errno, 0);
    bool ran = false;
    std::thread([&] { ran = Open("/etc/hostname", O_RDONLY) == EACCES; }).join();
    Expect(report, "thread behind the wall", ran ? 0 : 1, 0);
  });
}

TEST_F(OsSandbox, GrantedPathsAndNoMore) {
  PermissionOptions rules;
  rules.no_prompt = true;
  rules[Perm::kRead].allow_list = {folder_ / "open"};
  rules[Perm::kWrite].allow_list = {folder_ / "open/new", folder_ / "open/file"};
  Behind(rules, {}, [&](int report) {
    Expect(report, "read", Open(folder_ / "open/file", O_RDONLY), 0);
    Expect(report, "list", Open(folder_ / "open", O_RDONLY | O_DIRECTORY), 0);
    Expect(report, "link out", Open(folder_ / "open/link", O_RDONLY), EACCES);
    Expect(report, "outside", Open(folder_ / "secret", O_RDONLY), EACCES);
    Expect(report, "dot dot", Open(folder_ / "open/../secret", O_RDONLY), EACCES);
    Expect(report, "write", Open(folder_ / "open/file", O_WRONLY | O_TRUNC), 0);
    // A file's own folder is not granted, so making it and taking it away is the helper's.
    Expect(report, "create", Open(folder_ / "open/new", O_WRONLY | O_CREAT), EACCES);
    Expect(report, "outside write", Open(folder_ / "secret", O_WRONLY), EACCES);
    Expect(report, "remove", unlink((folder_ / "open/file").c_str()) == 0 ? 0 : errno, EACCES);
    Expect(report, "helper removes", WallHelper::Get()->Remove(folder_ / "open/file", false)->ok(),
           1);
  });
}

TEST_F(OsSandbox, PortsOfTheNetRules) {
  const auto port_of = [](int fd) {
    sockaddr_in address{};
    socklen_t length = sizeof address;
    getsockname(fd, reinterpret_cast<sockaddr*>(&address), &length);
    return ntohs(address.sin_port);
  };
  // A listener of this test, to connect to.
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ASSERT_EQ(bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  ASSERT_EQ(listen(listener, 8), 0);
  const uint16_t port = port_of(listener);
  PermissionOptions rules;
  rules.no_prompt = true;
  rules[Perm::kNet].allow_list = {"listen:127.0.0.1:0",
                                  "connect:127.0.0.1:" + std::to_string(port)};
  Behind(rules, {}, [&](int report) {
    Expect(report, "bind any", Bind(0), 0);
    Expect(report, "bind other", Bind(port == 40000 ? 40001 : 40000), EACCES);
    Expect(report, "connect", Connect(port), 0);
    Expect(report, "connect other", Connect(port == 40000 ? 40001 : 40000), EACCES);
  });
  rules[Perm::kNet].allow_list = {"listen:127.0.0.1"};
  Behind(rules, {},
         [&](int report) { Expect(report, "connect without connect", Connect(port), EACCES); });
  close(listener);
}

TEST_F(OsSandbox, WhatAPromptMayGrantIsBehindTheWallUntilThen) {
  PermissionOptions rules;
  rules[Perm::kWrite].deny_all = true;
  rules[Perm::kRun].deny_all = true;
  Behind(rules, {.may_prompt = true}, [&](int report) {
    Expect(report, "read", Open(folder_ / "secret", O_RDONLY), EACCES);
    Expect(report, "write", Open(folder_ / "secret", O_WRONLY), EACCES);
    Expect(report, "socket", Socket(AF_INET), 0);
    Expect(report, "connect", Connect(40000), EACCES);
    Expect(report, "exec", Exec(), EPERM);
  });
}

TEST_F(OsSandbox, WhoeverMayStartAnyProgramIsNotWalled) {
  PermissionOptions rules;
  rules.no_prompt = true;
  rules[Perm::kRun].allow_all = true;
  Behind(rules, {}, [&](int report) {
    Expect(report, "read", Open(folder_ / "secret", O_RDONLY), 0);
    Expect(report, "fork", Fork(), 0);
  });
}

// What a kernel does not know is not asked of it; this one knows all that older ones do.
TEST_F(OsSandbox, EveryVersionOfLandlock) {
  landlock::RulesetAttr all;
  all.handled_access_fs = (landlock::kIoctlDevice << 1) - 1;
  all.handled_access_net = landlock::kBindTcp | landlock::kConnectTcp;
  all.scoped = landlock::kScopeAbstractUnix | landlock::kScopeSignal;
  EXPECT_FALSE(LandlockRuleset(all, 0).refuses_anything());
  const uint64_t paths[] = {0, 0x1fff, 0x3fff, 0x7fff, 0x7fff, 0xffff, 0xffff, 0xffff};
  for (int version = 1; version <= std::min(LandlockVersion(), 7); ++version) {
    LandlockRuleset ruleset(all, version);
    EXPECT_EQ(ruleset.attributes().handled_access_fs, paths[version]) << version;
    EXPECT_EQ(ruleset.attributes().handled_access_net, version >= 4 ? 3u : 0u) << version;
    EXPECT_EQ(ruleset.attributes().scoped, version >= 6 ? 3u : 0u) << version;
    ASSERT_TRUE(ruleset.Create()) << version << " " << errno;
    const pid_t child = fork();
    if (child == 0) {
      ruleset.AllowPath((folder_ / "open").c_str(), landlock::kReadFile | landlock::kReadDir);
      ruleset.AllowPath("/dev/null", ~uint64_t{0});
      const bool raised = prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && ruleset.Enforce();
      _exit(raised && Open(folder_ / "open/file", O_RDONLY) == 0 &&
                    Open("/dev/null", O_WRONLY) == 0 && Open(folder_ / "secret", O_RDONLY) == EACCES
                ? 0
                : 1);
    }
    int status = 0;
    waitpid(child, &status, 0);
    EXPECT_EQ(status, 0) << version;
  }
}

TEST_F(OsSandbox, ItCannotBeLowered) {
  Behind(NothingGrantedRules(), {}, [&](int report) {
    PermissionOptions all;
    all.AllowAll();
    (void)RaiseOsSandbox(all, {});
    all[Perm::kRun].allow_all = false;
    (void)RaiseOsSandbox(all, {});
    Expect(report, "read", Open(folder_ / "secret", O_RDONLY), EACCES);
    Expect(report, "exec", Exec(), EPERM);
  });
}

}  // namespace
}  // namespace rt::test
