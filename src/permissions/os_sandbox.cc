// What of each kind is walled. Landlock's half is in landlock_ruleset.cc, the filter in
// seccomp_filter.cc, the way around both in wall_helper.cc.
#include "src/permissions/os_sandbox.h"

#include <sys/prctl.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <set>

#include "src/permissions/landlock_ruleset.h"
#include "src/permissions/permissions_state.h"
#include "src/permissions/rule_facts.h"
#include "src/permissions/seccomp_filter.h"
#include "src/permissions/wall_helper.h"

namespace rt {
namespace {

// What rt, V8 and the C library read on their own. Each costs a start five microseconds.
constexpr const char* kFilesAlwaysRead[] = {
    "/proc/self/exe",  // V8 maps its own code from it
    "/proc/self/maps", "/proc/self/stat", "/proc/self/statm",     "/proc/self/cgroup",
    "/dev/urandom",    "/etc/localtime",  "/etc/ssl/openssl.cnf",
};
constexpr const char* kFoldersAlwaysRead[] = {
    // Not /etc/ssl: private keys are in it, too.
    "/sys/fs/cgroup", "/sys/devices/system/cpu", "/etc/ssl/certs", "/usr/share/zoneinfo",
    "/usr/lib",
};
constexpr const char* kReadForNetwork[] = {
    "/etc/resolv.conf",
    "/etc/hosts",
    "/etc/nsswitch.conf",
    "/etc/host.conf",
    "/etc/gai.conf",
    "/etc/services",
    "/etc/ssl/cert.pem",
    "/etc/ssl/ca-bundle.pem",
    "/etc/protocols",
    "/etc/pki/tls/certs",
    "/etc/pki/tls/cert.pem",
    "/etc/pki/tls/openssl.cnf",
    "/etc/pki/ca-trust",
    "/etc/ca-certificates",
    "/etc/ld.so.cache",
    "/usr/share/ca-certificates",
    "/usr/lib64",
    "/lib",
    "/lib64",
    "/usr/local/lib",
    "/usr/local/share/ca-certificates",
    "/run/systemd/resolve",
    "/run/NetworkManager",
    "/run/resolvconf",
    "/run/nscd",
};
constexpr const char* kReadForSystem[] = {
    "/etc/passwd", "/etc/group",    "/etc/nsswitch.conf", "/etc/ld.so.cache", "/proc/meminfo",
    "/proc/stat",  "/proc/cpuinfo", "/proc/loadavg",      "/proc/uptime",     "/proc/version",
    "/lib",
};

constexpr uint64_t kReads = landlock::kReadFile | landlock::kReadDir;
// Done to an entry of a folder: the kernel asks the folder.
constexpr uint64_t kEntryWrites = landlock::kRemoveDir | landlock::kRemoveFile |
                                  landlock::kMakeChar | landlock::kMakeDir | landlock::kMakeReg |
                                  landlock::kMakeSock | landlock::kMakeFifo | landlock::kMakeBlock |
                                  landlock::kMakeSym | landlock::kRefer;
constexpr uint64_t kWrites = kEntryWrites | landlock::kWriteFile | landlock::kTruncate;

// What rules say about ports: nothing if some rule covers any port.
std::optional<std::set<uint16_t>> PortsOf(const std::vector<NetScope>& scopes, NetUse use) {
  std::set<uint16_t> ports;
  for (const NetScope& scope : scopes) {
    if (scope.kind() == NetScope::Kind::kUnix || !scope.AllowsUse(use)) continue;
    if (!scope.port()) return std::nullopt;
    ports.insert(*scope.port());
  }
  return ports;
}

class Wall {
 public:
  Wall(const PermissionOptions& rules, const OsSandboxOptions& options)
      : rules_(rules), options_(options) {}

  Result<OsSandboxReport> Raise() {
    OsSandboxReport report;
    report.landlock_abi = LandlockVersion();
    report.needed = NeedsOsSandbox(rules_);
    if (!report.needed) return report;
    // A list that cannot be read ends rt where its permissions are made, in better words.
    if (!ReadLists().ok()) return report;
    RuleFacts::KeepForBehindTheWall(rules_);
    if (NeedsHelper() || NeedsStarter()) {
      RT_TRY_VOID(WallHelper::Start(rules_, {.has_files = NeedsHelper(),
                                             .has_programs = NeedsStarter(),
                                             .asks = options_.may_prompt,
                                             .reads_code = options_.loads_modules,
                                             .lock_file = options_.lock_file}));
      report.helper = true;
    }
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return Error::FromErrno(errno, "prctl");
    if (report.landlock_abi > 0) RT_TRY_VOID(RaiseLandlock(report));
    RT_TRY(report.system_calls, InstallSeccompFilter(CallsNeeded()));
    if (report.landlock_abi == 0 && !report.system_calls) {
      return Error::Make(ErrorClass::kNotSupported,
                         "this kernel has neither Landlock nor seccomp filters");
    }
    return report;
  }

 private:
  Result<void> ReadLists() {
    const std::string cwd = rules_.cwd.empty() ? ProcessCwd() : rules_.cwd;
    for (const Perm perm : {Perm::kRead, Perm::kWrite, Perm::kNet, Perm::kFfi, Perm::kImport}) {
      for (const std::string& entry : rules_[perm].allow_list) {
        RT_TRY_VOID(lists_.AddEntry(perm, RuleKind::kAllow, entry, cwd));
      }
    }
    return {};
  }

  bool AllOf(Perm perm) const { return rules_[perm].allow_all && !rules_[perm].deny_all; }
  bool SomeOf(Perm perm) const {
    return !rules_[perm].deny_all && (rules_[perm].allow_all || !rules_[perm].allow_list.empty());
  }
  bool MayBeAsked(Perm perm) const {
    return options_.may_prompt && !rules_[perm].deny_all && !rules_[perm].allow_all;
  }
  bool MayBeHad(Perm perm) const { return SomeOf(perm) || MayBeAsked(perm); }

  // A rule of the kernel's is for a file or folder that is there now: one that is replaced or made
  // later is another one. And what a person grants is beyond all of its rules.
  bool NeedsHelper() const {
    if (options_.loads_modules) return true;
    for (const Perm perm : {Perm::kRead, Perm::kWrite}) {
      if (!AllOf(perm) && SomeOf(perm)) return true;
    }
    for (const Perm perm : {Perm::kRead, Perm::kWrite, Perm::kNet}) {
      if (MayBeAsked(perm)) return true;
    }
    return false;
  }
  bool NeedsStarter() const { return MayBeHad(Perm::kRun); }

  bool HasUnixScope() const {
    const auto& scopes = lists_.hosts[0].allow;
    return std::any_of(scopes.begin(), scopes.end(),
                       [](const NetScope& scope) { return scope.kind() == NetScope::Kind::kUnix; });
  }

  SeccompRules CallsNeeded() const {
    const auto& scopes = lists_.hosts[0].allow;
    const bool hosts = std::any_of(scopes.begin(), scopes.end(), [](const NetScope& scope) {
      return scope.kind() != NetScope::Kind::kUnix;
    });
    SeccompRules calls;
    const bool any_net = AllOf(Perm::kNet) || MayBeAsked(Perm::kNet);
    calls.internet = any_net || (SomeOf(Perm::kNet) && hosts) || LoadsRemote();
    calls.unix_sockets = any_net || (SomeOf(Perm::kNet) && HasUnixScope());
    calls.netlink = calls.internet || MayBeHad(Perm::kSys);
    calls.listens = any_net || std::any_of(scopes.begin(), scopes.end(), [](const NetScope& scope) {
                      return scope.AllowsUse(NetUse::kListen);
                    });
    calls.any_port = ConnectsAnywhere();
    calls.metadata = MayBeHad(Perm::kWrite);
    calls.watches = MayBeHad(Perm::kRead);
    calls.child_signals = MayBeHad(Perm::kRun);
    return calls;
  }

  bool ConnectsAnywhere() const {
    return AllOf(Perm::kNet) || !PortsOf(lists_.hosts[0].allow, NetUse::kConnect) ||
           (LoadsRemote() && !ImportPorts());
  }

  bool LoadsRemote() const { return options_.loads_remote && SomeOf(Perm::kImport); }

  landlock::RulesetAttr Refusals() const {
    landlock::RulesetAttr refused;
    // Native code may read whatever it likes.
    if (!AllOf(Perm::kRead) && !AllOf(Perm::kFfi)) refused.handled_access_fs |= kReads;
    if (!AllOf(Perm::kWrite)) refused.handled_access_fs |= kWrites | landlock::kIoctlDevice;
    if (!AllOf(Perm::kFfi)) refused.handled_access_fs |= landlock::kExecute;
    if (!AllOf(Perm::kNet)) {
      if (!ConnectsAnywhere()) refused.handled_access_net |= landlock::kConnectTcp;
      if (PortsOf(lists_.hosts[0].allow, NetUse::kListen)) {
        refused.handled_access_net |= landlock::kBindTcp;
      }
      if (!HasUnixScope() && !MayBeAsked(Perm::kNet)) {
        refused.scoped |= landlock::kScopeAbstractUnix;
      }
    }
    if (!MayBeHad(Perm::kRun)) refused.scoped |= landlock::kScopeSignal;
    return refused;
  }

  std::optional<std::set<uint16_t>> ImportPorts() const {
    if (AllOf(Perm::kImport)) return std::nullopt;
    return PortsOf(lists_.hosts[1].allow, NetUse::kConnect);
  }

  Result<void> RaiseLandlock(OsSandboxReport& report) {
    LandlockRuleset ruleset(Refusals(), report.landlock_abi);
    if (!ruleset.refuses_anything()) return {};
    if (!ruleset.Create()) return Error::FromErrno(errno, "landlock_create_ruleset");
    AllowOwnPaths(ruleset);
    // What is not there yet, or is there no more, is the helper's.
    for (const PathScope& scope : lists_.PathsOf(Perm::kRead).allow.scopes()) {
      ruleset.AllowPath(scope.resolved().c_str(), kReads);
    }
    for (const PathScope& scope : lists_.PathsOf(Perm::kFfi).allow.scopes()) {
      ruleset.AllowPath(scope.resolved().c_str(), kReads | landlock::kExecute);
    }
    for (const PathScope& scope : lists_.PathsOf(Perm::kWrite).allow.scopes()) {
      ruleset.AllowPath(scope.resolved().c_str(), kWrites);
    }
    AllowPorts(ruleset);
    if (!ruleset.Enforce()) return Error::FromErrno(errno, "landlock_restrict_self");
    report.paths = ruleset.attributes().handled_access_fs != 0;
    report.ports = ruleset.attributes().handled_access_net != 0;
    return {};
  }

  void AllowOwnPaths(LandlockRuleset& ruleset) const {
    for (const char* path : kFilesAlwaysRead) ruleset.AllowPath(path, landlock::kReadFile);
    for (const char* path : kFoldersAlwaysRead) ruleset.AllowPath(path, kReads);
    ruleset.AllowPath("/dev/null", landlock::kReadFile | landlock::kWriteFile);
    const SeccompRules calls = CallsNeeded();
    if (calls.internet || calls.unix_sockets) {
      for (const char* path : kReadForNetwork) ruleset.AllowPath(path, kReads);
    }
    if (MayBeHad(Perm::kSys)) {
      for (const char* path : kReadForSystem) ruleset.AllowPath(path, kReads);
    }
    for (const std::string& path : options_.reads) ruleset.AllowPath(path.c_str(), kReads);
    for (const std::string& path : options_.writes) {
      ruleset.AllowPath(path.c_str(), kReads | kWrites);
    }
  }

  void AllowPorts(LandlockRuleset& ruleset) const {
    const std::set<uint16_t> none;
    const auto& hosts = lists_.hosts[0].allow;
    for (const uint16_t port : PortsOf(hosts, NetUse::kConnect).value_or(none)) {
      ruleset.AllowPort(port, landlock::kConnectTcp);
    }
    for (const uint16_t port : PortsOf(hosts, NetUse::kListen).value_or(none)) {
      ruleset.AllowPort(port, landlock::kBindTcp);
    }
    if (LoadsRemote()) {
      for (const uint16_t port : ImportPorts().value_or(none)) {
        ruleset.AllowPort(port, landlock::kConnectTcp);
      }
    }
    // Long DNS answers come over TCP.
    if (CallsNeeded().internet) ruleset.AllowPort(53, landlock::kConnectTcp);
  }

  const PermissionOptions& rules_;
  const OsSandboxOptions& options_;
  PermissionsState lists_;
};

}  // namespace

bool NeedsOsSandbox(const PermissionOptions& rules) {
  const auto unscoped = [](const PermRules& rule) {
    return rule.allow_all && !rule.deny_all && !rule.ignore_all && rule.deny_list.empty() &&
           rule.ignore_list.empty();
  };
  if (unscoped(rules[Perm::kRun])) return false;
  return !std::all_of(rules.rules.begin(), rules.rules.end(), unscoped);
}

Result<OsSandboxReport> RaiseOsSandbox(const PermissionOptions& rules,
                                       const OsSandboxOptions& options) {
  return Wall(rules, options).Raise();
}

}  // namespace rt
