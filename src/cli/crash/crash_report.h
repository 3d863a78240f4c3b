// The crash report: one text file about a process that ends because rt is broken. Written by a
// signal handler, so everything it needs is made ready before. Nothing leaves the machine.
#pragma once

#include <string>
#include <vector>

namespace rt::cli {

// Once a process, before V8 starts. `folder`: where reports go; it need not be there yet; empty:
// reports go to standard error. `arguments`: the command line, of which only rt's own flags are
// kept, without secrets.
void InstallCrashReports(const std::string& folder, const std::vector<std::string>& arguments);

}  // namespace rt::cli
