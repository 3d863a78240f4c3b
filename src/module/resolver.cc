#include "src/module/resolver.h"

#include "src/base/join_path.h"
#include "src/base/redact.h"
#include "src/ext/url/parser.h"
#include "src/module/common_js.h"
#include "src/module/specifier.h"

namespace rt {
namespace {

// A specifier that ends so can only mean a folder: no file of that name is looked for.
bool NamesFolder(std::string_view specifier) {
  return specifier.ends_with('/') || specifier == "." || specifier == ".." ||
         specifier.ends_with("/.") || specifier.ends_with("/..");
}

}  // namespace

Result<std::string> ModuleResolver::ResolveRequired(
    std::string_view specifier, const std::string& path,
    const std::function<Result<void>(const std::string&)>& may_probe,
    const std::function<bool(const std::string&)>& is_near) {
  if (specifier.find('\0') != std::string_view::npos) {
    return Error::Make(ErrorClass::kTypeError, "The module's name must not contain NUL",
                       "ERR_INVALID_ARG_VALUE");
  }
  if (specifier.starts_with("node:")) return std::string(specifier);
  if (IsNodeBuiltin(specifier)) return "node:" + std::string(specifier);
  if (embedded_) {
    // Not by a real path: what is in the executable is nowhere else.
    const std::string* url = embedded_->ResolveRequired(specifier, PathToFileUrl(path));
    if (url) return FileUrlToPath(*url);
  }
  std::string found;
  if (specifier.starts_with('/') || specifier.starts_with("./") || specifier.starts_with("../") ||
      specifier == "." || specifier == "..") {
    std::string target = JoinPath(path.substr(0, path.rfind('/')), specifier);
    if (NamesFolder(specifier) && !target.ends_with('/')) target += '/';
    if (const auto url =
            embedded_ ? embedded_->FindRequired(PathToFileUrl(target)) : std::nullopt) {
      return FileUrlToPath(*url);
    }
    if (!embedded_ || !embedded_->IsVirtual(target)) {
      RT_TRY_VOID(may_probe(target));
      auto file = packages_.ResolveRequiredPath(target, may_probe);
      if (!file.ok() && file.error().code != "MODULE_NOT_FOUND") return file;
      if (file.ok()) found = *file;
    }
  } else {
    auto file = packages_.ResolveBare(specifier, path, ResolveFor::kRequire);
    // createRequire() takes any path: what is installed there is not told either. (Code from
    // elsewhere, statically imported, still sees packages that are near the main module.)
    if (!is_near(path) && !(file.ok() && may_probe(*file).ok())) RT_TRY_VOID(may_probe(path));
    const bool just_absent = !file.ok() && (file.error().code == "ERR_MODULE_NOT_FOUND" ||
                                            file.error().code == "MODULE_NOT_FOUND");
    if (!file.ok() && !just_absent) return file;
    if (file.ok()) found = *file;
  }
  if (found.starts_with("node:")) return found;
  // A map of exports may name a file that is not there.
  if (found.empty() || !packages_.IsFile(found)) {
    return Error::Make(ErrorClass::kError,
                       "Cannot find module '" + RedactCredentials(specifier) + "'",
                       "MODULE_NOT_FOUND");
  }
  return packages_.RealPath(found);
}

Result<std::string> ModuleResolver::Resolve(std::string_view specifier,
                                            const std::string& referrer) {
  if (const std::string* url = embedded_ ? embedded_->Resolve(specifier, referrer) : nullptr) {
    return *url;
  }
  // The program's names are not those of a package of a registry.
  if (store_ && referrer.starts_with("file:")) {
    auto path = FileUrlToPath(referrer);
    if (path.ok() && store_->PackageOf(*path)) {
      return IsBare(specifier) ? ResolvePackage(specifier, referrer)
                               : ResolveSpecifier(specifier, referrer);
    }
  }
  RT_TRY(std::optional<std::string> mapped, import_map_.Resolve(specifier, referrer));
  if (mapped) return std::move(*mapped);
  if (IsBare(specifier)) return ResolvePackage(specifier, referrer);
  return ResolveSpecifier(specifier, referrer);
}

Result<std::string> ModuleResolver::ResolvePackage(std::string_view specifier,
                                                   const std::string& referrer) {
  const auto unknown = [&] {
    return Error::Make(ErrorClass::kTypeError,
                       "Import \"" + std::string(specifier) +
                           "\" not a dependency and not in import map from \"" + referrer + "\"",
                       "ERR_MODULE_NOT_FOUND");
  };
  // Packages belong to files: to code from anywhere else no folder is near.
  auto from = FileUrlToPath(referrer);
  if (!from.ok()) return unknown();
  // As in Node for packages; a program's own code says "node:fs".
  if (packages_.IsOfPackage(*from)) {
    if (IsNodeBuiltin(specifier)) return "node:" + std::string(specifier);
  } else if (auto path = paths_.Resolve(specifier, *from)) {
    return PathToFileUrl(*path);
  }
  auto found = packages_.ResolveBare(specifier, *from, ResolveFor::kImport);
  if (!found.ok()) {
    const bool just_absent = found.error().code == "ERR_MODULE_NOT_FOUND" &&
                             found.error().message.starts_with("Cannot find package");
    if (!just_absent) return found.TakeError();
    RT_TRY(std::optional<std::string> declared, ResolveDeclared(specifier, *from));
    if (declared) return std::move(*declared);
    return unknown();
  }
  if (found->starts_with("node:")) return found;
  return PathToFileUrl(*found);
}

Result<std::optional<std::string>> ModuleResolver::ResolveDeclared(std::string_view specifier,
                                                                   const std::string& path) {
  const auto name = ParsePackageName(specifier);
  if (!name || !name->range.empty() || packages_.IsOfPackage(path)) return std::nullopt;
  for (size_t slash = path.rfind('/'); slash != std::string::npos;
       slash = slash == 0 ? std::string::npos : path.rfind('/', slash - 1)) {
    RT_TRY(const PackageJson* package, packages_.ReadPackage(path.substr(0, slash)));
    if (!package) continue;
    for (const char* key : {"dependencies", "devDependencies", "optionalDependencies"}) {
      const Json* list = package->json.Find(key);
      const std::string* text = list ? list->FindString(name->name) : nullptr;
      if (!text) continue;
      // "^1", "tag", "npm:other@1", "jsr:@a/b@1"; what comes from elsewhere has to be installed.
      std::string target = *text;
      if (!target.starts_with("npm:") && !target.starts_with("jsr:")) {
        if (target.find_first_of(":/") != std::string::npos) {
          return Error::Make(ErrorClass::kNotSupported,
                             "not implemented: \"" + name->name + "\" from \"" +
                                 RedactCredentials(target) + "\" (" + package->folder +
                                 "/package.json), which is no registry. Install it into "
                                 "node_modules",
                             "ERR_MODULE_NOT_FOUND");
        }
        target = "npm:" + name->name + "@" + (target.empty() ? "*" : target);
      }
      const auto record = url::ParseUrl(target + name->subpath.substr(1));
      return record ? std::optional<std::string>(record->href) : std::nullopt;
    }
  }
  return std::nullopt;
}

}  // namespace rt
