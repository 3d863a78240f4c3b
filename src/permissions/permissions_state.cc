// How targets are judged: one switch per question, deny before allow everywhere.
#include "src/permissions/permissions_state.h"

#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>

#include "src/permissions/programs.h"

namespace rt {
namespace {

constexpr std::string_view kSysKinds[] = {
    "cpus",      "getPriority",      "getegid",
    "gid",       "homedir",          "hostname",
    "inspector", "loadavg",          "networkInterfaces",
    "osRelease", "osUptime",         "setPriority",
    "statfs",    "systemMemoryInfo", "uid",
    "umask",     "userInfo",         "username",
};

bool PathDenied(const PathScope& scope, const PathResolver::Outcome& path) {
  if (!path.resolved.empty() &&
      (scope.Contains(path.resolved) || scope.ContainsLexically(path.resolved))) {
    return true;
  }
  if (!path.lexical.empty() && scope.ContainsLexically(path.lexical)) return true;
  return scope.IsObject(path.parent_device, path.parent_inode) ||
         (path.exists && scope.IsObject(path.device, path.inode));
}

// The places a unix socket's path leads to: as written and with links followed.
bool SameSocket(const std::string& a, const std::string& b) {
  if (a == b) return true;
  if (a.starts_with('@') || b.starts_with('@')) return false;
  const PathResolver::Outcome first = PathResolver::Resolve(a, {});
  const PathResolver::Outcome second = PathResolver::Resolve(b, {});
  return !first.resolved.empty() && first.resolved == second.resolved;
}

bool NetCovers(const NetScope& scope, const PermTarget& target, bool deny) {
  if (target.host) {
    return deny ? scope.Denies(*target.host, target.port) : scope.Allows(*target.host, target.port);
  }
  if (scope.kind() != NetScope::Kind::kUnix) return false;
  return SameSocket(scope.unix_path(), target.text);
}

template <class Scope, class Covers>
bool AnyOf(const std::vector<Scope>& scopes, const Covers& covers) {
  return std::any_of(scopes.begin(), scopes.end(), covers);
}

}  // namespace

bool IsSysKind(std::string_view kind) {
  return std::find(std::begin(kSysKinds), std::end(kSysKinds), kind) != std::end(kSysKinds);
}

bool EnvPatternCovers(std::string_view pattern, std::string_view name) {
  if (pattern.ends_with('*')) return name.starts_with(pattern.substr(0, pattern.size() - 1));
  return pattern == name;
}

std::string Quoted(std::string_view text) {
  return "\"" + std::string(text) + "\"";
}

std::string EnvNameProblem(std::string_view name) {
  if (name.empty()) return "Key is an empty string.";
  if (name.find('=') == std::string_view::npos && name.find('\0') == std::string_view::npos) {
    return {};
  }
  std::string shown;
  for (char c : name) {
    if (c == '\0') {
      shown += "\\0";
    } else {
      shown += c;
    }
  }
  return "Key contains invalid characters: " + Quoted(shown);
}

std::string ProcessCwd() {
  char cwd[PATH_MAX];
  return getcwd(cwd, sizeof cwd) != nullptr && cwd[0] == '/' ? std::string(cwd) : std::string();
}

ScopeLists<PathScope>& PermissionsState::PathsOf(Perm perm) {
  return paths[perm == Perm::kRead ? 0 : perm == Perm::kWrite ? 1 : 2];
}

const ScopeLists<PathScope>& PermissionsState::PathsOf(Perm perm) const {
  return const_cast<PermissionsState*>(this)->PathsOf(perm);
}

bool PermissionsState::HasDenyRules(Perm perm) const {
  if (FlagsOf(perm).deny_all) return true;
  switch (perm) {
    case Perm::kRead:
    case Perm::kWrite:
    case Perm::kFfi:
      return !PathsOf(perm).deny.empty();
    case Perm::kNet:
    case Perm::kImport:
      return !HostsOf(perm).deny.empty();
    case Perm::kEnv:
      return !env.deny.empty();
    case Perm::kSys:
      return !sys.deny.empty();
    case Perm::kRun:
      return !run.deny.empty();
  }
  RT_UNREACHABLE();
}

bool PermissionsState::HasAllowRules(Perm perm) const {
  if (FlagsOf(perm).allow_all) return true;
  switch (perm) {
    case Perm::kRead:
    case Perm::kWrite:
    case Perm::kFfi:
      return !PathsOf(perm).allow.empty();
    case Perm::kNet:
    case Perm::kImport:
      return !HostsOf(perm).allow.empty();
    case Perm::kEnv:
      return !env.allow.empty();
    case Perm::kSys:
      return !sys.allow.empty();
    case Perm::kRun:
      return !run.allow.empty();
  }
  RT_UNREACHABLE();
}

Result<void> PermissionsState::AddEntry(Perm perm, bool allow, std::string_view entry,
                                        const std::string& cwd) {
  if (entry.find('\0') != std::string_view::npos) return Error::Type("unexpected NUL byte");
  switch (perm) {
    case Perm::kRead:
    case Perm::kWrite:
    case Perm::kFfi: {
      if (entry.empty()) return Error::Type("Empty path is not allowed");
      if (!entry.starts_with('/') && cwd.empty()) {
        return Error::Type("relative path without a working directory");
      }
      auto& lists = PathsOf(perm);
      (allow ? lists.allow : lists.deny).push_back(PathScope::Make(entry, cwd));
      return {};
    }
    case Perm::kNet:
    case Perm::kImport: {
      auto& lists = HostsOf(perm);
      return NetScope::Parse(entry, allow ? &lists.allow : &lists.deny);
    }
    case Perm::kEnv: {
      if (entry.empty()) return Error::Type("Empty env not allowed");
      const std::string_view name =
          entry.ends_with('*') ? entry.substr(0, entry.size() - 1) : entry;
      if (name.find('*') != std::string_view::npos) {
        return Error::Type("\"*\" is only allowed at the end");
      }
      if (name.find('=') != std::string_view::npos) {
        return Error::Type("invalid env var name: '" + std::string(entry) + "'");
      }
      (allow ? env.allow : env.deny).emplace_back(entry);
      return {};
    }
    case Perm::kSys:
      if (entry.empty()) return Error::Type("Empty sys not allowed");
      if (!IsSysKind(entry)) {
        return Error::Type("unknown system info kind \"" + std::string(entry) + "\"");
      }
      (allow ? sys.allow : sys.deny).emplace_back(entry);
      return {};
    case Perm::kRun:
      if (entry.empty()) return Error::Type("Empty command name not allowed");
      (allow ? run.allow : run.deny).push_back(FindProgram(std::string(entry), search_path, cwd));
      return {};
  }
  RT_UNREACHABLE();
}

Result<PermTarget> PermissionsState::ParseDescriptor(Perm perm, const std::string& text) const {
  PermTarget target;
  target.shown = Quoted(text);
  if (text.find('\0') != std::string::npos)
    return Error::Type("unexpected NUL byte in a descriptor");
  switch (perm) {
    case Perm::kRead:
    case Perm::kWrite:
    case Perm::kFfi:
      if (text.empty()) return Error::Type("Empty path is not allowed");
      target.path = PathResolver::Resolve(text, {});
      return target;
    case Perm::kNet:
    case Perm::kImport: {
      std::vector<NetScope> scopes;
      if (text.starts_with("unix:")) {
        RT_TRY_VOID(NetScope::Parse(text, &scopes));
        target.text = text.substr(5);
        return target;
      }
      // host, host:port, [v6], [v6]:port. A bare "::1" is taken as an address.
      std::string host = text;
      const size_t colon = text.rfind(':');
      const bool bracketed = text.starts_with('[');
      const bool has_port = bracketed ? colon != std::string::npos && text[colon - 1] == ']'
                                      : colon != std::string::npos && text.find(':') == colon;
      if (has_port) {
        uint16_t port = 0;
        const char* begin = text.data() + colon + 1;
        const char* end = text.data() + text.size();
        const auto [stop, error] = std::from_chars(begin, end, port);
        if (error != std::errc() || stop != end || begin == end) {
          return Error::Make(ErrorClass::kUriError,
                             "invalid port in '" + text + "': '" + text.substr(colon + 1) + "'");
        }
        target.port = port;
        host = text.substr(0, colon);
      }
      RT_TRY(target.host, CanonicalHost::Parse(host));
      target.shown = Quoted(FormatHostPort(target.host->text, target.port));
      return target;
    }
    case Perm::kEnv:
      if (std::string problem = EnvNameProblem(text); !problem.empty()) {
        return Error::Type(std::move(problem));
      }
      target.text = text;
      return target;
    case Perm::kSys:
      if (!IsSysKind(text)) return Error::Type("unknown system info kind \"" + text + "\"");
      target.text = text;
      return target;
    case Perm::kRun:
      if (text.empty()) return Error::Type("Empty command name not allowed");
      target.program = FindGrantedProgram(text, ProcessCwd());
      return target;
  }
  RT_UNREACHABLE();
}

PermState PermissionsState::Decide(Perm perm, const PermTarget& target) const {
  const Flags& rule = FlagsOf(perm);
  if (rule.deny_all) return PermState::kDenied;
  bool denied = false;
  bool allowed = false;
  switch (perm) {
    case Perm::kRead:
    case Perm::kWrite:
    case Perm::kFfi: {
      const PathResolver::Outcome& path = *target.path;
      const auto& lists = PathsOf(perm);
      denied = AnyOf(lists.deny, [&](const PathScope& scope) { return PathDenied(scope, path); });
      allowed = !path.resolved.empty() && AnyOf(lists.allow, [&](const PathScope& scope) {
        return scope.Contains(path.resolved);
      });
      break;
    }
    case Perm::kNet:
    case Perm::kImport: {
      const auto& lists = HostsOf(perm);
      denied = AnyOf(lists.deny, [&](const NetScope& s) { return NetCovers(s, target, true); });
      allowed = AnyOf(lists.allow, [&](const NetScope& s) { return NetCovers(s, target, false); });
      break;
    }
    case Perm::kEnv: {
      const auto covers = [&](const std::string& s) { return EnvPatternCovers(s, target.text); };
      denied = AnyOf(env.deny, covers);
      allowed = AnyOf(env.allow, covers);
      break;
    }
    case Perm::kSys: {
      const auto covers = [&](const std::string& s) { return s == target.text; };
      denied = AnyOf(sys.deny, covers);
      allowed = AnyOf(sys.allow, covers);
      break;
    }
    case Perm::kRun:
      denied = AnyOf(run.deny, [&](const Program& s) { return ProgramDenies(s, *target.program); });
      allowed = AnyOf(run.allow, [&](const Program& s) { return ProgramCovers(s, *target.program); });
      break;
  }
  if (denied) return PermState::kDenied;
  return rule.allow_all || allowed ? PermState::kGranted : PermState::kPrompt;
}

PermState PermissionsState::DecideAll(Perm perm) const {
  const Flags& rule = FlagsOf(perm);
  if (rule.deny_all) return PermState::kDenied;
  if (rule.allow_all) return PermState::kGranted;
  return rule.answered_no ? PermState::kDenied : PermState::kPrompt;
}

PermState PermissionsState::DecideOrAsk(Perm perm, const PermTarget& target, std::string_view api) {
  const PermState state = Decide(perm, target);
  if (state != PermState::kPrompt || tty == nullptr) return state;
  switch (AskPermission(*tty, perm, target.shown, api)) {
    case PromptAnswer::kAllow:
      Remember(perm, target, true);
      return PermState::kGranted;
    case PromptAnswer::kAllowAll:
      FlagsOf(perm).allow_all = true;
      return PermState::kGranted;
    case PromptAnswer::kDeny:
      Remember(perm, target, false);
      return PermState::kDenied;
  }
  RT_UNREACHABLE();
}

PermState PermissionsState::DecideAllOrAsk(Perm perm, std::string_view api) {
  const PermState state = DecideAll(perm);
  if (state != PermState::kPrompt || tty == nullptr) return state;
  if (AskPermission(*tty, perm, "", api) == PromptAnswer::kDeny) {
    FlagsOf(perm).answered_no = true;
    return PermState::kDenied;
  }
  FlagsOf(perm).allow_all = true;
  return PermState::kGranted;
}

bool PermissionsState::DeniedBelow(Perm perm, const PermTarget& target) const {
  if (!target.path) return false;
  const PathResolver::Outcome& path = *target.path;
  return AnyOf(PathsOf(perm).deny, [&](const PathScope& scope) {
    return scope.IsBelow(path.resolved) ||
           (scope.lexical() != path.lexical && IsInside(path.lexical, scope.lexical())) ||
           (scope.lexical() != path.resolved && IsInside(path.resolved, scope.lexical()));
  });
}

void PermissionsState::Remember(Perm perm, const PermTarget& target, bool allow) {
  switch (perm) {
    case Perm::kRead:
    case Perm::kWrite:
    case Perm::kFfi: {
      const PathResolver::Outcome& path = *target.path;
      if (path.resolved.empty()) return;
      auto& lists = PathsOf(perm);
      (allow ? lists.allow : lists.deny)
          .push_back(PathScope::Resolved(path.lexical, path.resolved, path.device,
                                         path.exists ? path.inode : 0));
      return;
    }
    case Perm::kNet:
    case Perm::kImport: {
      auto& lists = HostsOf(perm);
      (allow ? lists.allow : lists.deny)
          .push_back(target.host ? NetScope::Exact(*target.host, target.port)
                                 : NetScope::Unix(target.text));
      return;
    }
    case Perm::kEnv:
      (allow ? env.allow : env.deny).push_back(target.text);
      return;
    case Perm::kSys:
      (allow ? sys.allow : sys.deny).push_back(target.text);
      return;
    case Perm::kRun:
      (allow ? run.allow : run.deny).push_back(*target.program);
      if (allow) ProtectProgram(*target.program);
      return;
  }
}

void PermissionsState::Forget(Perm perm, const PermTarget& target) {
  switch (perm) {
    case Perm::kRead:
    case Perm::kWrite:
    case Perm::kFfi:
      std::erase_if(PathsOf(perm).allow, [&](const PathScope& scope) {
        const std::string& resolved = target.path->resolved;
        return resolved.empty() || scope.Contains(resolved) || scope.IsBelow(resolved);
      });
      return;
    case Perm::kNet:
    case Perm::kImport:
      std::erase_if(HostsOf(perm).allow, [&](const NetScope& scope) {
        return NetCovers(scope, target, false) ||
               (target.host && !target.port && scope.IsPartOf(*target.host));
      });
      return;
    case Perm::kEnv:
      std::erase_if(env.allow,
                    [&](const std::string& s) { return EnvPatternCovers(s, target.text); });
      return;
    case Perm::kSys:
      std::erase(sys.allow, target.text);
      return;
    case Perm::kRun:
      std::erase_if(run.allow, [&](const Program& s) { return ProgramDenies(s, *target.program); });
      return;
  }
}

void PermissionsState::ForgetAll(Perm perm) {
  FlagsOf(perm).allow_all = false;
  switch (perm) {
    case Perm::kRead:
    case Perm::kWrite:
    case Perm::kFfi:
      PathsOf(perm).allow.clear();
      return;
    case Perm::kNet:
    case Perm::kImport:
      HostsOf(perm).allow.clear();
      return;
    case Perm::kEnv:
      env.allow.clear();
      return;
    case Perm::kSys:
      sys.allow.clear();
      return;
    case Perm::kRun:
      run.allow.clear();
      return;
  }
}

void PermissionsState::ProtectProgram(const Program& program) {
  if (program.path.empty()) return;
  PathsOf(Perm::kWrite)
      .deny.push_back(
          PathScope::Resolved(program.path, program.entry, program.device, program.inode));
}

Program PermissionsState::FindGrantedProgram(std::string name, const std::string& cwd) const {
  if (name.find('/') == std::string::npos) {
    for (const Program& rule : run.allow) {
      if (rule.name != name || rule.path.empty()) continue;
      // What was found then, if it is still what is there.
      Program now = FindProgram(rule.path, {}, {});
      now.name = name;
      return now;
    }
  }
  return FindProgram(std::move(name), search_path, cwd);
}

}  // namespace rt
