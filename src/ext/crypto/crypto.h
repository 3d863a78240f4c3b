// The crypto extension: random values for js/ext/crypto. Per runtime, on its thread.
#pragma once

#include "src/op/op_host.h"

namespace rt {

Extension CryptoExtension();

}  // namespace rt
