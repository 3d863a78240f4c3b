// One entry of a path list: a file or folder and everything below it, compared component by
// component. Must never be matched against a path whose links were not resolved, except to deny.
#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>

namespace rt {

// Collapses ".", "..", repeated and trailing slashes without touching the file system, as Deno does
// with every path before it checks and uses it: "a/../b" -> "b", "/../x" -> "/x", "../x" stays.
// An empty result is ".".
std::string NormalizeLexically(std::string_view path);

// True if a component of `path` is "..".
bool HasDotDot(std::string_view path);

// `path` is `folder` or below it; both absolute and normalized. "/a/foobar" is not inside "/a/foo".
bool IsInside(std::string_view folder, std::string_view path);

class PathScope {
 public:
  // `entry` as written in a flag or a permission descriptor; relative to `cwd` (absolute). Resolves
  // what exists of it now.
  static PathScope Make(std::string_view entry, std::string_view cwd);

  // A path that was resolved already; `inode` 0 if it does not exist.
  static PathScope Resolved(std::string lexical, std::string resolved, dev_t device, ino_t inode);

  // `resolved`: absolute, every link followed.
  bool Contains(std::string_view resolved) const { return IsInside(resolved_, resolved); }
  // The scope lies strictly inside `folder` (absolute, resolved).
  bool IsBelow(std::string_view folder) const {
    return resolved_ != folder && IsInside(folder, resolved_);
  }

  const std::string& resolved() const { return resolved_; }
  const std::string& lexical() const { return lexical_; }
  dev_t device() const { return device_; }
  ino_t inode() const { return inode_; }  // 0: it did not exist
  friend bool operator==(const PathScope& a, const PathScope& b) {
    return a.resolved_ == b.resolved_ && a.lexical_ == b.lexical_;
  }

 private:
  std::string lexical_;   // absolute and normalized, links as they are
  std::string resolved_;  // links followed when the scope was made, as far as it existed
  dev_t device_ = 0;      // of the object, if it existed
  ino_t inode_ = 0;
};

}  // namespace rt
