// Argon2 (RFC 9106), version 1.3, by libargon2. Any thread.
#pragma once

#include <span>

#include "src/base/bytes.h"
#include "src/base/result.h"
#include "src/ext/crypto/secret_bytes.h"

namespace rt {

// The numbers of js/ext/crypto/argon2.js, and libargon2's.
enum class Argon2Type : uint8_t { kD, kI, kId };
inline constexpr uint32_t kArgon2TypeCount = 3;

struct Argon2Spec {
  Argon2Type type{};
  uint32_t memory_kib = 0;  // at least 8 for each lane
  uint32_t passes = 0;      // at least 1
  uint32_t lanes = 0;       // at least 1; computed one after the other, on the calling thread
  SecretBytes secret;
  Bytes associated_data;
};

// `size` bytes, at least 4. OperationError where a number is out of bounds, or the memory is more
// than half of what this process may have. Slow in proportion to memory and passes.
Result<SecretBytes> Argon2(const Argon2Spec& spec, std::span<const uint8_t> password,
                           std::span<const uint8_t> nonce, size_t size);

}  // namespace rt
