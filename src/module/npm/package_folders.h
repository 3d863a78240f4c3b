// Packages on disk, in rt's cache folder: <cache>/npm/<registry>/<name>/<version>, made whole under
// another name and renamed, never changed after that. Several processes may make the same one at
// once. Any thread; touches only that folder.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/cache_names.h"
#include "src/base/result.h"
#include "src/module/npm/package_manifest.h"

namespace rt {

class PackageFolders {
 public:
  // `folder`: of the cache, absolute.
  explicit PackageFolders(const std::string& folder) : root_(cache::PathOf(folder, cache::kNpm)) {}

  // Makes the folder, if need be. From then on its path is without links. Error: it cannot be made.
  Result<void> Prepare();
  // Where packages are; without "/" at its end.
  const std::string& root() const { return root_; }
  // Where this one is, or would be. `name` and `version` are checked by the caller.
  std::string PathOf(const std::string& registry, const std::string& name,
                     const std::string& version) const;
  // What it was made from; nothing: it is not there.
  std::optional<PackageMark> InstalledFrom(const std::string& path) const;
  // What is in it. Null: it is not there, or not what the mark says.
  std::shared_ptr<const PackageManifest> ManifestOf(const std::string& path) const;

  // A package unpacked under another name; gone with this unless it was put in its place.
  struct Unpacked;
  // Checks the tarball (gzip) against `integrity` (empty: against nothing) and unpacks it. Error
  // without naming the package: what is wrong with the tarball, or why it cannot be written.
  Result<std::shared_ptr<Unpacked>> Unpack(const std::string& path, std::string_view tarball,
                                           const std::string& integrity) const;
  // Sees that they are on the disk, once for all of them, and puts them in their places, from where
  // it moves what was there. For each whether that went well.
  std::vector<Result<void>> Commit(const std::vector<std::shared_ptr<Unpacked>>& packages) const;

 private:
  std::string root_;
  bool prepared_ = false;
};

// Whether the bytes are what `integrity` says: "sha512-…", several of them, or SHA-1 in
// hexadecimal. Error: they are not, or it says nothing that can be checked.
Result<void> CheckIntegrity(std::string_view bytes, const std::string& integrity);
// The same of a tarball that was unpacked before.
Result<void> CheckIntegrity(const PackageMark& mark, const std::string& integrity);
// Whether it says anything that could be checked.
bool IsIntegrity(const std::string& integrity);
// "sha512-…".
std::string IntegrityOf(std::string_view bytes);

}  // namespace rt
