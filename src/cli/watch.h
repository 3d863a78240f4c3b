// --watch: runs a command again, in a fresh process, when a file it used has changed.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "src/base/result.h"

namespace rt::cli {

struct WatchOptions {
  std::vector<std::string> paths;  // files and folders of --watch=…; folders with all below them
  std::vector<std::string> test_folders;  // where a file named as a test counts, too
};

// Forks; `run` is called in the new process with a descriptor that takes the paths of modules, one
// a line, and gives the exit code. Does not return before a signal ends this process, unless it
// cannot begin: then the exit code. The caller must have started no thread.
int WatchAndRun(const WatchOptions& options, const std::function<int(int report_fd)>& run);

// What tells a watching process of a module; for RuntimeOptions::on_module.
std::function<void(const std::string& url)> ReportModulesTo(int report_fd);

}  // namespace rt::cli
