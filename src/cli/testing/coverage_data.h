// Coverage between V8 and the reports: what a process writes down when its tests are done, and what
// lines, branches and functions of the sources that means for all processes together.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "src/base/result.h"
#include "src/config/json.h"

namespace rt::cli {

// One script of one process, before it is written: V8's entry, and for code that was transpiled so
// that places moved also the code and the line of the source each of its lines comes from.
struct CoveredScript {
  std::string url;
  std::string functions_json;
  std::string generated;   // empty: the file itself
  std::vector<int> lines;  // of `generated`, from 0: line of the source from 1, 0 for none
};

// Writes `<folder>/<name>.json`; makes the folder if need be.
Result<void> WriteCoverage(const std::string& folder, const std::vector<CoveredScript>& scripts);

// One source file.
struct FileCoverage {
  struct Function {
    std::string name;
    int line = 0;
    uint64_t count = 0;
  };
  struct Branch {
    int line = 0;
    uint64_t count = 0;
    bool reached = false;  // what it is a branch of ran
  };
  std::string path;
  std::map<int, uint64_t> lines;              // those with code: how often they ran
  std::map<std::string, Function> functions;  // by place and name
  std::map<std::string, Branch> branches;     // by place

  size_t LinesHit() const;
  size_t BranchesHit() const;
  size_t FunctionsHit() const;
};

// All of a folder that processes have written to, by path. Files that are gone are left out, and so
// are tests and packages. NotFound: the folder holds no coverage.
Result<std::map<std::string, FileCoverage>> ReadCoverage(const std::string& folder);

}  // namespace rt::cli
