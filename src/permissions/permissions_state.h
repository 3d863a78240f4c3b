// The rules behind Permissions and how one target is judged by them. Internal to src/permissions;
// must never be included elsewhere. Runtime's thread only.
#pragma once

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "src/base/result.h"
#include "src/permissions/decision.h"
#include "src/permissions/net_scope.h"
#include "src/permissions/path_resolver.h"
#include "src/permissions/path_rules.h"
#include "src/permissions/permissions.h"
#include "src/permissions/program_parts.h"
#include "src/permissions/rule_facts.h"
#include "src/permissions/targets.h"

namespace rt {

// What is asked for, parsed and resolved, in the form its permission compares.
struct PermTarget {
  std::string shown;                          // quoted, or "<TMP>"; for messages
  std::string entry;                          // as an entry of a list; for observers
  std::optional<PathResolver::Outcome> path;  // read, write, ffi
  std::optional<CanonicalHost> host;          // net, import
  std::optional<uint16_t> port;
  NetUse use = NetUse::kEither;
  std::string text;                // env: name; sys: kind; net: path of a unix socket
  std::optional<Program> program;  // run
};

// --allow-env entries: a name, or a prefix followed by "*".
bool EnvPatternCovers(std::string_view pattern, std::string_view name);
// Empty text if `name` can be the name of a variable, else what Deno says about it.
std::string EnvNameProblem(std::string_view name);
std::string Quoted(std::string_view text);
// The target as an entry of its permission's list.
std::string EntryText(Perm perm, const PermTarget& target);

// The lists of one permission, "allow", "deny" and "ignore".
template <class List>
struct ScopeLists {
  List allow;
  List deny;
  List ignore;

  List& operator[](RuleKind kind) {
    return kind == RuleKind::kAllow ? allow : kind == RuleKind::kDeny ? deny : ignore;
  }
};

struct PermissionsState {
  struct Flags {
    bool allow_all = false;
    bool deny_all = false;
    bool ignore_all = false;
    bool answered_no = false;  // "n" to a prompt for all of the permission
    bool may_ask = true;       // a worker that was given a list may not get more by a prompt
  };

  std::array<Flags, kPermCount> flags;
  std::array<ScopeLists<PathRules>, 3> paths;              // read, write, ffi
  std::array<ScopeLists<std::vector<NetScope>>, 2> hosts;  // net, import
  // Of each deny rule of `net` for a unix socket with a file: the rule's text, and that file.
  std::vector<std::pair<std::string, PathRules>> denied_sockets;
  ScopeLists<std::vector<std::string>> env;
  ScopeLists<std::vector<std::string>> sys;
  ScopeLists<std::vector<Program>> run;
  std::string search_path;  // PATH when the runtime started: what `run` names are found on
  std::map<std::string, std::string> start_env;  // then: the variables that steer programs
  std::shared_ptr<const RuleFacts> facts;
  std::unique_ptr<PromptTty> tty;
  PermissionObserver* observer = nullptr;
  // In the wall's helper, while a person is asked: what was granted before counts for nothing. The
  // asking side knows what it still has, and what it gave up or another worker was given it has
  // not.
  bool asks_anew = false;
  std::optional<PromptAnswer> last_answer;
  bool audit = false;  // --permission-audit: what is not granted is told to the observer and done

  // The rules without the terminal and the observer.
  PermissionsState CloneRules() const;

  Flags& FlagsOf(Perm perm) { return flags[static_cast<size_t>(perm)]; }
  const Flags& FlagsOf(Perm perm) const { return flags[static_cast<size_t>(perm)]; }
  ScopeLists<PathRules>& PathsOf(Perm perm);
  const ScopeLists<PathRules>& PathsOf(Perm perm) const;
  ScopeLists<std::vector<NetScope>>& HostsOf(Perm perm) {
    return hosts[perm == Perm::kNet ? 0 : 1];
  }
  const ScopeLists<std::vector<NetScope>>& HostsOf(Perm perm) const {
    return hosts[perm == Perm::kNet ? 0 : 1];
  }

  // Rules that take something away: deny and ignore.
  bool HasDenyRules(Perm perm) const;
  bool HasAllowRules(Perm perm) const;
  bool MayAsk(Perm perm) const { return tty != nullptr && FlagsOf(perm).may_ask; }

  void DenySocket(const NetScope& scope);
  // A rule that takes something away, in all places where it can be reached.
  void TakeAway(PathRules& rules, PathScope scope, bool with_below = true) const;
  Result<void> AddEntry(Perm perm, RuleKind kind, std::string_view entry, const std::string& cwd);
  Result<PermTarget> ParseDescriptor(Perm perm, const std::string& text) const;

  // In this order: deny rules, entries that ignore, entries that allow, --ignore, --allow; else
  // kPrompt.
  Decision Decide(Perm perm, const PermTarget& target) const;
  Decision DecideAll(Perm perm) const;
  // Decide, and where that says kPrompt, asks if there is a terminal and keeps the answer.
  Decision DecideOrAsk(Perm perm, const PermTarget& target, std::string_view api);
  Decision DecideAllOrAsk(Perm perm, std::string_view api);
  // A deny rule names something strictly inside the target, or the target is a socket, or has one
  // inside, that `net` denies: under another name it would be another one to rules of `net`.
  bool DeniedBelow(Perm perm, const PermTarget& target) const;

  void Remember(Perm perm, const PermTarget& target, bool allow);
  // Drops allow rules that cover the target or lie inside it.
  void Forget(Perm perm, const PermTarget& target);
  void ForgetAll(Perm perm);

  // Writing to a program that may be started would be starting anything: a deny rule for `write`.
  void ProtectProgram(const Program& program);
  void ProtectParts(const std::vector<ProgramPart>& parts);
  // A bare name that an allow rule has is that rule's program, wherever PATH may lead by now.
  Program FindGrantedProgram(std::string name, const std::string& cwd) const;
};

// The process's working directory, "" if it is gone.
std::string ProcessCwd();

}  // namespace rt
