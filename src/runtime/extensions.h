// The one list of extensions. Its order is part of the snapshot: mksnapshot and rt link the same
// list.
#pragma once

#include <span>

#include "src/op/op_host.h"

namespace rt {

std::span<const Extension> AllExtensions();

}  // namespace rt
