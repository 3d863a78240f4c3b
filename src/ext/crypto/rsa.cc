// See the header.
#include "src/ext/crypto/rsa.h"

#include <openssl/core_names.h>
#include <openssl/rsa.h>

namespace rt {
namespace {

constexpr int kMaxModulusBits = OPENSSL_RSA_MAX_MODULUS_BITS;
constexpr const char* kPartNames[kRsaPrivateParts] = {
    OSSL_PKEY_PARAM_RSA_N,         OSSL_PKEY_PARAM_RSA_E,
    OSSL_PKEY_PARAM_RSA_D,         OSSL_PKEY_PARAM_RSA_FACTOR1,
    OSSL_PKEY_PARAM_RSA_FACTOR2,   OSSL_PKEY_PARAM_RSA_EXPONENT1,
    OSSL_PKEY_PARAM_RSA_EXPONENT2, OSSL_PKEY_PARAM_RSA_COEFFICIENT1,
};
enum Part { kN, kE, kD, kP, kQ, kDp, kDq, kQi };

using Numbers = std::array<BnPtr, kRsaPrivateParts>;

Error BadKey() {
  return DataError("The key data is not a valid RSA key");
}

bool HasNumbers(const Numbers& numbers, size_t count) {
  for (size_t i = 0; i < count; ++i) {
    if (!numbers[i]) return false;
  }
  return true;
}

bool IsPublicKey(const BIGNUM* n, const BIGNUM* e) {
  const int bits = BN_num_bits(n);
  return bits >= 16 && bits <= kMaxModulusBits && BN_is_odd(n) && BN_is_odd(e) && !BN_is_one(e) &&
         BN_cmp(e, n) < 0;
}

// Whether a * b == 1 (mod m).
bool IsInverse(const BIGNUM* a, const BIGNUM* b, const BIGNUM* m, BN_CTX* context) {
  const BnPtr product(BN_secure_new());
  return product && BN_mod_mul(product.get(), a, b, m, context) == 1 && BN_is_one(product.get());
}

bool IsPrivateKey(const Numbers& k) {
  const BnCtxPtr context(BN_CTX_new());
  const BnPtr product(BN_secure_new());
  if (!context || !product) return false;
  if (BN_is_one(k[kP].get()) || BN_is_one(k[kQ].get()) || !BN_is_odd(k[kP].get()) ||
      !BN_is_odd(k[kQ].get()) ||
      BN_mul(product.get(), k[kP].get(), k[kQ].get(), context.get()) != 1 ||
      BN_cmp(product.get(), k[kN].get()) != 0) {
    return false;
  }
  for (const auto& [prime, exponent] : {std::pair{kP, kDp}, std::pair{kQ, kDq}}) {
    const BnPtr less(BN_dup(k[prime].get()));
    const BnPtr rest(BN_secure_new());
    if (!less || !rest || BN_sub_word(less.get(), 1) != 1) return false;
    BN_set_flags(less.get(), BN_FLG_CONSTTIME);
    // d*e == 1 and dp == d, both mod p-1.
    if (BN_mod(rest.get(), k[kD].get(), less.get(), context.get()) != 1 ||
        BN_cmp(rest.get(), k[exponent].get()) != 0 ||
        !IsInverse(k[kD].get(), k[kE].get(), less.get(), context.get())) {
      return false;
    }
  }
  return BN_cmp(k[kQi].get(), k[kP].get()) < 0 &&
         IsInverse(k[kQi].get(), k[kQ].get(), k[kP].get(), context.get());
}

bool TakeNumbers(EVP_PKEY* pkey, Numbers& numbers, size_t count) {
  for (size_t i = 0; i < count; ++i) {
    BIGNUM* number = nullptr;
    if (EVP_PKEY_get_bn_param(pkey, kPartNames[i], &number) != 1) return false;
    numbers[i].reset(number);
  }
  return true;
}

Bytes ToBytes(const BIGNUM* number) {
  Bytes out = Bytes::Allocate(static_cast<size_t>(BN_num_bytes(number)));
  BN_bn2bin(number, out.data());
  return out;
}

// Sets padding and hash. A salt that cannot fit is refused: OpenSSL takes an int in which negative
// numbers mean something else.
bool Configure(EVP_PKEY_CTX* context, EVP_PKEY* pkey, const RsaSignSpec& spec) {
  if (!spec.pss) return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1;
  if (spec.salt_size > static_cast<uint32_t>(EVP_PKEY_get_size(pkey))) return false;
  return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1 &&
         EVP_PKEY_CTX_set_rsa_pss_saltlen(context, static_cast<int>(spec.salt_size)) == 1;
}

}  // namespace

Result<KeyRef> GenerateRsa(uint32_t modulus_bits, std::span<const uint8_t> public_exponent) {
  const ErrorQueueScope errors;
  BnPtr e(BN_bin2bn(public_exponent.data(), static_cast<int>(public_exponent.size()), nullptr));
  if (!e || !BN_is_odd(e.get()) || BN_is_one(e.get()) || BN_num_bits(e.get()) > 64) {
    return OperationError("The public exponent is not an odd number of 2 to 64 bits");
  }
  if (modulus_bits < 512 || modulus_bits > static_cast<uint32_t>(kMaxModulusBits)) {
    return OperationError("The modulus length is not from 512 to " +
                          std::to_string(kMaxModulusBits));
  }
  const PkeyCtxPtr context(EVP_PKEY_CTX_new_from_name(nullptr, "RSA", nullptr));
  EVP_PKEY* pkey = nullptr;
  if (!context || EVP_PKEY_keygen_init(context.get()) != 1 ||
      EVP_PKEY_CTX_set_rsa_keygen_bits(context.get(), static_cast<int>(modulus_bits)) != 1 ||
      EVP_PKEY_CTX_set1_rsa_keygen_pubexp(context.get(), e.get()) != 1 ||
      EVP_PKEY_generate(context.get(), &pkey) != 1) {
    return OperationError("The key could not be generated");
  }
  return MakeKey(PkeyPtr(pkey));
}

Result<KeyRef> ImportRsa(const RsaParts& parts) {
  const ErrorQueueScope errors;
  const size_t count = parts.size();
  if (count != kRsaPublicParts && count != kRsaPrivateParts) return BadKey();
  Numbers numbers;
  const ParamBuilderPtr builder(OSSL_PARAM_BLD_new());
  if (!builder) return BadKey();
  for (size_t i = 0; i < count; ++i) {
    if (parts[i].size() > kMaxModulusBits / 8 + 1) return BadKey();
    numbers[i].reset(i >= kD ? BN_secure_new() : BN_new());
    if (!numbers[i] ||
        !BN_bin2bn(parts[i].data(), static_cast<int>(parts[i].size()), numbers[i].get()) ||
        OSSL_PARAM_BLD_push_BN(builder.get(), kPartNames[i], numbers[i].get()) != 1) {
      return BadKey();
    }
  }
  const ParamsPtr params(OSSL_PARAM_BLD_to_param(builder.get()));
  const PkeyCtxPtr context(EVP_PKEY_CTX_new_from_name(nullptr, "RSA", nullptr));
  EVP_PKEY* made = nullptr;
  if (!params || !context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &made,
                        count == kRsaPrivateParts ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY,
                        params.get()) != 1) {
    return BadKey();
  }
  return CheckRsa(PkeyPtr(made), count == kRsaPrivateParts);
}

Result<KeyRef> CheckRsa(PkeyPtr pkey, bool is_private) {
  const ErrorQueueScope errors;
  Numbers numbers;
  const size_t count = is_private ? kRsaPrivateParts : kRsaPublicParts;
  if (!EVP_PKEY_is_a(pkey.get(), "RSA") || !TakeNumbers(pkey.get(), numbers, count) ||
      !HasNumbers(numbers, count) || !IsPublicKey(numbers[kN].get(), numbers[kE].get()) ||
      (is_private && !IsPrivateKey(numbers))) {
    return BadKey();
  }
  return MakeKey(std::move(pkey));
}

Result<RsaParts> ExportRsa(const KeyMaterial& key, bool is_private) {
  const ErrorQueueScope errors;
  Numbers numbers;
  const size_t count = is_private ? kRsaPrivateParts : kRsaPublicParts;
  if (!TakeNumbers(key.pkey(), numbers, count)) {
    return OperationError("The key could not be exported");
  }
  RsaParts parts;
  for (size_t i = 0; i < count; ++i) parts.push_back(ToBytes(numbers[i].get()));
  return parts;
}

Result<Bytes> SignRsa(const KeyMaterial& key, const RsaSignSpec& spec,
                      std::span<const uint8_t> data) {
  const ErrorQueueScope errors;
  const MdCtxPtr context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* parameters = nullptr;
  size_t size = static_cast<size_t>(EVP_PKEY_get_size(key.pkey()));
  Bytes out = Bytes::Allocate(size);
  if (!context ||
      EVP_DigestSignInit_ex(context.get(), &parameters, MdNameOf(spec.hash), nullptr, nullptr,
                            key.pkey(), nullptr) != 1 ||
      !Configure(parameters, key.pkey(), spec) ||
      EVP_DigestSign(context.get(), out.data(), &size, data.data(), data.size()) != 1) {
    return OperationError("Signing failed: the key is too small for the hash and salt");
  }
  return out.Slice(0, size);
}

bool VerifyRsa(const KeyMaterial& key, const RsaSignSpec& spec, std::span<const uint8_t> signature,
               std::span<const uint8_t> data) {
  const ErrorQueueScope errors;
  const MdCtxPtr context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* parameters = nullptr;
  return context &&
         EVP_DigestVerifyInit_ex(context.get(), &parameters, MdNameOf(spec.hash), nullptr, nullptr,
                                 key.pkey(), nullptr) == 1 &&
         Configure(parameters, key.pkey(), spec) &&
         EVP_DigestVerify(context.get(), signature.data(), signature.size(), data.data(),
                          data.size()) == 1;
}

Result<SecretBytes> RunOaep(const KeyMaterial& key, bool encrypt, HashId hash,
                            std::span<const uint8_t> label, std::span<const uint8_t> data) {
  const ErrorQueueScope errors;
  const Error failure = OperationError(encrypt ? "Encryption failed" : "Decryption failed");
  const PkeyCtxPtr context(EVP_PKEY_CTX_new_from_pkey(nullptr, key.pkey(), nullptr));
  if (!context ||
      (encrypt ? EVP_PKEY_encrypt_init(context.get()) : EVP_PKEY_decrypt_init(context.get())) !=
          1 ||
      EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_OAEP_PADDING) != 1 ||
      EVP_PKEY_CTX_set_rsa_oaep_md(context.get(), MdOf(hash)) != 1 ||
      EVP_PKEY_CTX_set_rsa_mgf1_md(context.get(), MdOf(hash)) != 1) {
    return failure;
  }
  if (!label.empty()) {
    // OpenSSL takes the copy over.
    void* copy = label.size() <= INT_MAX ? OPENSSL_memdup(label.data(), label.size()) : nullptr;
    if (copy == nullptr || EVP_PKEY_CTX_set0_rsa_oaep_label(context.get(), copy,
                                                            static_cast<int>(label.size())) != 1) {
      OPENSSL_free(copy);
      return failure;
    }
  }
  size_t size = static_cast<size_t>(EVP_PKEY_get_size(key.pkey()));
  SecretBytes room = SecretBytes::Allocate(size);
  if (!room) return failure;
  const int status =
      encrypt ? EVP_PKEY_encrypt(context.get(), room.data(), &size, data.data(), data.size())
              : EVP_PKEY_decrypt(context.get(), room.data(), &size, data.data(), data.size());
  if (status != 1) return failure;
  SecretBytes out = SecretBytes::Copy(room.span().first(size));
  if (!out) return failure;
  return out;
}

}  // namespace rt
