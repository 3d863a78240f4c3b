#include "src/typescript/output_cache.h"

#include <cstring>

#include "src/base/digest.h"
#include "src/typescript/files.h"

namespace rt::typescript {
namespace {

// An entry: this, SHA-256 of the rest, 8 bytes length of the code, the code, the map.
constexpr std::string_view kMagic = "rt transpiled 1\n";
constexpr size_t kHashSize = 32;
constexpr size_t kHeadSize = kMagic.size() + kHashSize;
constexpr size_t kLengthSize = sizeof(uint64_t);
constexpr size_t kMaxEntry = size_t{1} << 30;

std::string Sha256(std::string_view text) {
  return DigestOf(DigestKind::kSha256, text);
}

}  // namespace

std::string OutputCache::KeyOf(std::string_view source, std::string_view settings) {
  std::string all = Sha256(source);
  all += settings;
  return Sha256Hex(all);
}

std::string OutputCache::PathOf(const std::string& key) const {
  return folder_ + "/" + key.substr(0, 2) + "/" + key.substr(2);
}

std::optional<TranspiledCode> OutputCache::Get(const std::string& key) const {
  if (folder_.empty()) return std::nullopt;
  const auto entry = ReadWholeFile(PathOf(key), kMaxEntry);
  if (!entry || entry->size() < kHeadSize + kLengthSize || !entry->starts_with(kMagic)) {
    return std::nullopt;
  }
  const std::string_view rest = std::string_view(*entry).substr(kHeadSize);
  if (std::string_view(*entry).substr(kMagic.size(), kHashSize) != Sha256(rest)) {
    return std::nullopt;
  }
  uint64_t length;
  std::memcpy(&length, rest.data(), kLengthSize);
  if (length > rest.size() - kLengthSize) return std::nullopt;
  return TranspiledCode{std::string(rest.substr(kLengthSize, length)),
                        std::string(rest.substr(kLengthSize + length))};
}

void OutputCache::Put(const std::string& key, const TranspiledCode& output) const {
  if (folder_.empty()) return;
  const uint64_t length = output.code.size();
  std::string rest(reinterpret_cast<const char*>(&length), kLengthSize);
  rest += output.code;
  rest += output.map;
  std::string head(kMagic);
  head += Sha256(rest);
  const std::string path = PathOf(key);
  WriteFileWhole(path, head, rest, /*sync=*/true);
  // Now and then is often enough.
  if (key.ends_with('0')) RemoveStaleParts(path.substr(0, path.rfind('/')));
}

}  // namespace rt::typescript
