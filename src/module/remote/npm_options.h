// What RemoteModules and NpmPackages tell each other, for those who need not know more.
#pragma once

#include <string>

#include "src/module/npm/npm_config.h"

namespace rt {

struct NpmOptions {
  NpmConfig config = {};
  std::string package_json = {};  // the project's, for its `overrides`; empty: none
  bool no_npm = false;
};

// What an npm: specifier means: a package's folder, and what of it ("." or "./sub").
struct NpmSubpath {
  std::string folder;
  std::string subpath;
};

}  // namespace rt
