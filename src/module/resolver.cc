#include "src/module/resolver.h"

#include "src/module/specifier.h"

namespace rt {

Result<std::string> ModuleResolver::Resolve(std::string_view specifier,
                                            const std::string& referrer) {
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
