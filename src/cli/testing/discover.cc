#include "src/cli/testing/discover.h"

#include <dirent.h>
#include <sys/stat.h>

#include <algorithm>
#include <set>

#include "src/cli/testing/glob.h"
#include "src/module/specifier.h"

namespace rt::cli {
namespace {

constexpr std::string_view kExtensions[] = {".ts", ".tsx", ".mts", ".js", ".mjs", ".jsx"};

bool HasName(std::string_view file, std::string_view kind) {
  for (const std::string_view extension : kExtensions) {
    if (!file.ends_with(extension)) continue;
    if (kind == kAnyCode) return true;
    const std::string_view stem = file.substr(0, file.size() - extension.size());
    if (!stem.ends_with(kind)) continue;
    const std::string_view before = stem.substr(0, stem.size() - kind.size());
    if (before.empty() || before.ends_with('_') || before.ends_with('.')) return true;
  }
  return false;
}

Result<std::string> Absolute(const std::string& path, const std::string& base) {
  if (path.starts_with("file:")) return FileUrlToPath(path);
  // Through a URL and back: that removes "." and "..". Patterns have no such parts of their own.
  std::string prefix = base + "/";
  std::string rest = path;
  if (path.starts_with('/')) prefix = "";
  std::vector<std::string> parts;
  const std::string whole = prefix + rest;
  for (size_t start = 0; start <= whole.size();) {
    size_t end = whole.find('/', start);
    if (end == std::string::npos) end = whole.size();
    const std::string part = whole.substr(start, end - start);
    if (part == "..") {
      if (!parts.empty()) parts.pop_back();
    } else if (!part.empty() && part != ".") {
      parts.push_back(part);
    }
    start = end + 1;
  }
  std::string result;
  for (const std::string& part : parts) result += "/" + part;
  return result.empty() ? "/" : result;
}

// Files and folders to leave out, absolute.
class Ignored {
 public:
  Result<void> Add(const std::vector<std::string>& entries, const std::string& base) {
    for (const std::string& entry : entries) {
      RT_TRY(std::string path, Absolute(entry, base));
      (IsGlob(path) ? patterns_ : paths_).push_back(std::move(path));
    }
    return {};
  }

  bool Covers(const std::string& path) const {
    for (const std::string& one : paths_) {
      if (path == one || (path.starts_with(one) && path[one.size()] == '/')) return true;
    }
    return std::any_of(patterns_.begin(), patterns_.end(),
                       [&](const std::string& one) { return GlobMatches(one, path); });
  }

 private:
  std::vector<std::string> paths_;
  std::vector<std::string> patterns_;
};

class Walker {
 public:
  Walker(std::string_view kind, const Ignored& ignored) : kind_(kind), ignored_(ignored) {}

  // Everything below a folder that matches: a pattern, or the usual names if there is none.
  void Folder(const std::string& folder, const std::string& pattern) {
    DIR* dir = opendir(folder.empty() ? "/" : folder.c_str());
    if (dir == nullptr) return;  // not readable: nothing of it can be run either
    std::vector<std::string> folders;
    while (const dirent* entry = readdir(dir)) {
      const std::string name = entry->d_name;
      if (name == "." || name == ".." || name == "node_modules" || name == ".git") continue;
      const std::string path = (folder == "/" ? "" : folder) + "/" + name;
      if (ignored_.Covers(path)) continue;
      bool is_folder = entry->d_type == DT_DIR;
      bool is_file = entry->d_type == DT_REG;
      if (entry->d_type == DT_LNK || entry->d_type == DT_UNKNOWN) {
        // Links to folders are not followed: they may lead back.
        struct stat info;
        is_file = stat(path.c_str(), &info) == 0 && S_ISREG(info.st_mode);
        is_folder =
            entry->d_type == DT_UNKNOWN && lstat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode);
      }
      if (is_folder) {
        folders.push_back(path);
      } else if (is_file && (pattern.empty() ? HasName(name, kind_) : GlobMatches(pattern, path))) {
        found_.insert(path);
      }
    }
    closedir(dir);
    for (const std::string& inner : folders) Folder(inner, pattern);
  }

  // What a person named. False: there is no such thing.
  bool Named(const std::string& path) {
    struct stat info;
    if (stat(path.c_str(), &info) == 0) {
      if (S_ISDIR(info.st_mode)) {
        Folder(path, "");
      } else if (!ignored_.Covers(path)) {
        found_.insert(path);
      }
      return true;
    }
    if (!IsGlob(path)) return false;
    Folder(GlobFolder(path), path);
    return true;
  }

  std::vector<std::string> Take() { return {found_.begin(), found_.end()}; }

 private:
  std::string_view kind_;
  const Ignored& ignored_;
  std::set<std::string> found_;
};

Result<std::vector<std::string>> StringList(const ProjectConfig& config, const Json* list,
                                            const std::string& what) {
  std::vector<std::string> result;
  if (list == nullptr) return result;
  if (!list->AsArray()) {
    return Error::Type(config.path + ": \"" + what + "\" must be an array, not " +
                       std::string(list->KindName()));
  }
  for (const Json& entry : *list->AsArray()) {
    if (!entry.AsString()) {
      return Error::Type(config.path + ": \"" + what + "\" must be an array of strings");
    }
    result.push_back(*entry.AsString());
  }
  return result;
}

}  // namespace

Result<std::vector<std::string>> DiscoverFiles(const DiscoverOptions& options) {
  Ignored ignored;
  RT_TRY_VOID(ignored.Add(options.ignore, options.cwd));
  std::vector<std::string> include;
  if (options.config) {
    const ProjectConfig& config = *options.config;
    const std::string kind(options.kind);
    RT_TRY(auto everywhere, StringList(config, config.json.Find("exclude"), "exclude"));
    RT_TRY_VOID(ignored.Add(everywhere, config.folder));
    const Json* section = options.kind == kAnyCode ? nullptr : config.json.Find(kind);
    if (section) {
      if (!section->AsObject()) {
        return Error::Type(config.path + ": \"" + kind + "\" must be an object, not " +
                           std::string(section->KindName()));
      }
      RT_TRY(auto exclude, StringList(config, section->Find("exclude"), kind + ".exclude"));
      RT_TRY_VOID(ignored.Add(exclude, config.folder));
      RT_TRY(auto names, StringList(config, section->Find("include"), kind + ".include"));
      for (const std::string& name : names) {
        RT_TRY(std::string path, Absolute(name, config.folder));
        include.push_back(std::move(path));
      }
    }
  }
  Walker walker(options.kind, ignored);
  if (options.operands.empty()) {
    if (include.empty()) {
      walker.Folder(options.cwd, "");
    } else {
      for (const std::string& path : include) walker.Named(path);
    }
  }
  for (const std::string& operand : options.operands) {
    RT_TRY(const std::string path, Absolute(operand, options.cwd));
    if (!walker.Named(path)) {
      return Error::Make(ErrorClass::kNotFound, "Module not found \"" + PathToFileUrl(path) + "\"");
    }
  }
  return walker.Take();
}

bool IsTestFile(const std::string& path) {
  const std::string name = path.substr(path.rfind('/') + 1);
  return HasName(name, "test") || HasName(name, "bench");
}

std::string DisplayPath(const std::string& path, const std::string& cwd) {
  const std::string folder = cwd == "/" ? "/" : cwd + "/";
  return path.starts_with(folder) ? "./" + path.substr(folder.size()) : path;
}

}  // namespace rt::cli
