#include "src/module/package_files.h"

#include <sys/stat.h>

#include <climits>
#include <cstdlib>

#include "src/config/project.h"
#include "src/permissions/wall_helper.h"

namespace rt {
namespace {

constexpr size_t kLongest = 64 << 20;  // as of any configuration

}  // namespace

PackageFiles::Kind DiskPackageFiles::KindOf(const std::string& path) {
  struct stat info;
  if (stat(path.c_str(), &info) != 0) return Kind::kAbsent;
  return S_ISDIR(info.st_mode) ? Kind::kFolder : Kind::kFile;
}

Result<std::optional<std::string>> DiskPackageFiles::Read(const std::string& path) {
  auto text = ReadConfigText(path);
  if (text.ok() || !WallHelper::MayBeTheWall(text.error().sys_errno)) return text;
  // Beside modules that may be read, in a folder that the kernel's wall does not know of.
  auto outside = WallHelper::Get()->ReadCode(path, kLongest);
  if (!outside) return text;
  return Result<std::optional<std::string>>(std::move(outside));
}

std::string DiskPackageFiles::RealPath(const std::string& path) {
  char resolved[PATH_MAX];
  return realpath(path.c_str(), resolved) ? std::string(resolved) : path;
}

}  // namespace rt
