// PackageStore: packages that are in no node_modules folder, but where a registry's packages are
// kept. Their code is that of another host: it sees its own dependencies and nothing else.
#pragma once

#include <optional>
#include <string>

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
};

}  // namespace rt
