// See the header.
#include "src/ext/crypto/key_der.h"

#include <openssl/obj_mac.h>

#include "src/ext/crypto/ec.h"
#include "src/ext/crypto/okp.h"
#include "src/ext/crypto/rsa.h"

namespace rt {
namespace {

int AlgorithmNid(PairKind kind) {
  switch (kind) {
    case PairKind::kRsa:
      return NID_rsaEncryption;
    case PairKind::kEd25519:
      return NID_ED25519;
    case PairKind::kX25519:
      return NID_X25519;
    case PairKind::kEd448:
      return NID_ED448;
    case PairKind::kX448:
      return NID_X448;
    default:
      return NID_X9_62_id_ecPublicKey;
  }
}

// Whether an AlgorithmIdentifier is exactly that of the kind. The parameters of an EC key must be
// the curve's name: explicit ones would let a forger choose the generator.
bool IsAlgorithm(PairKind kind, const X509_ALGOR* algorithm) {
  const ASN1_OBJECT* object = nullptr;
  int type = V_ASN1_UNDEF;
  const void* value = nullptr;
  X509_ALGOR_get0(&object, &type, &value, algorithm);
  if (OBJ_obj2nid(object) != AlgorithmNid(kind)) return false;
  if (IsEc(kind)) {
    return type == V_ASN1_OBJECT &&
           OBJ_obj2nid(static_cast<const ASN1_OBJECT*>(value)) == CurveNid(kind);
  }
  if (IsOkp(kind)) return type == V_ASN1_UNDEF;
  return true;
}

Error BadKey(const char* what) {
  return DataError(std::string("The key data is not a valid ") + what + " key");
}

Result<KeyRef> Checked(PairKind kind, PkeyPtr pkey, bool is_private) {
  if (kind == PairKind::kRsa) return CheckRsa(std::move(pkey), is_private);
  if (IsEc(kind)) return CheckEc(kind, std::move(pkey), is_private);
  return MakeKey(std::move(pkey));
}

}  // namespace

Result<KeyRef> ParseSpki(PairKind kind, std::span<const uint8_t> der) {
  const ErrorQueueScope errors;
  const uint8_t* at = der.data();
  const SpkiPtr spki(d2i_X509_PUBKEY(nullptr, &at, static_cast<long>(der.size())));
  if (!spki || at != der.data() + der.size()) return BadKey("SPKI");
  X509_ALGOR* algorithm = nullptr;
  if (X509_PUBKEY_get0_param(nullptr, nullptr, nullptr, &algorithm, spki.get()) != 1 ||
      !IsAlgorithm(kind, algorithm)) {
    return DataError("The SPKI key is not of the algorithm");
  }
  PkeyPtr pkey(X509_PUBKEY_get(spki.get()));
  if (!pkey) return BadKey("SPKI");
  return Checked(kind, std::move(pkey), false);
}

Result<KeyRef> ParsePkcs8(PairKind kind, std::span<const uint8_t> der) {
  const ErrorQueueScope errors;
  const uint8_t* at = der.data();
  const Pkcs8Ptr info(d2i_PKCS8_PRIV_KEY_INFO(nullptr, &at, static_cast<long>(der.size())));
  if (!info || at != der.data() + der.size()) return BadKey("PKCS #8");
  const X509_ALGOR* algorithm = nullptr;
  if (PKCS8_pkey_get0(nullptr, nullptr, nullptr, &algorithm, info.get()) != 1 ||
      !IsAlgorithm(kind, algorithm)) {
    return DataError("The PKCS #8 key is not of the algorithm");
  }
  PkeyPtr pkey(EVP_PKCS82PKEY(info.get()));
  if (!pkey) return BadKey("PKCS #8");
  return Checked(kind, std::move(pkey), true);
}

Result<Bytes> ExportSpki(const KeyMaterial& key) {
  const ErrorQueueScope errors;
  uint8_t* der = nullptr;
  const int size = i2d_PUBKEY(key.pkey(), &der);
  if (size <= 0) return OperationError("The key could not be exported");
  Bytes out = Bytes::Copy({reinterpret_cast<const char*>(der), static_cast<size_t>(size)});
  OPENSSL_free(der);
  return out;
}

Result<KeyRef> ExportPkcs8(const KeyMaterial& key) {
  const ErrorQueueScope errors;
  const Pkcs8Ptr info(EVP_PKEY2PKCS8(key.pkey()));
  uint8_t* der = nullptr;
  const int size = info ? i2d_PKCS8_PRIV_KEY_INFO(info.get(), &der) : 0;
  if (size <= 0) return OperationError("The key could not be exported");
  SecretBytes out = SecretBytes::Copy({der, static_cast<size_t>(size)});
  OPENSSL_clear_free(der, static_cast<size_t>(size));
  return MakeSecretKey(std::move(out));
}

Result<KeyRef> PublicHalf(const KeyMaterial& key) {
  const ErrorQueueScope errors;
  RT_TRY(const Bytes der, ExportSpki(key));
  const uint8_t* at = der.data();
  PkeyPtr pkey(d2i_PUBKEY(nullptr, &at, static_cast<long>(der.size())));
  if (!pkey) return OperationError("The public key could not be made");
  return MakeKey(std::move(pkey));
}

}  // namespace rt
