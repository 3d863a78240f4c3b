// The checks that end in a Granted value.
#include "src/permissions/grant_access.h"

#include <algorithm>
#include <cstring>
#include <span>

#include "src/permissions/env_sinks.h"
#include "src/permissions/permissions_state.h"
#include "src/permissions/programs.h"
#ifdef RT_SKIP_CHECKS_IN_TEST
#include "src/permissions/wall_server.h"
#endif

namespace rt {

bool AllEnv::Hides(std::string_view name) const {
  if (ignore_all_ && std::none_of(allow_.begin(), allow_.end(), [&](const std::string& pattern) {
        return EnvPatternCovers(pattern, name);
      })) {
    return true;
  }
  for (const std::string& pattern : deny_) {
    if (EnvPatternCovers(pattern, name)) return true;
  }
  return false;
}

namespace {

// What a read under --ignore-read answers, in Deno's words.
Error Absent() {
  return Error::FromErrno(ENOENT);
}

}  // namespace

Result<PathTarget> GrantAccess::ResolvePath(Permissions& permissions, std::span<const Perm> perms,
                                            std::string path, bool follow, std::string_view api,
                                            std::string_view shown) {
  if (path.find('\0') != std::string::npos) {
    std::string visible;
    for (char c : path) visible += c == '\0' ? std::string("\\0") : std::string(1, c);
    return Error::Make(ErrorClass::kTypeError,
                       "file name contained an unexpected NUL byte: '" + visible + "'", "EINVAL");
  }
  bool unscoped = true;
  bool free = true;
  for (Perm perm : perms) {
    unscoped = unscoped && permissions.IsUnscoped(perm);
    free = free && permissions.IsFree(perm);
  }
  if (unscoped && (permissions.IsEverything() || PathResolver::HaveOpenat2())) {
    if (!free) {
      PermTarget told;
      told.entry = NormalizeLexically(path.starts_with('/') ? path : ProcessCwd() + "/" + path);
      for (Perm perm : perms)
        permissions.Report(perm, told, permissions.state_->DecideAll(perm), api);
    }
    PathTarget target = PathResolver::Unscoped(std::move(path), permissions.IsEverything());
    PathResolver::SetShown(target, std::string(shown), false);
    return target;
  }

  PermissionsState& state = *permissions.state_;
  PermTarget asked;
  asked.shown = shown.empty() ? Quoted(path) : std::string(shown);
  for (Perm perm : perms) {
    // Nothing on disk can change the answer: do not even look.
    const PermissionsState::Flags& flag = state.FlagsOf(perm);
    const bool hopeless = flag.deny_all || (!flag.ignore_all && !state.HasAllowRules(perm) &&
                                            !state.HasDenyRules(perm) && !state.MayAsk(perm));
#ifdef RT_SKIP_CHECKS_IN_TEST  // tests/unit/unchecked
    if (!IsWallServer()) continue;
#endif
    if (hopeless && state.observer == nullptr) return NotCapableError(perm, asked.shown);
  }
  // Resolved once: every permission is asked about the same object.
  asked.path = PathResolver::Resolve(path, {.follow = follow});
  bool denied_below = false;
  bool audited = false;
  for (Perm perm : perms) {
    const Decision decision = state.DecideOrAsk(perm, asked, api);
    permissions.Recompute();
    const bool may = permissions.Report(perm, asked, decision, api);
    if (!may) return decision.ignored ? Absent() : NotCapableError(perm, asked.shown);
    audited = audited || !decision.granted();
    denied_below = denied_below || state.DeniedBelow(perm, asked);
    // What may not be read may not be lost with its folder, or read under another name.
    if (perm == Perm::kWrite) denied_below = denied_below || state.DeniedBelow(Perm::kRead, asked);
  }
#ifdef RT_SKIP_CHECKS_IN_TEST
  if (!IsWallServer()) asked.path->special = false;
#endif
  if (asked.path->special && !permissions.IsEverything()) {
    const Decision refused{PermState::kDenied, false, RuleKind::kProtected};
    if (!permissions.Report(perms[0], asked, refused, api)) return AllAccessError(asked.shown);
    audited = true;
  }
  PathTarget target =
      audited ? PathResolver::Unscoped(std::move(path), true) : std::move(asked.path->target);
  PathResolver::SetShown(target, std::move(asked.shown), denied_below && !audited);
  return target;
}

Result<GrantedReadWrite<PathTarget>> GrantAccess::CheckPathReadWrite(Permissions& permissions,
                                                                     std::string path,
                                                                     std::string_view api) {
  constexpr Perm kBoth[] = {Perm::kRead, Perm::kWrite};
  RT_TRY(PathTarget target, ResolvePath(permissions, kBoth, std::move(path), true, api, {}));
  return GrantedReadWrite<PathTarget>(std::move(target));
}

Result<GrantedReadWrite<EntryTarget>> GrantAccess::CheckEntryReadWrite(Permissions& permissions,
                                                                       std::string path,
                                                                       std::string_view api) {
  constexpr Perm kBoth[] = {Perm::kRead, Perm::kWrite};
  RT_TRY(PathTarget target, ResolvePath(permissions, kBoth, std::move(path), false, api, {}));
  return GrantedReadWrite<EntryTarget>(EntryTarget(std::move(target)));
}

Result<GrantedFor<PathTarget>> GrantAccess::CheckOpen(Permissions& permissions, std::string path,
                                                      bool read, bool write, std::string_view api) {
  if (!read && !write) return Error::Type("a file must be opened for reading or writing");
  constexpr Perm kBoth[] = {Perm::kRead, Perm::kWrite};
  const std::span<const Perm> needed =
      std::span(kBoth).subspan(read ? 0 : 1, read && write ? 2 : 1);
  RT_TRY(PathTarget target, ResolvePath(permissions, needed, std::move(path), true, api, {}));
  return GrantedFor<PathTarget>(std::move(target), read, write);
}

Result<Granted<Perm::kNet, HostPort>> GrantAccess::CheckNet(Permissions& permissions,
                                                            HostPortRaw raw, std::string_view api,
                                                            NetUse use) {
  RT_TRY(CanonicalHost host, CanonicalHost::Parse(raw.host));
  RT_TRY_VOID(RequireHost(permissions, Perm::kNet, host, raw.port, use, api));
  return Granted<Perm::kNet, HostPort>(HostPort{std::move(host.text), raw.port, host.ip, use});
}

Result<GrantedConnect> GrantAccess::CheckImportConnect(Permissions& permissions, HostPortRaw raw,
                                                       std::string_view api) {
  RT_TRY(CanonicalHost host, CanonicalHost::Parse(raw.host));
  RT_TRY_VOID(RequireHost(permissions, Perm::kImport, host, raw.port, NetUse::kConnect, api));
  return GrantedConnect(Granted<Perm::kNet, HostPort>(
      HostPort{std::move(host.text), raw.port, host.ip, NetUse::kConnect, Perm::kImport}));
}

Result<GrantedConnect> GrantAccess::CheckConnect(Permissions& permissions, HostPortRaw raw,
                                                 std::string_view api) {
  RT_TRY(auto granted, CheckNet(permissions, std::move(raw), api, NetUse::kConnect));
  return GrantedConnect(std::move(granted));
}

Result<GrantedListen> GrantAccess::CheckListen(Permissions& permissions, HostPortRaw raw,
                                               std::string_view api) {
  RT_TRY(auto granted, CheckNet(permissions, std::move(raw), api, NetUse::kListen));
  return GrantedListen(std::move(granted));
}

Result<Granted<Perm::kNet, SocketAddress>> GrantAccess::CheckResolved(
    Permissions& permissions, const Granted<Perm::kNet, HostPort>& host, const sockaddr* address,
    socklen_t length) {
  SocketAddress granted;
  if (length > sizeof granted.storage) return Error::Type("socket address too long");
  if (host->ip) {
    // An address was granted, so only that address may be used.
    const std::optional<IpAddress> ip = IpAddress::FromSockaddr(address);
    if (ip != host->ip) {
      return NotCapableError(host->via, ip ? Quoted(FormatHostPort(ip->ToString(), {})) : "");
    }
  }
  RT_TRY_VOID(permissions.CheckAddress(address, host->host, host->use, host->via));
  std::memcpy(&granted.storage, address, length);
  granted.length = length;
  return Granted<Perm::kNet, SocketAddress>(granted);
}

Result<Granted<Perm::kNet, UnixPath>> GrantAccess::CheckUnix(Permissions& permissions,
                                                             std::string path, std::string_view api,
                                                             NetUse use) {
  // A leading NUL is how Linux spells an abstract socket; ours is "@".
  if (path.empty() || path.find('\0') != std::string::npos) {
    return Error::Type("invalid unix socket path");
  }
  if (!permissions.IsFree(Perm::kNet)) {
    PermTarget target;
    target.use = use;
    target.text = path;
    if (!path.starts_with('/') && !path.starts_with('@')) {
      target.text = NormalizeLexically(ProcessCwd() + "/" + path);
    }
    target.shown = Quoted("unix:" + path);
    RT_TRY_VOID(Require(permissions, Perm::kNet, target, api));
  }
  return Granted<Perm::kNet, UnixPath>(UnixPath{std::move(path)});
}

Result<GrantedConnectUnix> GrantAccess::CheckConnectUnix(Permissions& permissions, std::string path,
                                                         std::string_view api) {
  RT_TRY(auto granted, CheckUnix(permissions, std::move(path), api, NetUse::kConnect));
  return GrantedConnectUnix(std::move(granted));
}

Result<GrantedListenUnix> GrantAccess::CheckListenUnix(Permissions& permissions, std::string path,
                                                       std::string_view api) {
  RT_TRY(auto granted, CheckUnix(permissions, std::move(path), api, NetUse::kListen));
  return GrantedListenUnix(std::move(granted));
}

Result<Granted<Perm::kEnv, EnvName>> GrantAccess::CheckEnv(Permissions& permissions,
                                                           std::string name, std::string_view api) {
  if (std::string problem = EnvNameProblem(name); !problem.empty()) {
    return Error::Type(std::move(problem));
  }
  bool ignored = false;
  if (!permissions.IsFree(Perm::kEnv)) {
    PermTarget target;
    target.text = name;
    target.shown = Quoted(name);
    RT_TRY_VOID(Require(permissions, Perm::kEnv, target, api, &ignored));
  }
  return Granted<Perm::kEnv, EnvName>(EnvName{std::move(name), ignored});
}

Result<Granted<Perm::kEnv, AllEnv>> GrantAccess::CheckAllEnv(Permissions& permissions,
                                                             std::string_view api) {
  if (!permissions.IsFree(Perm::kEnv)) {
    const Decision decision = permissions.state_->DecideAllOrAsk(Perm::kEnv, api);
    permissions.Recompute();
    const bool may = permissions.Report(Perm::kEnv, {}, decision, api);
    if (!may && !decision.ignored) return NotCapableError(Perm::kEnv, "");
  }
  return Granted<Perm::kEnv, AllEnv>(VisibleEnv(permissions));
}

AllEnv GrantAccess::VisibleEnv(const Permissions& permissions) {
  const PermissionsState& state = *permissions.state_;
  AllEnv visible;
  if (!state.HasDenyRules(Perm::kEnv)) return visible;
  visible.deny_ = state.env.deny;
  visible.deny_.insert(visible.deny_.end(), state.env.ignore.begin(), state.env.ignore.end());
  if (state.FlagsOf(Perm::kEnv).deny_all) visible.deny_.emplace_back("*");
  visible.ignore_all_ = state.FlagsOf(Perm::kEnv).ignore_all;
  visible.allow_ = state.env.allow;
  return visible;
}

Result<Granted<Perm::kSys, SysKind>> GrantAccess::CheckSys(Permissions& permissions,
                                                           std::string kind, std::string_view api) {
  if (!IsSysKind(kind)) return Error::Type("unknown system info kind " + Quoted(kind));
  if (!permissions.IsFree(Perm::kSys)) {
    PermTarget target;
    target.text = kind;
    target.shown = Quoted(kind);
    RT_TRY_VOID(Require(permissions, Perm::kSys, target, api));
  }
  return Granted<Perm::kSys, SysKind>(SysKind{std::move(kind)});
}

Result<Granted<Perm::kRun, Program>> GrantAccess::CheckRun(Permissions& permissions,
                                                           RunRequest request,
                                                           std::string_view api) {
  if (request.name.empty() || request.name.find('\0') != std::string::npos) {
    return Error::Type("invalid command name");
  }
  const std::string cwd = request.cwd.empty()            ? ProcessCwd()
                          : request.cwd.starts_with('/') ? std::move(request.cwd)
                                                         : ProcessCwd() + "/" + request.cwd;
  PermissionsState& state = *permissions.state_;
  PermTarget target;
  target.shown = Quoted(request.name);
  if (permissions.IsUnscoped(Perm::kRun)) {
    const std::string_view path = request.search_path ? *request.search_path : state.search_path;
    const bool free = permissions.IsFree(Perm::kRun);
    target.program = FindProgram(std::move(request.name), path, cwd, !free);
    if (free) {
      return Granted<Perm::kRun, Program>(std::move(*target.program));
    }
  } else {
    target.program = state.FindGrantedProgram(std::move(request.name), cwd);
  }
  RT_TRY_VOID(Require(permissions, Perm::kRun, target, api));
  return Granted<Perm::kRun, Program>(std::move(*target.program));
}

Result<Granted<Perm::kRun, ChildEnv>> GrantAccess::CheckChildEnv(Permissions& permissions,
                                                                 ChildEnvRequest request) {
  const PermissionsState& state = *permissions.state_;
  ChildEnv child;
  std::vector<std::string> refused;
  const bool unscoped = permissions.IsUnscoped(Perm::kRun);
  const auto add = [&](const std::string& name, const std::string& value) {
    const auto as_started = [&] {
      const auto before = state.start_env.find(name);
      return before != state.start_env.end() && before->second == value;
    };
    if (!unscoped && !value.empty() && !as_started()) {
      const bool steers =
          name == "PATH" ? !SearchesOnlyIn(value, state.search_path) : SteersPrograms(name);
      if (steers) refused.push_back(name);
    }
    child.entries.push_back(name + "=" + value);
  };
  for (const auto& [name, value] : request.set) {
    if (std::string problem = EnvNameProblem(name); !problem.empty()) {
      return Error::Type(std::move(problem));
    }
    if (value.find('\0') != std::string::npos) {
      return Error::Type("the value of " + Quoted(name) + " contains a NUL byte");
    }
  }
  if (!request.clear) {
    for (const auto& [name, value] :
         ListEnv(Granted<Perm::kEnv, AllEnv>(VisibleEnv(permissions)))) {
      const bool replaced = std::any_of(request.set.begin(), request.set.end(),
                                        [&](const auto& pair) { return pair.first == name; });
      if (!replaced) add(name, value);
    }
  }
  // Of two values for a name the last counts, as in an object.
  for (size_t i = 0; i < request.set.size(); ++i) {
    const auto later =
        std::any_of(request.set.begin() + i + 1, request.set.end(),
                    [&](const auto& pair) { return pair.first == request.set[i].first; });
    if (!later) add(request.set[i].first, request.set[i].second);
  }
  if (!refused.empty()) {
    std::string names;
    for (const std::string& name : refused) names += (names.empty() ? "" : ", ") + name;
    PermTarget target;
    target.entry = "environment:" + names;
    if (permissions.Report(Perm::kRun, target, {}, "Deno.Command()")) {
      return Granted<Perm::kRun, ChildEnv>(std::move(child));
    }
    const bool several = refused.size() > 1;
    return Error::Make(ErrorClass::kNotCapable,
                       "Requires --allow-run permissions to spawn subprocess with " + names +
                           " environment variable" + (several ? "s" : "") +
                           ". Alternatively, spawn with " + (several ? "these" : "the") +
                           " environment variable" + (several ? "s" : "") + " unset.");
  }
  return Granted<Perm::kRun, ChildEnv>(std::move(child));
}

Result<Granted<Perm::kFfi, FfiPath>> GrantAccess::CheckFfi(Permissions& permissions,
                                                           std::string path, std::string_view api) {
  constexpr Perm kFfi[] = {Perm::kFfi};
  RT_TRY(PathTarget target, ResolvePath(permissions, kFfi, std::move(path), true, api, {}));
  return Granted<Perm::kFfi, FfiPath>(FfiPath(std::move(target)));
}

Result<Granted<Perm::kImport, ImportTarget>> GrantAccess::CheckImport(Permissions& permissions,
                                                                      HostPortRaw raw,
                                                                      std::string_view api) {
  RT_TRY(CanonicalHost host, CanonicalHost::Parse(raw.host));
  RT_TRY_VOID(RequireHost(permissions, Perm::kImport, host, raw.port, NetUse::kConnect, api));
  return Granted<Perm::kImport, ImportTarget>(
      ImportTarget{std::move(host.text), raw.port, host.ip});
}

Result<void> GrantAccess::RequireHost(Permissions& permissions, Perm perm,
                                      const CanonicalHost& host, std::optional<uint16_t> port,
                                      NetUse use, std::string_view api) {
  if (permissions.IsFree(perm)) return {};
  PermTarget target;
  target.host = host;
  target.port = port;
  target.use = use;
  target.shown = Quoted(FormatHostPort(host.text, port));
  return Require(permissions, perm, target, api);
}

Result<void> GrantAccess::Require(Permissions& permissions, Perm perm, const PermTarget& target,
                                  std::string_view api, bool* ignored) {
  const Decision decision = permissions.state_->DecideOrAsk(perm, target, api);
  permissions.Recompute();
  if (permissions.Report(perm, target, decision, api)) return {};
  if (ignored == nullptr || !decision.ignored) return NotCapableError(perm, target.shown);
  *ignored = true;
  return {};
}

Result<void> GrantAccess::RequireAll(Permissions& permissions, Perm perm, std::string_view api) {
  if (permissions.IsFree(perm)) return {};
  PermissionsState& state = *permissions.state_;
  Decision decision = state.DecideAll(perm);
  // Asking makes sense only where a yes would be enough.
  if (!state.HasDenyRules(perm)) {
    decision = state.DecideAllOrAsk(perm, api);
    permissions.Recompute();
  } else if (decision.granted()) {
    decision = {PermState::kDenied, false, RuleKind::kDeny};
  }
  if (!permissions.Report(perm, {}, decision, api)) return NotCapableError(perm, "");
  return {};
}

}  // namespace rt
