// The eight permissions and the states a query can have. Plain names only; must never grow logic.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace rt {

enum class Perm : uint8_t { kRead, kWrite, kNet, kEnv, kRun, kSys, kFfi, kImport };

inline constexpr size_t kPermCount = 8;

// What the flags and `Deno.permissions` call it: "read", "write", "net", ...
constexpr std::string_view PermName(Perm perm) {
  constexpr std::string_view kNames[kPermCount] = {"read", "write", "net", "env",
                                                   "run",  "sys",   "ffi", "import"};
  return kNames[static_cast<size_t>(perm)];
}

// The reverse of PermName; nothing for an unknown name.
constexpr std::optional<Perm> PermFromName(std::string_view name) {
  for (size_t i = 0; i < kPermCount; ++i) {
    if (PermName(static_cast<Perm>(i)) == name) return static_cast<Perm>(i);
  }
  return std::nullopt;
}

enum class PermState : uint8_t { kGranted, kPrompt, kDenied };

// "granted", "prompt", "denied": `PermissionStatus.state`.
constexpr std::string_view PermStateName(PermState state) {
  constexpr std::string_view kNames[] = {"granted", "prompt", "denied"};
  return kNames[static_cast<size_t>(state)];
}

// What Query, Request and Revoke answer. `partial`: granted, but some of it is denied by a rule.
struct PermStatus {
  PermState state = PermState::kPrompt;
  bool partial = false;
  friend bool operator==(const PermStatus&, const PermStatus&) = default;
};

}  // namespace rt
