// The form_data extension: the C++ half of js/ext/form_data. Touches no file, network or
// environment.
#pragma once

#include "src/op/op_host.h"

namespace rt {

Extension FormDataExtension();

}  // namespace rt
