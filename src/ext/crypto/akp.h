// ML-KEM (FIPS 203) and ML-DSA (FIPS 204), by PQClean, and the outer forms of their keys (RFC 9881,
// draft-ietf-lamps-kyber-certificates). Any thread.
#pragma once

#include <span>

#include "src/base/bytes.h"
#include "src/base/result.h"
#include "src/ext/crypto/akp_key.h"
#include "src/ext/crypto/key_material.h"

namespace rt {

Result<KeyRef> GenerateAkp(AkpKind kind);

// DataError when the bytes are no such key. NotSupportedError for a PKCS #8 that has no seed, but
// only what was made of it: no seed can be had from that.
Result<KeyRef> ImportAkpSeed(AkpKind kind, std::span<const uint8_t> seed);
Result<KeyRef> ImportAkpPublic(AkpKind kind, std::span<const uint8_t> bytes);
Result<KeyRef> ParseAkpSpki(AkpKind kind, std::span<const uint8_t> der);
Result<KeyRef> ParseAkpPkcs8(AkpKind kind, std::span<const uint8_t> der);

// Of either half; the other one of a private key only.
Result<Bytes> ExportAkpSpki(const AkpKey& key);
Result<SecretBytes> ExportAkpPkcs8(const AkpKey& key);
Result<KeyRef> AkpPublicHalf(const AkpKey& key);

// ML-DSA, hedged. A context has at most 255 bytes.
Result<Bytes> SignMlDsa(const AkpKey& key, std::span<const uint8_t> context,
                        std::span<const uint8_t> data);
bool VerifyMlDsa(const AkpKey& key, std::span<const uint8_t> context,
                 std::span<const uint8_t> signature, std::span<const uint8_t> data);

// ML-KEM. A ciphertext of the right size that was not made for the key gives another secret, as
// FIPS 203 has it; one of another size an OperationError.
struct Encapsulated {
  SecretBytes secret;
  Bytes ciphertext;
};
Result<Encapsulated> Encapsulate(const AkpKey& key);
Result<SecretBytes> Decapsulate(const AkpKey& key, std::span<const uint8_t> ciphertext);

}  // namespace rt
