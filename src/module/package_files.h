// PackageFiles on the disk. It sees folders, package.json files and what is where: what a script
// learns of it is whether a package is installed next to its own code, never a file's content.
#pragma once

#include "src/module/package_resolution.h"

namespace rt {

class DiskPackageFiles final : public PackageFiles {
 public:
  Kind KindOf(const std::string& path) override;
  Result<std::optional<std::string>> Read(const std::string& path) override;
  std::string RealPath(const std::string& path) override;
};

}  // namespace rt
