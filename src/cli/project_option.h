// The project a program belongs to: its deno.json and its import map, read before anything runs.
#pragma once

#include <optional>
#include <string>

#include "src/base/result.h"
#include "src/cli/args/invocation.h"
#include "src/config/project.h"
#include "src/module/import_map.h"

namespace rt::cli {

// A file named on the command line, from the current folder, without "." and "..".
Result<std::string> AbsolutePath(const std::string& path);

// Where a program's configuration is looked for, and above it, without "/" at the end: in its main
// module's folder; for a package's program ("npm:x") in the current one, as in Deno. Nothing: it
// has none.
std::optional<std::string> ProjectFolder(const std::string& main_url);

struct Project {
  std::optional<ProjectConfig> config;
  ImportMap import_map;
};

// `main_url`: the program's address; the search for a deno.json starts in its ProjectFolder.
// Warnings go to stderr unless --quiet. Errors name the file.
Result<Project> LoadProject(const Invocation& invocation, const std::string& main_url);

}  // namespace rt::cli
