#include "src/ext/fs/whole_file.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "src/engine/big_blocks.h"
#include "src/permissions/cached_files.h"
#include "src/permissions/sinks.h"

namespace rt {
namespace {

constexpr std::string_view kReading = "readfile";
constexpr std::string_view kWriting = "writefile";
// Between two looks at the cancel flag.
constexpr size_t kMaxStep = 8 * 1024 * 1024;

Error Cancelled() {
  return Error::Make(ErrorClass::kInterrupted, "operation canceled", "ECANCELED");
}

// Memory that is not zeroed first: all that a view of it will show is overwritten.
class Buffer {
 public:
  explicit Buffer(size_t capacity)
      : data_(static_cast<uint8_t*>(AllocateBlock(capacity))), capacity_(data_ ? capacity : 0) {}
  ~Buffer() { FreeBlock(data_, capacity_); }
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;

  // False, and all as it was, when there is no memory.
  bool Resize(size_t capacity) {
    void* const other = AllocateBlock(capacity);
    if (other == nullptr) return false;
    std::memcpy(other, data_, std::min(capacity, capacity_));
    FreeBlock(data_, capacity_);
    data_ = static_cast<uint8_t*>(other);
    capacity_ = capacity;
    return true;
  }
  uint8_t* data() { return data_; }
  size_t capacity() const { return capacity_; }

  Bytes Take(size_t size) {
    // Give back what was too much, if it is worth a copy.
    if (size < capacity_ / 2 && size > 0) (void)Resize(size);
    uint8_t* data = std::exchange(data_, nullptr);
    const auto free = [capacity = capacity_](void* memory) { FreeBlock(memory, capacity); };
    return Bytes(std::shared_ptr<void>(data, free), data, size);
  }

 private:
  uint8_t* data_ = nullptr;
  size_t capacity_ = 0;
};

Error OutOfMemory(const PathTarget& path) {
  return Error::FromErrno(ENOMEM, kReading, path.path());
}

// False: it was the end. A signal is no reason to stop.
Result<bool> ReadSome(const OwnedFd& fd, std::span<uint8_t> into, const PathTarget& path,
                      const CancelFlag& cancel, size_t* size) {
  for (;;) {
    if (IsCancelled(cancel)) return Cancelled();
    const ssize_t got = read(fd.get(), into.data(), std::min(into.size(), kMaxStep));
    if (got < 0) {
      if (errno == EINTR) continue;
      return Error::FromErrno(errno, kReading, path.path());
    }
    *size += static_cast<size_t>(got);
    return got > 0;
  }
}

// What comes after a room that is full.
Result<Bytes> ReadOn(const OwnedFd& fd, std::span<const uint8_t> begun, const PathTarget& path,
                     const CancelFlag& cancel) {
  struct stat info {};
  if (fstat(fd.get(), &info) != 0) return Error::FromErrno(errno, kReading, path.path());
  // One byte more than expected: a read that comes back short is the end, no second call is needed.
  const bool sized = S_ISREG(info.st_mode) && static_cast<uint64_t>(info.st_size) >= begun.size();
  Buffer buffer(sized ? static_cast<size_t>(info.st_size) + 1 : begun.size() * 2);
  if (!buffer.data()) return OutOfMemory(path);
  std::memcpy(buffer.data(), begun.data(), begun.size());
  size_t size = begun.size();
  for (;;) {
    if (size == buffer.capacity() && !buffer.Resize(buffer.capacity() * 2))
      return OutOfMemory(path);
    const size_t wanted = std::min(buffer.capacity() - size, kMaxStep);
    const size_t before = size;
    RT_TRY(const bool more, ReadSome(fd, {buffer.data() + size, wanted}, path, cancel, &size));
    if (!more || (sized && size - before < wanted)) return buffer.Take(size);
  }
}

Bytes CopyOf(std::span<const uint8_t> data) {
  if (data.empty()) return {};
  Buffer buffer(data.size());
  if (!buffer.data()) return {};
  std::memcpy(buffer.data(), data.data(), data.size());
  return buffer.Take(data.size());
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

Result<FileContents> ReadWholeFile(const Granted<Perm::kRead, PathTarget>& path, SmallFile& room,
                                   const CancelFlag& cancel) {
  RT_TRY(const OwnedFd fd, OpenForRead(path, kReading));
  size_t size = 0;
  while (size < room.size()) {
    RT_TRY(const bool more, ReadSome(fd, std::span(room).subspan(size), *path, cancel, &size));
    if (!more) return FileContents{.small = std::span(room).first(size), .large = {}};
  }
  RT_TRY(Bytes bytes, ReadOn(fd, room, *path, cancel));
  return FileContents::Of(std::move(bytes));
}

Result<Bytes> ReadWholeFile(const Granted<Perm::kRead, PathTarget>& path,
                            const CancelFlag& cancel) {
  SmallFile room;
  RT_TRY(FileContents contents, ReadWholeFile(path, room, cancel));
  if (!contents.large.empty() || contents.small.empty()) return std::move(contents.large);
  Bytes bytes = CopyOf(contents.small);
  if (bytes.empty()) return OutOfMemory(*path);
  return bytes;
}

std::optional<FileContents> ReadCachedFile(const Granted<Perm::kRead, PathTarget>& path,
                                           SmallFile& room, size_t max_size) {
  const std::optional<CachedFile> file = OpenCached(path, max_size);
  if (!file) return std::nullopt;
  if (file->size <= room.size()) {
    const auto data = std::span(room).first(file->size);
    if (!ReadCached(*file, data)) return std::nullopt;
    return FileContents{.small = data, .large = {}};
  }
  Buffer buffer(file->size);
  if (!buffer.data() || !ReadCached(*file, {buffer.data(), file->size})) return std::nullopt;
  return FileContents::Of(buffer.Take(file->size));
}

Result<FileText> ReadWholeText(const Granted<Perm::kRead, PathTarget>& path,
                               const CancelFlag& cancel) {
  RT_TRY(Bytes bytes, ReadWholeFile(path, cancel));
  return DecodeFileText(std::move(bytes));
}

FileText DecodeContents(FileContents contents) {
  if (contents.small.empty()) return DecodeFileText(std::move(contents.large));
  return DecodeFileText(
      Bytes(nullptr, const_cast<uint8_t*>(contents.small.data()), contents.small.size()));
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
