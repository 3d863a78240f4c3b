// Coverage for people and programs: a table, LCOV's format, HTML pages.
#pragma once

#include <map>
#include <string>

#include "src/base/result.h"
#include "src/cli/testing/coverage_data.h"

namespace rt::cli {

using CoverageMap = std::map<std::string, FileCoverage>;

// A line a file, and the sum.
std::string CoverageTable(const CoverageMap& files, const std::string& cwd, bool color);
// geninfo(1)'s tracefile.
std::string CoverageLcov(const CoverageMap& files);
// index.html and a page for each file in `folder`, which is made.
Result<void> WriteCoverageHtml(const CoverageMap& files, const std::string& cwd,
                               const std::string& folder);

}  // namespace rt::cli
