// Deno.permissions: asking, requesting and giving up. op_permissions_*.
#pragma once

#include "src/op/op_host.h"

namespace rt {

Extension PermissionsExtension();

}  // namespace rt
