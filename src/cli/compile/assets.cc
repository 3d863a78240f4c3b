#include "src/cli/compile/assets.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>

#include "src/base/output.h"

namespace rt::cli {
namespace {

constexpr uint64_t kMaxFile = uint64_t{1} << 31;

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

Result<void> ExtractAssets(const std::vector<PayloadAsset>& assets, const std::string& folder) {
  struct stat info;
  if (lstat(folder.c_str(), &info) == 0) {
    // Another user's folder may hold anything.
    if (S_ISDIR(info.st_mode) && info.st_uid == geteuid()) return {};
    return Error::Type(folder + " is in the way: it is no folder of this user");
  }
  RT_TRY_VOID(MakeFoldersOf(folder, 0));
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
