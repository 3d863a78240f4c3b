// deno.json: what a project says about itself. Found upwards from the main module, or named with
// --config. Read once, at start, before any script runs; what it says is data for whoever uses it
// (import maps, tasks, the compiler), never a permission by itself.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "src/base/result.h"
#include "src/config/json.h"

namespace rt {

struct ProjectConfig {
  std::string path;    // absolute
  std::string folder;  // that of `path`, without "/" at its end ("" for the root)
  Json json;           // an object
  // One line each: keys rt does not know, with the nearest name, and what it ignores.
  std::vector<std::string> warnings;
};

// JSON with comments. NotFound; SyntaxError with path, line and column; TypeError if it is no
// object.
Result<ProjectConfig> ReadProjectConfig(const std::string& path);

// The nearest deno.json or deno.jsonc in `folder` (absolute) or above it. Nothing: there is none.
Result<std::optional<ProjectConfig>> FindProjectConfig(std::string folder);

// A whole file of at most 64 MiB, for configuration only. Nothing: there is no such file.
Result<std::optional<std::string>> ReadConfigText(const std::string& path);
// The same of a file somebody named: that it is not there, or is a folder, is an error.
Result<std::string> ReadNamedText(const std::string& path);

}  // namespace rt
