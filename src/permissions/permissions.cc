// Building Permissions from options, and the three questions of Deno.permissions.
#include "src/permissions/permissions.h"

#include <unistd.h>

#include <array>
#include <climits>
#include <cstdlib>
#include <utility>

#include "src/base/redact.h"
#include "src/permissions/permissions_state.h"
#include "src/permissions/programs.h"

namespace rt {

Error NotCapableError(Perm perm, std::string_view target) {
  std::string message = "Requires ";
  message.append(PermName(perm)).append(" access");
  if (!target.empty()) message.append(" to ").append(target);
  message.append(", run again with the --allow-").append(PermName(perm)).append(" flag");
  return Error::Make(ErrorClass::kNotCapable, std::move(message));
}

Error AllAccessError(std::string_view target) {
  return Error::Make(ErrorClass::kNotCapable, "Requires all access to " + std::string(target) +
                                                  ", run again with the --allow-all flag");
}

Permissions::Permissions() : state_(std::make_unique<PermissionsState>()) {}
Permissions::~Permissions() = default;
Permissions::Permissions(Permissions&&) noexcept = default;
Permissions& Permissions::operator=(Permissions&&) noexcept = default;

Result<Permissions> Permissions::FromOptions(const PermissionOptions& options,
                                             std::unique_ptr<PromptTty> tty) {
  Permissions permissions;
  PermissionsState& state = *permissions.state_;
  if (!options.no_prompt) state.tty = std::move(tty);
  if (const char* path = std::getenv("PATH")) state.search_path = path;
  state.facts = RuleFacts::Of(options);
  const std::string cwd = options.cwd.empty() ? ProcessCwd() : options.cwd;
  for (size_t i = 0; i < kPermCount; ++i) {
    const Perm perm = static_cast<Perm>(i);
    const PermRules& rules = options.rules[i];
    state.flags[i].allow_all = rules.allow_all;
    state.flags[i].deny_all = rules.deny_all;
    state.flags[i].ignore_all = rules.ignore_all;
    const std::pair<RuleKind, const std::vector<std::string>*> lists[] = {
        {RuleKind::kAllow, &rules.allow_list},
        {RuleKind::kDeny, &rules.deny_list},
        {RuleKind::kIgnore, &rules.ignore_list}};
    for (const auto& [kind, list] : lists) {
      for (const std::string& entry : *list) {
        Result<void> added = state.AddEntry(perm, kind, entry, cwd);
        if (added.ok()) continue;
        const std::string flag = RuleText(perm, {.rule = kind, .entry = RedactCredentials(entry)});
        return Error::Type(flag + (entry.empty() ? "=: " : ": ") + added.error().message);
      }
    }
  }
  const PermRules& run = options[Perm::kRun];
  const bool any_program = run.allow_all && run.deny_list.empty();
  // Also where every program may be run: a worker may have less.
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const std::string_view name = text.substr(0, text.find('='));
    if (name.size() == text.size() || (name != "PATH" && !SteersPrograms(name))) continue;
    state.start_env.emplace(name, text.substr(name.size() + 1));
  }
  if (!any_program) {
    for (const Program& program : state.run.allow) state.ProtectProgram(program);
    state.ProtectParts(state.facts->programs);
  }
  // Who may replace this executable gives the next start what rights they like. (Its file cannot be
  // written to while it runs: ETXTBSY.) With write access to everything there are shorter ways.
  const PermRules& write = options[Perm::kWrite];
  if (!write.allow_all && (!write.allow_list.empty() || state.tty != nullptr)) {
    std::array<char, PATH_MAX> own;
    const ssize_t size = readlink("/proc/self/exe", own.data(), own.size());
    if (size > 0) {
      state.ProtectProgram(FindProgram(std::string(own.data(), static_cast<size_t>(size)), {}, {}));
    }
  }
  permissions.Recompute();
  return permissions;
}

PromptAnswer Permissions::AskAnew(const std::function<bool()>& check) {
  state_->asks_anew = true;
  state_->last_answer.reset();
  Recompute();
  const bool granted = check();
  state_->asks_anew = false;
  Recompute();
  return granted ? state_->last_answer.value_or(PromptAnswer::kAllow) : PromptAnswer::kDeny;
}

void Permissions::Recompute() {
  everything_ = true;
  for (size_t i = 0; i < kPermCount; ++i) {
    unscoped_[i] = state_->flags[i].allow_all && !state_->HasDenyRules(static_cast<Perm>(i)) &&
                   !state_->asks_anew;
    free_[i] = unscoped_[i] && state_->observer == nullptr;
    everything_ = everything_ && unscoped_[i];
  }
}

void Permissions::Observe(PermissionObserver* observer, bool audit) {
  state_->observer = observer;
  state_->audit = audit;
  Recompute();
}

bool Permissions::Report(Perm perm, const PermTarget& target, const Decision& decision,
                         std::string_view api) const {
  if (state_->observer == nullptr) return decision.granted();
  const std::string entry = EntryText(perm, target);
  state_->observer->Observe({.api = api,
                             .perm = perm,
                             .target = entry,
                             .decision = decision,
                             .kernel_state = decision.rule == RuleKind::kProtected});
  return decision.granted() || (state_->audit && !decision.ignored);
}

Result<PermStatus> Permissions::Query(Perm perm, const PermDescriptor& descriptor) const {
  PermStatus status;
  if (!descriptor) {
    status.state = state_->DecideAll(perm).state;
    status.partial = status.state == PermState::kGranted && state_->HasDenyRules(perm);
    return status;
  }
  RT_TRY(const PermTarget target, state_->ParseDescriptor(perm, *descriptor));
  status.state = state_->Decide(perm, target).state;
  status.partial = status.state == PermState::kGranted && state_->DeniedBelow(perm, target);
  return status;
}

Result<PermStatus> Permissions::Request(Perm perm, const PermDescriptor& descriptor) {
  constexpr std::string_view kApi = "Deno.permissions.request()";
  if (!descriptor) {
    state_->DecideAllOrAsk(perm, kApi);
  } else {
    RT_TRY(const PermTarget target, state_->ParseDescriptor(perm, *descriptor));
    state_->DecideOrAsk(perm, target, kApi);
  }
  Recompute();
  RT_TRY(PermStatus status, Query(perm, descriptor));
  // A request ends in a decision: where nobody can be asked, it is no.
  if (status.state == PermState::kPrompt) status.state = PermState::kDenied;
  return status;
}

Result<PermStatus> Permissions::Revoke(Perm perm, const PermDescriptor& descriptor) {
  if (!descriptor) {
    state_->ForgetAll(perm);
  } else {
    RT_TRY(const PermTarget target, state_->ParseDescriptor(perm, *descriptor));
    state_->Forget(perm, target);
  }
  Recompute();
  return Query(perm, descriptor);
}

Result<void> Permissions::CheckAddress(const sockaddr* address, std::string_view name, NetUse use,
                                       Perm perm) const {
  if (IsUnscoped(perm) || address->sa_family == AF_UNIX) return {};
  const std::optional<IpAddress> ip = IpAddress::FromSockaddr(address);
  PermTarget target;
  target.use = use;
  if (ip) {
    target.host = CanonicalHost{ip->ToString(), ip};
    // sin_port and sin6_port are at the same place.
    const auto* in = reinterpret_cast<const sockaddr_in*>(address);
    target.port = ntohs(in->sin_port);
    const Decision decision = state_->Decide(perm, target);
    if (decision.state != PermState::kDenied) return {};
    if (Report(perm, target, decision, {})) return {};
  }
  std::string shown;
  if (!name.empty()) {
    shown = Quoted(FormatHostPort(name, target.port));
  } else if (ip) {
    shown = Quoted(FormatHostPort(target.host->text, target.port));
  }
  return NotCapableError(perm, shown);
}

}  // namespace rt
