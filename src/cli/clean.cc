// rt clean: removes what rt keeps and can make anew.
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "src/base/cache_names.h"
#include "src/cli/cache_folder.h"
#include "src/cli/cli.h"
#include "src/cli/commands.h"
#include "src/cli/messages.h"
#include "src/cli/sizes.h"

namespace rt::cli {
namespace {

struct Removed {
  uint64_t files = 0;
  uint64_t bytes = 0;
};

// Everything below `name` in the folder `at`, links not followed. `dry`: only counts.
Result<void> Remove(int at, const char* name, const std::string& path, bool dry, Removed& removed) {
  struct stat info;
  if (fstatat(at, name, &info, AT_SYMLINK_NOFOLLOW) != 0) {
    if (errno == ENOENT) return {};  // another process was faster
    return Error::FromErrno(errno, "lstat", path);
  }
  const bool is_folder = S_ISDIR(info.st_mode);
  if (is_folder) {
    const int fd = openat(at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0) return Error::FromErrno(errno, "open", path);
    DIR* dir = fdopendir(fd);
    if (dir == nullptr) {
      close(fd);
      return Error::FromErrno(errno, "opendir", path);
    }
    Result<void> result;
    while (const dirent* entry = readdir(dir)) {
      const std::string child = entry->d_name;
      if (child == "." || child == "..") continue;
      result = Remove(dirfd(dir), child.c_str(), path + "/" + child, dry, removed);
      if (!result.ok()) break;
    }
    closedir(dir);
    if (!result.ok()) return result;
  } else {
    ++removed.files;
    removed.bytes += static_cast<uint64_t>(info.st_size);
  }
  if (!dry && unlinkat(at, name, is_folder ? AT_REMOVEDIR : 0) != 0 && errno != ENOENT) {
    return Error::FromErrno(errno, "unlink", path);
  }
  return {};
}

}  // namespace

int CleanCommand(const Invocation& invocation) {
  const std::string folder = CacheFolder();
  if (folder.empty()) {
    return PrintError("there is no cache folder: none of RT_DIR, XDG_CACHE_HOME and HOME is set",
                      kExitError);
  }
  Removed removed;
  const int fd = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0 && errno != ENOENT) {
    return PrintError(Error::FromErrno(errno, "open", folder).message, kExitError);
  }
  const bool dry = invocation.tool.dry_run;
  // Nothing else is touched: RT_DIR may name any folder.
  for (const std::string_view name : cache::kAll) {
    if (fd < 0) break;
    const auto result =
        Remove(fd, std::string(name).c_str(), cache::PathOf(folder, name), dry, removed);
    if (!result.ok()) {
      close(fd);
      return PrintError(result.error().message, kExitError);
    }
  }
  if (fd >= 0) {
    close(fd);
    if (!dry) rmdir(folder.c_str());  // only if nothing else is in it
  }
  if (invocation.quiet) return kExitOk;
  return PrintOutput(std::string(dry ? "Would remove " : "Removed ") + folder + " (" +
                     std::to_string(removed.files) + " files, " + SizeText(removed.bytes) + ")\n");
}

}  // namespace rt::cli
