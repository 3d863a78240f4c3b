// Path resolution on open directories. The fast way is one openat2 and one readlink of
// /proc/self/fd; the walk below does the same component by component where those are missing and
// tells, for a path that cannot be resolved, how far it exists.
#include "src/permissions/path_resolver.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdio>
#include <vector>

#include "src/permissions/path_scope.h"

namespace rt {
namespace {

constexpr int kMaxLinks = 40;  // the kernel's own limit
constexpr int kOpenDirectory = O_PATH | O_DIRECTORY | O_CLOEXEC;

struct Link {
  bool is_link = false;
  std::string target;
};

// The target of `name` in `dir` ("" = `dir` itself, an O_PATH descriptor of a link).
Link ReadLinkAt(int dir, const char* name) {
  std::string text(256, '\0');
  for (;;) {
    const ssize_t length = readlinkat(dir, name, text.data(), text.size());
    if (length < 0) return {};
    if (static_cast<size_t>(length) < text.size()) {
      text.resize(length);
      return {true, std::move(text)};
    }
    text.resize(text.size() * 2);
  }
}

std::string Join(std::string_view folder, std::string_view rest) {
  std::string path(folder);
  if (!path.ends_with('/') && !rest.empty()) path += '/';
  path += rest;
  return path;
}

// A directory that was opened, or how far the way to it exists.
struct OpenedDirectory {
  OwnedFd fd;            // the directory, or the deepest part that exists
  std::string resolved;  // its path
  int error_number = 0;  // 0: all of it
  std::string rest;      // what is left of the path, first the part that failed
};

// Walks from "/" with a stack of descriptors: ".." goes back to the directory we came through, so a
// directory that is renamed meanwhile cannot lead us out of where the names lead.
OpenedDirectory Walk(std::string_view absolute) {
  struct Level {
    OwnedFd fd;
    std::string name;
  };
  std::vector<Level> stack;
  OpenedDirectory result;
  const auto finish = [&](int error_number, std::string_view failed, std::string_view rest) {
    result.error_number = error_number;
    if (error_number != 0) result.rest = Join(failed, rest);
    for (const Level& level : stack) {
      if (!level.name.empty()) result.resolved.append("/").append(level.name);
    }
    if (result.resolved.empty()) result.resolved = "/";
    result.fd = std::move(stack.back().fd);
    return std::move(result);
  };
  stack.push_back({OwnedFd(open("/", kOpenDirectory)), ""});
  if (!stack.back().fd) return finish(errno, absolute, "");

  std::string pending(absolute);
  size_t at = 0;
  int links = 0;
  while (at < pending.size()) {
    const size_t slash = std::min(pending.find('/', at), pending.size());
    const std::string part = pending.substr(at, slash - at);
    at = std::min(slash + 1, pending.size());
    if (part.empty() || part == ".") continue;
    if (part == "..") {
      if (stack.size() > 1) stack.pop_back();
      continue;
    }
    const std::string_view rest = std::string_view(pending).substr(at);
    OwnedFd fd(openat(stack.back().fd.get(), part.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
    if (!fd) return finish(errno, part, rest);
    struct stat info;
    if (fstat(fd.get(), &info) != 0) return finish(errno, part, rest);
    if (S_ISLNK(info.st_mode)) {
      // Links of procfs are magic, except /proc/self and its like directly in the root.
      if (IsSpecialFileSystem(fd.get()) && stack.size() != 2) return finish(ELOOP, part, rest);
      if (++links > kMaxLinks) return finish(ELOOP, part, rest);
      Link link = ReadLinkAt(fd.get(), "");
      if (!link.is_link) return finish(EIO, part, rest);
      if (link.target.starts_with('/')) stack.resize(1);
      pending = Join(link.target, rest);
      at = 0;
      continue;
    }
    if (!S_ISDIR(info.st_mode)) return finish(ENOTDIR, part, rest);
    stack.push_back({std::move(fd), part});
  }
  return finish(0, "", "");
}

OpenedDirectory OpenDirectory(const std::string& absolute, bool walk) {
  if (!walk) {
    OwnedFd fd(Openat2(AT_FDCWD, absolute.c_str(), kOpenDirectory, 0, RESOLVE_NO_MAGICLINKS));
    if (fd) {
      std::string resolved = PathOfFd(fd.get());
      if (!resolved.empty()) return {std::move(fd), std::move(resolved), 0, ""};
    }
  }
  return Walk(absolute);
}

struct Split {
  std::string parent;
  std::string name;  // "." when the path is the parent itself
};

// `absolute` without trailing slashes.
Split SplitLast(const std::string& absolute) {
  const size_t slash = absolute.rfind('/');
  std::string name = absolute.substr(slash + 1);
  if (name.empty() || name == "." || name == "..") return {absolute, "."};
  return {slash == 0 ? "/" : absolute.substr(0, slash), std::move(name)};
}

bool StripTrailingSlashes(std::string& path) {
  bool any = false;
  while (path.size() > 1 && path.ends_with('/')) {
    path.pop_back();
    any = true;
  }
  return any;
}

}  // namespace

int Openat2(int dir, const char* path, uint64_t flags, uint64_t mode, uint64_t resolve) {
  open_how how{};
  how.flags = flags;
  how.mode = mode;
  how.resolve = resolve;
  for (;;) {
    const long fd = syscall(SYS_openat2, dir, path, &how, sizeof how);
    if (fd >= 0 || errno != EINTR) return static_cast<int>(fd);
  }
}

bool PathResolver::HaveOpenat2() {
  static const bool have = [] {
    const OwnedFd fd(Openat2(AT_FDCWD, "/", kOpenDirectory, 0, RESOLVE_NO_MAGICLINKS));
    return fd.valid();
  }();
  return have;
}

std::string PathOfFd(int fd) {
  char name[40];
  std::snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
  Link link = ReadLinkAt(AT_FDCWD, name);
  if (!link.is_link || !link.target.starts_with('/')) return {};
  // A deleted directory's text is not its path. (A directory really called so is found by walking.)
  if (link.target.ends_with(" (deleted)")) return {};
  return std::move(link.target);
}

bool IsSpecialFileSystem(int fd) {
  struct statfs info;
  if (fstatfs(fd, &info) != 0) return true;
  switch (static_cast<unsigned long>(info.f_type)) {
    case PROC_SUPER_MAGIC:
    case SYSFS_MAGIC:
    case DEBUGFS_MAGIC:
    case TRACEFS_MAGIC:
    case SECURITYFS_MAGIC:
    case SELINUX_MAGIC:
    case SMACK_MAGIC:
    case BPF_FS_MAGIC:
    case EFIVARFS_MAGIC:
    case NSFS_MAGIC:
      return true;
    default:
      return false;
  }
}

PathResolver::Outcome PathResolver::Resolve(std::string path, const Options& options) {
  const bool walk = options.walk || !HaveOpenat2();
  Outcome outcome;
  PathTarget& target = outcome.target;
  target.path_ = path;
  const auto refuse = [&](int error_number) {
    target.how_ = PathTarget::How::kRefused;
    target.error_number_ = error_number;
    return std::move(outcome);
  };
  if (path.empty()) return refuse(ENOENT);
  target.must_be_directory_ = path.ends_with('/') || path.ends_with("/.");
  if (!path.starts_with('/')) {
    char cwd[PATH_MAX];
    if (getcwd(cwd, sizeof cwd) == nullptr || cwd[0] != '/') return refuse(ENOENT);
    path = Join(cwd, path);
  }
  outcome.lexical = NormalizeLexically(path);
  if (target.path_.size() >= PATH_MAX) {
    // Nothing on disk is looked at, so the answer is the same whatever is there; rules judge the
    // text.
    outcome.resolved = outcome.lexical;
    target.must_be_directory_ = false;
    return refuse(ENAMETOOLONG);
  }

  std::string absolute = outcome.lexical;
  for (int links = 0;; ++links) {
    Split split = SplitLast(absolute);
    OpenedDirectory parent = OpenDirectory(split.parent, walk);
    if (parent.error_number != 0) {
      const std::string missing = split.name == "." ? parent.rest : Join(parent.rest, split.name);
      const bool creatable = parent.error_number == ENOENT && parent.fd && !HasDotDot(missing);
      const size_t slash = missing.find('/');
      outcome.special = parent.fd && IsSpecialFileSystem(parent.fd.get());
      // With ".." behind the missing part (from a link) only where it went missing is told.
      outcome.resolved =
          Join(parent.resolved, HasDotDot(missing) ? missing.substr(0, slash) : missing);
      outcome.resolved = NormalizeLexically(outcome.resolved);
      if (!creatable) return refuse(parent.error_number);
      const std::string rest = NormalizeLexically(missing);
      const size_t first = rest.find('/');
      PathTarget::Place place{.dir = {}, .name = rest.substr(0, first), .rest = {}};
      if (first != std::string::npos) place.rest = rest.substr(first + 1);
      // A missing last directory "x/." has no rest, but nor may it be created as a file.
      if (split.name == ".") target.must_be_directory_ = true;
      place.dir = std::make_shared<const OwnedFd>(std::move(parent.fd));
      target.how_ = PathTarget::How::kResolved;
      target.place_ = std::make_shared<const PathTarget::Place>(std::move(place));
      return outcome;
    }
    outcome.special = IsSpecialFileSystem(parent.fd.get());
    outcome.resolved = split.name == "." ? parent.resolved : Join(parent.resolved, split.name);
    if (split.name != "." && options.follow && !outcome.special) {
      Link link = ReadLinkAt(parent.fd.get(), split.name.c_str());
      if (link.is_link) {
        if (links >= kMaxLinks) return refuse(ELOOP);
        if (StripTrailingSlashes(link.target)) target.must_be_directory_ = true;
        absolute = link.target.starts_with('/') ? std::move(link.target)
                                                : Join(parent.resolved, link.target);
        continue;
      }
    }
    struct stat info;
    if (fstat(parent.fd.get(), &info) == 0) {
      outcome.parent_device = info.st_dev;
      outcome.parent_inode = info.st_ino;
    }
    if (fstatat(parent.fd.get(), split.name.c_str(), &info, AT_SYMLINK_NOFOLLOW) == 0) {
      outcome.exists = true;
      outcome.device = info.st_dev;
      outcome.inode = info.st_ino;
    }
    target.how_ = PathTarget::How::kResolved;
    target.place_ = std::make_shared<const PathTarget::Place>(
        PathTarget::Place{.dir = std::make_shared<const OwnedFd>(std::move(parent.fd)),
                          .name = std::move(split.name),
                          .rest = {}});
    return outcome;
  }
}

PathTarget PathResolver::Unscoped(std::string path, bool everything) {
  PathTarget target;
  if (path.size() >= PATH_MAX) {
    // Before its ".." are collapsed: what the kernel would refuse must not become a path it takes.
    target.how_ = PathTarget::How::kRefused;
    target.error_number_ = ENAMETOOLONG;
    target.path_ = std::move(path);
    return target;
  }
  target.how_ = everything ? PathTarget::How::kDirect : PathTarget::How::kGuarded;
  target.must_be_directory_ = path.ends_with('/');
  if (!everything && HasDotDot(path)) {
    PathTarget::Place place{.dir = {}, .name = NormalizeLexically(path), .rest = {}};
    if (target.must_be_directory_ && place.name != "/") place.name += '/';
    target.place_ = std::make_shared<const PathTarget::Place>(std::move(place));
  }
  target.path_ = std::move(path);
  return target;
}

PathTarget PathResolver::Beside(const PathTarget& target, std::string_view suffix) {
  PathTarget beside = target;
  beside.must_be_directory_ = false;
  beside.denied_below_ = false;
  beside.path_ += suffix;
  if (target.place_ != nullptr) {
    PathTarget::Place place = *target.place_;
    if (!place.name.empty()) place.name += suffix;
    beside.place_ = std::make_shared<const PathTarget::Place>(std::move(place));
  }
  beside.shown_.clear();
  return beside;
}

}  // namespace rt
