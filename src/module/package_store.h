// PackageStore: packages that are in no node_modules folder, but where a registry's packages are
// kept. Their code is that of another host: it sees its own dependencies and nothing else.
#pragma once

#include <optional>
#include <string>

#include "src/base/result.h"

namespace rt {

class PackageStore {
 public:
  virtual ~PackageStore() = default;
  // The folder of the package that has the file at `path` (absolute, links followed), without "/"
  // at its end; nothing: it is in none that the program has.
  virtual std::optional<std::string> PackageOf(const std::string& path) const = 0;
  // The folder of what the package in `folder` finds under `name`; nothing: no dependency of it.
  virtual std::optional<std::string> FolderOf(const std::string& name,
                                              const std::string& folder) const = 0;
  // Whether one of its packages was published with a file at `path`, whatever is there now.
  virtual bool HasFile(const std::string& path) = 0;
  // `content`, as it was read from `path` (nothing: there is no such file), if that is what was
  // published or the file is of no package; else that of the package loaded anew, for which it
  // waits. Error: that cannot be had.
  virtual Result<std::optional<std::string>> Published(const std::string& path,
                                                       std::optional<std::string> content) = 0;
};

}  // namespace rt
