// SubjectPublicKeyInfo and PrivateKeyInfo (RFC 5280, RFC 5208): what all key pairs share. Any
// thread. Must never accept bytes after the structure, nor parameters that name no curve.
#pragma once

#include <span>

#include "src/base/bytes.h"
#include "src/base/result.h"
#include "src/ext/crypto/key_material.h"

namespace rt {

// The numbers js/ext/crypto uses for kinds of key pairs.
enum class PairKind : uint8_t {
  kRsa,
  kP256,
  kP384,
  kP521,
  kEd25519,
  kX25519,
  kEd448,
  kX448,
};
inline constexpr uint32_t kPairKindCount = 8;
inline bool IsEc(PairKind kind) {
  return kind >= PairKind::kP256 && kind <= PairKind::kP521;
}
inline bool IsOkp(PairKind kind) {
  return kind >= PairKind::kEd25519;
}

// DataError when the bytes are no such key. The key was checked: points are on their curve, the
// halves of a private key belong together.
Result<KeyRef> ParseSpki(PairKind kind, std::span<const uint8_t> der);
Result<KeyRef> ParsePkcs8(PairKind kind, std::span<const uint8_t> der);

// OperationError when OpenSSL fails.
Result<Bytes> ExportSpki(const KeyMaterial& key);
Result<KeyRef> ExportPkcs8(const KeyMaterial& key);  // the bytes are the secret()

// The public half.
Result<KeyRef> PublicHalf(const KeyMaterial& key);

}  // namespace rt
