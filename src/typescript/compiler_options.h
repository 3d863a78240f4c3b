// The `compilerOptions` of deno.json and tsconfig.json that change what JavaScript comes out, and
// `paths`, which change what its imports mean. Plain data.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "src/base/result.h"
#include "src/config/json.h"

namespace rt::typescript {

// An entry of `paths`: a name, or one with a "*" in it, and where it may be (absolute paths, with
// the same "*"), the first that is there.
struct PathMapping {
  std::string pattern;
  std::vector<std::string> targets;

  bool operator==(const PathMapping&) const = default;
};

struct CompilerOptions {
  enum class Jsx : uint8_t { kReact, kReactJsx, kReactJsxDev };
  Jsx jsx = Jsx::kReact;
  std::string jsx_import_source;
  std::string jsx_factory;
  std::string jsx_fragment_factory;
  bool experimental_decorators = false;
  bool emit_decorator_metadata = false;
  bool verbatim_module_syntax = false;  // keep imports nothing uses
  bool define_class_fields = true;      // useDefineForClassFields
  std::vector<PathMapping> paths;
  std::string paths_folder;  // that of the file they stand in

  bool operator==(const CompilerOptions&) const = default;

  // Takes over what a `compilerOptions` object says; the rest stays. TypeError for a value of the
  // wrong kind, or `jsx: "preserve"`, which leaves what no engine runs. `folder`: that of the file
  // it stands in, for `paths` and `baseUrl`.
  Result<void> Apply(const Json& compiler_options, const std::string& folder);

  // As TypeScript's own JSON (for ts.transpileModule), also the part of a cache key: without
  // `paths`.
  std::string ToJson() const;
};

}  // namespace rt::typescript
