// The crypto extension: random values and the Web Cryptography API. Per runtime, on its thread.
#pragma once

#include "src/op/op_host.h"

namespace rt {

Extension CryptoExtension();        // random values
Extension CryptoKeyExtension();     // keys in and out
Extension CryptoAkpExtension();     // ML-KEM and ML-DSA
Extension CryptoSubtleExtension();  // what is done with keys

}  // namespace rt
