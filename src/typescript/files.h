// The only place of this layer that touches files: configuration files, read before a script's
// permissions mean anything to them, and rt's own cache. No script sees what is read here, nor that
// it is there.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace rt::typescript {

// The whole file; nothing if it cannot be read, is not a regular file, or is longer than `limit`.
std::optional<std::string> ReadWholeFile(const std::string& path, size_t limit);

// Makes the folder `path` is in, writes to a temporary name beside it, and renames: a reader sees
// the old file, the new one or none. False: it did not work, and nothing is left behind. `sync`:
// the content is on the disk before it has its name; what can be made anew cheaply does without.
// `shared`: a file of the user's, not of the cache: it keeps its mode (0666 less the umask for a
// new one), and what a link leads to is replaced, not the link.
bool WriteFileWhole(const std::string& path, std::string_view head, std::string_view body,
                    bool sync = false, bool shared = false);

// Removes what WriteFileWhole left in the folder in processes that were killed: temporary files
// older than a day. For a folder of the cache, whose names have no "." otherwise.
void RemoveStaleParts(const std::string& folder);

}  // namespace rt::typescript
