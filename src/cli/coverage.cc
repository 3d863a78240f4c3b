// rt coverage: reports of what `rt test --coverage` wrote down.
#include "src/cli/coverage.h"

#include <fcntl.h>
#include <unistd.h>

#include "src/base/output.h"
#include "src/cli/cli.h"
#include "src/cli/commands.h"
#include "src/cli/messages.h"
#include "src/cli/program.h"
#include "src/cli/testing/coverage_report.h"
#include "src/permissions/sinks.h"

namespace rt::cli {
namespace {

int Save(const std::string& path, const std::string& text) {
  const int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  const bool written = fd >= 0 && WriteFully(fd, text);
  if (fd >= 0) close(fd);
  return written ? kExitOk : PrintError("cannot write \"" + path + "\"", kExitError);
}

int SaveHtml(const CoverageMap& files, const std::string& cwd, const std::string& folder) {
  auto written = WriteCoverageHtml(files, cwd, folder);
  return written.ok() ? kExitOk : PrintError(written.error().message, kExitError);
}

}  // namespace

int ReportCoverage(const std::string& folder, CoverageFormat format, const std::string& output) {
  const auto cwd = CurrentDirectory();
  if (!cwd.ok()) return PrintError(cwd.error().message, kExitError);
  const auto files = ReadCoverage(folder);
  if (!files.ok()) return PrintError(files.error().message, kExitError);
  if (files->empty()) {
    PrintWarning("no file but tests was loaded: there is nothing to report");
    return kExitOk;
  }
  switch (format) {
    case CoverageFormat::kTable:
      return PrintOutput(CoverageTable(*files, *cwd, WantsColor(STDOUT_FILENO)));
    case CoverageFormat::kLcov:
      if (output.empty()) return PrintOutput(CoverageLcov(*files));
      return Save(output, CoverageLcov(*files));
    case CoverageFormat::kHtml:
      return SaveHtml(*files, *cwd, output.empty() ? folder + "/html" : output);
    case CoverageFormat::kAll:
      break;
  }
  PrintOutput(CoverageTable(*files, *cwd, WantsColor(STDOUT_FILENO)));
  if (const int failed = Save(folder + "/lcov.info", CoverageLcov(*files))) return failed;
  if (const int failed = SaveHtml(*files, *cwd, folder + "/html")) return failed;
  return PrintOutput("Written: " + folder + "/lcov.info, " + folder + "/html/index.html\n");
}

int CoverageCommand(const Invocation& invocation) {
  const std::string folder = invocation.operand.empty() ? "coverage" : invocation.operand;
  return ReportCoverage(folder, invocation.coverage_format, invocation.coverage_output);
}

}  // namespace rt::cli
