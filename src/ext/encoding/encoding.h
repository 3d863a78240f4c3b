// The encoding extension: the legacy encodings of TextDecoder (https://encoding.spec.whatwg.org/).
// UTF-8 and UTF-16 are in src/ext/web. Touches no file, network or environment.
#pragma once

#include "src/op/op_host.h"

namespace rt {

Extension EncodingExtension();

}  // namespace rt
