// --permission-trace, --permission-audit and rt record: writes down every permission check. Must
// never change one. One a process; any runtime's thread may report.
#pragma once

#include <mutex>
#include <optional>
#include <string>

#include "src/base/result.h"
#include "src/permissions/decision.h"
#include "src/permissions/grant_set.h"

namespace rt {

class PermissionLog final : public PermissionObserver {
 public:
  struct Options {
    // Lines of JSON go here: a descriptor that stays open; -1: nowhere.
    int fd = -1;
    bool only_refused = false;  // what no rule grants
    bool record = false;        // keep what was used
  };
  explicit PermissionLog(const Options& options) : options_(options) {}

  // {"time","op","api","kind","target","decision","rule","location"}, one line and one write each.
  // `decision`: "granted", "denied", "ignored"; `location`: of the innermost frame of the script,
  // null when none is on the stack. Credentials in targets are blanked out.
  void Observe(const PermissionEvent& event) override;

  // What was used so far.
  GrantSet grants() const;

 private:
  const Options options_;
  mutable std::mutex lock_;
  GrantSet grants_;
};

}  // namespace rt
