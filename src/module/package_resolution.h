// What a name means to Node: packages in node_modules, their package.json `exports`, `imports`,
// `main` and `type`. https://nodejs.org/api/esm.html#resolution-algorithm-specification and
// https://nodejs.org/api/modules.html#all-together. Works on paths; reads only through
// PackageFiles. Runtime's thread only.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "src/base/result.h"
#include "src/config/json.h"
#include "src/config/package_name.h"
#include "src/module/package_store.h"

namespace rt {

// The part of a file system that resolution looks at.
class PackageFiles {
 public:
  enum class Kind : uint8_t { kAbsent, kFile, kFolder };

  virtual ~PackageFiles() = default;
  virtual Kind KindOf(const std::string& path) = 0;
  // Nothing if there is no such file.
  virtual Result<std::optional<std::string>> Read(const std::string& path) = 0;
  // Every link followed; the path itself if that fails.
  virtual std::string RealPath(const std::string& path) = 0;
};

struct PackageJson {
  std::string folder;  // without "/" at its end
  std::string name;
  std::string main;
  enum class Type : uint8_t { kUnset, kModule, kCommonJs };
  Type type = Type::kUnset;  // what its .js files are
  Json json;                 // for `exports`, `imports`, `bin`, `scripts`
};

// How a name was written.
enum class ResolveFor : uint8_t {
  kImport,   // conditions deno, node, import, default; no guessing of extensions
  kRequire,  // conditions node, require, default; extensions and index files are tried
};

class PackageResolver {
 public:
  explicit PackageResolver(PackageFiles& files) : files_(files) {}

  // Packages besides those in node_modules folders; outlives this.
  void SetStore(PackageStore* store) { store_ = store; }
  // Whether the file is one of a package, not of the program itself.
  bool IsOfPackage(const std::string& path) const;

  // The file that a bare name ("lodash", "@a/b/c") or a private one ("#x") means in the file at
  // `referrer`. TypeError with Node's codes: ERR_MODULE_NOT_FOUND, ERR_PACKAGE_PATH_NOT_EXPORTED,
  // ERR_PACKAGE_IMPORT_NOT_DEFINED, ERR_INVALID_MODULE_SPECIFIER, ERR_INVALID_PACKAGE_TARGET,
  // ERR_INVALID_PACKAGE_CONFIG. A result that is a name of a built-in is "node:…".
  Result<std::string> ResolveBare(std::string_view specifier, const std::string& referrer,
                                  ResolveFor how);
  // What `subpath` ("." or "./x") of the package in `folder` is.
  Result<std::string> ResolveInPackage(const std::string& folder, std::string_view subpath,
                                       ResolveFor how);
  // The program that "." (the one there is, or the one of the package's name) or "./name" of the
  // package's `bin` names; nothing: it has none such.
  Result<std::optional<std::string>> ProgramOf(const std::string& folder, std::string_view subpath);
  // require() of a path: as it is, with .js, .json, .node added, as a folder. A folder's `main`
  // that is not below the folder is looked for only if `may_probe` says so, which must not depend
  // on what is there.
  using MayProbe = std::function<Result<void>(const std::string&)>;
  Result<std::string> ResolveRequiredPath(const std::string& path, const MayProbe& may_probe);

  // The package.json that governs a file: the nearest above it, not beyond node_modules. Null:
  // none.
  Result<const PackageJson*> ScopeOf(const std::string& path);
  // The one in this very folder. Null: none.
  Result<const PackageJson*> ReadPackage(const std::string& folder);

  // Whether there is a file, as far as a program is concerned: one of a registry's package that is
  // gone from the disk, or has something else in its place, comes back when it is read.
  bool IsFile(const std::string& path);
  // With links followed; a registry's packages have none.
  std::string RealPath(const std::string& path);

 private:
  using Target = std::optional<std::string>;  // nothing: no condition fits

  Result<std::string> ResolvePackage(std::string_view specifier, const std::string& referrer,
                                     ResolveFor how);
  Result<std::string> ResolveImports(std::string_view specifier, const std::string& referrer,
                                     ResolveFor how);
  Result<std::string> ResolveExports(const PackageJson& package, const Json& exports,
                                     std::string_view subpath, ResolveFor how);
  Result<Target> ResolvePattern(const PackageJson& package, const Json& map, std::string_view key,
                                bool is_imports, ResolveFor how);
  Result<Target> ResolveTarget(const PackageJson& package, const Json& target, std::string_view key,
                               const std::string* star, bool is_imports, ResolveFor how);
  Result<std::string> MainOf(const PackageJson* package, const std::string& folder,
                             const MayProbe& may_probe);
  // The folder of the package that has the file or folder at `path`; empty: none has.
  std::string RootOf(const std::string& path) const;
  // The folder of the package `name` that the file at `referrer` sees.
  std::optional<std::string> FindPackage(const std::string& name, const std::string& referrer);
  std::optional<std::string> TryFile(const std::string& path);

  PackageFiles& files_;
  PackageStore* store_ = nullptr;
  // By folder; null where there is none.
  std::unordered_map<std::string, std::unique_ptr<PackageJson>> packages_;
};

}  // namespace rt
