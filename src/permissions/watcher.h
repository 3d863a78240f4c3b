// Watcher: inotify(7) on what was granted, whole trees if asked. Watches are put on opened objects,
// and a tree is entered through directory descriptors without following links, so nothing outside
// the grant is ever reported. One thread at a time.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "src/base/result.h"
#include "src/permissions/granted.h"
#include "src/permissions/owned_fd.h"
#include "src/permissions/path_target.h"

namespace rt {

// Deno.FsEvent.
struct WatchEvent {
  std::string kind;  // access, create, modify, rename, remove, other
  std::vector<std::string> paths;
  bool rescan = false;  // the kernel lost events: look again at everything
};

class Watcher {
 public:
  // `idle`: for no path at all. It never has an event, and needs nothing of the kernel that a wall
  // may refuse.
  static Result<Watcher> Create(bool idle);
  Watcher(Watcher&&) noexcept = default;
  Watcher& operator=(Watcher&&) noexcept = default;

  // NotFound in Deno's words; NotCapable for a tree with a denied path in it.
  Result<void> Add(const Granted<Perm::kRead, PathTarget>& path, bool recursive);

  // What happened since the last call; empty: nothing. Never waits.
  Result<std::vector<WatchEvent>> Read();

  // Readable when something happened.
  int fd() const { return inotify_.get(); }

 private:
  struct Root {
    OwnedFd fd;        // O_PATH
    std::string path;  // absolute, as events show it
    bool recursive;
    uint64_t device;
  };
  struct Watch {
    size_t root;
    std::string below;  // "" for the root itself, else "a/b"
  };
  struct Move {
    uint32_t cookie;
    size_t root;
    std::string below;
    bool is_directory;
  };

  explicit Watcher(OwnedFd inotify) : inotify_(std::move(inotify)) {}
  // Watches an open directory or file. 0 or an errno.
  int AddWatch(int fd, bool is_directory, size_t root, const std::string& below);
  // Watches the directory root/below and all below it; `found` gets a create event for each entry.
  int AddTree(size_t root, const std::string& below, std::vector<WatchEvent>* found);
  void Translate(int wd, uint32_t mask, uint32_t cookie, std::string_view name,
                 std::vector<WatchEvent>& events);
  void MoveWatches(size_t root, const std::string& from, size_t to_root, const std::string& to);
  void DropWatches(size_t root, const std::string& below);
  std::string PathOf(size_t root, std::string_view below) const;

  OwnedFd inotify_;
  std::vector<Root> roots_;
  std::unordered_map<int, Watch> watches_;
  std::vector<Move> moves_;  // names that went and have not come back
};

}  // namespace rt
