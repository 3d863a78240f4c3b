// The hash functions of the Web Cryptography API. Any thread.
#pragma once

#include <openssl/evp.h>

#include <cstdint>
#include <span>

#include "src/base/bytes.h"
#include "src/base/result.h"

namespace rt {

// The numbers js/ext/crypto/digest.js uses.
enum class HashId : uint8_t {
  kSha1,
  kSha256,
  kSha384,
  kSha512,
  kSha3_256,
  kSha3_384,
  kSha3_512,
};
inline constexpr uint32_t kHashCount = 7;

const EVP_MD* MdOf(HashId hash);
// The name OpenSSL's parameters take.
const char* MdNameOf(HashId hash);
// In bytes.
size_t HashSize(HashId hash);

// OperationError when OpenSSL fails.
Result<Bytes> Digest(const EVP_MD* md, std::span<const uint8_t> data);

// cSHAKE (NIST SP 800-185) of 128 or 256 bits, `size` bytes of output.
Result<Bytes> Cshake(uint32_t bits, std::span<const uint8_t> data, size_t size,
                     std::span<const uint8_t> function_name,
                     std::span<const uint8_t> customization);

}  // namespace rt
