// Where a module's text comes from: files and data: URLs so far. It decides which files an import
// may read without read permission.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "src/base/result.h"
#include "src/module/package_store.h"
#include "src/permissions/permissions.h"
#include "src/typescript/media_type.h"

namespace rt {

enum class ModuleType : uint8_t {
  kJavaScript,
  kJson,
  // Asked for with an attribute alone; any file can be imported so.
  kText,   // its default export is a string
  kBytes,  // its default export is a Uint8Array
  // WebAssembly: what a file is; asked for, its WebAssembly.Module (`import source`).
  kWasm,
};

struct ModuleSource {
  std::string text;
  ModuleType type = ModuleType::kJavaScript;
  // The code's language; nothing: what its address says.
  std::optional<typescript::MediaType> media = {};
};

// The language of code of a MIME type (parameters do not count); nothing: it is no code.
std::optional<typescript::MediaType> MediaTypeOfMime(std::string_view mime_type);

// How the import was written; it decides what may be read.
enum class ImportKind : uint8_t {
  kMain,     // named on the command line
  kStatic,   // part of the main module's static graph: code is readable, it is the program itself
  kDynamic,  // import() at run time: a script may compute the target
  kForeign,  // import() by code from another host: no file is its own
  kWorker,   // part of the static graph of a worker's main module, which a script named
};

// Where the modules of a worker stand.
struct WorkerModules {
  // Its text may be code of another host: no file is its own.
  bool foreign = false;
  std::string root;  // of the program: ModuleSources::root()
  // The worker has permissions of its own: being near the main module is no reason to read
  // anything but the code of its static graph.
  bool isolated = false;
  // The parent's, by which that code is judged; nothing: the worker's own.
  std::optional<Permissions> code_permissions;
};

class ModuleSources {
 public:
  // `root` is the folder whose files imports may always read: that of the main module (its URL).
  void SetMainModule(const std::string& url);
  // The same for a worker.
  void SetWorker(WorkerModules worker);
  const std::string& root() const { return root_; }
  // The packages of registries; outlives this. Their code and JSON may be imported as what other
  // hosts serve may.
  void SetStore(PackageStore* store) { store_ = store; }

  // The text behind a URL. NotFound, NotCapable, or NotSupported for a scheme that is not there
  // yet. Code of the static graph may be anywhere; data (JSON, text, bytes) and dynamic imports
  // outside the main module's folder need read permission, so that no import reads what
  // Deno.readTextFile may not. Packages in a node_modules folder at or above the main module's
  // folder count as inside. What a worker brings is judged as an import() is. `wanted`: what the
  // import's attribute says. The source's type is what the file is; kText and kBytes are given what
  // was wanted.
  Result<ModuleSource> Load(Permissions& permissions, const std::string& url, ModuleType wanted,
                            ImportKind kind);

  // Whether require() may look for a file at `path`: in the folders imports may read, or with read
  // permission, so that it finds out no more than Deno.stat.
  // `foreign`: for code of another host, to which no file is its own.
  Result<void> CheckProbe(Permissions& permissions, const std::string& path, bool foreign) const;
  // Whether that needs no permission.
  bool IsNear(const Permissions& permissions, const std::string& path, bool foreign) const;

 private:
  bool MayAlwaysRead(const Permissions& permissions, const std::string& resolved) const;
  bool InsideRoot(const std::string& path) const;
  bool IsInstalledPackage(const std::string& path) const;
  bool IsStored(const Permissions& permissions, const std::string& path) const;
  std::string root_;  // resolved; ends with "/"
  bool isolated_ = false;
  std::optional<Permissions> code_permissions_;
  PackageStore* store_ = nullptr;
};

}  // namespace rt
