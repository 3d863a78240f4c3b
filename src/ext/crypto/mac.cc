// See the header.
#include "src/ext/crypto/mac.h"

#include <openssl/core_names.h>
#include <openssl/hmac.h>

#include <climits>

#include "src/ext/crypto/crypto_ptr.h"

namespace rt {
namespace {

const uint8_t* NotNull(std::span<const uint8_t> bytes) {
  static constexpr uint8_t kEmpty[1] = {};
  return bytes.empty() ? kEmpty : bytes.data();
}

Result<Bytes> Kmac(const MacSpec& spec, std::span<const uint8_t> key,
                   std::span<const uint8_t> data) {
  const MacPtr mac(EVP_MAC_fetch(nullptr, spec.kmac_bits == 128 ? "KMAC128" : "KMAC256", nullptr));
  const MacCtxPtr context(mac ? EVP_MAC_CTX_new(mac.get()) : nullptr);
  size_t size = spec.kmac_size;
  OSSL_PARAM params[] = {
      OSSL_PARAM_construct_size_t(OSSL_MAC_PARAM_SIZE, &size),
      OSSL_PARAM_construct_octet_string(OSSL_MAC_PARAM_CUSTOM, spec.customization.data(),
                                        spec.customization.size()),
      OSSL_PARAM_construct_end(),
  };
  if (spec.customization.empty()) params[1] = OSSL_PARAM_construct_end();
  Bytes out = Bytes::Allocate(size);
  size_t written = 0;
  if (!context || EVP_MAC_CTX_set_params(context.get(), params) != 1 ||
      EVP_MAC_init(context.get(), NotNull(key), key.size(), nullptr) != 1 ||
      EVP_MAC_update(context.get(), NotNull(data), data.size()) != 1 ||
      EVP_MAC_final(context.get(), out.data(), &written, size) != 1 || written != size) {
    return OperationError("The message authentication code could not be made");
  }
  return out;
}

}  // namespace

bool HmacInto(HashId hash, std::span<const uint8_t> key, std::span<const uint8_t> data,
              uint8_t* out) {
  unsigned int size = 0;
  if (key.size() <= INT_MAX) {
    return HMAC(MdOf(hash), NotNull(key), static_cast<int>(key.size()), NotNull(data), data.size(),
                out, &size) != nullptr;
  }
  // RFC 2104: a key longer than a block stands for its hash.
  uint8_t hashed[EVP_MAX_MD_SIZE];
  const bool ok =
      EVP_Digest(key.data(), key.size(), hashed, &size, MdOf(hash), nullptr) == 1 &&
      HMAC(MdOf(hash), hashed, static_cast<int>(size), NotNull(data), data.size(), out, &size);
  OPENSSL_cleanse(hashed, sizeof hashed);
  return ok;
}

Result<Bytes> Mac(const MacSpec& spec, std::span<const uint8_t> key,
                  std::span<const uint8_t> data) {
  const ErrorQueueScope errors;
  if (spec.kmac) return Kmac(spec, key, data);
  Bytes out = Bytes::Allocate(HashSize(spec.hash));
  if (!HmacInto(spec.hash, key, data, out.data())) {
    return OperationError("The message authentication code could not be made");
  }
  return out;
}

bool EqualInConstantTime(std::span<const uint8_t> a, std::span<const uint8_t> b) {
  return a.size() == b.size() && CRYPTO_memcmp(NotNull(a), NotNull(b), a.size()) == 0;
}

}  // namespace rt
