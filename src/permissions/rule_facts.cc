// What the rules need to know of the machine.
#include "src/permissions/rule_facts.h"

#include <algorithm>
#include <cstdlib>
#include <string>
#include <utility>

#include "src/permissions/permissions_state.h"
#include "src/permissions/programs.h"

namespace rt {
namespace {

bool TakesAway(const PermRules& rule) {
  return !rule.deny_list.empty() || !rule.ignore_list.empty();
}

// Programs that may be started may not be written, nor may rt's own executable where writing has
// limits.
bool ProtectsFiles(const PermissionOptions& rules) {
  const PermRules& run = rules[Perm::kRun];
  const PermRules& write = rules[Perm::kWrite];
  const bool some_run = !run.allow_list.empty() || (run.allow_all && !run.deny_list.empty());
  const bool some_write = write.allow_all || !write.allow_list.empty();
  return some_write && (some_run || !write.allow_all);
}

std::shared_ptr<const RuleFacts> Gather(const PermissionOptions& rules) {
  auto facts = std::make_shared<RuleFacts>();
  if (const char* const path = std::getenv("PATH")) facts->search_path = path;
  const auto needs_mounts = [&](Perm perm) { return TakesAway(rules[perm]); };
  constexpr Perm kWithPaths[] = {Perm::kRead, Perm::kWrite, Perm::kFfi, Perm::kNet};
  if (ProtectsFiles(rules) ||
      std::any_of(std::begin(kWithPaths), std::end(kWithPaths), needs_mounts)) {
    facts->mounts = MountTable::Read();
  }
  // Writing may be granted at a prompt later.
  if (!rules[Perm::kWrite].deny_all) {
    const std::string& search_path = facts->search_path;
    const std::string cwd = rules.cwd.empty() ? ProcessCwd() : rules.cwd;
    for (const std::string& name : rules[Perm::kRun].allow_list) {
      for (ProgramPart& part : PartsOf(FindProgram(name, search_path, cwd), search_path)) {
        facts->programs.push_back(std::move(part));
      }
    }
  }
  return facts;
}

std::shared_ptr<const RuleFacts> before_wall;

}  // namespace

std::shared_ptr<const RuleFacts> RuleFacts::Of(const PermissionOptions& rules) {
  return before_wall != nullptr ? before_wall : Gather(rules);
}

void RuleFacts::KeepForBehindTheWall(const PermissionOptions& rules) {
  before_wall = Gather(rules);
}

}  // namespace rt
