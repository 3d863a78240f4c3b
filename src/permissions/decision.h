// What was decided about one target, and by which rule. Plain data; must never decide anything.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "src/permissions/permission.h"

namespace rt {

// Which kind of rule decided.
enum class RuleKind : uint8_t {
  kNone,       // no rule covers the target
  kAllow,      // --allow-x, or an entry of its list
  kDeny,       // --deny-x, or an entry of its list
  kIgnore,     // --ignore-x, or an entry of its list
  kPrompt,     // the answer to a question that was asked now
  kProtected,  // nothing but -A opens it (kernel state)
};

struct Decision {
  PermState state = PermState::kPrompt;
  bool ignored = false;  // denied, and to be answered as if the target were not there
  RuleKind rule = RuleKind::kNone;
  std::string_view entry{};  // of the list; empty for the whole flag. Valid until rules change

  bool granted() const { return state == PermState::kGranted; }
};

// "--allow-read=/a", "--deny-net", "prompt", "no rule": for traces.
std::string RuleText(Perm perm, const Decision& decision);

// One check, as it ended. Views are valid during the call.
struct PermissionEvent {
  std::string_view api;  // the op's name, or what messages call the API
  Perm perm;
  // In the form a flag's list takes; empty for all of the permission.
  std::string_view target;
  Decision decision;
  bool kernel_state = false;  // needs all permissions: RuleKind::kProtected
};

// Is told of every check, on the runtime's thread, before the check answers. Must not check
// anything itself. (src/runtime/permission_log.h)
class PermissionObserver {
 public:
  virtual ~PermissionObserver() = default;
  virtual void Observe(const PermissionEvent& event) = 0;
};

}  // namespace rt
