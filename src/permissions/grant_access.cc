// The checks that end in a Granted value.
#include "src/permissions/grant_access.h"

#include <algorithm>
#include <cstring>
#include <span>

#include "src/permissions/env_sinks.h"
#include "src/permissions/permissions_state.h"
#include "src/permissions/programs.h"

namespace rt {

bool AllEnv::Hides(std::string_view name) const {
  for (const std::string& pattern : deny_) {
    if (EnvPatternCovers(pattern, name)) return true;
  }
  return false;
}

Result<PathTarget> GrantAccess::ResolvePath(Permissions& permissions, std::span<const Perm> perms,
                                            std::string path, bool follow, std::string_view api,
                                            std::string_view shown) {
  if (path.find('\0') != std::string::npos) {
    std::string visible;
    for (char c : path) visible += c == '\0' ? std::string("\\0") : std::string(1, c);
    return Error::Type("file name contained an unexpected NUL byte: '" + visible + "'");
  }
  bool unscoped = true;
  for (Perm perm : perms) unscoped = unscoped && permissions.IsUnscoped(perm);
  std::string quoted = shown.empty() ? Quoted(path) : std::string(shown);
  if (unscoped && (permissions.IsEverything() || PathResolver::HaveOpenat2())) {
    PathTarget target = PathResolver::Unscoped(std::move(path), permissions.IsEverything());
    PathResolver::SetShown(target, std::move(quoted), false);
    return target;
  }

  PermissionsState& state = *permissions.state_;
  PermTarget asked;
  asked.shown = std::move(quoted);
  for (Perm perm : perms) {
    // Nothing on disk can change the answer: do not even look.
    const bool hopeless =
        state.FlagsOf(perm).deny_all || (!state.HasAllowRules(perm) && state.tty == nullptr);
    if (hopeless) return NotCapableError(perm, asked.shown);
  }
  // Resolved once: every permission is asked about the same object.
  asked.path = PathResolver::Resolve(std::move(path), {.follow = follow});
  bool denied_below = false;
  for (Perm perm : perms) {
    const PermState answer = state.DecideOrAsk(perm, asked, api);
    permissions.Recompute();
    if (answer != PermState::kGranted) return NotCapableError(perm, asked.shown);
    denied_below = denied_below || state.DeniedBelow(perm, asked);
  }
  if (asked.path->special && !permissions.IsEverything()) return AllAccessError(asked.shown);
  PathTarget target = std::move(asked.path->target);
  PathResolver::SetShown(target, std::move(asked.shown), denied_below);
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
                                                            HostPortRaw raw, std::string_view api) {
  RT_TRY(CanonicalHost host, CanonicalHost::Parse(raw.host));
  RT_TRY_VOID(RequireHost(permissions, Perm::kNet, host, raw.port, api));
  return Granted<Perm::kNet, HostPort>(HostPort{std::move(host.text), raw.port, host.ip});
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
      return NotCapableError(Perm::kNet, ip ? Quoted(FormatHostPort(ip->ToString(), {})) : "");
    }
  }
  RT_TRY_VOID(permissions.CheckAddress(address, host->host));
  std::memcpy(&granted.storage, address, length);
  granted.length = length;
  return Granted<Perm::kNet, SocketAddress>(granted);
}

Result<Granted<Perm::kNet, UnixPath>> GrantAccess::CheckUnix(Permissions& permissions,
                                                             std::string path,
                                                             std::string_view api) {
  // A leading NUL is how Linux spells an abstract socket; ours is "@".
  if (path.empty() || path.find('\0') != std::string::npos) {
    return Error::Type("invalid unix socket path");
  }
  if (!permissions.IsUnscoped(Perm::kNet)) {
    PermTarget target;
    target.text = path;
    if (!path.starts_with('/') && !path.starts_with('@')) {
      target.text = NormalizeLexically(ProcessCwd() + "/" + path);
    }
    target.shown = Quoted("unix:" + path);
    RT_TRY_VOID(Require(permissions, Perm::kNet, target, api));
  }
  return Granted<Perm::kNet, UnixPath>(UnixPath{std::move(path)});
}

Result<Granted<Perm::kEnv, EnvName>> GrantAccess::CheckEnv(Permissions& permissions,
                                                           std::string name, std::string_view api) {
  if (std::string problem = EnvNameProblem(name); !problem.empty()) {
    return Error::Type(std::move(problem));
  }
  if (!permissions.IsUnscoped(Perm::kEnv)) {
    PermTarget target;
    target.text = name;
    target.shown = Quoted(name);
    RT_TRY_VOID(Require(permissions, Perm::kEnv, target, api));
  }
  return Granted<Perm::kEnv, EnvName>(EnvName{std::move(name)});
}

Result<Granted<Perm::kEnv, AllEnv>> GrantAccess::CheckAllEnv(Permissions& permissions,
                                                             std::string_view api) {
  AllEnv all;
  if (!permissions.IsUnscoped(Perm::kEnv)) {
    const PermState answer = permissions.state_->DecideAllOrAsk(Perm::kEnv, api);
    permissions.Recompute();
    if (answer != PermState::kGranted) return NotCapableError(Perm::kEnv, "");
    all.deny_ = permissions.state_->env.deny;
  }
  return Granted<Perm::kEnv, AllEnv>(std::move(all));
}

Result<Granted<Perm::kSys, SysKind>> GrantAccess::CheckSys(Permissions& permissions,
                                                           std::string kind, std::string_view api) {
  if (!IsSysKind(kind)) return Error::Type("unknown system info kind " + Quoted(kind));
  if (!permissions.IsUnscoped(Perm::kSys)) {
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
  if (permissions.IsUnscoped(Perm::kRun)) {
    const std::string_view path = request.search_path ? *request.search_path : state.search_path;
    return Granted<Perm::kRun, Program>(FindProgram(std::move(request.name), path, cwd));
  }
  PermTarget target;
  target.shown = Quoted(request.name);
  target.program = state.FindGrantedProgram(std::move(request.name), cwd);
  RT_TRY_VOID(Require(permissions, Perm::kRun, target, api));
  return Granted<Perm::kRun, Program>(std::move(*target.program));
}

Result<Granted<Perm::kRun, ChildEnv>> GrantAccess::CheckChildEnv(Permissions& permissions,
                                                                 ChildEnvRequest request) {
  const PermissionsState& state = *permissions.state_;
  AllEnv visible;
  visible.deny_ = state.env.deny;
  if (state.FlagsOf(Perm::kEnv).deny_all) visible.deny_.emplace_back("*");
  ChildEnv child;
  std::vector<std::string> refused;
  const bool unscoped = permissions.IsUnscoped(Perm::kRun);
  const auto add = [&](const std::string& name, const std::string& value) {
    const auto before = state.start_env.find(name);
    const bool as_started = before != state.start_env.end() && before->second == value;
    if (!unscoped && !as_started && !value.empty()) {
      const bool steers = name == "PATH" ? !SearchesOnlyIn(value, state.search_path)
                                         : SteersPrograms(name);
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
    for (const auto& [name, value] : ListEnv(Granted<Perm::kEnv, AllEnv>(std::move(visible)))) {
      const bool replaced = std::any_of(request.set.begin(), request.set.end(),
                                        [&](const auto& pair) { return pair.first == name; });
      if (!replaced) add(name, value);
    }
  }
  // Of two values for a name the last counts, as in an object.
  for (size_t i = 0; i < request.set.size(); ++i) {
    const auto later = std::any_of(request.set.begin() + i + 1, request.set.end(),
                                   [&](const auto& pair) { return pair.first == request.set[i].first; });
    if (!later) add(request.set[i].first, request.set[i].second);
  }
  if (!refused.empty()) {
    std::string names;
    for (const std::string& name : refused) names += (names.empty() ? "" : ", ") + name;
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
  RT_TRY_VOID(RequireHost(permissions, Perm::kImport, host, raw.port, api));
  return Granted<Perm::kImport, ImportTarget>(
      ImportTarget{std::move(host.text), raw.port, host.ip});
}

Result<void> GrantAccess::RequireHost(Permissions& permissions, Perm perm,
                                      const CanonicalHost& host, std::optional<uint16_t> port,
                                      std::string_view api) {
  if (permissions.IsUnscoped(perm)) return {};
  PermTarget target;
  target.host = host;
  target.port = port;
  target.shown = Quoted(FormatHostPort(host.text, port));
  return Require(permissions, perm, target, api);
}

Result<void> GrantAccess::Require(Permissions& permissions, Perm perm, const PermTarget& target,
                                  std::string_view api) {
  const PermState answer = permissions.state_->DecideOrAsk(perm, target, api);
  permissions.Recompute();
  if (answer != PermState::kGranted) return NotCapableError(perm, target.shown);
  return {};
}

Result<void> GrantAccess::RequireAll(Permissions& permissions, Perm perm, std::string_view api) {
  if (permissions.IsUnscoped(perm)) return {};
  // Asking makes sense only where a yes would be enough.
  if (!permissions.state_->HasDenyRules(perm)) {
    permissions.state_->DecideAllOrAsk(perm, api);
    permissions.Recompute();
  }
  if (!permissions.IsUnscoped(perm)) return NotCapableError(perm, "");
  return {};
}

}  // namespace rt
