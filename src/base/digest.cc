#include "src/base/digest.h"

// OpenSSL 3 would rather have EVP used.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/evp.h>
#include <openssl/sha.h>

namespace rt {

// The functions below EVP: they need no set-up of OpenSSL's, which would cost every start that
// looks into a cache a millisecond.
std::string DigestOf(DigestKind kind, std::string_view bytes) {
  std::string digest(SHA512_DIGEST_LENGTH, '\0');
  auto* const out = reinterpret_cast<unsigned char*>(digest.data());
  switch (kind) {
    case DigestKind::kSha1: {
      SHA_CTX state;
      SHA1_Init(&state);
      SHA1_Update(&state, bytes.data(), bytes.size());
      SHA1_Final(out, &state);
      digest.resize(SHA_DIGEST_LENGTH);
      break;
    }
    case DigestKind::kSha256: {
      SHA256_CTX state;
      SHA256_Init(&state);
      SHA256_Update(&state, bytes.data(), bytes.size());
      SHA256_Final(out, &state);
      digest.resize(SHA256_DIGEST_LENGTH);
      break;
    }
    case DigestKind::kSha384: {
      SHA512_CTX state;
      SHA384_Init(&state);
      SHA384_Update(&state, bytes.data(), bytes.size());
      SHA384_Final(out, &state);
      digest.resize(SHA384_DIGEST_LENGTH);
      break;
    }
    case DigestKind::kSha512: {
      SHA512_CTX state;
      SHA512_Init(&state);
      SHA512_Update(&state, bytes.data(), bytes.size());
      SHA512_Final(out, &state);
      break;
    }
  }
  return digest;
}

static_assert(sizeof(SHA256_CTX) <= sizeof(Sha256));

Sha256::Sha256() {
  SHA256_Init(reinterpret_cast<SHA256_CTX*>(state_));
}

void Sha256::Add(std::string_view bytes) {
  SHA256_Update(reinterpret_cast<SHA256_CTX*>(state_), bytes.data(), bytes.size());
}

std::string Sha256::Take() {
  std::string digest(SHA256_DIGEST_LENGTH, '\0');
  SHA256_Final(reinterpret_cast<unsigned char*>(digest.data()),
               reinterpret_cast<SHA256_CTX*>(state_));
  return digest;
}

std::string HexOf(std::string_view bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  text.reserve(2 * bytes.size());
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

std::string Sha256Hex(std::string_view bytes) {
  return HexOf(DigestOf(DigestKind::kSha256, bytes));
}

std::string Base64Of(std::string_view bytes) {
  std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                   reinterpret_cast<const unsigned char*>(bytes.data()),
                                   static_cast<int>(bytes.size()));
  text.resize(static_cast<size_t>(size));
  return text;
}

}  // namespace rt
