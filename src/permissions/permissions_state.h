// The rules behind Permissions and how one target is judged by them. Internal to src/permissions;
// must never be included elsewhere. Runtime's thread only.
#pragma once

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/result.h"
#include "src/permissions/net_scope.h"
#include "src/permissions/path_resolver.h"
#include "src/permissions/path_scope.h"
#include "src/permissions/permissions.h"
#include "src/permissions/targets.h"

namespace rt {

// What is asked for, parsed and resolved, in the form its permission compares.
struct PermTarget {
  std::string shown;                          // quoted, or "<TMP>"; for messages
  std::optional<PathResolver::Outcome> path;  // read, write, ffi
  std::optional<CanonicalHost> host;          // net, import
  std::optional<uint16_t> port;
  std::string text;                // env: name; sys: kind; net: path of a unix socket
  std::optional<Program> program;  // run
};

// --allow-env entries: a name, or a prefix followed by "*".
bool EnvPatternCovers(std::string_view pattern, std::string_view name);
// Empty text if `name` can be the name of a variable, else what Deno says about it.
std::string EnvNameProblem(std::string_view name);
std::string Quoted(std::string_view text);

template <class Scope>
struct ScopeLists {
  std::vector<Scope> allow;
  std::vector<Scope> deny;
};

struct PermissionsState {
  struct Flags {
    bool allow_all = false;
    bool deny_all = false;
    bool answered_no = false;  // "n" to a prompt for all of the permission
  };

  std::array<Flags, kPermCount> flags;
  std::array<ScopeLists<PathScope>, 3> paths;  // read, write, ffi
  std::array<ScopeLists<NetScope>, 2> hosts;   // net, import
  ScopeLists<std::string> env;
  ScopeLists<std::string> sys;
  ScopeLists<Program> run;
  std::string search_path;  // PATH when the runtime started: what `run` names are found on
  std::map<std::string, std::string> start_env;  // then: the variables that steer programs
  std::unique_ptr<PromptTty> tty;

  Flags& FlagsOf(Perm perm) { return flags[static_cast<size_t>(perm)]; }
  const Flags& FlagsOf(Perm perm) const { return flags[static_cast<size_t>(perm)]; }
  ScopeLists<PathScope>& PathsOf(Perm perm);
  const ScopeLists<PathScope>& PathsOf(Perm perm) const;
  ScopeLists<NetScope>& HostsOf(Perm perm) { return hosts[perm == Perm::kNet ? 0 : 1]; }
  const ScopeLists<NetScope>& HostsOf(Perm perm) const { return hosts[perm == Perm::kNet ? 0 : 1]; }

  bool HasDenyRules(Perm perm) const;
  bool HasAllowRules(Perm perm) const;

  Result<void> AddEntry(Perm perm, bool allow, std::string_view entry, const std::string& cwd);
  Result<PermTarget> ParseDescriptor(Perm perm, const std::string& text) const;

  // Deny rules first, then allow rules; else kPrompt.
  PermState Decide(Perm perm, const PermTarget& target) const;
  PermState DecideAll(Perm perm) const;
  // Decide, and where that says kPrompt, asks if there is a terminal and keeps the answer.
  PermState DecideOrAsk(Perm perm, const PermTarget& target, std::string_view api);
  PermState DecideAllOrAsk(Perm perm, std::string_view api);
  // A deny rule names something strictly inside the target.
  bool DeniedBelow(Perm perm, const PermTarget& target) const;

  void Remember(Perm perm, const PermTarget& target, bool allow);
  // Drops allow rules that cover the target or lie inside it.
  void Forget(Perm perm, const PermTarget& target);
  void ForgetAll(Perm perm);

  // Writing to a program that may be started would be starting anything: a deny rule for `write`.
  void ProtectProgram(const Program& program);
  // A bare name that an allow rule has is that rule's program, wherever PATH may lead by now.
  Program FindGrantedProgram(std::string name, const std::string& cwd) const;
};

// The process's working directory, "" if it is gone.
std::string ProcessCwd();

}  // namespace rt
