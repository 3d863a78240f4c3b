#include "src/module/resolver.h"

#include "src/base/redact.h"
#include "src/module/common_js.h"
#include "src/module/specifier.h"

namespace rt {
namespace {

// "/a/b" and "../c/" to "/a/c/".
std::string JoinPath(std::string_view folder, std::string_view relative) {
  std::vector<std::string_view> parts;
  if (relative.starts_with('/')) folder = {};
  for (std::string_view text : {folder, relative}) {
    for (size_t start = 0; start <= text.size();) {
      const size_t end = std::min(text.find('/', start), text.size());
      const std::string_view part = text.substr(start, end - start);
      if (part == "..") {
        if (!parts.empty()) parts.pop_back();
      } else if (!part.empty() && part != ".") {
        parts.push_back(part);
      }
      start = end + 1;
    }
  }
  std::string path;
  for (std::string_view part : parts) (path += '/') += part;
  const bool names_folder = relative.ends_with('/') || relative == "." || relative == ".." ||
                            relative.ends_with("/.") || relative.ends_with("/..");
  return names_folder || path.empty() ? path + '/' : path;
}

}  // namespace

Result<std::string> ModuleResolver::ResolveRequired(
    std::string_view specifier, const std::string& path,
    const std::function<Result<void>(const std::string&)>& may_probe) {
  if (specifier.find('\0') != std::string_view::npos) {
    return Error::Make(ErrorClass::kTypeError, "The module's name must not contain NUL",
                       "ERR_INVALID_ARG_VALUE");
  }
  if (specifier.starts_with("node:")) return std::string(specifier);
  if (IsNodeBuiltin(specifier)) return "node:" + std::string(specifier);
  std::string found;
  if (specifier.starts_with('/') || specifier.starts_with("./") || specifier.starts_with("../") ||
      specifier == "." || specifier == "..") {
    const std::string target = JoinPath(path.substr(0, path.rfind('/')), specifier);
    RT_TRY_VOID(may_probe(target));
    auto file = packages_.ResolveRequiredPath(target);
    if (file.ok()) found = *file;
  } else {
    auto file = packages_.ResolveBare(specifier, path, ResolveFor::kRequire);
    const bool just_absent = !file.ok() && (file.error().code == "ERR_MODULE_NOT_FOUND" ||
                                            file.error().code == "MODULE_NOT_FOUND");
    if (!file.ok() && !just_absent) return file;
    if (file.ok()) found = *file;
  }
  if (found.starts_with("node:")) return found;
  // A map of exports may name a file that is not there.
  if (found.empty() || files_.KindOf(found) != PackageFiles::Kind::kFile) {
    return Error::Make(ErrorClass::kError,
                       "Cannot find module '" + RedactCredentials(specifier) + "'",
                       "MODULE_NOT_FOUND");
  }
  return files_.RealPath(found);
}

Result<std::string> ModuleResolver::Resolve(std::string_view specifier,
                                            const std::string& referrer) {
  if (const std::string* url = embedded_ ? embedded_->Resolve(specifier, referrer) : nullptr) {
    return *url;
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
  if (IsNodeBuiltin(specifier) && from->find("/node_modules/") != std::string::npos) {
    return "node:" + std::string(specifier);
  }
  auto found = packages_.ResolveBare(specifier, *from, ResolveFor::kImport);
  if (!found.ok()) {
    const bool just_absent = found.error().code == "ERR_MODULE_NOT_FOUND" &&
                             found.error().message.starts_with("Cannot find package");
    return just_absent ? unknown() : found.TakeError();
  }
  if (found->starts_with("node:")) return found;
  return PathToFileUrl(*found);
}

}  // namespace rt
