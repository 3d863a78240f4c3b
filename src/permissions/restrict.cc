// A worker's permissions out of its parent's.
#include <unistd.h>

#include <algorithm>

#include "src/permissions/permissions_state.h"
#include "src/permissions/programs.h"

namespace rt {
namespace {

Error Escalates(Perm perm, std::string_view entry) {
  std::string message = "Can't escalate parent thread permissions: ";
  message.append(PermName(perm)).append(" access");
  if (!entry.empty()) message.append(" to ").append(Quoted(entry));
  return Error::Make(ErrorClass::kNotCapable, std::move(message));
}

// The parent's rules allow all that the scope, as an allow rule, would. Its deny and ignore rules
// are inherited, so they need no look.
bool HasPath(const PermissionsState& parent, Perm perm, const PathScope& scope) {
  return parent.FlagsOf(perm).allow_all ||
         parent.PathsOf(perm).allow.Containing(scope.resolved()) != nullptr;
}

template <class Scope, class Covers>
bool HasAny(const PermissionsState& parent, Perm perm, const std::vector<Scope>& scopes,
            const Covers& covers) {
  return parent.FlagsOf(perm).allow_all || std::any_of(scopes.begin(), scopes.end(), covers);
}

// The entry was added to `child`; all of what was added must be the parent's.
bool ParentHas(const PermissionsState& parent, const PermissionsState& child, Perm perm) {
  switch (perm) {
    case Perm::kRead:
    case Perm::kWrite:
    case Perm::kFfi: {
      const auto& scopes = child.PathsOf(perm).allow.scopes();
      return std::all_of(scopes.begin(), scopes.end(),
                         [&](const PathScope& scope) { return HasPath(parent, perm, scope); });
    }
    case Perm::kNet:
    case Perm::kImport: {
      const auto& scopes = child.HostsOf(perm).allow;
      return std::all_of(scopes.begin(), scopes.end(), [&](const NetScope& scope) {
        return HasAny(parent, perm, parent.HostsOf(perm).allow,
                      [&](const NetScope& has) { return has.CoversScope(scope); });
      });
    }
    case Perm::kEnv:
      return std::all_of(child.env.allow.begin(), child.env.allow.end(), [&](const auto& pattern) {
        // A pattern is covered by one with the same or a shorter prefix.
        return HasAny(parent, perm, parent.env.allow, [&](const std::string& has) {
          return has == pattern || (has.ends_with('*') && EnvPatternCovers(has, pattern));
        });
      });
    case Perm::kSys:
      return std::all_of(child.sys.allow.begin(), child.sys.allow.end(), [&](const auto& kind) {
        return HasAny(parent, perm, parent.sys.allow,
                      [&](const std::string& has) { return has == kind; });
      });
    case Perm::kRun:
      return std::all_of(child.run.allow.begin(), child.run.allow.end(), [&](const Program& asked) {
        return HasAny(parent, perm, parent.run.allow,
                      [&](const Program& has) { return ProgramCovers(has, asked); });
      });
  }
  RT_UNREACHABLE();
}

}  // namespace

Result<Permissions> Permissions::Restrict(const Permissions& parent, const RestrictOptions& options,
                                          std::unique_ptr<PromptTty> tty) {
  Permissions child;
  *child.state_ = parent.state_->CloneRules();
  PermissionsState& state = *child.state_;
  state.tty = std::move(tty);
  const std::string cwd = options.cwd.empty() ? ProcessCwd() : options.cwd;
  for (size_t i = 0; i < kPermCount; ++i) {
    const Perm perm = static_cast<Perm>(i);
    const RestrictOptions::Rule& rule = options.rules[i];
    if (rule.mode == RestrictOptions::Mode::kInherit) continue;
    if (rule.mode == RestrictOptions::Mode::kAll) {
      if (!state.FlagsOf(perm).allow_all) return Escalates(perm, {});
      continue;
    }
    state.FlagsOf(perm).may_ask = false;
    state.ForgetAll(perm);
    if (rule.mode == RestrictOptions::Mode::kNone) continue;
    for (const std::string& entry : rule.list) {
      RT_TRY_VOID(state.AddEntry(perm, RuleKind::kAllow, entry, cwd));
      if (!ParentHas(*parent.state_, state, perm)) return Escalates(perm, entry);
    }
  }
  if (options[Perm::kRun].mode == RestrictOptions::Mode::kList) {
    for (const Program& program : state.run.allow) state.ProtectProgram(program);
  }
  child.Recompute();
  return child;
}

}  // namespace rt
