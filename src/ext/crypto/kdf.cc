// See the header. HKDF is written out because OpenSSL bounds the length of `info`.
#include "src/ext/crypto/kdf.h"

#include <openssl/core_names.h>

#include "src/ext/crypto/crypto_ptr.h"
#include "src/ext/crypto/mac.h"

namespace rt {
namespace {

Error Failure() {
  return OperationError("The bits could not be derived");
}

}  // namespace

Result<SecretBytes> Hkdf(HashId hash, std::span<const uint8_t> secret,
                         std::span<const uint8_t> salt, std::span<const uint8_t> info,
                         size_t size) {
  const ErrorQueueScope errors;
  const size_t hash_size = HashSize(hash);
  if (size > 255 * hash_size) {
    return OperationError("HKDF derives at most 255 times the length of the hash");
  }
  SecretBytes prk = SecretBytes::Allocate(hash_size);
  // What each step authenticates: the block before, info, a counter.
  SecretBytes input = SecretBytes::Allocate(hash_size + info.size() + 1);
  SecretBytes block = SecretBytes::Allocate(hash_size);
  SecretBytes out = SecretBytes::Allocate(size);
  if (!prk || !input || !block || !out || !HmacInto(hash, salt, secret, prk.data())) {
    return Failure();
  }
  if (!info.empty()) memcpy(input.data() + hash_size, info.data(), info.size());
  for (size_t done = 0, step = 1; done < size; ++step) {
    input.data()[input.size() - 1] = static_cast<uint8_t>(step);
    // The first step has no block before it.
    const auto message = step == 1 ? input.span().subspan(hash_size) : input.span();
    if (!HmacInto(hash, prk.span(), message, block.data())) return Failure();
    const size_t part = std::min(hash_size, size - done);
    memcpy(out.data() + done, block.data(), part);
    memcpy(input.data(), block.data(), hash_size);
    done += part;
  }
  return out;
}

Result<SecretBytes> Pbkdf2(HashId hash, std::span<const uint8_t> password,
                           std::span<const uint8_t> salt, uint32_t iterations, size_t size) {
  const ErrorQueueScope errors;
  SecretBytes out = SecretBytes::Allocate(size);
  if (!out) return OperationError("Not enough memory for the bits");
  if (size == 0) return out;
  const KdfPtr kdf(EVP_KDF_fetch(nullptr, "PBKDF2", nullptr));
  const KdfCtxPtr context(kdf ? EVP_KDF_CTX_new(kdf.get()) : nullptr);
  uint64_t count = iterations;
  int no_minimum = 1;  // the caller decides about lengths and iterations
  uint8_t empty[1] = {};
  const auto octets = [&](const char* name, std::span<const uint8_t> bytes) {
    return OSSL_PARAM_construct_octet_string(
        name, bytes.empty() ? empty : const_cast<uint8_t*>(bytes.data()), bytes.size());
  };
  OSSL_PARAM params[] = {
      OSSL_PARAM_construct_int(OSSL_KDF_PARAM_PKCS5, &no_minimum),
      OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, const_cast<char*>(MdNameOf(hash)), 0),
      OSSL_PARAM_construct_uint64(OSSL_KDF_PARAM_ITER, &count),
      octets(OSSL_KDF_PARAM_PASSWORD, password),
      octets(OSSL_KDF_PARAM_SALT, salt),
      OSSL_PARAM_construct_end(),
  };
  if (!context || EVP_KDF_derive(context.get(), out.data(), size, params) != 1) return Failure();
  return out;
}

}  // namespace rt
