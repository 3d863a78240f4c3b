#include "src/cli/cache_folder.h"

#include <cstdlib>

#include "src/permissions/sinks.h"

namespace rt::cli {
namespace {

std::string WithoutSlash(std::string path) {
  while (path.size() > 1 && path.ends_with('/')) path.pop_back();
  return path;
}

}  // namespace

std::string CacheFolderFrom(const std::function<std::string(const std::string&)>& variable,
                            const std::function<std::string()>& current_folder) {
  if (std::string own = variable("RT_DIR"); !own.empty()) {
    if (own.starts_with('/')) return WithoutSlash(std::move(own));
    const std::string cwd = current_folder();
    if (cwd.empty()) return {};
    return WithoutSlash(cwd + "/" + own);
  }
  // The XDG specification: a relative path is to be ignored.
  if (const std::string base = variable("XDG_CACHE_HOME"); base.starts_with('/')) {
    return WithoutSlash(base) + "/rt";
  }
  if (const std::string home = variable("HOME"); home.starts_with('/')) {
    return WithoutSlash(home) + "/.cache/rt";
  }
  return {};
}

std::string CacheFolder() {
  return CacheFolderFrom(
      [](const std::string& name) -> std::string {
        const char* value = secure_getenv(name.c_str());
        return value != nullptr ? value : "";
      },
      []() -> std::string {
        auto cwd = CurrentDirectory();
        return cwd.ok() ? std::move(*cwd) : std::string();
      });
}

}  // namespace rt::cli
