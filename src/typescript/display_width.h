// How a terminal shows a character: for marks that stand below what they mark. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace rt::typescript {

// The character at `at`, which goes on behind it. The text is well-formed UTF-8.
uint32_t NextCharacter(std::string_view text, size_t* at);

// Columns: 2 for East Asian wide characters and emoji, 0 for combining marks, control characters
// and what has no shape, else 1. A tab counts 4, as swc has it.
int DisplayWidth(uint32_t character);

// The character as it may be shown: control characters, and those that change the direction or
// hide, as JavaScript escapes ("\x1b"). A tab stays.
std::string Shown(uint32_t character, std::string_view bytes);

}  // namespace rt::typescript
