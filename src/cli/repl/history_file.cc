#include "src/cli/repl/history_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "src/base/make_folders.h"
#include "src/config/json.h"
#include "src/typescript/files.h"

namespace rt::cli {
namespace {

constexpr size_t kMaxFile = 16 << 20;
constexpr size_t kMaxEntry = 64 << 10;
constexpr size_t kKept = 1000;

}  // namespace

std::vector<std::string> HistoryFile::Load() const {
  std::vector<std::string> entries;
  if (path_.empty()) return entries;
  const auto text = typescript::ReadWholeFile(path_, kMaxFile);
  if (!text) return entries;
  std::string_view rest = *text;
  while (!rest.empty()) {
    const size_t end = std::min(rest.find('\n'), rest.size());
    // A line somebody was killed in the middle of is skipped.
    if (auto json = ParseJson(rest.substr(0, end)); json.ok() && json->AsString()) {
      entries.push_back(*json->AsString());
    }
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  if (entries.size() > 2 * kKept) {
    entries.erase(entries.begin(), entries.end() - static_cast<ptrdiff_t>(kKept));
    std::string kept;
    for (const std::string& entry : entries) kept += QuoteJson(entry) + "\n";
    typescript::WriteFileWhole(path_, "", kept);
  }
  return entries;
}

bool HistoryFile::Add(std::string_view entry) const {
  if (path_.empty() || entry.size() > kMaxEntry) return false;
  const int flags = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC;
  int fd = open(path_.c_str(), flags, 0600);
  if (fd < 0) {
    // The cache folder itself may not be there yet.
    (void)MakeFolders(path_.substr(0, path_.rfind('/')));
    fd = open(path_.c_str(), flags, 0600);
  }
  if (fd < 0) return false;
  // One write: entries of two processes do not mix.
  const std::string line = QuoteJson(entry) + "\n";
  const bool done = write(fd, line.data(), line.size()) == static_cast<ssize_t>(line.size());
  close(fd);
  return done;
}

}  // namespace rt::cli
