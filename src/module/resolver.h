// From what an import says to a URL: the import map first, then URLs and relative paths, `paths` of
// compilerOptions, packages. One for each runtime, on its thread. Loads nothing; of the disk it
// sees package.json files and where packages are.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "src/module/embedded.h"
#include "src/module/import_map.h"
#include "src/module/package_files.h"
#include "src/module/path_mappings.h"

namespace rt {

class ModuleResolver {
 public:
  explicit ModuleResolver(ImportMap import_map)
      : import_map_(std::move(import_map)), packages_(files_), paths_(files_) {}
  ModuleResolver(const ModuleResolver&) = delete;
  ModuleResolver& operator=(const ModuleResolver&) = delete;

  const ImportMap& import_map() const { return import_map_; }
  // What its imports are was settled when the executable was made. Outlives this; may be null.
  void SetEmbedded(const EmbeddedModules* embedded) { embedded_ = embedded; }

  // The same question always has the same answer. TypeError in Deno's words when there is none,
  // with Node's code where it was a package's matter. Parsed: a URL's serialization.
  Result<std::string> Resolve(std::string_view specifier, const std::string& referrer);
  // What require() of `specifier` means in the file at `path`: a path with links followed, or the
  // "node:…" name of a built-in. Error with Node's code, MODULE_NOT_FOUND above all. `may_probe` is
  // asked before anything is looked for at a path of the script's choosing; `is_near` says of which
  // files it need not be.
  Result<std::string> ResolveRequired(
      std::string_view specifier, const std::string& path,
      const std::function<Result<void>(const std::string&)>& may_probe,
      const std::function<bool(const std::string&)>& is_near);

  PackageResolver& packages() { return packages_; }
  // `paths` for every file; else those of the configuration near it count.
  void SetCompilerOptions(const std::optional<typescript::CompilerOptions>& options) {
    if (options) paths_.SetOptions(*options);
  }
  // The packages of registries; outlives this.
  void SetStore(PackageStore* store) {
    store_ = store;
    packages_.SetStore(store);
  }
  // Every link followed; the path itself if that fails.
  std::string RealPath(const std::string& path) { return files_.RealPath(path); }

 private:
  Result<std::string> ResolvePackage(std::string_view specifier, const std::string& referrer);
  // The npm: or jsr: URL that a package.json above the file at `path` declares for a name; nothing:
  // none does.
  Result<std::optional<std::string>> ResolveDeclared(std::string_view specifier,
                                                     const std::string& path);

  ImportMap import_map_;
  const EmbeddedModules* embedded_ = nullptr;
  DiskPackageFiles files_;
  PackageResolver packages_;
  PathMappings paths_;
  PackageStore* store_ = nullptr;
};

}  // namespace rt
