#include "src/module/package_files.h"

#include <sys/stat.h>

#include <climits>
#include <cstdlib>

#include "src/config/project.h"

namespace rt {

PackageFiles::Kind DiskPackageFiles::KindOf(const std::string& path) {
  struct stat info;
  if (stat(path.c_str(), &info) != 0) return Kind::kAbsent;
  return S_ISDIR(info.st_mode) ? Kind::kFolder : Kind::kFile;
}

Result<std::optional<std::string>> DiskPackageFiles::Read(const std::string& path) {
  return ReadConfigText(path);
}

std::string DiskPackageFiles::RealPath(const std::string& path) {
  char resolved[PATH_MAX];
  return realpath(path.c_str(), resolved) ? std::string(resolved) : path;
}

}  // namespace rt
