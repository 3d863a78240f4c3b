// -P: a permission set of deno.json, on top of the flags.
#pragma once

#include <optional>
#include <string>

#include "src/base/result.h"
#include "src/config/project.h"
#include "src/permissions/permissions.h"

namespace rt::cli {

// Adds the set `name` ("default" if empty) of the configuration's `permissions` to the rules. Each
// kind is true, false, a list, or an object of `allow`, `deny` and `ignore`, each true, false or a
// list; `all: true` allows everything. Relative paths are relative to the configuration's folder.
// TypeError names what cannot be understood: a set or key that is not known never passes silently.
Result<void> AddPermissionSet(const std::optional<ProjectConfig>& config, const std::string& name,
                              PermissionOptions& permissions);

}  // namespace rt::cli
