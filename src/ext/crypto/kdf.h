// HKDF (RFC 5869) and PBKDF2 (RFC 8018). Any thread.
#pragma once

#include <span>

#include "src/base/result.h"
#include "src/ext/crypto/hashes.h"
#include "src/ext/crypto/secret_bytes.h"

namespace rt {

// `size` bytes. OperationError for more than 255 times the hash's size.
Result<SecretBytes> Hkdf(HashId hash, std::span<const uint8_t> secret,
                         std::span<const uint8_t> salt, std::span<const uint8_t> info, size_t size);

// Slow in proportion to iterations (at least 1) and size.
Result<SecretBytes> Pbkdf2(HashId hash, std::span<const uint8_t> password,
                           std::span<const uint8_t> salt, uint32_t iterations, size_t size);

}  // namespace rt
