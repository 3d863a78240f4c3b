#include "src/cli/testing/coverage_data.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <optional>

#include "src/base/output.h"
#include "src/cli/testing/discover.h"
#include "src/config/project.h"
#include "src/module/specifier.h"
#include "src/typescript/media_type.h"
#include "src/typescript/scanner.h"

namespace rt::cli {
namespace {

// A source as V8 counts it: in UTF-16 units.
class Text {
 public:
  explicit Text(std::string text) : text_(std::move(text)) {
    int line = 0;
    for (size_t i = 0; i < text_.size(); ++i) {
      const auto byte = static_cast<unsigned char>(text_[i]);
      if ((byte & 0xc0) == 0x80) continue;
      byte_of_unit_.push_back(static_cast<uint32_t>(i));
      line_of_unit_.push_back(line);
      if (byte >= 0xf0) {
        byte_of_unit_.push_back(static_cast<uint32_t>(i));
        line_of_unit_.push_back(line);
      }
      if (text_[i] == '\n') ++line;
    }
    line_count_ = line + 1;
  }

  size_t units() const { return byte_of_unit_.size(); }
  int lines() const { return line_count_; }
  // From 0.
  int LineOf(size_t unit) const {
    return unit < units() ? line_of_unit_[unit] : std::max(0, line_count_ - 1);
  }
  bool IsSpace(size_t unit) const {
    const char c = text_[byte_of_unit_[unit]];
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
  }

  // Which lines have code, and not only comments.
  std::vector<bool> LinesWithCode() const {
    std::vector<bool> has(static_cast<size_t>(line_count_), false);
    std::vector<int> line_of_byte(text_.size() + 1, 0);
    for (size_t i = 0, line = 0; i <= text_.size(); ++i) {
      line_of_byte[i] = static_cast<int>(line);
      if (i < text_.size() && text_[i] == '\n') ++line;
    }
    typescript::Scanner scanner(text_);
    for (;;) {
      const typescript::Token token = scanner.Next();
      if (token.kind == typescript::Token::Kind::kEnd || scanner.lost()) break;
      const int first = line_of_byte[token.start];
      const int last = line_of_byte[token.end > token.start ? token.end - 1 : token.start];
      for (int line = first; line <= last; ++line) has[static_cast<size_t>(line)] = true;
    }
    if (scanner.lost()) {
      // What is not understood counts, where there is anything.
      for (size_t unit = 0; unit < units(); ++unit) {
        if (!IsSpace(unit)) has[static_cast<size_t>(LineOf(unit))] = true;
      }
    }
    return has;
  }

 private:
  std::string text_;
  std::vector<uint32_t> byte_of_unit_;
  std::vector<int> line_of_unit_;
  int line_count_ = 0;
};

size_t OffsetOf(const Json& range, const char* key, size_t most) {
  const Json* value = range.Find(key);
  const double number = value && value->AsNumber() ? *value->AsNumber() : 0;
  return number <= 0 ? 0 : std::min(static_cast<size_t>(number), most);
}

uint64_t CountOf(const Json& range) {
  const Json* value = range.Find("count");
  return value && value->AsNumber() ? static_cast<uint64_t>(*value->AsNumber()) : 0;
}

struct Range {
  size_t start = 0;
  size_t end = 0;
  auto operator<=>(const Range&) const = default;
  bool Contains(const Range& other) const { return start <= other.start && other.end <= end; }
};

// A function in all processes. V8 leaves out what ran as often as what is around it, so a range
// that one process tells of another may know only by the ranges around or in it.
class MergedFunction {
 public:
  using Counts = std::map<Range, uint64_t>;

  // What one process says: the first is the function itself.
  void Add(const std::vector<std::pair<Range, uint64_t>>& ranges) {
    Counts counts;
    for (const auto& [range, count] : ranges) {
      if (range.start >= range.end) continue;
      counts.emplace(range, count);
      all_.emplace(range, 0);
    }
    processes_.push_back(std::move(counts));
  }

  // Of all ranges, the function's own among them: how often they ran.
  const Counts& Sum() {
    for (auto& [range, sum] : all_) {
      for (const Counts& counts : processes_) sum += CountIn(counts, range);
    }
    return all_;
  }

 private:
  static uint64_t CountIn(const Counts& counts, const Range& range) {
    if (const auto exact = counts.find(range); exact != counts.end()) return exact->second;
    // Where ranges in it cover all of it, the first says how often it was entered; else what is
    // around it counts. An outer range comes before those in it, but for equal starts.
    std::optional<std::pair<Range, uint64_t>> around;
    std::optional<std::pair<Range, uint64_t>> first;
    size_t covered = range.start;
    for (const auto& [each, count] : counts) {
      if (each.Contains(range)) {
        if (!around || around->first.Contains(each)) around = {each, count};
      } else if (range.Contains(each)) {
        if (each.start == range.start) first = {each, count};  // the longest of them
        if (each.start <= covered) covered = std::max(covered, each.end);
      }
    }
    if (first && covered >= range.end) return first->second;
    return around ? around->second : 0;
  }

  std::vector<Counts> processes_;
  Counts all_;
};

struct Merge {
  FileCoverage file;
  std::map<std::string, MergedFunction> functions;  // by place and name
  std::map<Range, int> lines;                       // of ranges
};

std::string KeyOf(const Range& range) {
  return std::to_string(range.start) + "-" + std::to_string(range.end);
}

// The branches, once all processes have said what they know.
FileCoverage Finish(Merge merge) {
  FileCoverage& file = merge.file;
  for (auto& [key, function] : merge.functions) {
    const MergedFunction::Counts& counts = function.Sum();
    Range whole;
    for (const auto& [range, count] : counts) {
      if (range.end - range.start > whole.end - whole.start) whole = range;
    }
    for (const auto& [range, count] : counts) {
      if (range == whole) continue;
      uint64_t around = 0;
      std::optional<Range> nearest;
      for (const auto& [other, times] : counts) {
        if (other == range || !other.Contains(range)) continue;
        if (nearest && !nearest->Contains(other)) continue;
        nearest = other;
        around = times;
      }
      if (merge.lines[range] == 0) continue;
      file.branches[KeyOf(range)] = {
          .line = merge.lines[range], .count = count, .reached = around > 0 || count > 0};
    }
  }
  return std::move(file);
}

// Adds one script of one process.
void AddScript(const Text& text, const std::vector<int>& lines, const Json::Array& functions,
               Merge& merge) {
  FileCoverage& file = merge.file;
  // Line of the source, from 1; 0: none.
  auto source_line = [&](int generated) {
    if (lines.empty()) return generated + 1;
    const auto index = static_cast<size_t>(generated);
    return index < lines.size() ? lines[index] : 0;
  };
  std::vector<uint64_t> counts(text.units(), 0);
  for (const Json& function : functions) {
    const Json* ranges = function.Find("ranges");
    if (!ranges || !ranges->AsArray()) continue;
    const std::string* name = function.FindString("functionName");
    bool first = true;
    std::string function_key;
    std::vector<std::pair<Range, uint64_t>> ranges_of;
    for (const Json& range : *ranges->AsArray()) {
      size_t start = OffsetOf(range, "startOffset", text.units());
      const size_t end = OffsetOf(range, "endOffset", text.units());
      const uint64_t count = CountOf(range);
      if (start < end)
        std::fill(counts.begin() + static_cast<ptrdiff_t>(start),
                  counts.begin() + static_cast<ptrdiff_t>(end), count);
      while (start < end && text.IsSpace(start)) ++start;
      const int line = source_line(text.LineOf(start));
      const Range place{start, end};
      if (first) function_key = KeyOf(place) + " " + (name ? *name : "");
      // A line of none is of what transpiling made up.
      if (first && name && !name->empty() && line > 0) {
        auto& entry = file.functions[function_key];
        entry.name = *name;
        entry.line = line;
        entry.count += count;
      }
      ranges_of.emplace_back(place, count);
      merge.lines.emplace(place, line);
      first = false;
    }
    merge.functions[function_key].Add(ranges_of);
  }
  const std::vector<bool> has_code = text.LinesWithCode();
  std::map<int, uint64_t> most;  // several generated lines may come from one
  for (size_t unit = 0; unit < text.units(); ++unit) {
    const int generated = text.LineOf(unit);
    if (text.IsSpace(unit) || !has_code[static_cast<size_t>(generated)]) continue;
    if (const int line = source_line(generated); line > 0) {
      uint64_t& count = most[line];
      count = std::max(count, counts[unit]);
    }
  }
  for (const auto& [line, count] : most) file.lines[line] += count;
}

bool IsLeftOut(const std::string& path) {
  if (path.find("/node_modules/") != std::string::npos) return true;
  return IsTestFile(path);
}

}  // namespace

size_t FileCoverage::LinesHit() const {
  return static_cast<size_t>(
      std::count_if(lines.begin(), lines.end(), [](const auto& line) { return line.second > 0; }));
}

size_t FileCoverage::BranchesHit() const {
  return static_cast<size_t>(std::count_if(branches.begin(), branches.end(),
                                           [](const auto& one) { return one.second.count > 0; }));
}

size_t FileCoverage::FunctionsHit() const {
  return static_cast<size_t>(std::count_if(functions.begin(), functions.end(),
                                           [](const auto& one) { return one.second.count > 0; }));
}

Result<void> WriteCoverage(const std::string& folder, const std::vector<CoveredScript>& scripts) {
  for (size_t slash = folder.find('/', 1);; slash = folder.find('/', slash + 1)) {
    const std::string part = folder.substr(0, slash);
    if (mkdir(part.c_str(), 0755) != 0 && errno != EEXIST) {
      return Error::FromErrno(errno, "mkdir", part);
    }
    if (slash == std::string::npos) break;
  }
  std::string json = "[";
  for (const CoveredScript& script : scripts) {
    if (json.size() > 1) json += ",\n";
    json += "{\"url\":" + QuoteJson(script.url) + ",\"functions\":" + script.functions_json;
    if (!script.generated.empty()) {
      json += ",\"generated\":" + QuoteJson(script.generated) + ",\"lines\":[";
      for (size_t i = 0; i < script.lines.size(); ++i) {
        json += (i ? "," : "") + std::to_string(script.lines[i]);
      }
      json += "]";
    }
    json += "}";
  }
  json += "]\n";
  timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  const std::string path = folder + "/" + std::to_string(now.tv_sec) + "-" +
                           std::to_string(now.tv_nsec) + "-" + std::to_string(getpid()) + ".json";
  const int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  if (fd < 0) return Error::FromErrno(errno, "open", path);
  const bool written = WriteFully(fd, json);
  close(fd);
  if (!written) return Error::FromErrno(errno, "write", path);
  return {};
}

Result<std::map<std::string, FileCoverage>> ReadCoverage(const std::string& folder) {
  DIR* dir = opendir(folder.c_str());
  if (dir == nullptr) return Error::FromErrno(errno, "open", folder);
  std::vector<std::string> names;
  while (const dirent* entry = readdir(dir)) {
    const std::string name = entry->d_name;
    if (name.ends_with(".json")) names.push_back(name);
  }
  closedir(dir);
  if (names.empty()) {
    return Error::Make(ErrorClass::kNotFound, "No coverage files in \"" + folder + "\"");
  }
  std::sort(names.begin(), names.end());
  std::map<std::string, Merge> merges;
  for (const std::string& name : names) {
    RT_TRY(const std::optional<std::string> json, ReadConfigText(folder + "/" + name));
    if (!json) continue;
    auto parsed = ParseJson(*json);
    if (!parsed.ok() || !parsed->AsArray()) {
      return Error::Make(ErrorClass::kInvalidData,
                         folder + "/" + name + " is no coverage that rt wrote");
    }
    for (const Json& script : *parsed->AsArray()) {
      const std::string* url = script.FindString("url");
      const Json* functions = script.Find("functions");
      if (!url || !functions || !functions->AsArray()) continue;
      auto path = FileUrlToPath(*url);
      if (!path.ok() || IsLeftOut(*path)) continue;
      std::vector<int> lines;
      std::optional<std::string> text;
      if (const std::string* generated = script.FindString("generated")) {
        text = *generated;
        if (const Json* list = script.Find("lines"); list && list->AsArray()) {
          for (const Json& line : *list->AsArray()) {
            lines.push_back(line.AsNumber() ? static_cast<int>(*line.AsNumber()) : 0);
          }
        }
      } else {
        RT_TRY(text, ReadConfigText(*path));
      }
      if (!text) continue;
      if (text->starts_with("\xEF\xBB\xBF")) text->erase(0, 3);
      Merge& merge = merges[*path];
      merge.file.path = *path;
      AddScript(Text(std::move(*text)), lines, *functions->AsArray(), merge);
    }
  }
  std::map<std::string, FileCoverage> files;
  for (auto& [path, merge] : merges) files.emplace(path, Finish(std::move(merge)));
  return files;
}

}  // namespace rt::cli
