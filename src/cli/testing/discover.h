// Which files `rt test`, `rt bench` and `rt check` take.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/result.h"
#include "src/config/project.h"

namespace rt::cli {

// A kind that takes every file of code, for `rt check`.
inline constexpr std::string_view kAnyCode = "";

struct DiscoverOptions {
  // "test" or "bench": in names, and the section of deno.json; or kAnyCode
  std::string_view kind;
  std::vector<std::string> operands;  // files, folders, patterns; none: the current folder
  std::vector<std::string> ignore;    // the same; of --ignore
  const ProjectConfig* config = nullptr;
  std::string cwd;
};

// Absolute paths, sorted, each once. A file that is named runs whatever it is called; in folders
// it is `{*_,*.,}<kind>.{ts,tsx,mts,js,mjs,jsx}`. node_modules and .git are left out. NotFound for
// an operand that is not there; TypeError for a section of deno.json that makes no sense.
Result<std::vector<std::string>> DiscoverFiles(const DiscoverOptions& options);

// Whether a file is named as tests or benchmarks are.
bool IsTestFile(const std::string& path);

// "./a_test.ts" of "/here/a_test.ts" in "/here"; the whole path of what is elsewhere.
std::string DisplayPath(const std::string& path, const std::string& cwd);

}  // namespace rt::cli
