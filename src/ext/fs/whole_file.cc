#include "src/ext/fs/whole_file.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>

#include "src/permissions/cached_files.h"
#include "src/permissions/sinks.h"

namespace rt {
namespace {

constexpr std::string_view kReading = "readfile";
constexpr std::string_view kWriting = "writefile";
constexpr size_t kFirstChunk = 16 * 1024;
// Between two looks at the cancel flag.
constexpr size_t kMaxStep = 8 * 1024 * 1024;
// To copy so much takes less time than a way to the pool and back.
constexpr size_t kCachedMost = 64 * 1024;

Error Cancelled() {
  return Error::Make(ErrorClass::kInterrupted, "operation canceled", "ECANCELED");
}

// Memory that is not zeroed first: all that a view of it will show is overwritten.
class Buffer {
 public:
  explicit Buffer(size_t capacity) { Grow(capacity); }
  ~Buffer() { std::free(data_); }
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;

  // False, and all as it was, when there is no memory.
  bool Grow(size_t capacity) {
    auto* grown = static_cast<uint8_t*>(std::realloc(data_, capacity));
    if (!grown) return false;
    data_ = grown;
    capacity_ = capacity;
    return true;
  }
  uint8_t* data() { return data_; }
  size_t capacity() const { return capacity_; }

  Bytes Take(size_t size) {
    // Give back what was too much, if it is worth a copy.
    if (size < capacity_ / 2 && size > 0) (void)Grow(size);
    uint8_t* data = std::exchange(data_, nullptr);
    return Bytes(std::shared_ptr<void>(data, [](void* memory) { std::free(memory); }), data, size);
  }

 private:
  uint8_t* data_ = nullptr;
  size_t capacity_ = 0;
};

Error OutOfMemory(const PathTarget& path) {
  return Error::FromErrno(ENOMEM, kReading, path.path());
}

Result<Bytes> ReadToEnd(const OwnedFd& fd, const PathTarget& path, const CancelFlag& cancel) {
  struct stat info {};
  if (fstat(fd.get(), &info) != 0) return Error::FromErrno(errno, kReading, path.path());
  // One byte more than expected: a read that comes back short is the end, no second call is needed.
  const bool sized = S_ISREG(info.st_mode) && info.st_size > 0;
  Buffer buffer(sized ? static_cast<size_t>(info.st_size) + 1 : kFirstChunk);
  if (!buffer.data()) return OutOfMemory(path);
  size_t size = 0;
  for (;;) {
    if (IsCancelled(cancel)) return Cancelled();
    if (size == buffer.capacity() && !buffer.Grow(buffer.capacity() * 2)) return OutOfMemory(path);
    const size_t wanted = std::min(buffer.capacity() - size, kMaxStep);
    const ssize_t got = read(fd.get(), buffer.data() + size, wanted);
    if (got < 0) {
      if (errno == EINTR) continue;
      return Error::FromErrno(errno, kReading, path.path());
    }
    size += static_cast<size_t>(got);
    if (got == 0 || (sized && static_cast<size_t>(got) < wanted)) return buffer.Take(size);
  }
}

// `size`: so much was written, whatever came of it.
Result<void> WriteAll(const OwnedFd& fd, const PathTarget& path, std::span<const uint8_t> data,
                      const CancelFlag& cancel, off_t* size) {
  while (!data.empty()) {
    if (IsCancelled(cancel)) return Cancelled();
    const ssize_t written = write(fd.get(), data.data(), std::min(data.size(), kMaxStep));
    if (written < 0) {
      if (errno == EINTR) continue;
      return Error::FromErrno(errno, kWriting, path.path());
    }
    *size += written;
    data = data.subspan(static_cast<size_t>(written));
  }
  return {};
}

}  // namespace

Result<Bytes> ReadWholeFile(const Granted<Perm::kRead, PathTarget>& path,
                            const CancelFlag& cancel) {
  RT_TRY(const OwnedFd fd, OpenForRead(path, kReading));
  return ReadToEnd(fd, *path, cancel);
}

std::optional<Bytes> ReadCachedFile(const Granted<Perm::kRead, PathTarget>& path) {
  const std::optional<CachedFile> file = OpenCached(path, kCachedMost);
  if (!file) return std::nullopt;
  Buffer buffer(file->size);
  if (!buffer.data() || !ReadCached(*file, {buffer.data(), file->size})) return std::nullopt;
  return buffer.Take(file->size);
}

Result<FileText> ReadWholeText(const Granted<Perm::kRead, PathTarget>& path,
                               const CancelFlag& cancel) {
  RT_TRY(Bytes bytes, ReadWholeFile(path, cancel));
  return DecodeFileText(std::move(bytes));
}

Result<void> WriteWholeFile(const Granted<Perm::kWrite, PathTarget>& path,
                            const WriteOptions& options, std::span<const uint8_t> data,
                            const CancelFlag& cancel) {
  // A file that is there is written over and then cut, not emptied first: giving its blocks back
  // and taking new ones costs file systems several times the write (ext4 even starts the disk).
  const bool writes_over = !options.append && !options.create_new && !data.empty();
  int flags = options.append ? O_APPEND : writes_over ? 0 : O_TRUNC;
  if (options.create) flags |= O_CREAT;
  if (options.create_new) flags |= O_CREAT | O_EXCL;
  const mode_t mode = options.mode ? static_cast<mode_t>(*options.mode & 07777) : 0666;
  RT_TRY(const OwnedFd fd, OpenForWrite(path, kWriting, flags, mode));
  if (options.mode && fchmod(fd.get(), mode) != 0) {
    return Error::FromErrno(errno, kWriting, path->path());
  }
  struct stat info {};
  const off_t old_size =
      writes_over && fstat(fd.get(), &info) == 0 && S_ISREG(info.st_mode) ? info.st_size : 0;
  off_t size = 0;
  Result<void> done = WriteAll(fd, *path, data, cancel, &size);
  // Also after an error: what is left is a beginning of what was to be written, and nothing old.
  if (size < old_size && ftruncate(fd.get(), size) != 0 && done.ok()) {
    return Error::FromErrno(errno, kWriting, path->path());
  }
  return done;
}

}  // namespace rt
