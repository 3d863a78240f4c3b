// The messaging extension: structured cloning, message ports and broadcast channels, the C++ half
// of js/ext/messaging. Touches no file, network or environment.
#pragma once

#include "src/op/op_host.h"

namespace rt {

Extension MessagingExtension();

}  // namespace rt
