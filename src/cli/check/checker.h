// TypeScript's compiler in an isolate of its own, for rt check: it sees source text through
// SourceFinder and the user's disk, and runs nothing of the program. Main thread, once a process.
#pragma once

#include <string>
#include <vector>

#include "src/cli/check/declarations.h"
#include "src/module/source_finder.h"

namespace rt::cli {

struct CheckRequest {
  std::vector<std::string> roots;  // URLs
  std::string cwd;
  bool all = false;    // other hosts' modules and packages, too
  bool color = false;  // of what is printed
  // The file whose compilerOptions count; empty: none.
  std::string config;
  // The project's own TypeScript (…/node_modules/typescript); empty: the one in the executable.
  std::string typescript_folder;
};

// How many errors there are; they were printed to stderr. Error: TypeScript itself failed.
// `host`: its isolate does not exist, and never will.
Result<int> TypeCheck(OpHost& host, SourceFinder& finder, const CheckRequest& request);

// The project's own TypeScript for a file in `folder` or below; nothing: it has none that can be
// used. `note`: why one that is there cannot.
std::string FindTypeScript(std::string folder, std::string* note);

}  // namespace rt::cli
