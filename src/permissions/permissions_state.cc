// How rules are read and kept. What they decide is in decide.cc.
#include "src/permissions/permissions_state.h"

#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>

#include "src/base/redact.h"
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

ScopeLists<PathRules>& PermissionsState::PathsOf(Perm perm) {
  return paths[perm == Perm::kRead ? 0 : perm == Perm::kWrite ? 1 : 2];
}

const ScopeLists<PathRules>& PermissionsState::PathsOf(Perm perm) const {
  return const_cast<PermissionsState*>(this)->PathsOf(perm);
}

namespace {

// Calls visit(lists) with the lists of the permission, whatever they hold.
template <class State, class Visit>
auto WithLists(State& state, Perm perm, const Visit& visit) {
  switch (perm) {
    case Perm::kRead:
    case Perm::kWrite:
    case Perm::kFfi:
      return visit(state.PathsOf(perm));
    case Perm::kNet:
    case Perm::kImport:
      return visit(state.HostsOf(perm));
    case Perm::kEnv:
      return visit(state.env);
    case Perm::kSys:
      return visit(state.sys);
    case Perm::kRun:
      return visit(state.run);
  }
  RT_UNREACHABLE();
}

}  // namespace

bool PermissionsState::HasDenyRules(Perm perm) const {
  if (FlagsOf(perm).deny_all || FlagsOf(perm).ignore_all) return true;
  if (perm == Perm::kWrite && !denied_sockets.empty()) return true;
  return WithLists(*this, perm,
                   [](const auto& lists) { return !lists.deny.empty() || !lists.ignore.empty(); });
}

bool PermissionsState::HasAllowRules(Perm perm) const {
  if (FlagsOf(perm).allow_all) return true;
  return WithLists(*this, perm, [](const auto& lists) { return !lists.allow.empty(); });
}

PermissionsState PermissionsState::CloneRules() const {
  PermissionsState copy;
  copy.flags = flags;
  copy.paths = paths;
  copy.hosts = hosts;
  copy.denied_sockets = denied_sockets;
  copy.env = env;
  copy.sys = sys;
  copy.run = run;
  copy.search_path = search_path;
  copy.start_env = start_env;
  copy.facts = facts;
  return copy;
}

void PermissionsState::DenySocket(const NetScope& scope) {
  if (scope.kind() != NetScope::Kind::kUnix || !scope.unix_path().starts_with('/')) return;
  PathRules file;
  TakeAway(file, PathScope::Make(scope.unix_path(), {}));
  denied_sockets.emplace_back(scope.text(), std::move(file));
}

void PermissionsState::TakeAway(PathRules& rules, PathScope scope, bool with_below) const {
  for (PathScope& place : InAllPlaces(std::move(scope), facts ? &facts->mounts : nullptr)) {
    if (with_below) {
      rules.Add(std::move(place));
    } else {
      rules.AddEntry(std::move(place));
    }
  }
}

Result<void> PermissionsState::AddEntry(Perm perm, RuleKind kind, std::string_view entry,
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
      PathScope scope = PathScope::Make(entry, cwd);
      if (kind == RuleKind::kAllow) {
        PathsOf(perm).allow.Add(std::move(scope));
      } else {
        TakeAway(PathsOf(perm)[kind], std::move(scope));
      }
      return {};
    }
    case Perm::kNet:
    case Perm::kImport: {
      std::vector<NetScope>& scopes = HostsOf(perm)[kind];
      RT_TRY_VOID(NetScope::Parse(entry, &scopes));
      if (perm == Perm::kNet && kind == RuleKind::kDeny) DenySocket(scopes.back());
      return {};
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
      env[kind].emplace_back(entry);
      return {};
    }
    case Perm::kSys:
      if (entry.empty()) return Error::Type("Empty sys not allowed");
      if (!IsSysKind(entry)) {
        return Error::Type("unknown system info kind \"" + std::string(entry) + "\"");
      }
      sys[kind].emplace_back(entry);
      return {};
    case Perm::kRun:
      if (entry.empty()) return Error::Type("Empty command name not allowed");
      run[kind].push_back(FindProgram(std::string(entry), search_path, cwd));
      return {};
  }
  RT_UNREACHABLE();
}

Result<PermTarget> PermissionsState::ParseDescriptor(Perm perm,
                                                     const std::string& full_text) const {
  PermTarget target;
  target.shown = Quoted(full_text);
  if (full_text.find('\0') != std::string::npos)
    return Error::Type("unexpected NUL byte in a descriptor");
  switch (perm) {
    case Perm::kRead:
    case Perm::kWrite:
    case Perm::kFfi:
      if (full_text.empty()) return Error::Type("Empty path is not allowed");
      target.path = PathResolver::Resolve(full_text, {});
      return target;
    case Perm::kNet:
    case Perm::kImport: {
      std::vector<NetScope> scopes;
      std::string_view rest = full_text;
      target.use = NetScope::TakeUse(rest);
      const std::string text(rest);
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
                             "invalid port in '" + RedactCredentials(text) + "'");
        }
        target.port = port;
        host = text.substr(0, colon);
      }
      RT_TRY(target.host, CanonicalHost::Parse(host));
      target.shown = Quoted(FormatHostPort(target.host->text, target.port));
      return target;
    }
    case Perm::kEnv:
      if (std::string problem = EnvNameProblem(full_text); !problem.empty()) {
        return Error::Type(std::move(problem));
      }
      target.text = full_text;
      return target;
    case Perm::kSys:
      if (!IsSysKind(full_text))
        return Error::Type("unknown system info kind \"" + full_text + "\"");
      target.text = full_text;
      return target;
    case Perm::kRun:
      if (full_text.empty()) return Error::Type("Empty command name not allowed");
      target.program = FindGrantedProgram(full_text, ProcessCwd());
      return target;
  }
  RT_UNREACHABLE();
}

void PermissionsState::ProtectProgram(const Program& program) {
  ProtectParts(PartsOf(program, search_path));
}

void PermissionsState::ProtectParts(const std::vector<ProgramPart>& parts) {
  for (const ProgramPart& part : parts) {
    TakeAway(PathsOf(Perm::kWrite).deny, part.scope, !part.is_link);
  }
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
