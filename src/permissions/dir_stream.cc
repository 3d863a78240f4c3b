#include "src/permissions/dir_stream.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>

#include "src/permissions/sink_paths.h"

namespace rt {
namespace {

DirEntry::Kind KindOf(DIR* dir, const dirent& entry) {
  unsigned char type = entry.d_type;
  if (type == DT_UNKNOWN) {
    struct stat info;
    if (fstatat(dirfd(dir), entry.d_name, &info, AT_SYMLINK_NOFOLLOW) == 0) {
      type = IFTODT(info.st_mode);
    }
  }
  switch (type) {
    case DT_REG:
      return DirEntry::Kind::kFile;
    case DT_DIR:
      return DirEntry::Kind::kDirectory;
    case DT_LNK:
      return DirEntry::Kind::kSymlink;
    default:
      return DirEntry::Kind::kOther;
  }
}

}  // namespace

Result<std::unique_ptr<DirStream>> DirStream::Open(const Granted<Perm::kRead, PathTarget>& path,
                                                   std::string_view syscall) {
  RT_TRY(OwnedFd fd, OpenTarget(*path, syscall, O_RDONLY | O_DIRECTORY));
  DIR* dir = fdopendir(fd.get());
  if (dir == nullptr) return PathError(errno, syscall, *path);
  fd.Release();
  return std::unique_ptr<DirStream>(new DirStream(dir, path->path(), syscall));
}

Result<std::vector<DirEntry>> DirStream::Next(size_t limit) {
  std::vector<DirEntry> entries;
  entries.reserve(std::min<size_t>(limit, 64));
  while (!at_end_ && entries.size() < limit) {
    errno = 0;
    const dirent* entry = readdir(dir_);
    if (entry == nullptr) {
      if (errno != 0) return Error::FromErrno(errno, syscall_, path_);
      at_end_ = true;
      break;
    }
    const std::string_view name = entry->d_name;
    if (name == "." || name == "..") continue;
    entries.push_back({std::string(name), KindOf(dir_, *entry)});
  }
  return entries;
}

}  // namespace rt
