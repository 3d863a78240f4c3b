// The core extension: what JavaScript built-ins need of the runtime itself (hooks, promises of ops,
// resources, exit). Knows no feature.
#pragma once

#include "src/op/op_host.h"

namespace rt {

Extension CoreExtension();
Extension ResourceExtension();

}  // namespace rt
