// How targets are judged: one switch per question, deny before everything else, everywhere.
#include <algorithm>
#include <utility>

#include "src/base/output.h"
#include "src/permissions/permissions_state.h"
#include "src/permissions/programs.h"
#include "src/permissions/wall_helper.h"
#include "src/permissions/wall_server.h"

namespace rt {
namespace {

// The places a unix socket's path leads to: as written and with links followed. A deny rule also
// hits the file it names under another name: the one of now, and the one of the start.
bool SameSocket(const PermissionsState& state, const NetScope& scope, const std::string& path,
                bool deny) {
  const std::string& named = scope.unix_path();
  if (named == path) return true;
  if (named.starts_with('@') || path.starts_with('@')) return false;
  const PathResolver::Outcome rule = PathResolver::Resolve(named, {});
  const PathResolver::Outcome asked = PathResolver::Resolve(path, {});
  if (!rule.resolved.empty() && rule.resolved == asked.resolved) return true;
  if (!deny) return false;
  if (rule.exists && asked.exists && rule.device == asked.device && rule.inode == asked.inode) {
    return true;
  }
  return std::any_of(
      state.denied_sockets.begin(), state.denied_sockets.end(),
      [&](const auto& each) { return each.first == scope.text() && each.second.Hit(asked); });
}

bool NetCovers(const PermissionsState& state, const NetScope& scope, const PermTarget& target,
               bool deny) {
  if (target.host) {
    return deny ? scope.Denies(*target.host, target.port, target.use)
                : scope.Allows(*target.host, target.port, target.use);
  }
  if (scope.kind() != NetScope::Kind::kUnix) return false;
  if (!(deny ? scope.DeniesUse(target.use) : scope.AllowsUse(target.use))) return false;
  return SameSocket(state, scope, target.text, deny);
}

// Behind the kernel's wall a grant has to be known on its other side, so the question is put there.
PromptAnswer AskHereOrOutside(PermissionsState& state, Perm perm, const PermTarget* target,
                              std::string_view api) {
  const std::string_view shown = target == nullptr ? std::string_view() : target->shown;
  WallHelper* const helper = WallHelper::Get();
  const bool nowhere = target != nullptr && target->path && target->path->resolved.empty();
  if (helper != nullptr && helper->asks() && !nowhere) {
    // As in AskPermission: one question at a time, and nobody writes over it.
    const TerminalTurn turn(TerminalTurn::For::kAsking);
    std::optional<std::string> entry;
    if (target != nullptr && target->path) {
      entry = target->path->resolved;
    } else if (target != nullptr) {
      entry = EntryText(perm, *target);
      // Relative names mean something else where the helper is.
      if (perm == Perm::kRun && entry->find('/') != std::string::npos) {
        entry = target->program->path;
      }
    }
    std::vector<ProgramPart> parts;
    const auto answer = helper->Ask(perm, entry, shown, api, &parts);
    state.ProtectParts(parts);
    if (answer) return *answer;
  }
  return AskPermission(*state.tty, perm, shown, api);
}

// The text of the first scope of the list that covers; null if none does.
template <class Scope, class Covers, class Text>
const std::string* FirstOf(const std::vector<Scope>& scopes, const Covers& covers,
                           const Text& text) {
  const auto found = std::find_if(scopes.begin(), scopes.end(), covers);
  return found == scopes.end() ? nullptr : &text(*found);
}

// The entry of one of the lists that decides about the target.
const std::string* EntryFor(const PermissionsState& state, Perm perm, const PermTarget& target,
                            RuleKind kind) {
  const bool takes_away = kind != RuleKind::kAllow;
  const auto list = [&](auto& lists) -> const auto& {
    return kind == RuleKind::kAllow  ? lists.allow
           : kind == RuleKind::kDeny ? lists.deny
                                     : lists.ignore;
  };
  switch (perm) {
    case Perm::kRead:
    case Perm::kWrite:
    case Perm::kFfi: {
      const PathRules& rules = list(state.PathsOf(perm));
      const PathScope* scope =
          takes_away ? rules.Hit(*target.path) : rules.Containing(target.path->resolved);
      return scope == nullptr ? nullptr : &scope->lexical();
    }
    case Perm::kNet:
    case Perm::kImport:
      return FirstOf(
          list(state.HostsOf(perm)),
          [&](const NetScope& scope) { return NetCovers(state, scope, target, takes_away); },
          [](const NetScope& scope) -> const std::string& { return scope.text(); });
    case Perm::kEnv:
      return FirstOf(
          list(state.env),
          [&](const std::string& pattern) { return EnvPatternCovers(pattern, target.text); },
          [](const std::string& pattern) -> const std::string& { return pattern; });
    case Perm::kSys:
      return FirstOf(
          list(state.sys), [&](const std::string& each) { return each == target.text; },
          [](const std::string& each) -> const std::string& { return each; });
    case Perm::kRun:
      return FirstOf(
          list(state.run),
          [&](const Program& program) {
            return takes_away ? ProgramDenies(program, *target.program)
                              : ProgramCovers(program, *target.program);
          },
          [](const Program& program) -> const std::string& { return program.name; });
  }
  RT_UNREACHABLE();
}

}  // namespace

std::string RuleText(Perm perm, const Decision& decision) {
  std::string text;
  switch (decision.rule) {
    case RuleKind::kNone:
      return "no rule";
    case RuleKind::kPrompt:
      return "prompt";
    case RuleKind::kProtected:
      return "kernel state";
    case RuleKind::kAllow:
      text = "--allow-";
      break;
    case RuleKind::kDeny:
      text = "--deny-";
      break;
    case RuleKind::kIgnore:
      text = "--ignore-";
      break;
  }
  text += PermName(perm);
  if (!decision.entry.empty()) text.append("=").append(decision.entry);
  return text;
}

std::string EntryText(Perm perm, const PermTarget& target) {
  if (!target.entry.empty()) return target.entry;
  switch (perm) {
    case Perm::kRead:
    case Perm::kWrite:
    case Perm::kFfi:
      return target.path ? target.path->lexical : "";
    case Perm::kNet:
    case Perm::kImport:
      if (target.host) {
        return std::string(NetUsePrefix(target.use)) +
               FormatHostPort(target.host->text, target.port);
      }
      return std::string(NetUsePrefix(target.use)) + "unix:" + target.text;
    case Perm::kRun:
      return target.program ? target.program->name : "";
    case Perm::kEnv:
    case Perm::kSys:
      return target.text;
  }
  RT_UNREACHABLE();
}

Decision PermissionsState::Decide(Perm perm, const PermTarget& target) const {
  const Flags& flag = FlagsOf(perm);
  if (flag.deny_all) return {PermState::kDenied, false, RuleKind::kDeny};
  if (const std::string* entry = EntryFor(*this, perm, target, RuleKind::kDeny)) {
    return {PermState::kDenied, false, RuleKind::kDeny, *entry};
  }
  if (const std::string* entry = EntryFor(*this, perm, target, RuleKind::kIgnore)) {
    return {PermState::kDenied, true, RuleKind::kIgnore, *entry};
  }
  if (asks_anew) return {};
  if (const std::string* entry = EntryFor(*this, perm, target, RuleKind::kAllow)) {
    return {PermState::kGranted, false, RuleKind::kAllow, *entry};
  }
  if (flag.ignore_all) return {PermState::kDenied, true, RuleKind::kIgnore};
  if (flag.allow_all) return {PermState::kGranted, false, RuleKind::kAllow};
  return {};
}

Decision PermissionsState::DecideAll(Perm perm) const {
  const Flags& flag = FlagsOf(perm);
  if (flag.deny_all) return {PermState::kDenied, false, RuleKind::kDeny};
  if (asks_anew) return {};
  if (flag.ignore_all) return {PermState::kDenied, true, RuleKind::kIgnore};
  if (flag.allow_all) return {PermState::kGranted, false, RuleKind::kAllow};
  if (flag.answered_no) return {PermState::kDenied, false, RuleKind::kPrompt};
  return {};
}

#ifdef RT_SKIP_CHECKS_IN_TEST
// tests/unit/unchecked alone: every check is skipped on this side of the kernel's wall.
#define RT_TEST_SKIPS_CHECK                        \
  if (!IsWallServer()) return {                    \
      PermState::kGranted, false, RuleKind::kAllow \
    }
#else
#define RT_TEST_SKIPS_CHECK
#endif

Decision PermissionsState::DecideOrAsk(Perm perm, const PermTarget& target, std::string_view api) {
  RT_TEST_SKIPS_CHECK;
  const Decision decision = Decide(perm, target);
  if (decision.state != PermState::kPrompt || !MayAsk(perm)) return decision;
  if (WallServerAsksNobody()) return decision;
  const PromptAnswer answer = AskHereOrOutside(*this, perm, &target, api);
  last_answer = answer;
  const bool had =
      std::exchange(asks_anew, false) && Decide(perm, target).state == PermState::kGranted;
  switch (answer) {
    case PromptAnswer::kAllow:
      if (!had) Remember(perm, target, true);
      return {PermState::kGranted, false, RuleKind::kPrompt};
    case PromptAnswer::kAllowAll:
      FlagsOf(perm).allow_all = true;
      return {PermState::kGranted, false, RuleKind::kPrompt};
    case PromptAnswer::kDeny:
      // Whoever else has it keeps it.
      if (!had) Remember(perm, target, false);
      return {PermState::kDenied, false, RuleKind::kPrompt};
  }
  RT_UNREACHABLE();
}

Decision PermissionsState::DecideAllOrAsk(Perm perm, std::string_view api) {
  RT_TEST_SKIPS_CHECK;
  const Decision decision = DecideAll(perm);
  if (decision.state != PermState::kPrompt || !MayAsk(perm)) return decision;
  if (WallServerAsksNobody()) return decision;
  last_answer = AskHereOrOutside(*this, perm, nullptr, api);
  const bool anew = std::exchange(asks_anew, false);
  if (last_answer == PromptAnswer::kDeny) {
    if (!anew) FlagsOf(perm).answered_no = true;
    return {PermState::kDenied, false, RuleKind::kPrompt};
  }
  FlagsOf(perm).allow_all = true;
  return {PermState::kGranted, false, RuleKind::kPrompt};
}

bool PermissionsState::DeniedBelow(Perm perm, const PermTarget& target) const {
  if (!target.path) return false;
  const auto& lists = PathsOf(perm);
  if (lists.deny.AnyBelow(*target.path) || lists.ignore.AnyBelow(*target.path)) return true;
  return perm == Perm::kWrite &&
         std::any_of(denied_sockets.begin(), denied_sockets.end(), [&](const auto& each) {
           return each.second.AnyBelow(*target.path) || each.second.Hit(*target.path) != nullptr;
         });
}

void PermissionsState::Remember(Perm perm, const PermTarget& target, bool allow) {
  const RuleKind kind = allow ? RuleKind::kAllow : RuleKind::kDeny;
  switch (perm) {
    case Perm::kRead:
    case Perm::kWrite:
    case Perm::kFfi: {
      const PathResolver::Outcome& path = *target.path;
      if (path.resolved.empty()) return;
      PathScope scope = PathScope::Resolved(path.lexical, path.resolved, path.device,
                                            path.exists ? path.inode : 0);
      if (allow) {
        PathsOf(perm).allow.Add(std::move(scope));
      } else {
        TakeAway(PathsOf(perm).deny, std::move(scope));
      }
      return;
    }
    case Perm::kNet:
    case Perm::kImport:
      HostsOf(perm)[kind].push_back(target.host
                                        ? NetScope::Exact(*target.host, target.port, target.use)
                                        : NetScope::Unix(target.text, target.use));
      if (perm == Perm::kNet && !allow) DenySocket(HostsOf(perm).deny.back());
      return;
    case Perm::kEnv:
      env[kind].push_back(target.text);
      return;
    case Perm::kSys:
      sys[kind].push_back(target.text);
      return;
    case Perm::kRun:
      run[kind].push_back(*target.program);
      if (allow) ProtectProgram(*target.program);
      return;
  }
}

void PermissionsState::Forget(Perm perm, const PermTarget& target) {
  switch (perm) {
    case Perm::kRead:
    case Perm::kWrite:
    case Perm::kFfi: {
      PathRules& rules = PathsOf(perm).allow;
      // What cannot be resolved may be meant by any of them.
      if (target.path->resolved.empty()) {
        rules.Clear();
      } else {
        rules.EraseAround(target.path->resolved);
      }
      return;
    }
    case Perm::kNet:
    case Perm::kImport:
      std::erase_if(HostsOf(perm).allow, [&](const NetScope& scope) {
        return NetCovers(*this, scope, target, false) ||
               (target.host && (!target.port || scope.use() != NetUse::kEither) &&
                scope.IsPartOf(*target.host));
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
      PathsOf(perm).allow.Clear();
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

}  // namespace rt
