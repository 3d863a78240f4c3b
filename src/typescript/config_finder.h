// Finds the `compilerOptions` for a file: those of the nearest deno.json, deno.jsonc or
// tsconfig.json that has some, in the file's folder or above. Asked rarely, answered from memory
// for a folder seen before.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "src/base/result.h"
#include "src/typescript/compiler_options.h"

namespace rt::typescript {

class ConfigFinder {
 public:
  // For an absolute path; "" gives the defaults. A configuration that cannot be read as one is an
  // error that names it. `extends` of tsconfig.json is followed: relative paths, and packages in
  // node_modules.
  Result<CompilerOptions> OptionsFor(std::string_view path);

 private:
  Result<CompilerOptions> OptionsOfFolder(const std::string& folder);

  std::unordered_map<std::string, Result<CompilerOptions>> folders_;
};

}  // namespace rt::typescript
