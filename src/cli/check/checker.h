// TypeScript's compiler in an isolate of its own, for rt check: it sees what CheckWorld
// answers, and runs nothing of the program. Main thread, once a process.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "src/cli/check/declarations.h"
#include "src/cli/check/world.h"
#include "src/op/op_host.h"

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

class TypeChecker {
 public:
  // Error: the compiler cannot be read.
  static Result<std::unique_ptr<TypeChecker>> Make(CheckRequest request);

  // Names what is asked of which compiler; with the answers of CheckWorld, the result is settled.
  std::string Key() const;
  // How many errors there are; they were printed to stderr. Error: TypeScript itself failed.
  // `host`: its isolate does not exist, and never will.
  Result<int> Run(OpHost& host, CheckWorld& world);

 private:
  explicit TypeChecker(CheckRequest request) : request_(std::move(request)) {}

  CheckRequest request_;
  std::string project_code_;  // the project's own compiler; empty: none
};

// The project's own TypeScript for a file in `folder` or below; nothing: it has none that can be
// used. `note`: why one that is there cannot.
std::string FindTypeScript(std::string folder, std::string* note);

}  // namespace rt::cli
