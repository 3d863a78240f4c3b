// SourceFinder: resolves imports as a program's are and reads what they name, without compiling or
// running any of it: for commands that look at source text (rt check). What it may read and load is
// what the permissions of `host` allow. Blocks on the loop while other hosts answer. Runs no
// JavaScript. Runtime's thread only.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "src/module/module_source.h"
#include "src/module/remote/remote_modules.h"
#include "src/module/resolver.h"

namespace rt {

class SourceFinder {
 public:
  // `compiler_options`: for every file; nothing: those near it.
  SourceFinder(OpHost& host, ImportMap import_map,
               const std::optional<typescript::CompilerOptions>& compiler_options,
               RemoteOptions remote);
  SourceFinder(const SourceFinder&) = delete;
  SourceFinder& operator=(const SourceFinder&) = delete;

  // Errors in the words of an import. Another host's code finds no file.
  Result<std::string> Resolve(std::string_view specifier, const std::string& referrer);

  struct Source {
    std::string url;  // where redirects and registries led
    std::string text;
    ModuleType type = ModuleType::kJavaScript;
    typescript::MediaType media = typescript::MediaType::kJavaScript;
    std::string types;  // the URL that x-typescript-types names; empty: none
    // Of an npm: specifier, instead of all this.
    std::optional<NpmSubpath> package = {};
  };
  // What is behind each of them, loaded at the same time.
  std::vector<Result<Source>> Load(const std::vector<std::string>& urls);
  // The folder of a package of the npm registry that is a tool's and not the program's: it does not
  // show in the lock file. `integrity`: what its archive must hash to.
  Result<std::string> LoadTool(const std::string& specifier, const std::string& integrity);
  // Nothing more is wanted: the lock file is written if it changed.
  Result<void> Settle() { return remote_.Settle(); }

  // As of PackageStore, of the program's packages and those of LoadTool.
  std::optional<std::string> PackageOf(const std::string& path) const;
  std::optional<std::string> FolderOf(const std::string& name, const std::string& folder) const;
  Result<std::optional<std::string>> Published(const std::string& path,
                                               std::optional<std::string> content);

 private:
  Result<Source> LoadLocal(const std::string& url);
  Result<Source> Loaded(const std::string& url);

  RemoteOptions tool_options_;
  std::unique_ptr<RemoteModules> tools_;  // null until one is wanted
  OpHost& host_;
  ModuleResolver resolver_;
  ModuleSources sources_;
  RemoteModules remote_;
};

}  // namespace rt
