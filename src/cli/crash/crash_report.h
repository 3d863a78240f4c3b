// The crash report: one text file about a process that ends because rt is broken. Written by a
// signal handler, so everything it needs is made ready before. Nothing leaves the machine.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace rt::cli {

// Whose arguments the process has: rt's, or all of them the script's.
enum class CommandLine : uint8_t { kRt, kScript };

// Once a process, before V8 starts. `folder`: where reports go; it need not be there yet; empty:
// reports go to standard error. `arguments`: the command line, of which only rt's own flags are
// kept, without secrets.
void InstallCrashReports(const std::string& folder, CommandLine line,
                         const std::vector<std::string>& arguments);

}  // namespace rt::cli
