// KeyMaterial: the key behind a CryptoKey, immutable, belonging to no isolate: jobs on the pool and
// clones in other runtimes share it. Gone, and wiped, with the last of them.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <utility>

#include "src/base/result.h"
#include "src/ext/crypto/akp_key.h"
#include "src/ext/crypto/crypto_ptr.h"
#include "src/ext/crypto/secret_bytes.h"

namespace rt {

class KeyMaterial {
 public:
  explicit KeyMaterial(SecretBytes secret) : secret_(std::move(secret)) {}
  explicit KeyMaterial(PkeyPtr pkey) : pkey_(std::move(pkey)) {}
  explicit KeyMaterial(AkpKey akp) : akp_(std::move(akp)) {}

  // Of a secret key. Empty for key pairs.
  std::span<const uint8_t> secret() const { return secret_.span(); }
  // Of a public or private key. May be used by several threads at once; null for secret keys.
  EVP_PKEY* pkey() const { return pkey_.get(); }
  // Of those that OpenSSL does not know; null for all others.
  const AkpKey* akp() const { return akp_ ? &*akp_ : nullptr; }

 private:
  SecretBytes secret_;
  PkeyPtr pkey_;
  std::optional<AkpKey> akp_;
};

using KeyRef = std::shared_ptr<const KeyMaterial>;

// OperationError when there is no memory.
inline Result<KeyRef> MakeSecretKey(SecretBytes secret) {
  if (!secret) return OperationError("Not enough memory for a key");
  return KeyRef(std::make_shared<KeyMaterial>(std::move(secret)));
}
inline KeyRef MakeKey(PkeyPtr pkey) {
  return std::make_shared<KeyMaterial>(std::move(pkey));
}

}  // namespace rt
