// The only readers and writers of the process environment. One lock guards it, because it belongs
// to the process and workers share it. Any thread. Names were validated when they were granted.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "src/base/result.h"
#include "src/permissions/granted.h"
#include "src/permissions/targets.h"

namespace rt {

std::optional<std::string> GetEnv(const Granted<Perm::kEnv, EnvName>& name);
// TypeError for a NUL in the value.
Result<void> SetEnv(const Granted<Perm::kEnv, EnvName>& name, std::string_view value);
Result<void> UnsetEnv(const Granted<Perm::kEnv, EnvName>& name);
// In the environment's order, without what a deny rule names.
std::vector<std::pair<std::string, std::string>> ListEnv(const Granted<Perm::kEnv, AllEnv>& all);

// Where temporary files go: $TMPDIR if set and absolute, else "/tmp". For op_fs_make_temp_dir
// without `dir`, which passes it to GrantAccess::CheckPath(..., "<TMP>").
std::string TemporaryDirectory();

// NO_COLOR is set and not empty (https://no-color.org): the user's wish, told to every program.
bool NoColorRequested();

}  // namespace rt
