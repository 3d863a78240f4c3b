// Files as far as the kernel has them in memory, for the loop's own thread: nothing here waits for
// a disk, a network, another program or the end of a lock. What cannot be had so is left to the
// thread pool, which also makes the errors; "nothing" therefore says nothing about the file. What
// is opened is judged like in sinks.h.
#pragma once

#include <sys/stat.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "src/permissions/granted.h"
#include "src/permissions/owned_fd.h"
#include "src/permissions/path_target.h"

namespace rt {

// An ordinary file on a local file system, of 1 to `max_size` bytes.
struct CachedFile {
  OwnedFd fd;
  size_t size = 0;
};
std::optional<CachedFile> OpenCached(const Granted<Perm::kRead, PathTarget>& path, size_t max_size);

// Exactly `data.size()` bytes from the beginning of the file; false if they are not all in memory,
// or the file has changed its size.
bool ReadCached(const CachedFile& file, std::span<uint8_t> data);

// An ordinary file or folder on a local file system; what Stat() would say.
std::optional<struct statx> StatCached(const Granted<Perm::kRead, PathTarget>& path);

}  // namespace rt
