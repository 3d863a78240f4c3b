// The filter, written in classic BPF: one comparison a system call.
#include "src/permissions/seccomp_filter.h"

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
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
    SYS_ptrace,
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
    SYS_pidfd_send_signal,
    438,  // pidfd_getfd
    428,  // open_tree
    429,  // move_mount
    430,  // fsopen
    431,  // fsconfig
    432,  // fsmount
    433,  // fspick
    442,  // mount_setattr
    440,  // process_madvise
#if defined(__x86_64__)
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

constexpr uint32_t kClone3 = 435;

class Program {
 public:
  void Load(uint32_t offset) { Add(BPF_LD | BPF_W | BPF_ABS, offset); }
  void LoadNumber() { Load(offsetof(seccomp_data, nr)); }
  // The low half of an argument (both machines are little endian).
  void LoadArgument(int index) {
    Load(offsetof(seccomp_data, args) + static_cast<uint32_t>(index) * sizeof(uint64_t));
  }
  void Return(uint32_t value) { Add(BPF_RET | BPF_K, value); }
  // If the accumulator is (not) the value, the next `count` instructions are run.
  void IfEqual(uint32_t value, uint8_t count) { Jump(BPF_JEQ, value, 0, count); }
  void IfNotEqual(uint32_t value, uint8_t count) { Jump(BPF_JEQ, value, count, 0); }
  void IfNoneOf(uint32_t bits, uint8_t count) { Jump(BPF_JSET, bits, count, 0); }
  void IfAtLeast(uint32_t value, uint8_t count) { Jump(BPF_JGE, value, 0, count); }

  bool Install() {
    sock_fprog program{static_cast<unsigned short>(code_.size()), code_.data()};
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) == 0;
  }

 private:
  void Add(uint16_t code, uint32_t value) { code_.push_back({code, 0, 0, value}); }
  void Jump(uint16_t test, uint32_t value, uint8_t if_true, uint8_t if_false) {
    code_.push_back({static_cast<uint16_t>(BPF_JMP | test | BPF_K), if_true, if_false, value});
  }

  std::vector<sock_filter> code_;
};

}  // namespace

Result<bool> InstallSeccompFilter(const SeccompRules& rules) {
  Program program;
  program.Load(offsetof(seccomp_data, arch));
  program.IfNotEqual(kArch, 1);
  program.Return(SECCOMP_RET_KILL_PROCESS);
  program.LoadNumber();
#if defined(__x86_64__)
  program.IfAtLeast(kX32Bit, 1);
  program.Return(kRefuse);
#endif
  for (const uint32_t number : kRefused) {
    program.IfEqual(number, 1);
    program.Return(kRefuse);
  }
  // Its arguments are behind a pointer, which a filter cannot follow. Without it the C library
  // makes threads with clone.
  program.IfEqual(kClone3, 1);
  program.Return(SECCOMP_RET_ERRNO | ENOSYS);
  program.IfEqual(SYS_clone, 4);
  program.LoadArgument(0);
  program.IfNoneOf(CLONE_THREAD, 1);
  program.Return(kRefuse);
  program.Return(SECCOMP_RET_ALLOW);
  // Signals, to this process only.
  for (const uint32_t number : {SYS_kill, SYS_tgkill}) {
    program.IfEqual(number, 4);
    program.LoadArgument(0);
    program.IfNotEqual(static_cast<uint32_t>(getpid()), 1);
    program.Return(kRefuse);
    program.Return(SECCOMP_RET_ALLOW);
  }
  if (!rules.sockets) {
    const bool netlink = rules.interface_list;
    program.IfEqual(SYS_socket, netlink ? 4 : 1);
    if (netlink) {
      program.LoadArgument(0);
      program.IfNotEqual(AF_NETLINK, 1);
    }
    program.Return(kRefuse);
    if (netlink) program.Return(SECCOMP_RET_ALLOW);
  }
  program.Return(SECCOMP_RET_ALLOW);
  if (program.Install()) return true;
  if (errno == EINVAL) return false;
  return Error::FromErrno(errno, "seccomp");
}

}  // namespace rt
