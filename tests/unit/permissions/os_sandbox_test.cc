// The kernel's wall, from a process that skips every check of ours on purpose: raw system calls
// after RaiseOsSandbox must be refused unless a permission needs them. Each case is a child
// process.
#include "src/permissions/os_sandbox.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <algorithm>
#include <functional>
#include <thread>

#include "src/permissions/landlock_ruleset.h"
#include "src/permissions/wall_helper.h"
#include "src/permissions/wall_server.h"
#include "tests/unit/permissions/support.h"

namespace rt::test {
namespace {

bool KernelHasLandlock() {
  return syscall(444, nullptr, size_t{0}, uint32_t{1}) > 0;
}

// 0: done; else the errno.
int Open(const std::string& path, int flags) {
  const int fd = open(path.c_str(), flags, 0600);
  if (fd < 0) return errno;
  close(fd);
  return 0;
}

int Socket(int family) {
  const int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return errno;
  close(fd);
  return 0;
}

int Bind(uint16_t port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  const int result =
      bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 ? 0 : errno;
  close(fd);
  return result;
}

int Connect(uint16_t port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  const int result =
      connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 ? 0 : errno;
  close(fd);
  return result;
}

int Exec() {
  char name[] = "/bin/true";
  char* argv[] = {name, nullptr};
  char* envp[] = {nullptr};
  execve(name, argv, envp);
  return errno;
}

int Fork() {
  const pid_t child = fork();
  if (child == 0) _exit(0);
  if (child < 0) return errno;
  waitpid(child, nullptr, 0);
  return 0;
}

PermissionOptions NothingGrantedRules() {
  PermissionOptions rules;
  rules.no_prompt = true;
  return rules;
}

class OsSandbox : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!KernelHasLandlock()) GTEST_SKIP() << "this kernel has no Landlock";
    folder_.Folder("open");
    folder_.File("open/file", "x");
    folder_.File("secret", "x");
    folder_.Link("open/link", "../secret");
  }

  // Raises the wall in a child and runs the checks there; what they print fails the test.
  void Behind(const PermissionOptions& rules, const OsSandboxOptions& options,
              const std::function<void(int report)>& checks) {
    int ends[2];
    ASSERT_EQ(pipe(ends), 0);
    const pid_t child = fork();
    if (child == 0) {
      const auto raised = RaiseOsSandbox(rules, options);
      if (!raised.ok()) dprintf(ends[1], "not raised: %s\n", raised.error().message.c_str());
      if (WallHelper* helper = WallHelper::Get()) helper->AwaitReady();
      checks(ends[1]);
      _exit(0);
    }
    close(ends[1]);
    EXPECT_EQ(ReadFd(ends[0]), "");
    close(ends[0]);
    int status = 0;
    waitpid(child, &status, 0);
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << status;
  }
  static void Expect(int report, const char* what, int got, int wanted) {
    if (got != wanted) dprintf(report, "%s: errno %d, expected %d\n", what, got, wanted);
  }

  TempFolder folder_;
};

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
    Expect(report, "fork", Fork(), EPERM);
    Expect(report, "ptrace", ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) == 0 ? 0 : errno, EPERM);
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

// ---- the helper, asked by whoever would skip our own checks

TEST_F(OsSandbox, HelperOpensWhatWasGrantedAndCameLater) {
  PermissionOptions rules;
  rules.no_prompt = true;
  rules[Perm::kRead].allow_list = {folder_ / "open/file", folder_ / "later"};
  rules[Perm::kWrite].allow_list = {folder_ / "later"};
  Behind(rules, {}, [&](int report) {
    WallHelper* const helper = WallHelper::Get();
    const auto ask = [&](const std::string& path, int flags) {
      const auto opened = helper->Open(path, flags, 0600);
      return !opened ? -1 : opened->ok() ? 0 : opened->error().sys_errno;
    };
    // Made, filled and replaced: each time another file than the kernel's rule was made for.
    Expect(report, "mkdir", !helper->Mkdir(folder_ / "later", 0700, false)->ok(), 0);
    Expect(report, "not the kernel", Open(folder_ / "later/x", O_WRONLY | O_CREAT), EACCES);
    Expect(report, "create", ask(folder_ / "later/x", O_WRONLY | O_CREAT), 0);
    Expect(report, "read", ask(folder_ / "later/x", O_RDONLY), 0);
    Expect(report, "remove", !helper->Remove(folder_ / "later", true)->ok(), 0);
    Expect(report, "absent", ask(folder_ / "later/x", O_RDONLY), ENOENT);
    // -1: its own rules refuse.
    Expect(report, "secret", ask(folder_ / "secret", O_RDONLY), -1);
    Expect(report, "write", ask(folder_ / "open/file", O_WRONLY), -1);
    Expect(report, "append", ask(folder_ / "open/file", O_RDONLY | O_APPEND), -1);
    Expect(report, "link", ask(folder_ / "open/link", O_RDONLY), -1);
    Expect(report, "own memory", ask("/proc/self/mem", O_RDONLY), -1);
    Expect(report, "mkdir elsewhere", helper->Mkdir(folder_ / "other", 0700, true).has_value(), 0);
    Expect(report, "remove elsewhere", helper->Remove(folder_ / "secret", false).has_value(), 0);
    Expect(report, "rename", helper->Rename(folder_ / "open/file", folder_ / "later").has_value(),
           0);
    Expect(report, "link in", helper->Link(folder_ / "secret", folder_ / "later").has_value(), 0);
    Expect(report, "code", helper->OpenCode(folder_ / "secret").has_value(), 0);
    Expect(report, "lock", helper->ReplaceFile(folder_ / "secret", "", "x").has_value(), 0);
    Expect(report, "kill", helper->Signal(getppid(), 0).has_value(), 0);
    const int socket_fd = socket(AF_INET, SOCK_STREAM, 0);
    Expect(report, "socket", socket_fd, -1);
  });
}

TEST_F(OsSandbox, HelperReadsCodeUntilItIsSealed) {
  PermissionOptions rules = NothingGrantedRules();
  folder_.Link("open/package.json", "../secret");
  Behind(rules, {.loads_modules = true, .lock_file = folder_ / "lock"}, [&](int report) {
    WallHelper* const helper = WallHelper::Get();
    Expect(report, "kernel", Open(folder_ / "secret", O_RDONLY), EACCES);
    Expect(report, "code", helper->OpenCode(folder_ / "secret").value().ok(), 1);
    Expect(report, "lock", helper->ReplaceFile(folder_ / "lock", "a", "b").value().ok(), 1);
    Expect(report, "device", helper->OpenCode("/dev/zero").has_value(), 0);
    Expect(report, "kernel state", helper->OpenCode("/proc/self/environ").has_value(), 0);
    helper->Seal();
    Expect(report, "link called package.json",
           helper->OpenCode(folder_ / "open/package.json").has_value(), 0);
    Expect(report, "sealed", helper->OpenCode(folder_ / "secret").has_value(), 0);
    // It is filtered itself: nothing it does starts a program.
    Expect(report, "spawn", helper->Spawn("/bin/true", {}, {}).has_value(), 0);
  });
}

TEST_F(OsSandbox, HelperReplacesTheLockFileAndNoLinkInItsPlace) {
  folder_.File("open/lock", "old");
  PermissionOptions rules;
  rules.no_prompt = true;
  rules[Perm::kWrite].allow_list = {folder_ / "open"};
  Behind(rules, {.loads_modules = true, .lock_file = folder_ / "open/lock"}, [&](int report) {
    const std::string lock = folder_ / "open/lock";
    // What a script that got past our checks could do in a folder it may write.
    unlink(lock.c_str());
    Expect(report, "symlink", symlink("../secret", lock.c_str()), 0);
    Expect(report, "replace", WallHelper::Get()->ReplaceFile(lock, "ne", "w").value().ok(), 1);
  });
  const auto text = [](const std::string& path) {
    const OwnedFd fd(open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
    return ReadFd(fd.get());
  };
  EXPECT_EQ(text(folder_ / "secret"), "x");
  EXPECT_EQ(text(folder_ / "open/lock"), "new");
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_ / "open"), {}), 3);
}

TEST_F(OsSandbox, HelperStartsGrantedProgramsOutside) {
  PermissionOptions rules;
  rules.no_prompt = true;
  rules[Perm::kRun].allow_list = {"/bin/cat", "/bin/sh"};
  Behind(rules, {}, [&](int report) {
    Expect(report, "fork", Fork(), EPERM);
    Expect(report, "exec", Exec(), EPERM);
    Expect(report, "read", Open(folder_ / "secret", O_RDONLY), EACCES);
    int ends[2];
    (void)!pipe2(ends, O_CLOEXEC);
    SpawnOptions options;
    options.args = {"cat", folder_ / "secret"};
    options.stdio = {0, ends[1], 2};
    const auto start = [&](const std::string& program, const std::vector<std::string>& env) {
      return WallHelper::Get()->Spawn(program, env, options);
    };
    auto child = start("/bin/cat", {});
    if (!child || !child->ok()) {
      dprintf(report, "cat was not started\n");
      return;
    }
    close(ends[1]);
    // The child is ours to wait for, and not behind the wall.
    int status = -1;
    Expect(report, "wait", waitpid((*child)->pid, &status, 0) == (*child)->pid, 1);
    Expect(report, "status", status, 0);
    char text[2] = {};
    Expect(report, "output", static_cast<int>(read(ends[0], text, 1)), 1);
    options.stdio = {0, 1, 2};
    Expect(report, "other program", start("/bin/true", {}).has_value(), 0);
    Expect(report, "steered", start("/bin/cat", {"LD_PRELOAD=x.so"}).has_value(), 0);
    Expect(report, "steered by PATH", start("/bin/sh", {"PATH=/tmp"}).has_value(), 0);
    options.cwd = "/nowhere";
    const auto nowhere = start("/bin/cat", {});
    Expect(report, "cwd", nowhere.value().ok(), 0);
    Expect(report, "no child is left", waitpid(-1, &status, WNOHANG), 0);  // but the helper
    Expect(report, "kill", WallHelper::Get()->Signal(getppid(), 0).has_value(), 0);
  });
}

TEST_F(OsSandbox, HelperEndsWithRt) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  PermissionOptions rules;
  rules.no_prompt = true;
  rules[Perm::kRun].allow_list = {"/bin/true"};
  const pid_t child = fork();
  if (child == 0) {
    close(ends[0]);
    fcntl(ends[1], F_SETFD, 0);
    (void)RaiseOsSandbox(rules, {});
    raise(SIGKILL);
  }
  close(ends[1]);
  waitpid(child, nullptr, 0);
  // The end of the pipe is seen as soon as nobody has it: the helper never had.
  EXPECT_EQ(ReadFd(ends[0]), "");
  close(ends[0]);
}

// S39: whoever answers for what is outside answers with no, or not at all.
TEST_F(OsSandbox, S39_HelperThatIsGoneGrantsNothing) {
  PermissionOptions rules;
  rules.no_prompt = true;
  rules[Perm::kRead].allow_list = {folder_ / "later"};
  Behind(rules, {}, [&](int report) {
    // Its process is this one's only child; the wall keeps this one from ending it.
    const std::string children = "/proc/self/task/" + std::to_string(getpid()) + "/children";
    Expect(report, "children", Open(children, O_RDONLY), EACCES);
    Expect(report, "answers", WallHelper::Get()->Open(folder_ / "later", O_RDONLY, 0).has_value(),
           1);
    for (int fd = 3; fd < 16; ++fd) {
      struct stat info;
      if (fd != report && fstat(fd, &info) == 0 && S_ISSOCK(info.st_mode)) shutdown(fd, SHUT_RDWR);
    }
    WallHelper* const helper = WallHelper::Get();
    Expect(report, "open", helper->Open(folder_ / "later", O_RDONLY, 0).has_value(), 0);
    Expect(report, "again", helper->Open(folder_ / "later", O_RDONLY, 0).has_value(), 0);
    Expect(report, "spawn", helper->Spawn("/bin/true", {}, {}).has_value(), 0);
    Expect(report, "still refused", Open(folder_ / "secret", O_RDONLY), EACCES);
  });
}

TEST_F(OsSandbox, S39_HelperRefusesWhatIsNoMessage) {
  PermissionOptions rules;
  rules.no_prompt = true;
  rules[Perm::kRead].allow_list = {folder_ / "open"};
  const auto number = [](uint64_t value) {
    return std::string(reinterpret_cast<const char*>(&value), sizeof value);
  };
  const std::string path = folder_ / "open/file";
  const std::string whole = WireWriter()
                                .Number(static_cast<uint64_t>(WallCall::kOpen))
                                .Text(path)
                                .Number(O_RDONLY)
                                .Number(0)
                                .body();
  struct Try {
    std::string bytes;
    int answer;  // of WallAnswer; -1: the helper ends
  };
  std::vector<Try> tries = {
      {number(whole.size()) + whole, 0},
      {number(8) + number(4711), 2},  // no such call
      {number(0), 2},                 // no call at all
      {number(3) + "abc", 2},
      {number(16) + number(1) + number(~0ull), 2},  // a text that is longer than the message
      {number(24) + number(11) + number(~0ull) + "xxxxxxxx", 2},  // so many arguments
      {number(~0ull), -1},
      {number(uint64_t{1} << 30), -1},
  };
  for (size_t cut = 0; cut < whole.size(); cut += 3) {
    tries.push_back({number(cut) + whole.substr(0, cut), 2});
  }
  for (const Try& each : tries) {
    int ends[2];
    ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    const pid_t parent = getpid();
    const pid_t child = fork();
    if (child == 0) {
      sigset_t none;
      sigemptyset(&none);
      RunWallServer(ends[1], parent, none, rules, {});
    }
    close(ends[1]);
    ASSERT_EQ(write(ends[0], each.bytes.data(), each.bytes.size()),
              static_cast<ssize_t>(each.bytes.size()));
    WireMessage reply;
    const bool answered = ReceiveWireMessage(ends[0], &reply);
    EXPECT_EQ(answered, each.answer >= 0);
    if (answered) {
      EXPECT_EQ(WireReader(reply.body).Number(), static_cast<uint64_t>(each.answer));
      EXPECT_EQ(reply.fds.size(), each.answer == 0 ? 1u : 0u);
    }
    close(ends[0]);
    int status = 0;
    waitpid(child, &status, 0);
    EXPECT_TRUE(WIFEXITED(status)) << status;
  }
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
