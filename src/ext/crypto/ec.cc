// See the header.
#include "src/ext/crypto/ec.h"

#include <openssl/core_names.h>
#include <openssl/obj_mac.h>

namespace rt {
namespace {

struct Curve {
  int nid;
  const char* name;
  size_t size;  // of a coordinate, in bytes
};

const Curve& Of(PairKind kind) {
  static constexpr Curve kCurves[] = {
      {NID_X9_62_prime256v1, "prime256v1", 32},
      {NID_secp384r1, "secp384r1", 48},
      {NID_secp521r1, "secp521r1", 66},
  };
  return kCurves[static_cast<size_t>(kind) - static_cast<size_t>(PairKind::kP256)];
}

Error BadKey() {
  return DataError("The key data is not a valid elliptic curve key");
}

// A key from a public point and, for a private key, its number. Null: they make none.
PkeyPtr Build(PairKind kind, std::span<const uint8_t> point, const BIGNUM* d) {
  const ParamBuilderPtr builder(OSSL_PARAM_BLD_new());
  if (!builder ||
      OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, Of(kind).name,
                                      0) != 1 ||
      OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(),
                                       point.size()) != 1 ||
      (d != nullptr && OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_PRIV_KEY, d) != 1)) {
    return nullptr;
  }
  const ParamsPtr params(OSSL_PARAM_BLD_to_param(builder.get()));
  const PkeyCtxPtr maker(EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr));
  EVP_PKEY* made = nullptr;
  if (!params || !maker || EVP_PKEY_fromdata_init(maker.get()) != 1 ||
      EVP_PKEY_fromdata(maker.get(), &made, d ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY,
                        params.get()) != 1) {
    return nullptr;
  }
  PkeyPtr pkey(made);
  // On the curve and not its zero; these curves have no smaller subgroups.
  const PkeyCtxPtr check(EVP_PKEY_CTX_new_from_pkey(nullptr, pkey.get(), nullptr));
  if (!check || EVP_PKEY_public_check_quick(check.get()) != 1) return nullptr;
  if (d &&
      (EVP_PKEY_private_check(check.get()) != 1 || EVP_PKEY_pairwise_check(check.get()) != 1)) {
    return nullptr;
  }
  return pkey;
}

// x and y, each of the curve's size.
bool Coordinates(PairKind kind, EVP_PKEY* pkey, Bytes& x, Bytes& y) {
  const auto take = [&](const char* name, Bytes& out) {
    BIGNUM* number = nullptr;
    if (EVP_PKEY_get_bn_param(pkey, name, &number) != 1) return false;
    const BnPtr owned(number);
    out = Bytes::Allocate(Of(kind).size);
    return BN_bn2binpad(number, out.data(), static_cast<int>(out.size())) >= 0;
  };
  return take(OSSL_PKEY_PARAM_EC_PUB_X, x) && take(OSSL_PKEY_PARAM_EC_PUB_Y, y);
}

Bytes Uncompressed(std::span<const uint8_t> x, std::span<const uint8_t> y) {
  Bytes point = Bytes::Allocate(1 + x.size() + y.size());
  point.data()[0] = 4;
  memcpy(point.data() + 1, x.data(), x.size());
  memcpy(point.data() + 1 + x.size(), y.data(), y.size());
  return point;
}

BnPtr PrivateNumber(EVP_PKEY* pkey) {
  BIGNUM* number = nullptr;
  EVP_PKEY_get_bn_param(pkey, OSSL_PKEY_PARAM_PRIV_KEY, &number);
  return BnPtr(number);
}

}  // namespace

int CurveNid(PairKind kind) {
  return Of(kind).nid;
}

Result<KeyRef> GenerateEc(PairKind kind) {
  const ErrorQueueScope errors;
  PkeyPtr pkey(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", Of(kind).name));
  if (!pkey) return OperationError("The key could not be generated");
  return MakeKey(std::move(pkey));
}

Result<KeyRef> ImportEcPoint(PairKind kind, std::span<const uint8_t> point) {
  const ErrorQueueScope errors;
  const size_t size = Of(kind).size;
  const bool has_form =
      !point.empty() && ((point[0] == 4 && point.size() == 1 + 2 * size) ||
                         ((point[0] == 2 || point[0] == 3) && point.size() == 1 + size));
  PkeyPtr pkey = has_form ? Build(kind, point, nullptr) : nullptr;
  if (!pkey) return BadKey();
  return CheckEc(kind, std::move(pkey), false);
}

Result<KeyRef> ImportEcParts(PairKind kind, std::span<const uint8_t> x, std::span<const uint8_t> y,
                             std::span<const uint8_t> d) {
  const ErrorQueueScope errors;
  const size_t size = Of(kind).size;
  if (x.size() != size || y.size() != size || (!d.empty() && d.size() != size)) return BadKey();
  BnPtr number;
  if (!d.empty()) {
    number.reset(BN_secure_new());
    if (!number || !BN_bin2bn(d.data(), static_cast<int>(d.size()), number.get())) return BadKey();
  }
  PkeyPtr pkey = Build(kind, Uncompressed(x, y).span(), number.get());
  if (!pkey) return BadKey();
  return MakeKey(std::move(pkey));
}

Result<KeyRef> CheckEc(PairKind kind, PkeyPtr pkey, bool is_private) {
  const ErrorQueueScope errors;
  char group[64];
  Bytes x;
  Bytes y;
  if (!EVP_PKEY_is_a(pkey.get(), "EC") ||
      EVP_PKEY_get_utf8_string_param(pkey.get(), OSSL_PKEY_PARAM_GROUP_NAME, group, sizeof group,
                                     nullptr) != 1 ||
      OBJ_sn2nid(group) != CurveNid(kind) || !Coordinates(kind, pkey.get(), x, y)) {
    return BadKey();
  }
  BnPtr number = is_private ? PrivateNumber(pkey.get()) : nullptr;
  if (is_private && !number) return BadKey();
  PkeyPtr made = Build(kind, Uncompressed(x.span(), y.span()).span(), number.get());
  if (!made) return BadKey();
  return MakeKey(std::move(made));
}

Result<Bytes> ExportEcPoint(const KeyMaterial& key) {
  const ErrorQueueScope errors;
  uint8_t* point = nullptr;
  const size_t size = EVP_PKEY_get1_encoded_public_key(key.pkey(), &point);
  if (size == 0) return OperationError("The key could not be exported");
  Bytes out = Bytes::Copy({reinterpret_cast<const char*>(point), size});
  OPENSSL_free(point);
  return out;
}

Result<std::vector<Bytes>> ExportEcParts(PairKind kind, const KeyMaterial& key, bool is_private) {
  const ErrorQueueScope errors;
  std::vector<Bytes> parts(2);
  if (!Coordinates(kind, key.pkey(), parts[0], parts[1])) {
    return OperationError("The key could not be exported");
  }
  if (is_private) {
    const BnPtr number = PrivateNumber(key.pkey());
    parts.push_back(Bytes::Allocate(Of(kind).size));
    if (!number ||
        BN_bn2binpad(number.get(), parts[2].data(), static_cast<int>(parts[2].size())) < 0) {
      return OperationError("The key could not be exported");
    }
  }
  return parts;
}

Result<Bytes> SignEcdsa(PairKind kind, const KeyMaterial& key, HashId hash,
                        std::span<const uint8_t> data) {
  const ErrorQueueScope errors;
  const MdCtxPtr context(EVP_MD_CTX_new());
  std::array<uint8_t, 160> der;
  size_t size = der.size();
  if (!context ||
      EVP_DigestSignInit_ex(context.get(), nullptr, MdNameOf(hash), nullptr, nullptr, key.pkey(),
                            nullptr) != 1 ||
      EVP_DigestSign(context.get(), der.data(), &size, data.data(), data.size()) != 1) {
    return OperationError("Signing failed");
  }
  const uint8_t* at = der.data();
  const EcdsaSigPtr signature(d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(size)));
  const int half = static_cast<int>(Of(kind).size);
  Bytes out = Bytes::Allocate(2 * Of(kind).size);
  if (!signature || BN_bn2binpad(ECDSA_SIG_get0_r(signature.get()), out.data(), half) < 0 ||
      BN_bn2binpad(ECDSA_SIG_get0_s(signature.get()), out.data() + half, half) < 0) {
    return OperationError("Signing failed");
  }
  return out;
}

bool VerifyEcdsa(PairKind kind, const KeyMaterial& key, HashId hash,
                 std::span<const uint8_t> signature, std::span<const uint8_t> data) {
  const ErrorQueueScope errors;
  const size_t half = Of(kind).size;
  if (signature.size() != 2 * half) return false;
  const EcdsaSigPtr numbers(ECDSA_SIG_new());
  BnPtr r(BN_bin2bn(signature.data(), static_cast<int>(half), nullptr));
  BnPtr s(BN_bin2bn(signature.data() + half, static_cast<int>(half), nullptr));
  if (!numbers || !r || !s || ECDSA_SIG_set0(numbers.get(), r.get(), s.get()) != 1) return false;
  (void)r.release();
  (void)s.release();
  uint8_t* der = nullptr;
  const int size = i2d_ECDSA_SIG(numbers.get(), &der);
  if (size <= 0) return false;
  const MdCtxPtr context(EVP_MD_CTX_new());
  const bool ok = context &&
                  EVP_DigestVerifyInit_ex(context.get(), nullptr, MdNameOf(hash), nullptr, nullptr,
                                          key.pkey(), nullptr) == 1 &&
                  EVP_DigestVerify(context.get(), der, static_cast<size_t>(size), data.data(),
                                   data.size()) == 1;
  OPENSSL_free(der);
  return ok;
}

Result<SecretBytes> Agree(const KeyMaterial& own, const KeyMaterial& peer) {
  const ErrorQueueScope errors;
  const PkeyCtxPtr context(EVP_PKEY_CTX_new_from_pkey(nullptr, own.pkey(), nullptr));
  size_t size = 0;
  if (!context || EVP_PKEY_derive_init(context.get()) != 1 ||
      EVP_PKEY_derive_set_peer(context.get(), peer.pkey()) != 1 ||
      EVP_PKEY_derive(context.get(), nullptr, &size) != 1) {
    return OperationError("The keys have no shared secret");
  }
  SecretBytes out = SecretBytes::Allocate(size);
  if (!out || EVP_PKEY_derive(context.get(), out.data(), &size) != 1 || size != out.size()) {
    return OperationError("The keys have no shared secret");
  }
  // RFC 7748 section 6: a peer's point of small order gives zeros, whoever owns the other key.
  static constexpr uint8_t kZeros[66] = {};
  if (CRYPTO_memcmp(out.data(), kZeros, std::min(size, sizeof kZeros)) == 0) {
    return OperationError("The keys have no shared secret");
  }
  return out;
}

}  // namespace rt
