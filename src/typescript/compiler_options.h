// The `compilerOptions` of deno.json and tsconfig.json that change what JavaScript comes out. Plain
// data.
#pragma once

#include <optional>
#include <string>

#include "src/base/result.h"
#include "src/config/json.h"

namespace rt::typescript {

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

  bool operator==(const CompilerOptions&) const = default;

  // Takes over what a `compilerOptions` object says; the rest stays. TypeError for a value of the
  // wrong kind, or `jsx: "preserve"`, which leaves what no engine runs.
  Result<void> Apply(const Json& compiler_options);

  // As TypeScript's own JSON (for ts.transpileModule), also the part of a cache key.
  std::string ToJson() const;
};

}  // namespace rt::typescript
