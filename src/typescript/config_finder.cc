#include "src/typescript/config_finder.h"

#include <optional>
#include <vector>

#include "src/typescript/files.h"

namespace rt::typescript {
namespace {

constexpr size_t kMaxConfigBytes = size_t{4} << 20;
constexpr int kMaxExtends = 16;
constexpr std::string_view kNames[] = {"deno.json", "deno.jsonc", "tsconfig.json"};

std::string FolderOf(std::string_view path) {
  const size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string() : std::string(path.substr(0, slash));
}

Error In(const std::string& file, Error error) {
  error.message = file + ": " + error.message;
  return error;
}

// Where `extends` points. Relative to the file, or a package in a node_modules above it.
std::optional<std::string> FindExtended(const std::string& file, const std::string& name,
                                        std::string* text) {
  std::vector<std::string> candidates;
  auto add = [&](const std::string& path) {
    candidates.push_back(path);
    if (!path.ends_with(".json")) {
      candidates.push_back(path + ".json");
      candidates.push_back(path + "/tsconfig.json");
    }
  };
  if (name.starts_with('/')) {
    add(name);
  } else if (name.starts_with('.')) {
    add(FolderOf(file) + "/" + name);
  } else {
    for (std::string folder = FolderOf(file); !folder.empty(); folder = FolderOf(folder)) {
      add(folder + "/node_modules/" + name);
    }
    add("/node_modules/" + name);
  }
  for (const std::string& path : candidates) {
    if (auto found = ReadWholeFile(path, kMaxConfigBytes)) {
      *text = std::move(*found);
      return path;
    }
  }
  return std::nullopt;
}

// What `file` says, on top of what it extends. False: it has no compilerOptions.
Result<bool> ApplyFile(const std::string& file, const std::string& text, int depth,
                       CompilerOptions* options) {
  auto parsed = ParseJson(text, JsonSyntax::kWithComments);
  if (!parsed.ok()) return In(file, parsed.TakeError());
  bool any = false;
  if (const Json* extends = parsed->Find("extends"); extends && file.ends_with("tsconfig.json")) {
    std::vector<std::string> names;
    if (extends->AsString()) names.push_back(*extends->AsString());
    if (const Json::Array* list = extends->AsArray()) {
      for (const Json& name : *list) {
        if (name.AsString()) names.push_back(*name.AsString());
      }
    }
    for (const std::string& name : names) {
      if (depth == kMaxExtends)
        return In(file, Error::Type("\"extends\" leads too far, or in a circle"));
      std::string extended_text;
      const auto path = FindExtended(file, name, &extended_text);
      // Not there and not usable look alike: a configuration may be a script's work, and must not
      // tell it about files it may not read.
      auto found =
          path ? ApplyFile(*path, extended_text, depth + 1, options) : Result<bool>(Error());
      if (!found.ok()) {
        return In(file, Error::Type("cannot use \"" + name + "\", which it extends"));
      }
      any = any || *found;
    }
  }
  if (const Json* own = parsed->Find("compilerOptions")) {
    auto applied = options->Apply(*own, FolderOf(file));
    if (!applied.ok()) return In(file, applied.TakeError());
    any = true;
  }
  return any;
}

}  // namespace

Result<CompilerOptions> ConfigFinder::OptionsFor(std::string_view path) {
  if (!path.starts_with('/')) return CompilerOptions();
  return OptionsOfFolder(FolderOf(path));
}

Result<CompilerOptions> ConfigFinder::OptionsOfFolder(const std::string& folder) {
  if (auto known = folders_.find(folder); known != folders_.end()) {
    if (known->second.ok()) return *known->second;
    return known->second.error();
  }
  auto find = [&]() -> Result<CompilerOptions> {
    for (const std::string_view name : kNames) {
      const std::string file = folder + "/" + std::string(name);
      auto text = ReadWholeFile(file, kMaxConfigBytes);
      if (!text) continue;
      CompilerOptions options;
      RT_TRY(const bool found, ApplyFile(file, *text, 0, &options));
      if (found) return options;
    }
    if (folder.empty()) return CompilerOptions();
    return OptionsOfFolder(FolderOf(folder));
  };
  auto found = find();
  if (found.ok()) {
    folders_.emplace(folder, Result<CompilerOptions>(*found));
  } else {
    folders_.emplace(folder, Result<CompilerOptions>(found.error()));
  }
  return found;
}

}  // namespace rt::typescript
