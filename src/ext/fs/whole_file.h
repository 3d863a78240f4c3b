// Reading and writing a whole file through a descriptor, in one go. For the thread pool: no V8, no
// loop.
#pragma once

#include <array>
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

// Room that most files fit in, so that only others are asked for their size and given memory.
using SmallFile = std::array<uint8_t, 16 * 1024>;

// A file's bytes: in the room that was offered, or in memory of their own.
struct FileContents {
  std::span<const uint8_t> small{};
  Bytes large{};

  // With memory of its own in any case.
  static FileContents Of(Bytes bytes) { return {.small = {}, .large = std::move(bytes)}; }
};

// All of the file: one open and two reads for a small one, the second of which finds the end; one
// fstat more and memory of (nearly) its size for others. Files that do not tell their size (pipes,
// /proc) are read until they end. `path` is for messages.
Result<FileContents> ReadWholeFile(const Granted<Perm::kRead, PathTarget>& path, SmallFile& room,
                                   const CancelFlag& cancel);
Result<Bytes> ReadWholeFile(const Granted<Perm::kRead, PathTarget>& path, const CancelFlag& cancel);

// A file of at most `max_size` bytes that the kernel has in memory: for the loop's thread, which
// waits for no disk. Nothing: ask ReadWholeFile on the pool.
std::optional<FileContents> ReadCachedFile(const Granted<Perm::kRead, PathTarget>& path,
                                           SmallFile& room, size_t max_size);

Result<FileText> ReadWholeText(const Granted<Perm::kRead, PathTarget>& path,
                               const CancelFlag& cancel);
// What is in somebody's room is text as long as the room.
FileText DecodeContents(FileContents contents);

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
