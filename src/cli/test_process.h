// What `rt test` and `rt bench` have in common: the set-up of the process that reports, and what
// each process that runs a file does.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "src/cli/args/invocation.h"
#include "src/cli/program.h"
#include "src/cli/testing/runner.h"

namespace rt::cli {

class TestProcess {
 public:
  enum class Kind { kTest, kBench };
  TestProcess(const Invocation& invocation, Kind kind) : invocation_(invocation), kind_(kind) {}

  // Once, first. An exit code: something is wrong, and was said.
  std::optional<int> SetUp();
  // The files the command line or the configuration means.
  Result<std::vector<std::string>> Files();
  const std::string& cwd() const { return cwd_; }

  // In a forked process: runs one file, says how it went, and gives the exit code.
  int RunChild(const TestChild& child);

 private:
  const Invocation& invocation_;
  Kind kind_;
  std::string cwd_;
  ProgramSetup setup_;
  std::vector<std::string> file_folders_;
};

}  // namespace rt::cli
