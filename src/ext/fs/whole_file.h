// Reading and writing a whole file through a descriptor, in one go. For the thread pool: no V8, no
// loop.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "src/base/bytes.h"
#include "src/base/result.h"
#include "src/ext/fs/file_text.h"
#include "src/ext/io/io.h"
#include "src/permissions/granted.h"
#include "src/permissions/path_target.h"

namespace rt {

// All of the file, in memory of (nearly) its size: one open, one fstat, one read for an ordinary
// file. Files that do not tell their size (pipes, /proc) are read until they end. `path` is for
// messages.
Result<Bytes> ReadWholeFile(const Granted<Perm::kRead, PathTarget>& path, const CancelFlag& cancel);

// A small file that the kernel has in memory: for the loop's thread, which it does not hold up.
// Nothing: ask ReadWholeFile on the pool.
std::optional<Bytes> ReadCachedFile(const Granted<Perm::kRead, PathTarget>& path);

Result<FileText> ReadWholeText(const Granted<Perm::kRead, PathTarget>& path,
                               const CancelFlag& cancel);

// The options of Deno.writeFile.
struct WriteOptions {
  bool append = false;
  bool create = true;
  bool create_new = false;
  std::optional<uint32_t> mode;
};
// Creates or truncates (unless appending) and writes everything. A `mode` is set on a file that
// existed, too, and is not masked.
Result<void> WriteWholeFile(const Granted<Perm::kWrite, PathTarget>& path,
                            const WriteOptions& options, std::span<const uint8_t> data,
                            const CancelFlag& cancel);

}  // namespace rt
