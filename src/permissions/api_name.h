// What a person calls the function behind an op: "Deno.openSync()" for op_fs_open_sync. For prompts
// and traces; must never be used to decide anything.
#pragma once

#include <string>
#include <string_view>

namespace rt {

// Ops are named after their functions, which gives the name by rule; those that are not are listed
// in api_name.cc. Text that is no op's name comes back as it is.
std::string ApiName(std::string_view op);

}  // namespace rt
