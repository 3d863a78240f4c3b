#include "src/permissions/watcher.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstring>

#include "src/permissions/path_resolver.h"
#include "src/permissions/path_scope.h"
#include "src/permissions/permissions.h"
#include "src/permissions/sink_paths.h"
#include "src/permissions/wall_helper.h"

namespace rt {
namespace {

constexpr uint32_t kMask = IN_CREATE | IN_DELETE | IN_DELETE_SELF | IN_MODIFY | IN_ATTRIB |
                           IN_CLOSE_WRITE | IN_MOVED_FROM | IN_MOVED_TO;
constexpr int kEnter = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;

std::string Join(std::string_view folder, std::string_view name) {
  if (folder.empty()) return std::string(name);
  std::string path(folder);
  if (!path.ends_with('/')) path += '/';
  return path.append(name);
}

bool IsAtOrBelow(std::string_view path, std::string_view folder) {
  if (!path.starts_with(folder)) return false;
  return path.size() == folder.size() || path[folder.size()] == '/';
}

// The folder `name` of `dir`; past the kernel's wall where that does not know of the grant.
OwnedFd OpenFolder(int dir, const char* name) {
  OwnedFd fd(openat(dir, name, kEnter));
  if (fd || !WallHelper::MayBeTheWall(errno)) return fd;
  const int error_number = errno;
  std::string path = PathOfFd(dir);
  if (std::string_view(name) != ".") path = Join(path, name);
  auto outside = WallHelper::Get()->Open(path, kEnter & ~O_CLOEXEC, 0);
  if (outside && outside->ok()) return std::move(*outside).value();
  errno = error_number;
  return {};
}

// `below` ("a/b") in `root`, entered component by component: no link is followed.
OwnedFd OpenBelow(int root, std::string_view below) {
  OwnedFd current = OpenFolder(root, ".");
  while (current && !below.empty()) {
    const size_t slash = below.find('/');
    const std::string part(below.substr(0, slash));
    below.remove_prefix(slash == std::string_view::npos ? below.size() : slash + 1);
    current = OpenFolder(current.get(), part.c_str());
  }
  return current;
}

Error WatchError(int error_number, const PathTarget& path) {
  if (error_number == ENOENT) {
    return Error::Make(ErrorClass::kNotFound, "No path was found.", "ENOENT");
  }
  if (error_number == ENOSPC) {
    return Error::Make(ErrorClass::kError, "OS file watch limit reached.", "ENOSPC");
  }
  return PathError(error_number, "watch", path);
}

}  // namespace

Result<Watcher> Watcher::Create(bool idle) {
  OwnedFd fd(idle ? eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)
                  : inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
  if (!fd) return Error::FromErrno(errno, "watch");
  return Watcher(std::move(fd));
}

Result<void> Watcher::Add(const Granted<Perm::kRead, PathTarget>& path, bool recursive) {
  if (recursive && path->denied_below()) return NotCapableError(Perm::kRead, path->shown());
  auto opened = OpenTarget(*path, "watch", O_PATH);
  if (!opened.ok()) {
    Error error = opened.TakeError();
    return error.sys_errno == ENOENT ? WatchError(ENOENT, *path) : std::move(error);
  }
  struct stat info;
  if (fstat(opened->get(), &info) != 0) return WatchError(errno, *path);
  std::string shown = path->path();
  if (!shown.starts_with('/')) {
    char cwd[PATH_MAX];
    if (getcwd(cwd, sizeof cwd) == nullptr) return WatchError(errno, *path);
    shown = Join(cwd, shown);
  }
  const bool is_directory = S_ISDIR(info.st_mode);
  const size_t root = roots_.size();
  roots_.push_back({std::move(*opened), NormalizeLexically(shown), recursive, info.st_dev});
  const int error_number = is_directory && recursive
                               ? AddTree(root, "", nullptr)
                               : AddWatch(roots_[root].fd.get(), is_directory, root, "");
  if (error_number != 0) return WatchError(error_number, *path);
  return {};
}

int Watcher::AddWatch(int fd, bool is_directory, size_t root, const std::string& below) {
  // The kernel takes a path only; its own link to the descriptor is the object that was opened.
  const std::string link = "/proc/self/fd/" + std::to_string(fd);
  const int wd =
      inotify_add_watch(inotify_.get(), link.c_str(), kMask | (is_directory ? IN_ONLYDIR : 0));
  if (wd < 0) return errno;
  watches_.try_emplace(wd, Watch{root, below});
  return 0;
}

int Watcher::AddTree(size_t root, const std::string& below, std::vector<WatchEvent>* found) {
  struct Level {
    DIR* stream;
    std::string below;
  };
  std::vector<Level> levels;
  int error_number = 0;
  const auto enter = [&](OwnedFd fd, std::string path) {
    struct stat info;
    if (!fd || fstat(fd.get(), &info) != 0) return errno;
    // Another file system mounted inside may be the kernel's own state.
    if (info.st_dev != roots_[root].device && IsSpecialFileSystem(fd.get())) return 0;
    // Watched first, listed second: what appears in between is told twice, never not at all.
    if (const int failed = AddWatch(fd.get(), true, root, path); failed != 0) return failed;
    DIR* stream = fdopendir(fd.get());
    if (stream == nullptr) return errno;
    fd.Release();
    levels.push_back({stream, std::move(path)});
    return 0;
  };
  error_number = enter(OpenBelow(roots_[root].fd.get(), below), below);
  while (error_number == 0 && !levels.empty()) {
    DIR* const stream = levels.back().stream;
    const dirent* entry = readdir(stream);
    if (entry == nullptr) {
      closedir(stream);
      levels.pop_back();
      continue;
    }
    const std::string_view name = entry->d_name;
    if (name == "." || name == "..") continue;
    const std::string path = Join(levels.back().below, name);
    if (found != nullptr) found->push_back({"create", {PathOf(root, path)}});
    if (entry->d_type != DT_DIR && entry->d_type != DT_UNKNOWN) continue;
    error_number = enter(OpenFolder(dirfd(stream), entry->d_name), path);
    // Gone again, no folder after all, or not ours to look into.
    if (error_number == ENOENT || error_number == ENOTDIR || error_number == ELOOP ||
        error_number == EACCES) {
      error_number = 0;
    }
  }
  for (const Level& level : levels) closedir(level.stream);
  return error_number;
}

Result<std::vector<WatchEvent>> Watcher::Read() {
  std::vector<WatchEvent> events;
  alignas(inotify_event) char buffer[16 * 1024];
  for (;;) {
    const ssize_t size = read(inotify_.get(), buffer, sizeof buffer);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0 && errno == EAGAIN) break;
    if (size < 0) return Error::FromErrno(errno, "watch");
    for (ssize_t at = 0; at < size;) {
      inotify_event event;
      std::memcpy(&event, buffer + at, sizeof event);
      const char* name = buffer + at + sizeof event;
      at += static_cast<ssize_t>(sizeof event + event.len);
      Translate(event.wd, event.mask, event.cookie,
                event.len > 0 ? std::string_view(name) : std::string_view(), events);
    }
  }
  // What left the tree for good is not watched any more.
  for (const Move& move : moves_) {
    if (move.is_directory) DropWatches(move.root, move.below);
  }
  moves_.clear();
  return events;
}

void Watcher::Translate(int wd, uint32_t mask, uint32_t cookie, std::string_view name,
                        std::vector<WatchEvent>& events) {
  if ((mask & IN_Q_OVERFLOW) != 0) {
    events.push_back({"other", {}, true});
    return;
  }
  const auto found = watches_.find(wd);
  if (found == watches_.end()) return;
  if ((mask & IN_IGNORED) != 0) {
    watches_.erase(found);
    return;
  }
  const Watch watch = found->second;
  // A folder inside the tree is told about by its parent.
  if (name.empty() && !watch.below.empty()) return;
  const std::string below = name.empty() ? watch.below : Join(watch.below, name);
  const std::string path = PathOf(watch.root, below);
  const bool is_directory = (mask & IN_ISDIR) != 0;
  const bool enters = is_directory && roots_[watch.root].recursive && !name.empty();
  if ((mask & IN_CREATE) != 0) {
    events.push_back({"create", {path}});
    if (enters) (void)AddTree(watch.root, below, &events);
  }
  if ((mask & (IN_MODIFY | IN_ATTRIB)) != 0) events.push_back({"modify", {path}});
  if ((mask & IN_CLOSE_WRITE) != 0) events.push_back({"access", {path}});
  if ((mask & (IN_DELETE | IN_DELETE_SELF)) != 0) events.push_back({"remove", {path}});
  if ((mask & IN_MOVED_FROM) != 0) {
    events.push_back({"remove", {path}});
    moves_.push_back({cookie, watch.root, below, is_directory});
  }
  if ((mask & IN_MOVED_TO) != 0) {
    events.push_back({"rename", {path}});
    const auto from = std::find_if(moves_.begin(), moves_.end(),
                                   [&](const Move& move) { return move.cookie == cookie; });
    if (from != moves_.end()) {
      events.push_back({"rename", {PathOf(from->root, from->below), path}});
      if (is_directory) MoveWatches(from->root, from->below, watch.root, below);
      moves_.erase(from);
    } else if (enters) {
      (void)AddTree(watch.root, below, nullptr);
    }
  }
}

void Watcher::MoveWatches(size_t root, const std::string& from, size_t to_root,
                          const std::string& to) {
  for (auto& [wd, watch] : watches_) {
    if (watch.root != root || !IsAtOrBelow(watch.below, from)) continue;
    watch.below = to + watch.below.substr(from.size());
    watch.root = to_root;
  }
}

void Watcher::DropWatches(size_t root, const std::string& below) {
  for (auto next = watches_.begin(); next != watches_.end();) {
    if (next->second.root == root && IsAtOrBelow(next->second.below, below)) {
      (void)inotify_rm_watch(inotify_.get(), next->first);
      next = watches_.erase(next);
    } else {
      ++next;
    }
  }
}

std::string Watcher::PathOf(size_t root, std::string_view below) const {
  return below.empty() ? roots_[root].path : Join(roots_[root].path, below);
}

}  // namespace rt
