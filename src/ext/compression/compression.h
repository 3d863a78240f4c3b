// The compression extension: CompressionStream and DecompressionStream (js/ext/compression), and
// the codecs for the rest of rt's C++ (codec.h). Touches no file, network or environment.
#pragma once

#include "src/ext/compression/codec.h"
#include "src/op/op_host.h"

namespace rt {

Extension CompressionExtension();

}  // namespace rt
