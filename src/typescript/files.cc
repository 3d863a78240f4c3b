#include "src/typescript/files.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <ctime>

#include "src/base/make_folders.h"
#include "src/permissions/wall_helper.h"

namespace rt::typescript {
namespace {

constexpr std::string_view kSuffix = ".XXXXXX";
constexpr time_t kStaleAfter = 24 * 3600;

bool WriteAll(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t size = write(fd, bytes.data(), bytes.size());
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(size));
  }
  return true;
}

bool WriteFileTo(const std::string& path, std::string_view head, std::string_view body, bool sync,
                 bool shared) {
  const size_t slash = path.rfind('/');
  if (slash == std::string::npos || !MakeFolders(path.substr(0, slash))) return false;
  std::string temporary = path + std::string(kSuffix);
  const int fd = mkostemp(temporary.data(), O_CLOEXEC);
  if (fd < 0) return false;
  if (shared) {
    struct stat info;
    mode_t mode = 0;
    if (stat(path.c_str(), &info) == 0) {
      mode = info.st_mode & 07777;
    } else {
      const mode_t mask = umask(0);
      umask(mask);
      mode = 0666 & ~mask;
    }
    fchmod(fd, mode);
  }
  // Unsynced, what a crash of the machine tears is found by the checksum when it is read.
  const bool written = WriteAll(fd, head) && WriteAll(fd, body) && (!sync || fdatasync(fd) == 0);
  const bool closed = close(fd) == 0;
  if (written && closed) {
    if (rename(temporary.c_str(), path.c_str()) == 0) return true;
    // A folder in the place of an entry of the cache, if nothing is in it: a container's volume of
    // a file that was not there leaves one.
    if (errno == EISDIR && !shared && rmdir(path.c_str()) == 0 &&
        rename(temporary.c_str(), path.c_str()) == 0) {
      return true;
    }
  }
  unlink(temporary.c_str());
  return false;
}

}  // namespace

std::optional<std::string> ReadWholeFile(const std::string& path, size_t limit) {
  // Not blocking: a FIFO in a file's place must not hang the program.
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) {
    if (!WallHelper::MayBeTheWall(errno)) return std::nullopt;
    return WallHelper::Get()->ReadCode(path, limit);
  }
  std::optional<std::string> text;
  struct stat info;
  if (fstat(fd, &info) == 0 && S_ISREG(info.st_mode) &&
      static_cast<size_t>(info.st_size) <= limit) {
    text.emplace(static_cast<size_t>(info.st_size), '\0');
    size_t filled = 0;
    while (filled < text->size()) {
      const ssize_t size = read(fd, text->data() + filled, text->size() - filled);
      if (size < 0 && errno == EINTR) continue;
      if (size < 0) {
        text.reset();
        break;
      }
      if (size == 0) break;
      filled += static_cast<size_t>(size);
    }
    if (text) text->resize(filled);
  }
  close(fd);
  return text;
}

bool WriteFileWhole(const std::string& path, std::string_view head, std::string_view body,
                    bool sync, bool shared) {
  if (shared) {
    char* target = realpath(path.c_str(), nullptr);
    const std::string real_path = target != nullptr ? target : path;
    free(target);
    return WriteFileTo(real_path, head, body, sync, /*shared=*/true);
  }
  return WriteFileTo(path, head, body, sync, /*shared=*/false);
}

void RemoveStaleParts(const std::string& folder) {
  DIR* dir = opendir(folder.c_str());
  if (dir == nullptr) return;
  const time_t now = time(nullptr);
  while (const dirent* entry = readdir(dir)) {
    const std::string_view name = entry->d_name;
    const size_t dot = name.rfind('.');
    if (dot == std::string_view::npos || dot == 0 || name.size() - dot != kSuffix.size()) continue;
    struct stat info;
    if (fstatat(dirfd(dir), entry->d_name, &info, AT_SYMLINK_NOFOLLOW) == 0 &&
        S_ISREG(info.st_mode) && info.st_mtime + kStaleAfter < now) {
      unlinkat(dirfd(dir), entry->d_name, 0);
    }
  }
  closedir(dir);
}

}  // namespace rt::typescript
