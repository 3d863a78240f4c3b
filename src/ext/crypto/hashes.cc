// See the header.
#include "src/ext/crypto/hashes.h"

#include <openssl/core_names.h>

#include "src/ext/crypto/crypto_ptr.h"

namespace rt {
namespace {

struct Hash {
  const EVP_MD* (*md)();
  const char* name;
  size_t size;
};

constexpr Hash kHashes[kHashCount] = {
    {EVP_sha1, "SHA1", 20},         {EVP_sha256, "SHA256", 32},     {EVP_sha384, "SHA384", 48},
    {EVP_sha512, "SHA512", 64},     {EVP_sha3_256, "SHA3-256", 32}, {EVP_sha3_384, "SHA3-384", 48},
    {EVP_sha3_512, "SHA3-512", 64},
};

const Hash& Of(HashId hash) {
  return kHashes[static_cast<size_t>(hash)];
}

// SP 800-185 section 2.3.1: a number and before it how many bytes it has.
void AppendLeftEncoded(std::string& out, uint64_t number) {
  int bytes = 1;
  while (bytes < 8 && number >> (8 * bytes) != 0) ++bytes;
  out.push_back(static_cast<char>(bytes));
  for (int i = bytes - 1; i >= 0; --i) out.push_back(static_cast<char>(number >> (8 * i)));
}

void AppendString(std::string& out, std::span<const uint8_t> bytes) {
  AppendLeftEncoded(out, uint64_t{bytes.size()} * 8);
  out.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
}

}  // namespace

const EVP_MD* MdOf(HashId hash) {
  return Of(hash).md();
}
const char* MdNameOf(HashId hash) {
  return Of(hash).name;
}
size_t HashSize(HashId hash) {
  return Of(hash).size;
}

Result<Bytes> Digest(const EVP_MD* md, std::span<const uint8_t> data) {
  const ErrorQueueScope errors;
  Bytes out = Bytes::Allocate(static_cast<size_t>(EVP_MD_get_size(md)));
  if (EVP_Digest(data.data(), data.size(), out.data(), nullptr, md, nullptr) != 1) {
    return OperationError("The digest failed");
  }
  return out;
}

Result<Bytes> Cshake(uint32_t bits, std::span<const uint8_t> data, size_t size,
                     std::span<const uint8_t> function_name,
                     std::span<const uint8_t> customization) {
  const ErrorQueueScope errors;
  const bool plain = function_name.empty() && customization.empty();  // then it is SHAKE
  const MdPtr md(EVP_MD_fetch(nullptr,
                              plain ? (bits == 128 ? "SHAKE128" : "SHAKE256")
                                    : (bits == 128 ? "KECCAK-KMAC-128" : "KECCAK-KMAC-256"),
                              nullptr));
  const MdCtxPtr context(EVP_MD_CTX_new());
  if (!md || !context || EVP_DigestInit_ex2(context.get(), md.get(), nullptr) != 1) {
    return OperationError("The digest failed");
  }
  if (!plain) {
    const size_t rate = bits == 128 ? 168 : 136;
    std::string head;
    AppendLeftEncoded(head, rate);
    AppendString(head, function_name);
    AppendString(head, customization);
    head.resize((head.size() + rate - 1) / rate * rate);
    if (EVP_DigestUpdate(context.get(), head.data(), head.size()) != 1) {
      return OperationError("The digest failed");
    }
  }
  Bytes out = Bytes::Allocate(size);
  if (EVP_DigestUpdate(context.get(), data.data(), data.size()) != 1 ||
      (size > 0 && EVP_DigestFinalXOF(context.get(), out.data(), size) != 1)) {
    return OperationError("The digest failed");
  }
  return out;
}

}  // namespace rt
