// The REPL's history on disk: a line of JSON for each entry, oldest first. Other processes may add
// to it at the same time; a file that cannot be read or written is no history.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace rt::cli {

class HistoryFile {
 public:
  // `path` empty: nothing is kept.
  explicit HistoryFile(std::string path) : path_(std::move(path)) {}

  // The newest entries. A file that has grown long is cut.
  std::vector<std::string> Load() const;
  // False: it could not be written.
  bool Add(std::string_view entry) const;

 private:
  std::string path_;
};

}  // namespace rt::cli
