// Message authentication codes: HMAC and KMAC. Any thread.
#pragma once

#include <span>

#include "src/base/bytes.h"
#include "src/base/result.h"
#include "src/ext/crypto/hashes.h"

namespace rt {

struct MacSpec {
  bool kmac = false;
  HashId hash = HashId::kSha256;  // of HMAC
  uint32_t kmac_bits = 128;
  size_t kmac_size = 0;  // of the output, in bytes
  Bytes customization;
};

// OperationError when OpenSSL fails.
Result<Bytes> Mac(const MacSpec& spec, std::span<const uint8_t> key, std::span<const uint8_t> data);

// HMAC into `out`, which has the hash's size. An empty key is fine. False: OpenSSL failed.
bool HmacInto(HashId hash, std::span<const uint8_t> key, std::span<const uint8_t> data,
              uint8_t* out);

// Whether both are equal, in a time that depends on their sizes only.
bool EqualInConstantTime(std::span<const uint8_t> a, std::span<const uint8_t> b);

}  // namespace rt
