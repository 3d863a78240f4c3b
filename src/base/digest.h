// Digests of bytes, for caches, lock files and packages. Pure; any thread. What scripts get is
// src/ext/crypto.
#pragma once

#include <string>
#include <string_view>

namespace rt {

enum class DigestKind : uint8_t { kSha1, kSha256, kSha384, kSha512 };

// The digest itself: 20, 32, 48 or 64 bytes.
std::string DigestOf(DigestKind kind, std::string_view bytes);

// SHA-256 of bytes that come in parts.
class Sha256 {
 public:
  Sha256();
  void Add(std::string_view bytes);
  // 32 bytes; nothing may be added after it.
  std::string Take();

 private:
  alignas(8) unsigned char state_[112];
};

// In lower-case hexadecimal.
std::string HexOf(std::string_view bytes);
// SHA-256 in lower-case hexadecimal.
std::string Sha256Hex(std::string_view bytes);
// RFC 4648 section 4, with padding.
std::string Base64Of(std::string_view bytes);

}  // namespace rt
