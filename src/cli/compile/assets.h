// Files that travel inside an executable: collected when it is made, written out when it runs.
#pragma once

#include <string>
#include <vector>

#include "src/base/result.h"
#include "src/cli/compile/payload.h"

namespace rt::cli {

struct AssetFile {
  std::string path;  // absolute
  std::string content;
  bool executable = false;
};

// A file, or every file below a folder (links followed to files, not to folders); `excluded` are
// absolute paths. NotFound if there is nothing at `path`.
Result<void> CollectAssets(const std::string& path, const std::vector<std::string>& excluded,
                           std::vector<AssetFile>& files);

// Writes them below `folder`, which is made as a whole or not at all: a folder that is there
// already is taken as it is. Read-only.
Result<void> ExtractAssets(const std::vector<PayloadAsset>& assets, const std::string& folder);

}  // namespace rt::cli
