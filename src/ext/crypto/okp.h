// Ed25519, X25519, Ed448 and X448 (RFC 8032, RFC 7748). Any thread. X25519 agreement is ec.h's.
#pragma once

#include <span>
#include <vector>

#include "src/base/bytes.h"
#include "src/base/result.h"
#include "src/ext/crypto/key_der.h"
#include "src/ext/crypto/key_material.h"

namespace rt {

Result<KeyRef> GenerateOkp(PairKind kind);
// DataError when the size is wrong.
Result<KeyRef> ImportOkpPublic(PairKind kind, std::span<const uint8_t> bytes);
// DataError also when `public_bytes`, unless it is empty, is not the private key's other half.
Result<KeyRef> ImportOkpPrivate(PairKind kind, std::span<const uint8_t> bytes,
                                std::span<const uint8_t> public_bytes);
Result<Bytes> ExportOkpPublic(const KeyMaterial& key);
Result<std::vector<Bytes>> ExportOkpParts(const KeyMaterial& key, bool is_private);  // x d

Result<Bytes> SignEddsa(const KeyMaterial& key, std::span<const uint8_t> data);
bool VerifyEddsa(PairKind kind, const KeyMaterial& key, std::span<const uint8_t> signature,
                 std::span<const uint8_t> data);

}  // namespace rt
