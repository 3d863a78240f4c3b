// The filter, written in classic BPF: a search tree over the numbers of system calls. The kernel
// runs it once for every number there is when it is installed, so a list of comparisons would cost
// a third of a millisecond of every start.
#include "src/permissions/seccomp_filter.h"

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/netlink.h>
#include <linux/seccomp.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

namespace rt {
namespace {

#if defined(__x86_64__)
constexpr uint32_t kArch = AUDIT_ARCH_X86_64;
constexpr uint32_t kX32Bit = 0x40000000;
#elif defined(__aarch64__)
constexpr uint32_t kArch = AUDIT_ARCH_AARCH64;
#else
#error "no seccomp filter for this machine"
#endif

constexpr uint32_t kRefuse = SECCOMP_RET_ERRNO | (EPERM & SECCOMP_RET_DATA);

// Never needed, whatever is granted.
constexpr uint32_t kRefused[] = {
    SYS_execve,
    SYS_execveat,
#ifndef __SANITIZE_ADDRESS__  // looks for leaks from a process of its own
    SYS_ptrace,
#endif
    SYS_process_vm_readv,
    SYS_process_vm_writev,
    SYS_kcmp,
    SYS_mount,
    SYS_umount2,
    SYS_pivot_root,
    SYS_chroot,
    SYS_setns,
    SYS_unshare,
    SYS_bpf,
    SYS_perf_event_open,
    SYS_userfaultfd,
    SYS_keyctl,
    SYS_add_key,
    SYS_request_key,
    SYS_init_module,
    SYS_finit_module,
    SYS_delete_module,
    SYS_kexec_load,
    SYS_reboot,
    SYS_swapon,
    SYS_swapoff,
    SYS_acct,
    SYS_quotactl,
    SYS_syslog,
    SYS_settimeofday,
    SYS_clock_settime,
    SYS_adjtimex,
    SYS_clock_adjtime,
    SYS_sethostname,
    SYS_setdomainname,
    SYS_open_by_handle_at,
    SYS_tkill,
    SYS_rt_sigqueueinfo,
    SYS_rt_tgsigqueueinfo,
    SYS_vhangup,
    SYS_io_uring_setup,
    SYS_io_uring_enter,
    SYS_io_uring_register,
    SYS_mknodat,
    SYS_shmget,
    SYS_semget,
    SYS_msgget,
    SYS_mq_open,
    434,  // pidfd_open
    438,  // pidfd_getfd
    428,  // open_tree
    429,  // move_mount
    430,  // fsopen
    431,  // fsconfig
    432,  // fsmount
    433,  // fspick
    442,  // mount_setattr
    440,  // process_madvise
    448,  // process_mrelease
    443,  // quotactl_fd
    467,  // open_tree_attr
    SYS_fanotify_init,
    SYS_fanotify_mark,
    SYS_migrate_pages,
    SYS_move_pages,
    SYS_capset,
#if defined(__x86_64__)
    SYS_mknod,
    SYS_fork,
    SYS_vfork,
    SYS_kexec_file_load,
    SYS_iopl,
    SYS_ioperm,
    SYS_modify_ldt,
    SYS_uselib,
    SYS_create_module,
#endif
};

// Where nothing may be written. Cached files and locks of rt's own need none of them: fchmod stays,
// which takes an open file.
constexpr uint32_t kMetadata[] = {
    SYS_fchmodat,  SYS_fchownat,     SYS_utimensat,    SYS_setxattr,
    SYS_lsetxattr, SYS_removexattr,  SYS_lremovexattr, SYS_fchown,
    SYS_fsetxattr, SYS_fremovexattr,
    452,  // fchmodat2
    463,  // setxattrat
    466,  // removexattrat
    469,  // file_setattr
#if defined(__x86_64__)
    SYS_chmod,     SYS_chown,        SYS_lchown,       SYS_utime,
    SYS_utimes,    SYS_futimesat,
#endif
};

constexpr uint32_t kWatches[] = {
    SYS_inotify_init1,
    SYS_inotify_add_watch,
#if defined(__x86_64__)
    SYS_inotify_init,
#endif
};

constexpr uint32_t kClone3 = 435;

// What happens to one system call; the accumulator holds its number, and the code ends in a return.
struct Leaf {
  uint32_t number;
  std::vector<sock_filter> code;
};

sock_filter Statement(uint16_t code, uint32_t value) {
  return {code, 0, 0, value};
}
sock_filter Return(uint32_t value) {
  return Statement(BPF_RET | BPF_K, value);
}
sock_filter Load(size_t offset) {
  return Statement(BPF_LD | BPF_W | BPF_ABS, static_cast<uint32_t>(offset));
}
// The low half of an argument (both machines are little endian).
sock_filter LoadArgument(int index) {
  return Load(offsetof(seccomp_data, args) + static_cast<size_t>(index) * sizeof(uint64_t));
}
// If the test holds the next `skipped` instructions are not run.
sock_filter SkipIf(uint16_t test, uint32_t value, size_t skipped) {
  return {static_cast<uint16_t>(BPF_JMP | test | BPF_K), static_cast<uint8_t>(skipped), 0, value};
}
sock_filter SkipUnless(uint16_t test, uint32_t value, size_t skipped) {
  return {static_cast<uint16_t>(BPF_JMP | test | BPF_K), 0, static_cast<uint8_t>(skipped), value};
}

void Append(std::vector<sock_filter>& code, std::span<const sock_filter> more) {
  code.insert(code.end(), more.begin(), more.end());
}

std::vector<sock_filter> TreeOf(std::span<const Leaf> leaves) {
  std::vector<sock_filter> code;
  if (leaves.size() == 1) {
    code.push_back(SkipUnless(BPF_JEQ, leaves[0].number, leaves[0].code.size()));
    Append(code, leaves[0].code);
    code.push_back(Return(SECCOMP_RET_ALLOW));
    return code;
  }
  const size_t half = leaves.size() / 2;
  const std::vector<sock_filter> below = TreeOf(leaves.first(half));
  // Too far for a jump that tests: one that does not, in two steps.
  if (below.size() > 255) {
    code.push_back(SkipUnless(BPF_JGE, leaves[half].number, 1));
    code.push_back(Statement(BPF_JMP | BPF_JA, static_cast<uint32_t>(below.size())));
  } else {
    code.push_back(SkipIf(BPF_JGE, leaves[half].number, below.size()));
  }
  Append(code, below);
  Append(code, TreeOf(leaves.subspan(half)));
  return code;
}

// Landlock's rules for ports are for connect(2) and bind(2) of TCP. TCP has a second way to
// connect: with what is sent first.
void AddFastOpen(std::vector<Leaf>& leaves) {
  const std::pair<uint32_t, int> senders[] = {{SYS_sendto, 3}, {SYS_sendmsg, 2}, {SYS_sendmmsg, 3}};
  for (const auto& [number, flags] : senders) {
    leaves.push_back({number,
                      {LoadArgument(flags), SkipIf(BPF_JSET, MSG_FASTOPEN, 1),
                       Return(SECCOMP_RET_ALLOW), Return(kRefuse)}});
  }
}

// By family, and then by protocol: MPTCP and SCTP connect past the rules for ports, raw sockets
// read what is others', and netlink is a dozen interfaces.
std::vector<sock_filter> SocketsOf(const SeccompRules& rules) {
  std::vector<sock_filter> by_protocol[2];
  for (const uint32_t protocol : {uint32_t{0}, uint32_t{IPPROTO_TCP}, uint32_t{IPPROTO_UDP}}) {
    by_protocol[0].push_back(SkipUnless(BPF_JEQ, protocol, 1));
    by_protocol[0].push_back(Return(SECCOMP_RET_ALLOW));
  }
  by_protocol[1] = {SkipUnless(BPF_JEQ, NETLINK_ROUTE, 1), Return(SECCOMP_RET_ALLOW)};
  for (auto& code : by_protocol) {
    code.insert(code.begin(), LoadArgument(2));
    code.push_back(Return(kRefuse));
  }
  // Raw sockets have protocol 0, too; the type has flags above it.
  const sock_filter stream_or_datagram[] = {
      LoadArgument(1), Statement(BPF_ALU | BPF_AND | BPF_K, 0xf), SkipIf(BPF_JEQ, SOCK_STREAM, 2),
      SkipIf(BPF_JEQ, SOCK_DGRAM, 1), Return(kRefuse)};
  by_protocol[0].insert(by_protocol[0].begin(), std::begin(stream_or_datagram),
                        std::end(stream_or_datagram));
  std::vector<sock_filter> code = {LoadArgument(0)};
  const auto allow_family = [&](uint32_t family, std::span<const sock_filter> then) {
    code.push_back(SkipUnless(BPF_JEQ, family, then.size()));
    Append(code, then);
  };
  const sock_filter any[] = {Return(SECCOMP_RET_ALLOW)};
  if (rules.internet) allow_family(AF_INET, by_protocol[0]);
  if (rules.internet) allow_family(AF_INET6, by_protocol[0]);
  if (rules.unix_sockets) allow_family(AF_UNIX, any);
  if (rules.netlink) allow_family(AF_NETLINK, by_protocol[1]);
  code.push_back(Return(kRefuse));
  return code;
}

std::vector<Leaf> LeavesOf(const SeccompRules& rules) {
  std::vector<Leaf> leaves;
  for (const uint32_t number : kRefused) leaves.push_back({number, {Return(kRefuse)}});
  if (!rules.child_signals) leaves.push_back({SYS_pidfd_send_signal, {Return(kRefuse)}});
  // Its arguments are behind a pointer, which a filter cannot follow. Without it the C library
  // makes threads with clone.
  leaves.push_back({kClone3, {Return(SECCOMP_RET_ERRNO | ENOSYS)}});
#ifndef __SANITIZE_ADDRESS__
  leaves.push_back({SYS_clone,
                    {LoadArgument(0), SkipIf(BPF_JSET, CLONE_THREAD, 1), Return(kRefuse),
                     Return(SECCOMP_RET_ALLOW)}});
#endif
  // Signals, to this process only.
  for (const uint32_t number : {SYS_kill, SYS_tgkill}) {
    leaves.push_back({number,
                      {LoadArgument(0), SkipIf(BPF_JEQ, static_cast<uint32_t>(getpid()), 1),
                       Return(kRefuse), Return(SECCOMP_RET_ALLOW)}});
  }
  // Typing into the terminal that whoever started rt goes on using.
  leaves.push_back({SYS_ioctl,
                    {LoadArgument(1), SkipIf(BPF_JEQ, TIOCSTI, 2), SkipIf(BPF_JEQ, TIOCLINUX, 1),
                     Return(SECCOMP_RET_ALLOW), Return(kRefuse)}});
  if (!rules.metadata) {
    for (const uint32_t number : kMetadata) leaves.push_back({number, {Return(kRefuse)}});
  }
  if (!rules.watches) {
    for (const uint32_t number : kWatches) leaves.push_back({number, {Return(kRefuse)}});
  }
  if (!rules.listens) leaves.push_back({SYS_listen, {Return(kRefuse)}});
  if (!rules.any_port) AddFastOpen(leaves);
  leaves.push_back({SYS_socket, SocketsOf(rules)});
  std::sort(leaves.begin(), leaves.end(),
            [](const Leaf& a, const Leaf& b) { return a.number < b.number; });
  return leaves;
}

bool Install(std::vector<sock_filter> code) {
  sock_fprog program{static_cast<unsigned short>(code.size()), code.data()};
  // The flag: before 5.16 a filter turned on a mitigation that makes JavaScript a third slower.
  if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_SPEC_ALLOW, &program) ==
      0) {
    return true;
  }
  return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) == 0;
}

}  // namespace

Result<bool> InstallSeccompFilter(const SeccompRules& rules) {
  std::vector<sock_filter> code = {
    Load(offsetof(seccomp_data, arch)),
    SkipIf(BPF_JEQ, kArch, 1),
    Return(SECCOMP_RET_KILL_PROCESS),
    Load(offsetof(seccomp_data, nr)),
#if defined(__x86_64__)
    SkipUnless(BPF_JGE, kX32Bit, 1),
    Return(kRefuse),
#endif
  };
  Append(code, TreeOf(LeavesOf(rules)));
  if (Install(std::move(code))) return true;
  if (errno == EINVAL || errno == ENOSYS) return false;
  return Error::FromErrno(errno, "seccomp");
}

}  // namespace rt
