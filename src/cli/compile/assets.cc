#include "src/cli/compile/assets.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <ctime>

#include "src/base/output.h"

namespace rt::cli {
namespace {

constexpr uint64_t kMaxFile = uint64_t{1} << 31;
constexpr size_t kCompared = size_t{1} << 20;  // bytes at once
constexpr time_t kStaleAfter = 24 * 3600;

bool IsExcluded(const std::string& path, const std::vector<std::string>& excluded) {
  return std::any_of(excluded.begin(), excluded.end(), [&](const std::string& other) {
    return path == other || path.starts_with(other + "/");
  });
}

Result<std::string> ReadFile(const std::string& path, uint64_t size) {
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return Error::FromErrno(errno, "open", path);
  std::string content(size, '\0');
  size_t done = 0;
  while (done < content.size()) {
    const ssize_t part = read(fd, content.data() + done, content.size() - done);
    if (part < 0 && errno == EINTR) continue;
    if (part < 0) {
      const int error = errno;
      close(fd);
      return Error::FromErrno(error, "read", path);
    }
    if (part == 0) break;
    done += static_cast<size_t>(part);
  }
  close(fd);
  content.resize(done);
  return content;
}

Result<void> MakeFoldersOf(const std::string& path, size_t from) {
  for (size_t end = path.find('/', from); end != std::string::npos; end = path.find('/', end + 1)) {
    const std::string part = path.substr(0, end);
    if (!part.empty() && mkdir(part.c_str(), 0700) != 0 && errno != EEXIST) {
      return Error::FromErrno(errno, "mkdir", part);
    }
  }
  return {};
}

Result<void> WriteAsset(const PayloadAsset& asset, const std::string& path) {
  const int fd =
      open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, asset.executable ? 0500 : 0400);
  if (fd < 0) return Error::FromErrno(errno, "open", path);
  const bool written = WriteFully(fd, asset.content);
  const int error = errno;
  close(fd);
  if (!written) return Error::FromErrno(error, "write", path);
  return {};
}

void RemoveTree(const std::string& path) {
  struct stat info;
  if (lstat(path.c_str(), &info) != 0) return;
  if (!S_ISDIR(info.st_mode)) {
    unlink(path.c_str());
    return;
  }
  if (DIR* dir = opendir(path.c_str()); dir != nullptr) {
    while (const dirent* entry = readdir(dir)) {
      const std::string name = entry->d_name;
      if (name != "." && name != "..") RemoveTree(path + "/" + name);
    }
    closedir(dir);
  }
  rmdir(path.c_str());
}

}  // namespace

Result<void> CollectAssets(const std::string& path, const std::vector<std::string>& excluded,
                           std::vector<AssetFile>& files) {
  if (IsExcluded(path, excluded)) return {};
  struct stat info;
  if (stat(path.c_str(), &info) != 0) return Error::FromErrno(errno, "stat", path);
  if (S_ISREG(info.st_mode)) {
    if (static_cast<uint64_t>(info.st_size) > kMaxFile) {
      return Error::Range("Too large to be included (2 GiB at most): " + path);
    }
    RT_TRY(std::string content, ReadFile(path, static_cast<uint64_t>(info.st_size)));
    files.push_back({path, std::move(content), (info.st_mode & 0100) != 0});
    return {};
  }
  if (!S_ISDIR(info.st_mode)) return Error::Type("Neither a file nor a folder: " + path);
  DIR* dir = opendir(path.c_str());
  if (dir == nullptr) return Error::FromErrno(errno, "opendir", path);
  std::vector<std::string> names;
  while (const dirent* entry = readdir(dir)) {
    const std::string name = entry->d_name;
    if (name != "." && name != ".." && name != ".git") names.push_back(name);
  }
  closedir(dir);
  // The same executable, whatever order the disk has.
  std::sort(names.begin(), names.end());
  for (const std::string& name : names) {
    const std::string child = (path == "/" ? "" : path) + "/" + name;
    struct stat link;
    // A link to a folder may lead upwards, for ever.
    if (lstat(child.c_str(), &link) == 0 && S_ISLNK(link.st_mode) &&
        (stat(child.c_str(), &link) != 0 || S_ISDIR(link.st_mode))) {
      continue;
    }
    RT_TRY_VOID(CollectAssets(child, excluded, files));
  }
  return {};
}

namespace {

// Whether the file is there, and what the executable carries.
bool IsIntact(const PayloadAsset& asset, const std::string& path) {
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  if (fd < 0) return false;
  struct stat info;
  bool same = fstat(fd, &info) == 0 && S_ISREG(info.st_mode) &&
              static_cast<uint64_t>(info.st_size) == asset.content.size() &&
              ((info.st_mode & 0100) != 0) == asset.executable;
  std::string part(std::min(kCompared, asset.content.size()), '\0');
  size_t done = 0;
  while (same && done < asset.content.size()) {
    const ssize_t size = read(fd, part.data(), part.size());
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) {
      same = false;
      break;
    }
    const auto length = static_cast<size_t>(size);
    same = asset.content.substr(done, length) == std::string_view(part).substr(0, length);
    done += length;
  }
  close(fd);
  return same;
}

// Puts the file back in its place. Only folders below `folder` are gone through: a link somebody
// put there must not lead out of it.
Result<void> Restore(const PayloadAsset& asset, const std::string& folder) {
  const std::string path = folder + "/" + asset.path;
  for (size_t end = path.find('/', folder.size() + 1); end != std::string::npos;
       end = path.find('/', end + 1)) {
    const std::string part = path.substr(0, end);
    struct stat info;
    if (lstat(part.c_str(), &info) == 0 && !S_ISDIR(info.st_mode)) unlink(part.c_str());
    if (mkdir(part.c_str(), 0700) != 0 && errno != EEXIST) {
      return Error::FromErrno(errno, "mkdir", part);
    }
  }
  struct stat info;
  if (lstat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode)) RemoveTree(path);
  const std::string made = path + "." + std::to_string(getpid());
  unlink(made.c_str());
  auto result = WriteAsset(asset, made);
  if (result.ok() && rename(made.c_str(), path.c_str()) != 0) {
    result = Error::FromErrno(errno, "rename", path);
  }
  if (!result.ok()) unlink(made.c_str());
  return result;
}

// What processes that were killed left half-made.
void RemoveStale(const std::string& folder) {
  DIR* dir = opendir(folder.c_str());
  if (dir == nullptr) return;
  while (const dirent* entry = readdir(dir)) {
    const std::string name = entry->d_name;
    const size_t dot = name.rfind('.');
    struct stat info;
    if (dot == std::string::npos || name.size() - dot != 7 || dot < 64) continue;
    const std::string path = folder + "/" + name;
    if (lstat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode) &&
        info.st_mtime + kStaleAfter < time(nullptr)) {
      RemoveTree(path);
    }
  }
  closedir(dir);
}

}  // namespace

Result<void> ExtractAssets(const std::vector<PayloadAsset>& assets, const std::string& folder) {
  struct stat info;
  if (lstat(folder.c_str(), &info) == 0) {
    // Another user's folder may hold anything.
    if (!S_ISDIR(info.st_mode) || info.st_uid != geteuid()) {
      return Error::Type(folder + " is in the way: it is no folder of this user");
    }
    // What the program itself put beside them stays.
    for (const PayloadAsset& asset : assets) {
      if (!IsIntact(asset, folder + "/" + asset.path)) RT_TRY_VOID(Restore(asset, folder));
    }
    return {};
  }
  RT_TRY_VOID(MakeFoldersOf(folder, 0));
  RemoveStale(folder.substr(0, folder.rfind('/')));
  std::string made = folder + ".XXXXXX";
  if (mkdtemp(made.data()) == nullptr) return Error::FromErrno(errno, "mkdtemp", made);
  for (const PayloadAsset& asset : assets) {
    const std::string path = made + "/" + asset.path;
    auto result = MakeFoldersOf(path, made.size());
    if (result.ok()) result = WriteAsset(asset, path);
    if (!result.ok()) {
      RemoveTree(made);
      return result;
    }
  }
  if (rename(made.c_str(), folder.c_str()) != 0) {
    const int error = errno;
    RemoveTree(made);
    // Another process of the same program was faster.
    if (error != EEXIST && error != ENOTEMPTY) return Error::FromErrno(error, "rename", folder);
  }
  return {};
}

}  // namespace rt::cli
