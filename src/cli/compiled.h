// What a compiled executable does instead of rt's command line.
#pragma once

#include <string>
#include <vector>

namespace rt::cli {

// Runs the program in this executable; see IsCompiled(). The exit code.
int RunCompiled(const std::vector<std::string>& arguments);

}  // namespace rt::cli
