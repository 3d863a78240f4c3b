#include "src/cli/cache_folder.h"

#include <cstdlib>

#include "src/permissions/sinks.h"

namespace rt::cli {
namespace {

std::string Variable(const char* name) {
  const char* value = secure_getenv(name);
  return value ? value : "";
}

std::string WithoutSlash(std::string path) {
  while (path.size() > 1 && path.ends_with('/')) path.pop_back();
  return path;
}

}  // namespace

std::string CacheFolder() {
  if (std::string own = Variable("RT_DIR"); !own.empty()) {
    if (own.starts_with('/')) return WithoutSlash(std::move(own));
    const auto cwd = CurrentDirectory();
    return cwd.ok() ? WithoutSlash(*cwd + "/" + own) : std::string();
  }
  // The XDG specification: a relative path is to be ignored.
  if (const std::string base = Variable("XDG_CACHE_HOME"); base.starts_with('/')) {
    return WithoutSlash(base) + "/rt";
  }
  if (const std::string home = Variable("HOME"); home.starts_with('/')) {
    return WithoutSlash(home) + "/.cache/rt";
  }
  return {};
}

}  // namespace rt::cli
