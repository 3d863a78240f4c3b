// See the header.
#include "src/ext/crypto/akp.h"

#include <openssl/rand.h>

extern "C" {
#include <crypto_kem/ml-kem-1024/clean/api.h>
#include <crypto_kem/ml-kem-512/clean/api.h>
#include <crypto_kem/ml-kem-768/clean/api.h>
#include <crypto_sign/ml-dsa-44/clean/api.h>
#include <crypto_sign/ml-dsa-65/clean/api.h>
#include <crypto_sign/ml-dsa-87/clean/api.h>
}

#include <algorithm>

#include "src/base/check.h"

namespace {

// What the next call for random bytes on this thread gets instead: PQClean makes a key of a seed
// only by asking for random bytes.
thread_local std::span<const uint8_t> next_random;

}  // namespace

extern "C" int PQCLEAN_randombytes(uint8_t* output, size_t size) {
  if (!next_random.empty()) {
    RT_CHECK(next_random.size() == size);
    std::copy(next_random.begin(), next_random.end(), output);
    next_random = {};
    return 0;
  }
  // PQClean does not look at the result.
  RT_CHECK(RAND_priv_bytes(output, static_cast<int>(size)) == 1);
  return 0;
}

namespace rt {
namespace {

struct Scheme {
  const char* oid;
  size_t seed_size;
  size_t public_size;
  size_t expanded_size;
  size_t output_size;  // of a ciphertext or signature
  int (*make)(uint8_t* public_key, uint8_t* expanded);
  int (*encapsulate)(uint8_t* ciphertext, uint8_t* secret, const uint8_t* public_key);
  int (*decapsulate)(uint8_t* secret, const uint8_t* ciphertext, const uint8_t* expanded);
  int (*sign)(uint8_t* signature, size_t* size, const uint8_t* message, size_t message_size,
              const uint8_t* context, size_t context_size, const uint8_t* expanded);
  int (*verify)(const uint8_t* signature, size_t size, const uint8_t* message, size_t message_size,
                const uint8_t* context, size_t context_size, const uint8_t* public_key);
};

#define RT_ML_KEM(name, oid)                                                                      \
  Scheme {                                                                                        \
    oid, 64, PQCLEAN_##name##_CLEAN_CRYPTO_PUBLICKEYBYTES,                                        \
        PQCLEAN_##name##_CLEAN_CRYPTO_SECRETKEYBYTES,                                             \
        PQCLEAN_##name##_CLEAN_CRYPTO_CIPHERTEXTBYTES, PQCLEAN_##name##_CLEAN_crypto_kem_keypair, \
        PQCLEAN_##name##_CLEAN_crypto_kem_enc, PQCLEAN_##name##_CLEAN_crypto_kem_dec, nullptr,    \
        nullptr                                                                                   \
  }
#define RT_ML_DSA(name, oid)                                                               \
  Scheme {                                                                                 \
    oid, 32, PQCLEAN_##name##_CLEAN_CRYPTO_PUBLICKEYBYTES,                                 \
        PQCLEAN_##name##_CLEAN_CRYPTO_SECRETKEYBYTES, PQCLEAN_##name##_CLEAN_CRYPTO_BYTES, \
        PQCLEAN_##name##_CLEAN_crypto_sign_keypair, nullptr, nullptr,                      \
        PQCLEAN_##name##_CLEAN_crypto_sign_signature_ctx,                                  \
        PQCLEAN_##name##_CLEAN_crypto_sign_verify_ctx                                      \
  }

const Scheme& Of(AkpKind kind) {
  static constexpr Scheme kSchemes[] = {
      RT_ML_KEM(MLKEM512, "2.16.840.1.101.3.4.4.1"),  RT_ML_KEM(MLKEM768, "2.16.840.1.101.3.4.4.2"),
      RT_ML_KEM(MLKEM1024, "2.16.840.1.101.3.4.4.3"), RT_ML_DSA(MLDSA44, "2.16.840.1.101.3.4.3.17"),
      RT_ML_DSA(MLDSA65, "2.16.840.1.101.3.4.3.18"),  RT_ML_DSA(MLDSA87, "2.16.840.1.101.3.4.3.19"),
  };
  return kSchemes[static_cast<size_t>(kind)];
}

constexpr size_t kSharedSecretSize = 32;

Error BadKey() {
  return DataError("The key data is not a valid key of the algorithm");
}

Error NoMemory() {
  return OperationError("Not enough memory for a key");
}

KeyRef Make(AkpKey key) {
  return std::make_shared<KeyMaterial>(std::move(key));
}

// Whether an AlgorithmIdentifier is exactly that of the kind: it has no parameters.
bool IsAlgorithm(AkpKind kind, const X509_ALGOR* algorithm) {
  const ASN1_OBJECT* object = nullptr;
  int type = V_ASN1_UNDEF;
  X509_ALGOR_get0(&object, &type, nullptr, algorithm);
  char oid[64];
  return type == V_ASN1_UNDEF && OBJ_obj2txt(oid, sizeof oid, object, 1) > 0 &&
         std::string_view(oid) == Of(kind).oid;
}

// The 12-bit numbers of an encapsulation key must be reduced (FIPS 203, section 7.2).
bool IsReduced(std::span<const uint8_t> key) {
  constexpr unsigned kPrime = 3329;
  const std::span<const uint8_t> numbers = key.first(key.size() - 32);
  for (size_t i = 0; i + 3 <= numbers.size(); i += 3) {
    const unsigned first = numbers[i] | (numbers[i + 1] & 0xfU) << 8;
    const unsigned second = static_cast<unsigned>(numbers[i + 1] >> 4 | numbers[i + 2] << 4);
    if (first >= kPrime || second >= kPrime) return false;
  }
  return true;
}

// Takes a DER element with this tag off the front of `der`: its contents, or nothing if it is not
// one.
std::optional<std::span<const uint8_t>> TakeElement(uint8_t tag, std::span<const uint8_t>* der) {
  if (der->size() < 2 || (*der)[0] != tag) return std::nullopt;
  size_t size = (*der)[1];
  size_t head = 2;
  if (size >= 0x80) {
    const size_t digits = size & 0x7f;
    if (digits < 1 || digits > 2 || der->size() < 2 + digits) return std::nullopt;
    size = 0;
    for (size_t i = 0; i < digits; ++i) size = size << 8 | (*der)[2 + i];
    // DER: the shortest form only.
    if (size < 0x80 || (digits == 2 && size < 0x100)) return std::nullopt;
    head += digits;
  }
  if (der->size() - head < size) return std::nullopt;
  const std::span<const uint8_t> contents = der->subspan(head, size);
  *der = der->subspan(head + size);
  return contents;
}

constexpr uint8_t kOctetString = 0x04;
constexpr uint8_t kSequence = 0x30;
constexpr uint8_t kSeed = 0x80;  // [0] IMPLICIT OCTET STRING

// CHOICE { seed [0], expandedKey OCTET STRING, both SEQUENCE { seed, expandedKey } }
Result<KeyRef> ParsePrivateKey(AkpKind kind, std::span<const uint8_t> der) {
  if (const auto seed = TakeElement(kSeed, &der); seed && der.empty()) {
    return ImportAkpSeed(kind, *seed);
  }
  if (const auto expanded = TakeElement(kOctetString, &der); expanded && der.empty()) {
    if (expanded->size() != Of(kind).expanded_size) return BadKey();
    return Error::Dom("NotSupportedError", "A private key without its seed is not supported");
  }
  auto both = TakeElement(kSequence, &der);
  if (!both || !der.empty()) return BadKey();
  const auto seed = TakeElement(kOctetString, &*both);
  const auto expanded = TakeElement(kOctetString, &*both);
  if (!seed || !expanded || !both->empty()) return BadKey();
  RT_TRY(KeyRef key, ImportAkpSeed(kind, *seed));
  const std::span<const uint8_t> made = key->akp()->expanded.span();
  if (made.size() != expanded->size() ||
      CRYPTO_memcmp(made.data(), expanded->data(), made.size()) != 0) {
    return BadKey();
  }
  return key;
}

struct ObjectFree {
  void operator()(ASN1_OBJECT* object) const { ASN1_OBJECT_free(object); }
};
using ObjectPtr = std::unique_ptr<ASN1_OBJECT, ObjectFree>;

Error NoExport() {
  return OperationError("The key could not be exported");
}

}  // namespace

Result<KeyRef> GenerateAkp(AkpKind kind) {
  SecretBytes seed = SecretBytes::Allocate(Of(kind).seed_size);
  if (!seed) return NoMemory();
  if (RAND_priv_bytes(seed.data(), static_cast<int>(seed.size())) != 1) {
    return OperationError("The key could not be generated");
  }
  return ImportAkpSeed(kind, seed.span());
}

Result<KeyRef> ImportAkpSeed(AkpKind kind, std::span<const uint8_t> seed) {
  const Scheme& scheme = Of(kind);
  if (seed.size() != scheme.seed_size) return BadKey();
  AkpKey key{.kind = kind,
             .seed = SecretBytes::Copy(seed),
             .expanded = SecretBytes::Allocate(scheme.expanded_size),
             .public_bytes = Bytes::Allocate(scheme.public_size)};
  if (!key.seed || !key.expanded) return NoMemory();
  next_random = key.seed.span();
  const int failed = scheme.make(key.public_bytes.data(), key.expanded.data());
  RT_CHECK(next_random.empty());
  if (failed != 0) return OperationError("The key could not be generated");
  return Make(std::move(key));
}

Result<KeyRef> ImportAkpPublic(AkpKind kind, std::span<const uint8_t> bytes) {
  if (bytes.size() != Of(kind).public_size) return BadKey();
  if (IsKem(kind) && !IsReduced(bytes)) return BadKey();
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  return Make(AkpKey{.kind = kind, .seed = {}, .expanded = {}, .public_bytes = Bytes::Copy(text)});
}

Result<KeyRef> ParseAkpSpki(AkpKind kind, std::span<const uint8_t> der) {
  const ErrorQueueScope errors;
  const uint8_t* at = der.data();
  const SpkiPtr spki(d2i_X509_PUBKEY(nullptr, &at, static_cast<long>(der.size())));
  if (!spki || at != der.data() + der.size()) return BadKey();
  X509_ALGOR* algorithm = nullptr;
  const uint8_t* bytes = nullptr;
  int size = 0;
  if (X509_PUBKEY_get0_param(nullptr, &bytes, &size, &algorithm, spki.get()) != 1 ||
      !IsAlgorithm(kind, algorithm)) {
    return DataError("The SPKI key is not of the algorithm");
  }
  return ImportAkpPublic(kind, {bytes, static_cast<size_t>(size)});
}

Result<KeyRef> ParseAkpPkcs8(AkpKind kind, std::span<const uint8_t> der) {
  const ErrorQueueScope errors;
  const uint8_t* at = der.data();
  const Pkcs8Ptr info(d2i_PKCS8_PRIV_KEY_INFO(nullptr, &at, static_cast<long>(der.size())));
  if (!info || at != der.data() + der.size()) return BadKey();
  const X509_ALGOR* algorithm = nullptr;
  const uint8_t* bytes = nullptr;
  int size = 0;
  if (PKCS8_pkey_get0(nullptr, &bytes, &size, &algorithm, info.get()) != 1 ||
      !IsAlgorithm(kind, algorithm)) {
    return DataError("The PKCS #8 key is not of the algorithm");
  }
  return ParsePrivateKey(kind, {bytes, static_cast<size_t>(size)});
}

Result<Bytes> ExportAkpSpki(const AkpKey& key) {
  const ErrorQueueScope errors;
  const SpkiPtr spki(X509_PUBKEY_new());
  ObjectPtr object(OBJ_txt2obj(Of(key.kind).oid, 1));
  const std::span<const uint8_t> bytes = key.public_bytes.span();
  auto* copy = static_cast<uint8_t*>(OPENSSL_memdup(bytes.data(), bytes.size()));
  if (!spki || !object || copy == nullptr ||
      X509_PUBKEY_set0_param(spki.get(), object.get(), V_ASN1_UNDEF, nullptr, copy,
                             static_cast<int>(bytes.size())) != 1) {
    OPENSSL_free(copy);
    return NoExport();
  }
  (void)object.release();
  uint8_t* der = nullptr;
  const int size = i2d_X509_PUBKEY(spki.get(), &der);
  if (size <= 0) return NoExport();
  Bytes out = Bytes::Copy({reinterpret_cast<const char*>(der), static_cast<size_t>(size)});
  OPENSSL_free(der);
  return out;
}

Result<SecretBytes> ExportAkpPkcs8(const AkpKey& key) {
  const ErrorQueueScope errors;
  const Pkcs8Ptr info(PKCS8_PRIV_KEY_INFO_new());
  ObjectPtr object(OBJ_txt2obj(Of(key.kind).oid, 1));
  const size_t inner_size = 2 + key.seed.size();
  auto* inner = static_cast<uint8_t*>(OPENSSL_malloc(inner_size));
  if (inner != nullptr) {
    inner[0] = kSeed;
    inner[1] = static_cast<uint8_t>(key.seed.size());
    memcpy(inner + 2, key.seed.data(), key.seed.size());
  }
  if (!info || !object || inner == nullptr ||
      PKCS8_pkey_set0(info.get(), object.get(), 0, V_ASN1_UNDEF, nullptr, inner,
                      static_cast<int>(inner_size)) != 1) {
    OPENSSL_clear_free(inner, inner_size);
    return NoExport();
  }
  (void)object.release();
  uint8_t* der = nullptr;
  const int size = i2d_PKCS8_PRIV_KEY_INFO(info.get(), &der);
  if (size <= 0) return NoExport();
  SecretBytes out = SecretBytes::Copy({der, static_cast<size_t>(size)});
  OPENSSL_clear_free(der, static_cast<size_t>(size));
  if (!out) return NoMemory();
  return out;
}

Result<KeyRef> AkpPublicHalf(const AkpKey& key) {
  return ImportAkpPublic(key.kind, key.public_bytes.span());
}

Result<Bytes> SignMlDsa(const AkpKey& key, std::span<const uint8_t> context,
                        std::span<const uint8_t> data) {
  const Scheme& scheme = Of(key.kind);
  size_t size = scheme.output_size;
  Bytes signature = Bytes::Allocate(size);
  if (scheme.sign(signature.data(), &size, data.data(), data.size(), context.data(), context.size(),
                  key.expanded.data()) != 0 ||
      size != signature.size()) {
    return OperationError("Signing failed");
  }
  return signature;
}

bool VerifyMlDsa(const AkpKey& key, std::span<const uint8_t> context,
                 std::span<const uint8_t> signature, std::span<const uint8_t> data) {
  const Scheme& scheme = Of(key.kind);
  return signature.size() == scheme.output_size &&
         scheme.verify(signature.data(), signature.size(), data.data(), data.size(), context.data(),
                       context.size(), key.public_bytes.data()) == 0;
}

Result<Encapsulated> Encapsulate(const AkpKey& key) {
  const Scheme& scheme = Of(key.kind);
  Encapsulated made{.secret = SecretBytes::Allocate(kSharedSecretSize),
                    .ciphertext = Bytes::Allocate(scheme.output_size)};
  if (!made.secret) return NoMemory();
  if (scheme.encapsulate(made.ciphertext.data(), made.secret.data(), key.public_bytes.data()) !=
      0) {
    return OperationError("The encapsulation failed");
  }
  return made;
}

Result<SecretBytes> Decapsulate(const AkpKey& key, std::span<const uint8_t> ciphertext) {
  const Scheme& scheme = Of(key.kind);
  if (ciphertext.size() != scheme.output_size) {
    return OperationError("The ciphertext has the wrong size");
  }
  SecretBytes secret = SecretBytes::Allocate(kSharedSecretSize);
  if (!secret) return NoMemory();
  if (scheme.decapsulate(secret.data(), ciphertext.data(), key.expanded.data()) != 0) {
    return OperationError("The decapsulation failed");
  }
  return secret;
}

}  // namespace rt
