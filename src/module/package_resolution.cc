#include "src/module/package_resolution.h"

#include <algorithm>

#include "src/base/join_path.h"

namespace rt {
namespace {

Error Fail(const char* code, std::string message) {
  return Error::Make(ErrorClass::kTypeError, std::move(message), code);
}

std::string_view Parent(std::string_view path) {
  const size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
}

bool EndsWithNodeModules(std::string_view folder) {
  return folder == "node_modules" || folder.ends_with("/node_modules");
}

// "", ".", ".." and node_modules, in plain or percent-encoded letters, may not be segments of a
// target.
bool HasBadSegment(std::string_view path) {
  while (!path.empty()) {
    const size_t end = path.find_first_of("/\\");
    const std::string_view raw = path.substr(0, end);
    path = end == std::string_view::npos ? std::string_view() : path.substr(end + 1);
    std::string segment;
    for (size_t i = 0; i < raw.size(); ++i) {
      if (raw[i] == '%' && i + 2 < raw.size()) {
        const std::string digits(raw.substr(i + 1, 2));
        char* stop = nullptr;
        const long value = strtol(digits.c_str(), &stop, 16);
        if (*stop == '\0') {
          segment += static_cast<char>(value);
          i += 2;
          continue;
        }
      }
      segment += static_cast<char>(raw[i] >= 'A' && raw[i] <= 'Z' ? raw[i] + 32 : raw[i]);
    }
    if (segment.empty() || segment == "." || segment == ".." || segment == "node_modules" ||
        segment.find('\0') != std::string::npos || segment.find('/') != std::string::npos) {
      return true;
    }
  }
  return false;
}

bool IsWithin(std::string_view path, std::string_view folder) {
  return path.size() > folder.size() && path.starts_with(folder) && path[folder.size()] == '/';
}

Error BadMain(const std::string& main, const std::string& folder) {
  return Fail("ERR_INVALID_PACKAGE_TARGET",
              "Invalid \"main\" target \"" + main + "\" in " + folder + "/package.json");
}

bool IsConditional(std::string_view condition, ResolveFor how) {
  if (condition == "default" || condition == "node" || condition == "module-sync") return true;
  if (how == ResolveFor::kImport) return condition == "import" || condition == "deno";
  return condition == "require";
}

std::string ReplaceStar(std::string_view pattern, const std::string& star) {
  std::string text;
  for (const char c : pattern) {
    if (c == '*') {
      text += star;
    } else {
      text += c;
    }
  }
  return text;
}

// https://nodejs.org/api/esm.html#resolution-algorithm-specification, PATTERN_KEY_COMPARE: true if
// `a` is the more specific.
bool MoreSpecific(std::string_view a, std::string_view b) {
  const size_t a_star = a.find('*');
  const size_t b_star = b.find('*');
  const size_t a_base = a_star == std::string_view::npos ? a.size() : a_star + 1;
  const size_t b_base = b_star == std::string_view::npos ? b.size() : b_star + 1;
  if (a_base != b_base) return a_base > b_base;
  if (a_star == std::string_view::npos) return false;
  if (b_star == std::string_view::npos) return true;
  return a.size() > b.size();
}

}  // namespace

Result<const PackageJson*> PackageResolver::ReadPackage(const std::string& folder) {
  if (const auto known = packages_.find(folder); known != packages_.end()) {
    return known->second.get();
  }
  const std::string path = folder + "/package.json";
  auto read = files_.Read(path);
  // In a registry's package what cannot be read is damage, like what is not there.
  if (!read.ok() && !(store_ && store_->HasFile(path))) return read.TakeError();
  std::optional<std::string> text = read.ok() ? std::move(*read) : std::nullopt;
  if (store_) {
    RT_TRY(text, store_->Published(path, std::move(text)));
  }
  if (!text) {
    packages_.emplace(folder, nullptr);
    return nullptr;
  }
  auto json = ParseJson(*text);
  if (!json.ok() || !json->AsObject()) {
    return Fail("ERR_INVALID_PACKAGE_CONFIG",
                "Invalid package config " + path + ": " +
                    (json.ok() ? "it is no object" : json.error().message));
  }
  auto package = std::make_unique<PackageJson>();
  package->folder = folder;
  if (const std::string* name = json->FindString("name")) package->name = *name;
  if (const std::string* main = json->FindString("main")) package->main = *main;
  if (const std::string* type = json->FindString("type")) {
    if (*type == "module") package->type = PackageJson::Type::kModule;
    if (*type == "commonjs") package->type = PackageJson::Type::kCommonJs;
  }
  package->json = std::move(*json);
  return packages_.emplace(folder, std::move(package)).first->second.get();
}

Result<const PackageJson*> PackageResolver::ScopeOf(const std::string& path) {
  for (std::string_view folder = Parent(path);; folder = Parent(folder)) {
    if (EndsWithNodeModules(folder)) return nullptr;
    RT_TRY(const PackageJson* package, ReadPackage(std::string(folder)));
    if (package) return package;
    if (folder.empty()) return nullptr;
  }
}

bool PackageResolver::IsFile(const std::string& path) {
  return (store_ && store_->HasFile(path)) || files_.KindOf(path) == PackageFiles::Kind::kFile;
}

std::string PackageResolver::RealPath(const std::string& path) {
  return store_ && store_->HasFile(path) ? path : files_.RealPath(path);
}

std::optional<std::string> PackageResolver::TryFile(const std::string& path) {
  for (const char* extension : {"", ".js", ".json", ".node"}) {
    if (IsFile(path + extension)) return path + extension;
  }
  return std::nullopt;
}

Result<std::string> PackageResolver::ResolveRequiredPath(const std::string& path,
                                                         const MayProbe& may_probe) {
  if (!path.ends_with('/')) {
    if (auto file = TryFile(path)) return *file;
  }
  if (files_.KindOf(path) == PackageFiles::Kind::kFolder) {
    std::string folder = path;
    while (folder.ends_with('/')) folder.pop_back();
    RT_TRY(const PackageJson* package, ReadPackage(folder));
    auto main = MainOf(package, folder, may_probe);
    if (main.ok() || main.error().code != "ERR_MODULE_NOT_FOUND") return main;
  }
  return Fail("MODULE_NOT_FOUND", "Cannot find module '" + path + "'");
}

// LOAD_AS_DIRECTORY, LEGACY_MAIN_RESOLVE. Where a package's files are looked for nobody asks for
// permission, so `main` must stay in the package: what is elsewhere would be found out (S5, S17).
Result<std::string> PackageResolver::MainOf(const PackageJson* package, const std::string& folder,
                                            const MayProbe& may_probe) {
  if (package && !package->main.empty()) {
    const std::string main = JoinPath(folder, "./" + package->main);
    if (main != folder && !IsWithin(main, folder)) {
      // The package.json of a folder within a package: {"main": "../dist/sub.js"}.
      const std::string root = RootOf(folder);
      if (!root.empty() && !IsWithin(main, root)) return BadMain(package->main, folder);
      RT_TRY_VOID(may_probe(main));
    }
    if (auto file = TryFile(main)) return *file;
    if (auto file = TryFile(main + "/index")) return *file;
  }
  if (auto file = TryFile(folder + "/index")) return *file;
  return Fail("ERR_MODULE_NOT_FOUND", "Cannot find the main module of package '" + folder + "'");
}

std::string PackageResolver::RootOf(const std::string& path) const {
  if (auto stored = store_ ? store_->PackageOf(path) : std::nullopt) return *stored;
  constexpr std::string_view kModules = "/node_modules/";
  const size_t modules = path.rfind(kModules);
  if (modules == std::string::npos) return {};
  size_t end = path.find('/', modules + kModules.size());
  if (path[modules + kModules.size()] == '@' && end != std::string::npos) {
    end = path.find('/', end + 1);
  }
  return path.substr(0, end);
}

Result<std::string> PackageResolver::ResolveBare(std::string_view specifier,
                                                 const std::string& referrer, ResolveFor how) {
  if (specifier.starts_with('#')) return ResolveImports(specifier, referrer, how);
  return ResolvePackage(specifier, referrer, how);
}

// PACKAGE_RESOLVE
Result<std::string> PackageResolver::ResolvePackage(std::string_view specifier,
                                                    const std::string& referrer, ResolveFor how) {
  const auto name = ParsePackageName(specifier);
  if (!name || !name->range.empty()) {
    return Fail("ERR_INVALID_MODULE_SPECIFIER",
                "Invalid module \"" + std::string(specifier) +
                    "\" is not a valid package name imported from " + referrer);
  }
  // PACKAGE_SELF_RESOLVE
  RT_TRY(const PackageJson* own, ScopeOf(referrer));
  if (own && own->name == name->name) {
    if (const Json* exports = own->json.Find("exports"); exports && !exports->IsNull()) {
      return ResolveExports(*own, *exports, name->subpath, how);
    }
  }
  if (const auto folder = FindPackage(name->name, referrer)) {
    return ResolveInPackage(*folder, name->subpath, how);
  }
  return Fail("ERR_MODULE_NOT_FOUND",
              "Cannot find package '" + name->name + "' imported from " + referrer);
}

std::optional<std::string> PackageResolver::FindPackage(const std::string& name,
                                                        const std::string& referrer) {
  // A package in the store brings what is in its own node_modules; above it is nothing of its.
  const auto owner = store_ ? store_->PackageOf(referrer) : std::nullopt;
  for (std::string_view folder = Parent(referrer);; folder = Parent(folder)) {
    if (owner && folder.size() < owner->size()) return store_->FolderOf(name, *owner);
    if (!EndsWithNodeModules(folder)) {
      const std::string candidate = std::string(folder) + "/node_modules/" + name;
      if (files_.KindOf(candidate) == PackageFiles::Kind::kFolder) {
        return files_.RealPath(candidate);
      }
    }
    if (folder.empty()) return std::nullopt;
  }
}

bool PackageResolver::IsOfPackage(const std::string& path) const {
  return path.find("/node_modules/") != std::string::npos ||
         (store_ && store_->PackageOf(path).has_value());
}

Result<std::string> PackageResolver::ResolveInPackage(const std::string& folder,
                                                      std::string_view subpath, ResolveFor how) {
  RT_TRY(const PackageJson* package, ReadPackage(folder));
  if (package) {
    if (const Json* exports = package->json.Find("exports"); exports && !exports->IsNull()) {
      return ResolveExports(*package, *exports, subpath, how);
    }
  }
  const auto within = [&](const std::string& path) -> Result<void> {
    if (IsWithin(path, folder)) return {};
    return Fail("ERR_INVALID_PACKAGE_TARGET", "\"" + path + "\" is outside the package " + folder);
  };
  if (subpath == ".") return MainOf(package, folder, within);
  std::string path = JoinPath(folder, subpath);
  if (!IsWithin(path, folder)) {
    return Fail("ERR_INVALID_MODULE_SPECIFIER", "Invalid module \"" + std::string(subpath) +
                                                    "\" leads out of the package " + folder);
  }
  if (subpath.ends_with('/')) path += '/';
  if (how == ResolveFor::kRequire) return ResolveRequiredPath(path, within);
  if (IsFile(path)) return path;
  return Fail("ERR_MODULE_NOT_FOUND", "Cannot find module '" + path + "'");
}

// https://docs.npmjs.com/cli/v11/configuring-npm/package-json#bin
Result<std::optional<std::string>> PackageResolver::ProgramOf(const std::string& folder,
                                                              std::string_view subpath) {
  RT_TRY(const PackageJson* package, ReadPackage(folder));
  const Json* bin = package ? package->json.Find("bin") : nullptr;
  if (!bin) return std::nullopt;
  const std::string own = package->name.substr(package->name.rfind('/') + 1);
  const std::string wanted(subpath == "." ? own : subpath.substr(2));
  const std::string* target = bin->AsString() && wanted == own ? bin->AsString() : nullptr;
  if (const Json::Object* programs = bin->AsObject()) {
    target = bin->FindString(wanted);
    // One program under several names is one.
    bool is_one = subpath == "." && !programs->empty();
    for (const auto& [name, path] : *programs) {
      is_one = is_one && path.AsString() && *path.AsString() == *(*programs)[0].second.AsString();
    }
    if (!target && is_one) target = (*programs)[0].second.AsString();
  }
  if (!target) return std::nullopt;
  std::string_view path = *target;
  while (path.starts_with("./")) path.remove_prefix(2);
  if (path.empty() || HasBadSegment(path) || path.starts_with('/')) {
    return Fail("ERR_INVALID_PACKAGE_TARGET",
                "Invalid \"bin\" target \"" + *target + "\" in " + folder + "/package.json");
  }
  return folder + "/" + std::string(path);
}

// PACKAGE_EXPORTS_RESOLVE
Result<std::string> PackageResolver::ResolveExports(const PackageJson& package, const Json& exports,
                                                    std::string_view subpath, ResolveFor how) {
  const std::string config = package.folder + "/package.json";
  bool has_paths = false;
  bool has_conditions = false;
  if (const Json::Object* members = exports.AsObject()) {
    for (const auto& [key, value] : *members)
      (key.starts_with('.') ? has_paths : has_conditions) = true;
  }
  if (has_paths && has_conditions) {
    return Fail("ERR_INVALID_PACKAGE_CONFIG",
                "Invalid package config " + config +
                    ": \"exports\" cannot contain some keys starting with '.' and some not");
  }
  Target target;
  if (subpath == ".") {
    const Json* main = has_paths ? exports.Find(".") : &exports;
    if (main) {
      RT_TRY(target, ResolveTarget(package, *main, subpath, nullptr, false, how));
    }
  } else if (has_paths) {
    RT_TRY(target, ResolvePattern(package, exports, subpath, false, how));
  }
  if (target) return *target;
  return Fail("ERR_PACKAGE_PATH_NOT_EXPORTED",
              subpath == "." ? "No \"exports\" main defined in " + config
                             : "Package subpath '" + std::string(subpath) +
                                   "' is not defined by \"exports\" in " + config);
}

// PACKAGE_IMPORTS_RESOLVE
Result<std::string> PackageResolver::ResolveImports(std::string_view specifier,
                                                    const std::string& referrer, ResolveFor how) {
  if (specifier == "#" || specifier.starts_with("#/")) {
    return Fail("ERR_INVALID_MODULE_SPECIFIER",
                "Invalid module \"" + std::string(specifier) + "\" is not a valid internal import");
  }
  RT_TRY(const PackageJson* package, ScopeOf(referrer));
  if (package) {
    if (const Json* imports = package->json.Find("imports"); imports && imports->AsObject()) {
      RT_TRY(Target target, ResolvePattern(*package, *imports, specifier, true, how));
      if (target) return *target;
    }
  }
  return Fail("ERR_PACKAGE_IMPORT_NOT_DEFINED",
              "Package import specifier \"" + std::string(specifier) + "\" is not defined" +
                  (package ? " in package " + package->folder + "/package.json" : "") +
                  " imported from " + referrer);
}

// PACKAGE_IMPORTS_EXPORTS_RESOLVE
Result<PackageResolver::Target> PackageResolver::ResolvePattern(const PackageJson& package,
                                                                const Json& map,
                                                                std::string_view key,
                                                                bool is_imports, ResolveFor how) {
  if (key.ends_with('/')) return Target();
  if (key.find('*') == std::string_view::npos) {
    if (const Json* exact = map.Find(key)) {
      return ResolveTarget(package, *exact, key, nullptr, is_imports, how);
    }
  }
  const Json::Member* best = nullptr;
  for (const auto& member : *map.AsObject()) {
    const std::string_view pattern = member.first;
    const size_t star = pattern.find('*');
    if (star == std::string_view::npos || pattern.find('*', star + 1) != std::string_view::npos) {
      continue;
    }
    const std::string_view before = pattern.substr(0, star);
    const std::string_view after = pattern.substr(star + 1);
    if (key == before || !key.starts_with(before)) continue;
    if (key.size() < pattern.size() || !key.ends_with(after)) continue;
    if (!best || MoreSpecific(pattern, best->first)) best = &member;
  }
  if (!best) return Target();
  const size_t star = best->first.find('*');
  const std::string matched(key.substr(star, key.size() - (best->first.size() - 1)));
  return ResolveTarget(package, best->second, key, &matched, is_imports, how);
}

// PACKAGE_TARGET_RESOLVE
Result<PackageResolver::Target> PackageResolver::ResolveTarget(const PackageJson& package,
                                                               const Json& target,
                                                               std::string_view key,
                                                               const std::string* star,
                                                               bool is_imports, ResolveFor how) {
  const auto invalid = [&](const std::string& text) {
    return Fail("ERR_INVALID_PACKAGE_TARGET",
                "Invalid \"" + std::string(is_imports ? "imports" : "exports") + "\" target \"" +
                    text + "\" defined for '" + std::string(key) + "' in the package config " +
                    package.folder + "/package.json");
  };
  if (const std::string* text = target.AsString()) {
    if (!text->starts_with("./")) {
      if (!is_imports || text->starts_with("../") || text->starts_with('/') ||
          text->find("://") != std::string::npos) {
        return invalid(*text);
      }
      const std::string name = star ? ReplaceStar(*text, *star) : *text;
      if (name.starts_with("node:")) return Target(name);
      RT_TRY(std::string path, ResolvePackage(name, package.folder + "/package.json", how));
      return Target(std::move(path));
    }
    if (HasBadSegment(std::string_view(*text).substr(2))) return invalid(*text);
    if (star && HasBadSegment(*star)) {
      return Fail("ERR_INVALID_MODULE_SPECIFIER", "Invalid module \"" + std::string(key) +
                                                      "\" request is not a valid match in " +
                                                      package.folder + "/package.json");
    }
    return Target(package.folder + "/" +
                  (star ? ReplaceStar(std::string_view(*text).substr(2), *star) : text->substr(2)));
  }
  if (const Json::Object* conditions = target.AsObject()) {
    for (const auto& [condition, value] : *conditions) {
      if (!IsConditional(condition, how)) continue;
      RT_TRY(Target resolved, ResolveTarget(package, value, key, star, is_imports, how));
      if (resolved) return resolved;
      // null says "not exported" and ends the search.
      if (value.IsNull()) return Target();
    }
    return Target();
  }
  if (const Json::Array* choices = target.AsArray()) {
    std::optional<Error> last;
    for (const Json& choice : *choices) {
      auto resolved = ResolveTarget(package, choice, key, star, is_imports, how);
      if (!resolved.ok()) {
        if (resolved.error().code != "ERR_INVALID_PACKAGE_TARGET") return resolved.TakeError();
        last = resolved.TakeError();
        continue;
      }
      if (*resolved) return resolved;
    }
    if (last) return std::move(*last);
    return Target();
  }
  if (target.IsNull()) return Target();
  return invalid(std::string(target.KindName()));
}

}  // namespace rt
