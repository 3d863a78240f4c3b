// What a person types into the REPL, as text: whether it is finished, what of it can be completed,
// its colours, and its import declarations as import() calls. By tokens, not by grammar. Pure text.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rt::typescript {

// False: brackets, a template or a comment are open. Text that is wrong counts as finished, so that
// V8 says what is wrong.
bool IsFinished(std::string_view input);

// The inputs a text consists of: each as many lines as it takes to be finished, and those behind
// that can only go on with it (".name()", "else"). Without lines that have nothing.
std::vector<std::string> SplitInputs(std::string_view text);

// "{ a: 1 }" without a ";" after it: an object is meant, not a block.
bool LooksLikeObject(std::string_view input);

// `import a, { b as c } from "x" with {…};` as `const { default: a, b: c } = await import("x", {
// with: {…} });`, on the same lines; `export` before a declaration is dropped. Everything else
// stays.
std::string ImportsToCalls(std::string_view input);

struct CompletionPlace {
  bool possible = false;
  size_t start = 0;    // of the name that is being typed
  std::string object;  // the expression whose property it is; empty: a variable
};
// `before`: the input up to the cursor. Only names joined by dots (and literals) are looked at,
// nothing that calls.
CompletionPlace PlaceToComplete(std::string_view before);

// Whether it can stand after a dot.
bool IsName(std::string_view text);
std::span<const std::string_view> Keywords();

struct ColoredPart {
  uint32_t start;
  uint32_t end;
  std::string_view color;  // an SGR parameter: "32"
};
std::vector<ColoredPart> Colors(std::string_view input);

}  // namespace rt::typescript
