// The modules extension: what require() needs of the module map (js/ext/module/common_js.js).
#pragma once

#include "src/op/op_host.h"

namespace rt {

Extension ModulesExtension();

}  // namespace rt
