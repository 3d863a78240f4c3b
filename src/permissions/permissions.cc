// Building Permissions from options, and the three questions of Deno.permissions.
#include "src/permissions/permissions.h"

#include <unistd.h>

#include <cstdlib>
#include <utility>

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
  const std::string cwd = options.cwd.empty() ? ProcessCwd() : options.cwd;
  for (size_t i = 0; i < kPermCount; ++i) {
    const Perm perm = static_cast<Perm>(i);
    const PermRules& rules = options.rules[i];
    state.flags[i].allow_all = rules.allow_all;
    state.flags[i].deny_all = rules.deny_all;
    for (const bool allow : {true, false}) {
      for (const std::string& entry : allow ? rules.allow_list : rules.deny_list) {
        Result<void> added = state.AddEntry(perm, allow, entry, cwd);
        if (added.ok()) continue;
        std::string flag = allow ? "--allow-" : "--deny-";
        flag.append(PermName(perm)).append("=").append(entry).append(": ");
        return Error::Type(flag + added.error().message);
      }
    }
  }
  const PermRules& run = options[Perm::kRun];
  if (!run.allow_all && (!run.allow_list.empty() || state.tty != nullptr)) {
    for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
      const std::string_view text = *entry;
      const std::string_view name = text.substr(0, text.find('='));
      if (name.size() == text.size() || (name != "PATH" && !SteersPrograms(name))) continue;
      state.start_env.emplace(name, text.substr(name.size() + 1));
    }
    for (const Program& program : state.run.allow) state.ProtectProgram(program);
  }
  permissions.Recompute();
  return permissions;
}

void Permissions::Recompute() {
  everything_ = true;
  for (size_t i = 0; i < kPermCount; ++i) {
    unscoped_[i] = state_->flags[i].allow_all && !state_->HasDenyRules(static_cast<Perm>(i));
    everything_ = everything_ && unscoped_[i];
  }
}

Result<PermStatus> Permissions::Query(Perm perm, const PermDescriptor& descriptor) const {
  PermStatus status;
  if (!descriptor) {
    status.state = state_->DecideAll(perm);
    status.partial = status.state == PermState::kGranted && state_->HasDenyRules(perm);
    return status;
  }
  RT_TRY(const PermTarget target, state_->ParseDescriptor(perm, *descriptor));
  status.state = state_->Decide(perm, target);
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
  return Query(perm, descriptor);
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

Result<void> Permissions::CheckAddress(const sockaddr* address, std::string_view name) const {
  if (IsUnscoped(Perm::kNet) || address->sa_family == AF_UNIX) return {};
  const std::optional<IpAddress> ip = IpAddress::FromSockaddr(address);
  PermTarget target;
  if (ip) {
    target.host = CanonicalHost{ip->ToString(), ip};
    // sin_port and sin6_port are at the same place.
    const auto* in = reinterpret_cast<const sockaddr_in*>(address);
    target.port = ntohs(in->sin_port);
    if (state_->Decide(Perm::kNet, target) != PermState::kDenied) return {};
  }
  std::string shown;
  if (!name.empty()) {
    shown = Quoted(FormatHostPort(name, target.port));
  } else if (ip) {
    shown = Quoted(FormatHostPort(target.host->text, target.port));
  }
  return NotCapableError(Perm::kNet, shown);
}

}  // namespace rt
