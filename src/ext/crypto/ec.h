// Elliptic curves P-256, P-384 and P-521: keys, ECDSA (in IEEE P1363 form), ECDH. Any thread. Must
// never use a point that is not on its curve.
#pragma once

#include <span>
#include <vector>

#include "src/base/bytes.h"
#include "src/base/result.h"
#include "src/ext/crypto/hashes.h"
#include "src/ext/crypto/key_der.h"
#include "src/ext/crypto/key_material.h"

namespace rt {

int CurveNid(PairKind kind);

Result<KeyRef> GenerateEc(PairKind kind);

// From an octet string of SEC 1, compressed or not; DataError for what is no point of the curve.
Result<KeyRef> ImportEcPoint(PairKind kind, std::span<const uint8_t> point);

// From the members of a JWK, which have the curve's size; `d` may be empty. DataError if they do
// not belong together.
Result<KeyRef> ImportEcParts(PairKind kind, std::span<const uint8_t> x, std::span<const uint8_t> y,
                             std::span<const uint8_t> d);
Result<Bytes> ExportEcPoint(const KeyMaterial& key);  // uncompressed
Result<std::vector<Bytes>> ExportEcParts(PairKind kind, const KeyMaterial& key,
                                         bool is_private);  // x y d

// DataError unless it is a key of the curve; made anew so that it exports uncompressed.
Result<KeyRef> CheckEc(PairKind kind, PkeyPtr pkey, bool is_private);

Result<Bytes> SignEcdsa(PairKind kind, const KeyMaterial& key, HashId hash,
                        std::span<const uint8_t> data);
bool VerifyEcdsa(PairKind kind, const KeyMaterial& key, HashId hash,
                 std::span<const uint8_t> signature, std::span<const uint8_t> data);

// The shared secret of ECDH, X25519 and X448. OperationError when there is none: an X25519 secret
// of zeros is refused.
Result<SecretBytes> Agree(const KeyMaterial& own, const KeyMaterial& peer);

}  // namespace rt
