// What of each kind is walled, and the Landlock half. The filter is in seccomp_filter.cc.
#include "src/permissions/os_sandbox.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <set>

#include "src/permissions/landlock_abi.h"
#include "src/permissions/owned_fd.h"
#include "src/permissions/path_scope.h"
#include "src/permissions/permissions_state.h"
#include "src/permissions/seccomp_filter.h"

namespace rt {
namespace {

// What rt and the C library read on their own: names, zones, certificates, the machine's size.
constexpr const char* kSystemReads[] = {
    "/etc/resolv.conf",
    "/etc/hosts",
    "/etc/nsswitch.conf",
    "/etc/host.conf",
    "/etc/gai.conf",
    "/etc/services",
    "/etc/protocols",
    "/etc/localtime",
    "/etc/timezone",
    "/etc/ld.so.cache",
    "/etc/ssl",
    "/etc/pki",
    "/etc/ca-certificates",
    "/usr/share/zoneinfo",
    "/usr/share/ca-certificates",
    "/usr/lib",
    "/usr/lib64",
    "/lib",
    "/lib64",
    "/usr/local/lib",
    "/run/systemd/resolve",
    "/dev/null",
    "/dev/zero",
    "/dev/full",
    "/dev/random",
    "/dev/urandom",
    "/dev/tty",
    "/proc/meminfo",
    "/proc/cpuinfo",
    "/proc/stat",
    "/proc/loadavg",
    "/proc/uptime",
    "/proc/sys",
    "/proc/self/status",
    "/proc/self/stat",
    "/proc/self/statm",
    "/proc/self/cgroup",
    "/proc/self/mountinfo",
    "/proc/self/maps",
    "/sys/fs/cgroup",
    "/sys/devices/system",
};
constexpr const char* kSystemWrites[] = {"/dev/null", "/dev/zero", "/dev/full", "/dev/tty"};

constexpr uint64_t kReads = landlock::kReadFile | landlock::kReadDir;
// Done to an entry of a folder: the kernel asks the folder.
constexpr uint64_t kEntryWrites = landlock::kRemoveDir | landlock::kRemoveFile |
                                  landlock::kMakeChar | landlock::kMakeDir | landlock::kMakeReg |
                                  landlock::kMakeSock | landlock::kMakeFifo | landlock::kMakeBlock |
                                  landlock::kMakeSym | landlock::kRefer;
constexpr uint64_t kFileRights =
    landlock::kExecute | landlock::kWriteFile | landlock::kReadFile | landlock::kTruncate;

// The rights there are in an ABI version.
uint64_t KnownRights(int abi) {
  uint64_t rights = (landlock::kMakeSym << 1) - 1;
  if (abi >= 2) rights |= landlock::kRefer;
  if (abi >= 3) rights |= landlock::kTruncate;
  return rights;
}

class Ruleset {
 public:
  explicit Ruleset(landlock::RulesetAttr attributes, int abi) : attributes_(attributes), abi_(abi) {
    // Kernels before the network rules know a shorter structure.
    const size_t size = abi >= 4 ? sizeof attributes_ : sizeof attributes_.handled_access_fs;
    fd_ = OwnedFd(
        static_cast<int>(syscall(landlock::kSysCreateRuleset, &attributes_, size, uint32_t{0})));
  }
  bool valid() const { return fd_.valid(); }

  // Everything below the path, or the file. What does not exist is left out.
  void AllowPath(const std::string& path, uint64_t rights) {
    const OwnedFd object(open(path.c_str(), O_PATH | O_CLOEXEC));
    struct stat info;
    if (!object || fstat(object.get(), &info) != 0) return;
    landlock::PathBeneathAttr rule{rights & attributes_.handled_access_fs, object.get()};
    if (!S_ISDIR(info.st_mode)) rule.allowed_access &= kFileRights;
    if (rule.allowed_access == 0) return;
    syscall(landlock::kSysAddRule, fd_.get(), landlock::kRulePathBeneath, &rule, uint32_t{0});
  }
  // The scope, or where it will be.
  void AllowScope(const PathScope& scope, uint64_t rights, uint64_t folder_rights) {
    std::string path = scope.resolved();
    if (folder_rights != 0) AllowPath(Parent(path), folder_rights);
    struct stat info;
    while (stat(path.c_str(), &info) != 0 && path != "/") path = Parent(path);
    AllowPath(path, rights);
  }
  void AllowPort(uint16_t port, uint64_t rights) {
    landlock::NetPortAttr rule{rights & attributes_.handled_access_net, port};
    if (rule.allowed_access == 0) return;
    syscall(landlock::kSysAddRule, fd_.get(), landlock::kRuleNetPort, &rule, uint32_t{0});
  }
  bool Enforce() { return syscall(landlock::kSysRestrictSelf, fd_.get(), uint32_t{0}) == 0; }

 private:
  static std::string Parent(const std::string& path) {
    const size_t slash = path.rfind('/');
    return slash == 0 || slash == std::string::npos ? "/" : path.substr(0, slash);
  }

  landlock::RulesetAttr attributes_;
  int abi_;
  OwnedFd fd_;
};

// What rules of `net` say about ports: nothing if some rule covers any port.
std::optional<std::set<uint16_t>> PortsOf(const std::vector<NetScope>& scopes, NetUse use) {
  std::set<uint16_t> ports;
  for (const NetScope& scope : scopes) {
    if (scope.kind() == NetScope::Kind::kUnix || !scope.DeniesUse(use)) continue;
    if (!scope.port()) return std::nullopt;
    ports.insert(*scope.port());
  }
  return ports;
}

}  // namespace

Result<OsSandboxReport> RaiseOsSandbox(const PermissionOptions& rules,
                                       const OsSandboxOptions& options) {
  PermissionsState state;
  const std::string cwd = rules.cwd.empty() ? ProcessCwd() : rules.cwd;
  for (const Perm perm : {Perm::kRead, Perm::kWrite, Perm::kNet, Perm::kFfi}) {
    for (const std::string& entry : rules[perm].allow_list) {
      RT_TRY_VOID(state.AddEntry(perm, RuleKind::kAllow, entry, cwd));
    }
  }
  const auto granted = [&](Perm perm) {
    return !rules[perm].deny_all && (rules[perm].allow_all || !rules[perm].allow_list.empty());
  };
  // All of the kind may be needed: by a grant, or by one a person may still give.
  const auto open_kind = [&](Perm perm) {
    return !rules[perm].deny_all && (rules[perm].allow_all || options.may_prompt);
  };
  OsSandboxReport report;
  // Programs have their own rights; the wall would hold for them too.
  if (granted(Perm::kRun) || open_kind(Perm::kRun)) return report;

  const long abi =
      syscall(landlock::kSysCreateRuleset, nullptr, size_t{0}, landlock::kCreateRulesetVersion);
  report.landlock_abi = abi > 0 ? static_cast<int>(abi) : 0;
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return Error::FromErrno(errno, "prctl");

  if (report.landlock_abi > 0) {
    landlock::RulesetAttr attributes;
    const uint64_t known = KnownRights(report.landlock_abi);
    const bool ffi_open = open_kind(Perm::kFfi);
    if (!open_kind(Perm::kRead) && !ffi_open) attributes.handled_access_fs |= kReads;
    if (!open_kind(Perm::kWrite)) {
      attributes.handled_access_fs |= kEntryWrites | landlock::kWriteFile | landlock::kTruncate;
    }
    if (!ffi_open) attributes.handled_access_fs |= landlock::kExecute;
    attributes.handled_access_fs &= known;
    const auto& hosts = state.HostsOf(Perm::kNet).allow;
    const auto connect = PortsOf(hosts, NetUse::kConnect);
    const auto listen = PortsOf(hosts, NetUse::kListen);
    if (report.landlock_abi >= 4 && !open_kind(Perm::kNet)) {
      if (connect) attributes.handled_access_net |= landlock::kConnectTcp;
      if (listen) attributes.handled_access_net |= landlock::kBindTcp;
    }
    if (attributes.handled_access_fs != 0 || attributes.handled_access_net != 0) {
      Ruleset ruleset(attributes, report.landlock_abi);
      if (!ruleset.valid()) return Error::FromErrno(errno, "landlock_create_ruleset");
      for (const char* path : kSystemReads) ruleset.AllowPath(path, kReads);
      for (const char* path : kSystemWrites) ruleset.AllowPath(path, landlock::kWriteFile);
      for (const std::string& path : options.program_folders) ruleset.AllowPath(path, kReads);
      for (const PathScope& scope : state.PathsOf(Perm::kRead).allow.scopes()) {
        ruleset.AllowScope(scope, kReads, 0);
      }
      for (const PathScope& scope : state.PathsOf(Perm::kFfi).allow.scopes()) {
        ruleset.AllowScope(scope, kReads | landlock::kExecute, 0);
      }
      for (const PathScope& scope : state.PathsOf(Perm::kWrite).allow.scopes()) {
        ruleset.AllowScope(scope, kEntryWrites | landlock::kWriteFile | landlock::kTruncate,
                           kEntryWrites);
      }
      for (const uint16_t port : connect.value_or(std::set<uint16_t>{})) {
        ruleset.AllowPort(port, landlock::kConnectTcp);
      }
      // Long DNS answers come over TCP.
      if (!hosts.empty()) ruleset.AllowPort(53, landlock::kConnectTcp);
      for (const uint16_t port : listen.value_or(std::set<uint16_t>{})) {
        ruleset.AllowPort(port, landlock::kBindTcp);
      }
      if (!ruleset.Enforce()) return Error::FromErrno(errno, "landlock_restrict_self");
      report.paths = attributes.handled_access_fs != 0;
      report.ports = attributes.handled_access_net != 0;
    }
  }

  SeccompRules filter;
  filter.sockets = granted(Perm::kNet) || open_kind(Perm::kNet);
  filter.interface_list = granted(Perm::kSys) || open_kind(Perm::kSys);
  RT_TRY(report.system_calls, InstallSeccompFilter(filter));
  if (report.landlock_abi == 0 && !report.system_calls) {
    return Error::Make(ErrorClass::kNotSupported,
                       "this kernel has neither Landlock nor seccomp filters");
  }
  return report;
}

}  // namespace rt
