// What is in a package's folder of the cache, as it was published: written when the package is
// unpacked, asked when one of its files is read. It finds what a crash, a full disk or somebody's
// editor did to the cache; it is no defence against who can write there, who could write it too.
// Pure; any thread.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace rt {

// The hashes of a tarball, of every kind an integrity may be of, and that of the manifest: what
// stands in the mark of an unpacked package.
struct PackageMark {
  std::string sha512;  // "sha512-…", and so on
  std::string sha384;
  std::string sha256;
  std::string sha1;
  std::string manifest;  // SHA-256 of its text, in hexadecimal

  static PackageMark Of(std::string_view tarball, std::string_view manifest);
  // Nothing: it is torn, or of another version.
  static std::optional<PackageMark> Parse(std::string_view text);
  std::string ToText() const;
};

class PackageManifest {
 public:
  // By path in the package: the SHA-256 of the content, 32 bytes.
  using Hashes = std::map<std::string, std::string>;
  static std::string TextOf(const Hashes& hashes);

  explicit PackageManifest(std::string text);
  PackageManifest(const PackageManifest&) = delete;
  PackageManifest& operator=(const PackageManifest&) = delete;

  bool Has(std::string_view path) const { return hashes_.contains(path); }
  // Whether that is the content of the file. False also for what is none of the package's.
  bool Matches(std::string_view path, std::string_view content) const;

 private:
  std::string text_;
  std::unordered_map<std::string_view, std::string_view> hashes_;  // into text_
};

}  // namespace rt
