// From what an import says to a URL: the import map first, then URLs and relative paths, then
// packages. One for each runtime, on its thread. Loads nothing; of the disk it sees package.json
// files and where packages are.
#pragma once

#include <string>
#include <string_view>

#include "src/module/import_map.h"
#include "src/module/package_files.h"

namespace rt {

class ModuleResolver {
 public:
  explicit ModuleResolver(ImportMap import_map)
      : import_map_(std::move(import_map)), packages_(files_) {}
  ModuleResolver(const ModuleResolver&) = delete;
  ModuleResolver& operator=(const ModuleResolver&) = delete;

  // The same question always has the same answer. TypeError in Deno's words when there is none,
  // with Node's code where it was a package's matter. Parsed: a URL's serialization.
  Result<std::string> Resolve(std::string_view specifier, const std::string& referrer);

 private:
  Result<std::string> ResolvePackage(std::string_view specifier, const std::string& referrer);

  ImportMap import_map_;
  DiskPackageFiles files_;
  PackageResolver packages_;
};

}  // namespace rt
