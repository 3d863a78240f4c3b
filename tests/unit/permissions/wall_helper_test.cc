// The helpers on the other side of the kernel's wall, asked by whoever would skip our own checks.
#include "src/permissions/wall_helper.h"

#include <algorithm>
#include <filesystem>
#include <map>

#include "src/permissions/wall_server.h"
#include "tests/unit/permissions/os_sandbox_support.h"

namespace rt::test {
namespace {

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
    Expect(report, "fork", Fork(), kForkRefused);
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

// Which of a process's children has the filter: 2 in Seccomp of /proc/PID/status.
std::map<std::string, char> FiltersOfChildren(pid_t parent) {
  std::map<std::string, char> filters;
  for (const auto& each : std::filesystem::directory_iterator("/proc")) {
    const OwnedFd fd(open((each.path() / "status").c_str(), O_RDONLY | O_CLOEXEC));
    if (!fd) continue;
    const std::string status = "\n" + ReadFd(fd.get());
    const auto value = [&](const std::string& name) {
      const size_t at = status.find("\n" + name + ":\t");
      if (at == std::string::npos) return std::string();
      const size_t start = at + name.size() + 3;
      return status.substr(start, status.find('\n', start) - start);
    };
    if (value("PPid") == std::to_string(parent)) filters[value("Name")] = value("Seccomp")[0];
  }
  return filters;
}

// Files and sockets are served behind the whole filter. What starts programs has none, since they
// would inherit it, and does nothing else.
TEST_F(OsSandbox, EachHelperDoesItsOwnAndNoMore) {
  PermissionOptions rules;
  rules.no_prompt = true;
  rules[Perm::kRead].allow_list = {folder_ / "later"};
  rules[Perm::kRun].allow_list = {"/bin/true"};
  int go[2];
  int ready[2];
  ASSERT_EQ(pipe(go), 0);
  ASSERT_EQ(pipe(ready), 0);
  const pid_t walled = fork();
  if (walled == 0) {
    (void)RaiseOsSandbox(rules, {});
    WallHelper::Get()->AwaitReady();
    char byte = 0;
    (void)!write(ready[1], &byte, 1);
    (void)!read(go[0], &byte, 1);
    _exit(0);
  }
  char byte = 0;
  ASSERT_EQ(read(ready[0], &byte, 1), 1);
  const std::map<std::string, char> wanted = {{"rt-helper", '2'}, {"rt-starter", '0'}};
  EXPECT_EQ(FiltersOfChildren(walled), wanted);
  (void)!write(go[1], &byte, 1);
  waitpid(walled, nullptr, 0);
  for (const int fd : {go[0], go[1], ready[0], ready[1]}) close(fd);

  // Each says no to what is the other's, though its rules grant it.
  struct Try {
    WallRole role;
    std::string request;
    uint64_t answer;
  };
  folder_.File("later", "x");
  const auto request = [](WallCall call) {
    return WireWriter().Number(static_cast<uint64_t>(call));
  };
  const std::string opens =
      request(WallCall::kOpen).Text(folder_ / "later").Number(O_RDONLY).Number(0).body();
  const std::string spawns = request(WallCall::kSpawn)
                                 .Text("/bin/true")
                                 .Texts({"true"})
                                 .Texts({})
                                 .Text("/")
                                 .Text("")
                                 .Number(0)
                                 .Number(0)
                                 .Number(0)
                                 .body();
  const Try tries[] = {{WallRole::kFiles, opens, 0},
                       {WallRole::kPrograms, opens, 2},
                       {WallRole::kFiles, spawns, 2},
                       {WallRole::kPrograms, spawns, 0}};
  for (const Try& each : tries) {
    int ends[2];
    ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    const pid_t parent = getpid();
    const pid_t child = fork();
    if (child == 0) {
      sigset_t none;
      sigemptyset(&none);
      RunWallServer(each.role, ends[1], parent, none, rules, {});
    }
    close(ends[1]);
    const int stdio[] = {0, 1, 2};
    ASSERT_TRUE(SendWireMessage(ends[0], each.request, stdio));
    WireMessage reply;
    ASSERT_TRUE(ReceiveWireMessage(ends[0], &reply));
    EXPECT_EQ(WireReader(reply.body).Number(), each.answer);
    close(ends[0]);
    while (waitpid(-1, nullptr, 0) > 0) {
    }
  }
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
      RunWallServer(WallRole::kFiles, ends[1], parent, none, rules, {});
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

}  // namespace
}  // namespace rt::test
