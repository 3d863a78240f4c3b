// How targets are judged: one switch per question, deny before everything else, everywhere.
#include <algorithm>

#include "src/base/output.h"
#include "src/permissions/permissions_state.h"
#include "src/permissions/programs.h"
#include "src/permissions/wall_helper.h"
#include "src/permissions/wall_server.h"

namespace rt {
namespace {

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
    return deny ? scope.Denies(*target.host, target.port, target.use)
                : scope.Allows(*target.host, target.port, target.use);
  }
  if (scope.kind() != NetScope::Kind::kUnix) return false;
  if (!(deny ? scope.DeniesUse(target.use) : scope.AllowsUse(target.use))) return false;
  return SameSocket(scope.unix_path(), target.text);
}

// Behind the kernel's wall a grant has to be known on its other side, so the question is put there.
PromptAnswer AskHereOrOutside(PromptTty& tty, Perm perm, const PermTarget* target,
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
    if (const auto answer = helper->Ask(perm, entry, shown, api)) return *answer;
  }
  return AskPermission(tty, perm, shown, api);
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
          [&](const NetScope& scope) { return NetCovers(scope, target, takes_away); },
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
  switch (AskHereOrOutside(*tty, perm, &target, api)) {
    case PromptAnswer::kAllow:
      Remember(perm, target, true);
      return {PermState::kGranted, false, RuleKind::kPrompt};
    case PromptAnswer::kAllowAll:
      FlagsOf(perm).allow_all = true;
      return {PermState::kGranted, false, RuleKind::kPrompt};
    case PromptAnswer::kDeny:
      Remember(perm, target, false);
      return {PermState::kDenied, false, RuleKind::kPrompt};
  }
  RT_UNREACHABLE();
}

Decision PermissionsState::DecideAllOrAsk(Perm perm, std::string_view api) {
  RT_TEST_SKIPS_CHECK;
  const Decision decision = DecideAll(perm);
  if (decision.state != PermState::kPrompt || !MayAsk(perm)) return decision;
  if (WallServerAsksNobody()) return decision;
  if (AskHereOrOutside(*tty, perm, nullptr, api) == PromptAnswer::kDeny) {
    FlagsOf(perm).answered_no = true;
    return {PermState::kDenied, false, RuleKind::kPrompt};
  }
  FlagsOf(perm).allow_all = true;
  return {PermState::kGranted, false, RuleKind::kPrompt};
}

bool PermissionsState::DeniedBelow(Perm perm, const PermTarget& target) const {
  if (!target.path) return false;
  const auto& lists = PathsOf(perm);
  return lists.deny.AnyBelow(*target.path) || lists.ignore.AnyBelow(*target.path);
}

void PermissionsState::Remember(Perm perm, const PermTarget& target, bool allow) {
  const RuleKind kind = allow ? RuleKind::kAllow : RuleKind::kDeny;
  switch (perm) {
    case Perm::kRead:
    case Perm::kWrite:
    case Perm::kFfi: {
      const PathResolver::Outcome& path = *target.path;
      if (path.resolved.empty()) return;
      PathsOf(perm)[kind].Add(PathScope::Resolved(path.lexical, path.resolved, path.device,
                                                  path.exists ? path.inode : 0));
      return;
    }
    case Perm::kNet:
    case Perm::kImport:
      HostsOf(perm)[kind].push_back(target.host
                                        ? NetScope::Exact(*target.host, target.port, target.use)
                                        : NetScope::Unix(target.text, target.use));
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
        return NetCovers(scope, target, false) ||
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
