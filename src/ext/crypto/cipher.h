// Symmetric encryption: AES in its modes, ChaCha20-Poly1305. Any thread.
#pragma once

#include <span>

#include "src/base/bytes.h"
#include "src/base/result.h"
#include "src/ext/crypto/secret_bytes.h"

namespace rt {

// The numbers js/ext/crypto/aes.js uses.
enum class CipherMode : uint8_t { kCbc, kCtr, kGcm, kKw, kOcb, kChaCha20Poly1305 };
inline constexpr uint32_t kCipherModeCount = 6;

struct CipherSpec {
  CipherMode mode = CipherMode::kCbc;
  bool encrypt = true;
  Bytes iv;                // or the initial counter block
  Bytes additional_data;   // of the authenticated ones
  uint32_t tag_size = 16;  // of the authenticated ones, in bytes; JavaScript has checked it
  uint32_t counter_bits = 128;
};

// OperationError when the key's size, the iv or the data do not fit, or decryption fails; one text
// for every way in which a ciphertext can be wrong.
Result<SecretBytes> RunCipher(const CipherSpec& spec, std::span<const uint8_t> key,
                              std::span<const uint8_t> data);

}  // namespace rt
