// `paths` of compilerOptions: what the configuration near a file says its bare imports mean. Reads
// configuration files; of other files it sees whether they are there, and only below the folder of
// the configuration, so that no script can use one to ask about files elsewhere. One runtime's.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "src/module/package_resolution.h"
#include "src/typescript/config_finder.h"

namespace rt {

class PathMappings {
 public:
  explicit PathMappings(PackageFiles& files) : files_(files) {}

  // For every file, whatever configuration is near it (--config, --no-config).
  void SetOptions(typescript::CompilerOptions options) { given_ = std::move(options); }

  // The file that `specifier` means in the file at `path` (absolute). Nothing: no mapping has it.
  // As in TypeScript an extension may be missing, or the name be a folder's with an index.
  std::optional<std::string> Resolve(std::string_view specifier, const std::string& path);

 private:
  std::optional<std::string> FileAt(const std::string& target, const std::string& folder);

  PackageFiles& files_;
  std::optional<typescript::CompilerOptions> given_;
  typescript::ConfigFinder configs_;
};

}  // namespace rt
