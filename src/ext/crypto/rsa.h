// RSA: keys, signatures (PKCS #1 v1.5, PSS), OAEP (RFC 8017). Any thread.
#pragma once

#include <array>
#include <span>
#include <vector>

#include "src/base/bytes.h"
#include "src/base/result.h"
#include "src/ext/crypto/hashes.h"
#include "src/ext/crypto/key_material.h"

namespace rt {

// OperationError for sizes and exponents nobody can make a key of. Slow.
Result<KeyRef> GenerateRsa(uint32_t modulus_bits, std::span<const uint8_t> public_exponent);

// n e d p q dp dq qi, as in JWK; big endian without leading zeros.
using RsaParts = std::vector<Bytes>;
inline constexpr size_t kRsaPublicParts = 2;
inline constexpr size_t kRsaPrivateParts = 8;

// DataError unless the parts make a key.
Result<KeyRef> ImportRsa(const RsaParts& parts);
Result<RsaParts> ExportRsa(const KeyMaterial& key, bool is_private);

// DataError unless `pkey` is a usable RSA key whose numbers belong together. (Primality is not
// tested: a wrong prime harms only whoever made the key.)
Result<KeyRef> CheckRsa(PkeyPtr pkey, bool is_private);

struct RsaSignSpec {
  HashId hash = HashId::kSha256;
  bool pss = false;
  uint32_t salt_size = 0;
};
Result<Bytes> SignRsa(const KeyMaterial& key, const RsaSignSpec& spec,
                      std::span<const uint8_t> data);
bool VerifyRsa(const KeyMaterial& key, const RsaSignSpec& spec, std::span<const uint8_t> signature,
               std::span<const uint8_t> data);

// OperationError with one text for all that can be wrong with a ciphertext.
Result<SecretBytes> RunOaep(const KeyMaterial& key, bool encrypt, HashId hash,
                            std::span<const uint8_t> label, std::span<const uint8_t> data);

}  // namespace rt
