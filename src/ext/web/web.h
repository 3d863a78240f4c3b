// The web extension: what js/ext/web needs of C++ (text encodings, base64, the clock,
// facts about the machine that navigator shows). Touches no file, network or environment.
#pragma once

#include "src/op/op_host.h"

namespace rt {

Extension WebExtension();

}  // namespace rt
