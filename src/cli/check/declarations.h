// The type declarations in the executable: rt's own (js/types) and those of the language, which
// TypeScript brings. Archives, unpacked when somebody asks. Main thread; touch nothing outside.
#pragma once

#include <map>
#include <string>

#include "src/base/result.h"

namespace rt::cli {

// By file name: "deno_fs.d.ts".
using Declarations = std::map<std::string, std::string>;

// js/types.
Result<Declarations> OwnDeclarations();
// TypeScript's lib.*.d.ts.
Result<Declarations> LanguageDeclarations();

// What `rt types` prints: the declarations of a main program, in one text.
std::string JoinOwn(const Declarations& own);

}  // namespace rt::cli
