// What a granted path is. Under a scoped grant: an open parent directory and a last component,
// found by resolving every link first, so that nothing swapped in later moves it. Under an unscoped
// grant: the path as given. Must never be used with a syscall outside sinks.cc and its neighbours.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "src/permissions/owned_fd.h"

namespace rt {

// A path whose last symbolic links have been followed: open, stat, readFile, chdir, ...
// Immutable after the check; copies share the directory descriptor. Any thread.
class PathTarget {
 public:
  // How the sinks reach the object.
  enum class How : uint8_t {
    kNothing,   // default or moved from: every sink answers EBADF
    kDirect,    // everything is allowed: the kernel resolves path() as it is
    kGuarded,   // unscoped, but procfs, sysfs and raw memory stay closed: checked on the opened
                // object
    kResolved,  // scoped: dir() + name(), never following a link
    kRefused,  // inside the grant but cannot exist or be reached: every sink answers error_number()
  };

  PathTarget() = default;
  PathTarget(PathTarget&& other) noexcept
      : how_(std::exchange(other.how_, How::kNothing)),
        must_be_directory_(other.must_be_directory_),
        denied_below_(other.denied_below_),
        error_number_(other.error_number_),
        place_(std::move(other.place_)),
        path_(std::move(other.path_)),
        shown_(std::move(other.shown_)) {}
  PathTarget& operator=(PathTarget&& other) noexcept {
    PathTarget taken(std::move(other));
    std::swap(how_, taken.how_);
    std::swap(must_be_directory_, taken.must_be_directory_);
    std::swap(denied_below_, taken.denied_below_);
    std::swap(error_number_, taken.error_number_);
    place_.swap(taken.place_);
    path_.swap(taken.path_);
    shown_.swap(taken.shown_);
    return *this;
  }
  PathTarget(const PathTarget&) = default;
  PathTarget& operator=(const PathTarget&) = default;

  How how() const { return how_; }
  // The path as the caller spelt it; for messages, and for kDirect what is opened.
  const std::string& path() const { return path_; }
  // kResolved: the open parent directory. AT_FDCWD for kDirect and kGuarded, -1 otherwise.
  int dir() const;
  // kResolved: the last component, without a slash; "." when the target is dir() itself. kDirect
  // and kGuarded: the path to pass to the kernel.
  const std::string& name() const {
    const bool as_spelt = how_ == How::kDirect || (how_ == How::kGuarded && place_ == nullptr);
    return as_spelt ? path_ : PlaceOrNone().name;
  }
  // kResolved: components that did not exist below dir()/name() when it was checked ("b/c"); only a
  // recursive mkdir can use such a target, for the rest it is ENOENT.
  const std::string& rest() const { return PlaceOrNone().rest; }
  int error_number() const { return error_number_; }
  // The caller wrote a trailing slash.
  bool must_be_directory() const { return must_be_directory_; }
  // A deny rule names something strictly inside the target: recursive operations must refuse it.
  bool denied_below() const { return denied_below_; }
  // How messages show it: "\"x\"" quoted, or "<TMP>".
  std::string shown() const { return shown_.empty() ? "\"" + path_ + "\"" : shown_; }

 private:
  friend class PathResolver;

  // Where it is, if not where path_ says. Apart, because most targets are told by their path alone
  // and are moved several times on their way to a sink.
  struct Place {
    std::shared_ptr<const OwnedFd> dir;  // kResolved
    std::string name;                    // kResolved; kGuarded: path_ with its ".." collapsed
    std::string rest;                    // kResolved
  };
  static const Place& None();
  const Place& PlaceOrNone() const { return place_ != nullptr ? *place_ : None(); }

  How how_ = How::kNothing;
  bool must_be_directory_ = false;
  bool denied_below_ = false;
  int error_number_ = 0;
  std::shared_ptr<const Place> place_;
  std::string path_;
  std::string shown_;  // empty: path_ in quotes
};

// A directory entry itself, last link not followed: lstat, remove, rename, readLink, mkdir.
class EntryTarget : public PathTarget {
 public:
  EntryTarget() = default;

 private:
  friend class GrantAccess;
  explicit EntryTarget(PathTarget target) : PathTarget(std::move(target)) {}
};

}  // namespace rt
