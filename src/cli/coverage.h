// Reports of what `rt test --coverage` wrote down.
#pragma once

#include <string>

#include "src/cli/args/invocation.h"

namespace rt::cli {

// Prints or writes a report of the folder's coverage; the exit code. kAll: the table to standard
// output, lcov.info and html/ into the folder. `output`: a file instead of standard output, for
// kLcov; a folder instead of <folder>/html, for kHtml. Empty: neither.
int ReportCoverage(const std::string& folder, CoverageFormat format, const std::string& output);

}  // namespace rt::cli
