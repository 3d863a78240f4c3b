// "did you mean": the nearest of some names to what was typed.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace rt {

// Edits (insert, delete, replace a character, swap two neighbours) that make one text the other.
size_t EditDistance(std::string_view a, std::string_view b);

// The candidate with the fewest edits, the first of equals; nothing if even that one is too far to
// be a slip (more than a third of its length).
std::optional<std::string_view> Nearest(std::string_view typed,
                                        std::span<const std::string_view> candidates);

}  // namespace rt
