// The process and its environment for scripts: op_os_*. Must never tell more of the machine than
// the permissions allow.
#pragma once

#include "src/op/op_host.h"

namespace rt {

Extension OsExtension();
Extension MachineExtension();  // facts about the machine

}  // namespace rt
