// The form of a changeset or patchset (https://www.sqlite.org/session/c_changeset.html and the
// comment at the head of SQLite's sqlite3session.c), looked over before SQLite sees it: SQLite up
// to 3.40 loops for ever on some that are damaged, and changesets come from others. Pure bytes.
#pragma once

#include <cstdint>
#include <span>

namespace rt {

// Whether every part is there and of a known kind. Says nothing about whether it can be applied.
bool IsWholeChangeset(std::span<const uint8_t> bytes);

}  // namespace rt
