// What is behind a CryptoKey of ML-KEM or ML-DSA: the seed of FIPS 203 and FIPS 204, and what
// follows from it. JSON Web Keys call such keys AKP, algorithm key pairs. Nothing else.
#pragma once

#include <cstdint>

#include "src/base/bytes.h"
#include "src/ext/crypto/secret_bytes.h"

namespace rt {

// The numbers js/ext/crypto/akp.js uses.
enum class AkpKind : uint8_t { kMlKem512, kMlKem768, kMlKem1024, kMlDsa44, kMlDsa65, kMlDsa87 };
inline constexpr uint32_t kAkpKindCount = 6;

inline bool IsKem(AkpKind kind) {
  return kind <= AkpKind::kMlKem1024;
}

struct AkpKey {
  AkpKind kind{};
  SecretBytes seed;      // without data() in a public key
  SecretBytes expanded;  // as well
  Bytes public_bytes;

  bool is_private() const { return static_cast<bool>(seed); }
};

}  // namespace rt
