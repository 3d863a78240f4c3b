#include "src/base/make_folders.h"

#include <sys/stat.h>

#include <cerrno>

namespace rt {

bool MakeFolders(const std::string& folder, mode_t mode) {
  if (mkdir(folder.c_str(), mode) == 0 || errno == EEXIST) return true;
  if (errno != ENOENT) return false;
  const size_t slash = folder.rfind('/');
  if (slash == std::string::npos || slash == 0) return false;
  if (!MakeFolders(folder.substr(0, slash), mode)) return false;
  return mkdir(folder.c_str(), mode) == 0 || errno == EEXIST;
}

}  // namespace rt
