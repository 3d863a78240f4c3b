// A folder read in portions, so that a huge one is never in memory as a whole. Opened through a
// Granted value like every sink. One thread at a time.
#pragma once

#include <dirent.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/result.h"
#include "src/permissions/sinks.h"

namespace rt {

class DirStream {
 public:
  static Result<std::unique_ptr<DirStream>> Open(const Granted<Perm::kRead, PathTarget>& path,
                                                 std::string_view syscall = "readdir");
  ~DirStream() { closedir(dir_); }
  DirStream(const DirStream&) = delete;
  DirStream& operator=(const DirStream&) = delete;

  // The next entries, at most `limit`, without "." and "..", in the file system's order. Empty: the
  // end.
  Result<std::vector<DirEntry>> Next(size_t limit);
  bool at_end() const { return at_end_; }

 private:
  DirStream(DIR* dir, std::string path, std::string_view syscall)
      : dir_(dir), path_(std::move(path)), syscall_(syscall) {}

  DIR* dir_;
  std::string path_;     // for messages
  std::string syscall_;  // for messages
  bool at_end_ = false;
};

}  // namespace rt
