// Reading the list of mounts, and following a path from one mount to the others of the same file
// system.
#include "src/permissions/mounts.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <utility>

#include "src/permissions/owned_fd.h"

namespace rt {
namespace {

// STATX_MNT_ID, since Linux 5.8: glibc 2.36 knows the bit, but has no name for the field.
constexpr unsigned kStatxMountId = 0x1000;
constexpr size_t kMountIdOffset = 0x90;

std::string_view TakeField(std::string_view& line) {
  const size_t end = std::min(line.find(' '), line.size());
  const std::string_view field = line.substr(0, end);
  line.remove_prefix(std::min(end + 1, line.size()));
  return field;
}

// Blanks, tabs, newlines and backslashes are written as three octal digits.
std::string Unescaped(std::string_view field) {
  std::string text;
  const auto digit = [&](size_t at) { return field[at] >= '0' && field[at] <= '7'; };
  for (size_t i = 0; i < field.size(); ++i) {
    if (field[i] == '\\' && i + 3 < field.size() && digit(i + 1) && digit(i + 2) && digit(i + 3)) {
      text += static_cast<char>((field[i + 1] - '0') * 64 + (field[i + 2] - '0') * 8 +
                                (field[i + 3] - '0'));
      i += 3;
    } else {
      text += field[i];
    }
  }
  return text;
}

// `path` below `folder` as it is below `other`: ("/a", "/a/b", "/x") is "/x/b".
std::string Moved(std::string_view folder, std::string_view path, std::string_view other) {
  std::string_view rest = path.substr(folder == "/" ? 0 : folder.size());
  if (rest == "/") rest = {};
  if (other == "/") return rest.empty() ? "/" : std::string(rest);
  return std::string(other).append(rest);
}

// The mount a path is on, told by the kernel: 0 if it cannot be told.
uint64_t MountIdOf(const std::string& path) {
  struct statx info {};
  if (statx(AT_FDCWD, path.c_str(), AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT, kStatxMountId, &info) !=
          0 ||
      (info.stx_mask & kStatxMountId) == 0) {
    return 0;
  }
  static_assert(sizeof info >= kMountIdOffset + sizeof(uint64_t));
  uint64_t id = 0;
  std::memcpy(&id, reinterpret_cast<const char*>(&info) + kMountIdOffset, sizeof id);
  return id;
}

}  // namespace

MountTable MountTable::Read() {
  const OwnedFd fd(open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC));
  if (!fd) return {};
  std::string text;
  size_t size = 0;
  for (;;) {
    text.resize(size + 16 * 1024);
    const ssize_t got = read(fd.get(), text.data() + size, text.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    size += static_cast<size_t>(got);
  }
  text.resize(size);
  return Parse(text);
}

MountTable MountTable::Parse(std::string_view mountinfo) {
  MountTable table;
  while (!mountinfo.empty()) {
    const size_t end = std::min(mountinfo.find('\n'), mountinfo.size());
    std::string_view line = mountinfo.substr(0, end);
    mountinfo.remove_prefix(std::min(end + 1, mountinfo.size()));
    Mount mount;
    const std::string_view id = TakeField(line);
    (void)std::from_chars(id.data(), id.data() + id.size(), mount.id);
    (void)TakeField(line);  // the mount it is mounted on
    mount.device = TakeField(line);
    mount.root = Unescaped(TakeField(line));
    mount.place = Unescaped(TakeField(line));
    if (mount.root.starts_with('/') && mount.place.starts_with('/')) {
      table.mounts_.push_back(std::move(mount));
    }
  }
  return table;
}

const MountTable::Mount* MountTable::MountOf(std::string_view path) const {
  // Of what is not there, the folder that is tells.
  uint64_t id = 0;
  for (std::string at(path); id == 0;) {
    id = MountIdOf(at);
    if (at.size() <= 1) break;
    at.resize(std::max<size_t>(at.rfind('/'), 1));
  }
  const Mount* found = nullptr;
  for (const Mount& mount : mounts_) {
    if (!IsInside(mount.place, path)) continue;
    if (id != 0 && mount.id == id) return &mount;
    // Without the kernel's word the deepest place counts, and of two mounts there the later.
    if (found == nullptr || mount.place.size() >= found->place.size()) found = &mount;
  }
  return found;
}

std::vector<std::string> MountTable::OtherPlacesOf(std::string_view path) const {
  std::vector<std::string> places;
  const Mount* const home = path.starts_with('/') ? MountOf(path) : nullptr;
  if (home == nullptr) return places;
  const std::string inside = Moved(home->place, path, home->root);
  for (const Mount& mount : mounts_) {
    if (&mount == home || mount.device != home->device) continue;
    std::string place;
    if (IsInside(mount.root, inside)) {
      place = Moved(mount.root, inside, mount.place);
    } else if (IsInside(inside, mount.root)) {
      place = mount.place;  // all of what is mounted there
    } else {
      continue;
    }
    const uint64_t there = MountIdOf(place);
    if (place == path || (there != 0 && there != mount.id)) continue;
    places.push_back(std::move(place));
  }
  return places;
}

std::vector<PathScope> InAllPlaces(PathScope scope, const MountTable* mounts) {
  std::vector<PathScope> scopes;
  if (mounts != nullptr) {
    for (std::string& place : mounts->OtherPlacesOf(scope.resolved())) {
      scopes.push_back(PathScope::Resolved(scope.lexical(), std::move(place), 0, 0));
    }
  }
  scopes.insert(scopes.begin(), std::move(scope));
  return scopes;
}

}  // namespace rt
