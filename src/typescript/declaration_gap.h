// Finds declarations that were blanked out between two tokens. Pure text.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace rt::typescript {

// Between `from` and `to` of `stripped` there is only white space and comments. If a statement or a
// class member began there in `source` (`type X = …`, `declare b: …`, `abstract m(): …`, an
// overload) on a line of its own, the place of its first character: what stood before it had ended.
std::optional<size_t> FindDeclaration(std::string_view source, std::string_view stripped,
                                      size_t from, size_t to);

}  // namespace rt::typescript
