// For the tests of the kernel's wall: a child process behind it, and raw system calls there.
#pragma once

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <cerrno>
#include <functional>
#include <string>

#include "src/permissions/os_sandbox.h"
#include "src/permissions/wall_helper.h"
#include "tests/unit/permissions/support.h"

namespace rt::test {

// AddressSanitizer looks for leaks from a process of its own, so its filter lets that be made.
#ifdef __SANITIZE_ADDRESS__
inline constexpr int kForkRefused = 0;
#else
inline constexpr int kForkRefused = EPERM;
#endif

inline bool KernelHasLandlock() {
  return syscall(444, nullptr, size_t{0}, uint32_t{1}) > 0;
}

// 0: done; else the errno.
inline int Open(const std::string& path, int flags) {
  const int fd = open(path.c_str(), flags, 0600);
  if (fd < 0) return errno;
  close(fd);
  return 0;
}

inline int Socket(int family) {
  const int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return errno;
  close(fd);
  return 0;
}

inline int Bind(uint16_t port) {
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

inline int Connect(uint16_t port) {
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

inline int Exec() {
  char name[] = "/bin/true";
  char* argv[] = {name, nullptr};
  char* envp[] = {nullptr};
  execve(name, argv, envp);
  return errno;
}

inline int Fork() {
  const pid_t child = fork();
  if (child == 0) _exit(0);
  if (child < 0) return errno;
  waitpid(child, nullptr, 0);
  return 0;
}

inline PermissionOptions NothingGrantedRules() {
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

}  // namespace rt::test
