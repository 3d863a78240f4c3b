// The import() and require() calls of a module whose specifier stands there as text. Those that
// compute it cannot be known without running the code. Pure text.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace rt::typescript {

struct DynamicImportText {
  std::string specifier;
  std::string type;  // of `with: { type: "json" }`, or empty
  int line = 0;      // from 1
  int column = 0;    // from 1, in bytes
};

// `code` is JavaScript.
std::vector<DynamicImportText> FindDynamicImports(std::string_view code);

// What `require("x")` and `require.resolve("x")` name, each once. `code` is JavaScript, and
// `require` taken for what CommonJS means by it.
std::vector<std::string> FindRequires(std::string_view code);

}  // namespace rt::typescript
