#include "src/module/npm/package_manifest.h"

#include <array>

#include "src/base/digest.h"

namespace rt {
namespace {

constexpr size_t kHashSize = 32;  // of SHA-256
constexpr size_t kLines = 5;

std::string Prefixed(DigestKind kind, const char* prefix, std::string_view bytes) {
  return prefix + Base64Of(DigestOf(kind, bytes));
}

}  // namespace

PackageMark PackageMark::Of(std::string_view tarball, std::string_view manifest) {
  return {.sha512 = Prefixed(DigestKind::kSha512, "sha512-", tarball),
          .sha384 = Prefixed(DigestKind::kSha384, "sha384-", tarball),
          .sha256 = Prefixed(DigestKind::kSha256, "sha256-", tarball),
          .sha1 = Prefixed(DigestKind::kSha1, "sha1-", tarball),
          .manifest = Sha256Hex(manifest)};
}

std::string PackageMark::ToText() const {
  return sha512 + "\n" + sha384 + "\n" + sha256 + "\n" + sha1 + "\n" + manifest + "\n";
}

std::optional<PackageMark> PackageMark::Parse(std::string_view text) {
  std::array<std::string, kLines> lines;
  for (std::string& line : lines) {
    const size_t end = text.find('\n');
    if (end == std::string_view::npos) return std::nullopt;
    line = text.substr(0, end);
    text.remove_prefix(end + 1);
  }
  if (!text.empty() || !lines[0].starts_with("sha512-") || !lines[1].starts_with("sha384-") ||
      !lines[2].starts_with("sha256-") || !lines[3].starts_with("sha1-") ||
      lines[4].size() != 2 * kHashSize) {
    return std::nullopt;
  }
  return PackageMark{.sha512 = std::move(lines[0]),
                     .sha384 = std::move(lines[1]),
                     .sha256 = std::move(lines[2]),
                     .sha1 = std::move(lines[3]),
                     .manifest = std::move(lines[4])};
}

// Each file: 32 bytes of hash, its path, a zero byte, which no path has.
std::string PackageManifest::TextOf(const Hashes& hashes) {
  std::string text;
  for (const auto& [path, hash] : hashes) {
    text += hash;
    text += path;
    text += '\0';
  }
  return text;
}

PackageManifest::PackageManifest(std::string text) : text_(std::move(text)) {
  std::string_view rest = text_;
  while (rest.size() > kHashSize) {
    const size_t end = rest.find('\0', kHashSize);
    if (end == std::string_view::npos) break;
    hashes_.emplace(rest.substr(kHashSize, end - kHashSize), rest.substr(0, kHashSize));
    rest.remove_prefix(end + 1);
  }
}

bool PackageManifest::Matches(std::string_view path, std::string_view content) const {
  const auto found = hashes_.find(path);
  return found != hashes_.end() && found->second == DigestOf(DigestKind::kSha256, content);
}

}  // namespace rt
