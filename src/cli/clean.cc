// rt clean: removes what rt keeps and can make anew.
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string_view>
#include <vector>

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

// Whether the folder has anything that is not rt's.
bool HasOthers(int fd) {
  const int again = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR* dir = again < 0 ? nullptr : fdopendir(again);
  if (dir == nullptr) {
    if (again >= 0) close(again);
    return true;
  }
  bool has = false;
  while (const dirent* entry = readdir(dir)) {
    const std::string_view name = entry->d_name;
    has = has || (name != "." && name != ".." && std::ranges::count(cache::kAll, name) == 0);
  }
  closedir(dir);
  return has;
}

// What is gone, or would be: the folder, or those parts of it.
std::string Said(const std::string& folder, bool dry, bool is_folder,
                 const std::vector<std::string_view>& parts, const Removed& removed) {
  if (!is_folder && parts.empty()) return "Nothing to remove in " + folder + "\n";
  std::string text = dry ? "Would remove " : "Removed ";
  for (size_t i = 0; !is_folder && i < parts.size(); ++i) {
    text += std::string(i == 0 ? "" : ", ") + std::string(parts[i]);
  }
  return text + (is_folder ? "" : " in ") + folder + " (" + std::to_string(removed.files) +
         (removed.files == 1 ? " file, " : " files, ") + SizeText(removed.bytes) + ")\n";
}

}  // namespace

int CleanCommand(const Invocation& invocation) {
  const std::string folder = CacheFolder();
  if (folder.empty()) {
    return PrintError("there is no cache folder: none of RT_DIR, XDG_CACHE_HOME and HOME is set",
                      kExitError);
  }
  Removed removed;
  std::vector<std::string_view> parts;
  const int fd = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0 && errno != ENOENT) {
    return PrintError(Error::FromErrno(errno, "open", folder).message, kExitError);
  }
  const bool dry = invocation.tool.dry_run;
  // Nothing else is touched: RT_DIR may name any folder.
  for (const std::string_view name : cache::kAll) {
    if (fd < 0) break;
    struct stat info;
    if (fstatat(fd, std::string(name).c_str(), &info, AT_SYMLINK_NOFOLLOW) != 0) continue;
    const auto result =
        Remove(fd, std::string(name).c_str(), cache::PathOf(folder, name), dry, removed);
    if (!result.ok()) {
      close(fd);
      return PrintError(result.error().message, kExitError);
    }
    parts.push_back(name);
  }
  bool is_folder = false;  // that goes
  if (fd >= 0) {
    is_folder = dry ? !HasOthers(fd) : rmdir(folder.c_str()) == 0;  // only if it is empty
    close(fd);
  }
  if (invocation.quiet) return kExitOk;
  return PrintOutput(Said(folder, dry, is_folder, parts, removed));
}

}  // namespace rt::cli
