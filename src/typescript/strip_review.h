// Looks over what the stripper left of a file, token by token, and repairs what blanking types gets
// wrong: statements that ended where a declaration began and now run on, and imports of types that
// are still there. Says when the file needs more than stripping. Pure text.
#pragma once

#include <string>
#include <string_view>

namespace rt::typescript {

enum class Verdict : uint8_t {
  kFine,
  kTransform,   // not sure: let the parser print the file anew
  kTypeScript,  // decorators or `accessor`: only TypeScript's own transpiler knows them
};

struct Review {
  Verdict verdict = Verdict::kFine;
  std::string code;  // with kFine
};

// `stripped` is `source` with types blanked out, as many columns in each line. Without
// `keep_unused_imports` (verbatimModuleSyntax) names that are imported and never used as values are
// removed from import statements, and a statement that loses its last name goes, as TypeScript does
// it. Lines and columns stay.
Review ReviewStripped(std::string_view source, std::string stripped, bool keep_unused_imports);

// Whether JavaScript text holds decorators or `accessor` fields. May say so wrongly; never the
// reverse.
bool MayHaveDecorators(std::string_view code);

// Whether TypeScript declares a namespace or an enum in several parts: the printer does not let one
// part see what another exports. May say so wrongly; never the reverse.
bool MayMergeDeclarations(std::string_view source);

}  // namespace rt::typescript
