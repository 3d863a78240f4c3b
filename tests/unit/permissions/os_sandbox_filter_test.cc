// The filter's finer parts: what Landlock cannot say, and ways around what it says.
#include <linux/netlink.h>
#include <sys/fanotify.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/xattr.h>

#include <cstring>

#include "tests/unit/permissions/os_sandbox_support.h"

#ifndef IPPROTO_MPTCP
#define IPPROTO_MPTCP 262
#endif

namespace rt::test {
namespace {

int ErrnoOf(long result) {
  return result >= 0 ? 0 : errno;
}

int SocketOf(int family, int type, int protocol) {
  const int fd = socket(family, type | SOCK_CLOEXEC, protocol);
  if (fd < 0) return errno;
  close(fd);
  return 0;
}

class Listener {
 public:
  Listener() {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(bind(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    EXPECT_EQ(listen(fd_, 8), 0);
  }
  ~Listener() { close(fd_); }
  sockaddr_in address() const {
    sockaddr_in address{};
    socklen_t length = sizeof address;
    getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &length);
    return address;
  }
  uint16_t port() const { return ntohs(address().sin_port); }

 private:
  const int fd_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
};

// Port rules are Landlock's, for connect(2) of TCP; every other way to reach a port of TCP.
TEST_F(OsSandbox, OtherWaysToConnectAreRefused) {
  Listener granted;
  Listener other;
  PermissionOptions rules;
  rules.no_prompt = true;
  rules[Perm::kNet].allow_list = {"connect:127.0.0.1:" + std::to_string(granted.port())};
  Behind(rules, {}, [&](int report) {
    Expect(report, "connect", Connect(granted.port()), 0);
    Expect(report, "connect other", Connect(other.port()), EACCES);
    const sockaddr_in address = other.address();
    const auto* to = reinterpret_cast<const sockaddr*>(&address);
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    Expect(report, "sendto", ErrnoOf(sendto(fd, "x", 1, MSG_FASTOPEN, to, sizeof address)), EPERM);
    iovec part{const_cast<char*>("x"), 1};
    mmsghdr several{};
    msghdr& one = several.msg_hdr;
    one.msg_name = const_cast<sockaddr_in*>(&address);
    one.msg_namelen = sizeof address;
    one.msg_iov = &part;
    one.msg_iovlen = 1;
    Expect(report, "sendmsg", ErrnoOf(sendmsg(fd, &one, MSG_FASTOPEN | MSG_NOSIGNAL)), EPERM);
    Expect(report, "sendmmsg", ErrnoOf(sendmmsg(fd, &several, 1, MSG_FASTOPEN)), EPERM);
    Expect(report, "MPTCP", SocketOf(AF_INET, SOCK_STREAM, IPPROTO_MPTCP), EPERM);
    Expect(report, "MPTCP 6", SocketOf(AF_INET6, SOCK_STREAM, IPPROTO_MPTCP), EPERM);
    Expect(report, "SCTP", SocketOf(AF_INET, SOCK_STREAM, IPPROTO_SCTP), EPERM);
    Expect(report, "SMC", SocketOf(43, SOCK_STREAM, 0), EPERM);
    Expect(report, "vsock", SocketOf(AF_VSOCK, SOCK_STREAM, 0), EPERM);
    Expect(report, "raw", SocketOf(AF_INET, SOCK_RAW, IPPROTO_TCP), EPERM);
    Expect(report, "raw 0", SocketOf(AF_INET, SOCK_RAW | SOCK_NONBLOCK, 0), EPERM);
    Expect(report, "ping", SocketOf(AF_INET, SOCK_DGRAM, IPPROTO_ICMP), EPERM);
    Expect(report, "packet", SocketOf(AF_PACKET, SOCK_DGRAM, 0), EPERM);
    Expect(report, "connections of all", SocketOf(AF_NETLINK, SOCK_RAW, NETLINK_SOCK_DIAG), EPERM);
    Expect(report, "kernel events", SocketOf(AF_NETLINK, SOCK_DGRAM, NETLINK_KOBJECT_UEVENT),
           EPERM);
    // What is needed: TCP and UDP in all their spellings, and which interfaces there are.
    Expect(report, "TCP", SocketOf(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, IPPROTO_TCP), 0);
    Expect(report, "UDP", SocketOf(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0), 0);
    Expect(report, "UDP by number", SocketOf(AF_INET, SOCK_DGRAM, IPPROTO_UDP), 0);
    Expect(report, "interfaces", SocketOf(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE), 0);
    int ends[2];
    Expect(report, "pair", ErrnoOf(socketpair(AF_UNIX, SOCK_STREAM, 0, ends)), 0);
  });
}

// listen(2) without bind(2) takes any free port, and no rule of Landlock's is asked.
TEST_F(OsSandbox, ListeningNeedsARuleForListening) {
  const auto listens = [] {
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    return fd < 0 ? errno : ErrnoOf(listen(fd, 1));
  };
  PermissionOptions rules;
  rules.no_prompt = true;
  rules[Perm::kNet].allow_list = {"connect:127.0.0.1"};
  Behind(rules, {}, [&](int report) { Expect(report, "connect only", listens(), EPERM); });
  rules[Perm::kNet].allow_list = {"connect:127.0.0.1", "listen:127.0.0.1:0"};
  Behind(rules, {}, [&](int report) { Expect(report, "both", listens(), 0); });
}

// Modes, owners, times and attributes are none of Landlock's business.
TEST_F(OsSandbox, MetadataNeedsWriting) {
  const std::string secret = folder_ / "secret";
  const auto change = [&](int report, int wanted) {
    const char* path = secret.c_str();
    const timespec now[2] = {{0, UTIME_NOW}, {0, UTIME_NOW}};
    Expect(report, "chmod", ErrnoOf(chmod(path, 0600)), wanted);
    Expect(report, "fchmodat", ErrnoOf(fchmodat(AT_FDCWD, path, 0600, 0)), wanted);
    Expect(report, "chown", ErrnoOf(chown(path, geteuid(), getegid())), wanted);
    Expect(report, "lchown", ErrnoOf(lchown(path, geteuid(), getegid())), wanted);
    Expect(report, "fchownat", ErrnoOf(fchownat(AT_FDCWD, path, geteuid(), getegid(), 0)), wanted);
    Expect(report, "utimensat", ErrnoOf(utimensat(AT_FDCWD, path, now, 0)), wanted);
  };
  PermissionOptions rules = NothingGrantedRules();
  Behind(rules, {}, [&](int report) {
    change(report, EPERM);
    Expect(report, "setxattr", ErrnoOf(setxattr(secret.c_str(), "user.x", "y", 1, 0)), EPERM);
    Expect(report, "removexattr", ErrnoOf(removexattr(secret.c_str(), "user.x")), EPERM);
  });
  rules[Perm::kWrite].allow_list = {folder_ / "open"};
  Behind(rules, {}, [&](int report) { change(report, 0); });
}

// Watching tells the names of files in folders nobody may list.
TEST_F(OsSandbox, WatchingNeedsReading) {
  PermissionOptions rules = NothingGrantedRules();
  Behind(rules, {}, [&](int report) {
    Expect(report, "inotify", ErrnoOf(inotify_init1(IN_CLOEXEC)), EPERM);
    Expect(report, "fanotify", ErrnoOf(fanotify_init(FAN_CLASS_NOTIF, O_RDONLY)), EPERM);
  });
  rules[Perm::kRead].allow_list = {folder_ / "open"};
  Behind(rules, {}, [&](int report) {
    Expect(report, "inotify", ErrnoOf(inotify_init1(IN_CLOEXEC)), 0);
    Expect(report, "fanotify", ErrnoOf(fanotify_init(FAN_CLASS_NOTIF, O_RDONLY)), EPERM);
  });
}

}  // namespace
}  // namespace rt::test
