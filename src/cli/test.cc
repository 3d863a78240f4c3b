// rt test: finds the files, runs each in a process of its own, reports.
#include <fcntl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <thread>

#include "src/base/output.h"
#include "src/cli/cli.h"
#include "src/cli/commands.h"
#include "src/cli/coverage.h"
#include "src/cli/messages.h"
#include "src/cli/program.h"
#include "src/cli/test_process.h"
#include "src/cli/testing/discover.h"
#include "src/cli/testing/runner.h"
#include "src/cli/watch.h"
#include "src/module/specifier.h"

namespace rt::cli {
namespace {

size_t JobCount(bool parallel) {
  if (!parallel) return 1;
  if (const char* text = std::getenv("DENO_JOBS")) {
    const long jobs = std::atol(text);
    if (jobs > 0) return static_cast<size_t>(std::min(jobs, 256L));
  }
  return std::max(1u, std::thread::hardware_concurrency());
}

// The same numbers as js/testing/select.js.
void Shuffle(std::vector<std::string>& files, uint32_t seed) {
  uint32_t state = seed;
  for (size_t i = files.size(); i > 1; --i) {
    state += 0x6d2b79f5u;
    uint32_t t = (state ^ (state >> 15)) * (1 | state);
    t = (t + (t ^ (t >> 7)) * (61 | t)) ^ t;
    t ^= t >> 14;
    std::swap(
        files[i - 1],
        files[static_cast<size_t>(static_cast<double>(t) / 4294967296.0 * static_cast<double>(i))]);
  }
}

std::unique_ptr<TestReporter> MakeReporter(ReporterKind kind, const ReportOptions& options) {
  switch (kind) {
    case ReporterKind::kPretty:
      return MakePrettyReporter(options);
    case ReporterKind::kDot:
      return MakeDotReporter(options);
    case ReporterKind::kTap:
      return MakeTapReporter(options);
    case ReporterKind::kJunit:
      break;
  }
  return std::make_unique<TestReporter>();  // says nothing: the report comes at the end
}

int WriteJunit(const std::string& path, const std::string& xml) {
  if (path == "-") return PrintOutput(xml);
  const int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  const bool written = fd >= 0 && WriteFully(fd, xml);
  if (fd >= 0) close(fd);
  return written ? kExitOk : PrintError("--junit-path: cannot write \"" + path + "\"", kExitError);
}

}  // namespace

int TestCommand(const Invocation& invocation) {
  const TestInvocation& test = invocation.test;
  if (invocation.watch) {
    WatchOptions options{.paths = invocation.watch_paths, .test_folders = {}};
    for (const std::string& file : test.files) {
      struct stat info;
      if (stat(file.c_str(), &info) == 0 && S_ISDIR(info.st_mode)) {
        options.test_folders.push_back(file);
      }
    }
    if (test.files.empty()) options.test_folders = {"."};
    return WatchAndRun(options, [&](int report_fd) {
      Invocation watched = invocation;
      watched.watch = false;
      watched.module_report_fd = report_fd;
      return TestCommand(watched);
    });
  }
  if (invocation.check) {
    const int checked = CheckFirst(invocation, test.files, "test");
    if (checked != kExitOk) return checked;
  }
  TestProcess process(invocation, TestProcess::Kind::kTest);
  if (auto failed = process.SetUp()) return *failed;
  auto files = process.Files();
  if (!files.ok()) return PrintError(files.error().message, kExitError);
  if (files->empty() && !test.permit_no_files) {
    return PrintError("No test modules found", kExitError);
  }
  const ReportOptions report{.cwd = process.cwd(),
                             .color = WantsColor(STDOUT_FILENO),
                             .terminal = isatty(STDOUT_FILENO) != 0};
  TestRunOptions options{.files = std::move(*files),
                         .cwd = process.cwd(),
                         .jobs = JobCount(test.parallel),
                         .filter = test.filter,
                         .shuffle = {},
                         .fail_fast = test.fail_fast,
                         .timeout_ms = static_cast<double>(test.timeout_ms)};
  const auto reporter = MakeReporter(test.reporter, report);
  if (test.shuffle) {
    uint32_t seed = 0;
    if (test.shuffle_seed) {
      seed = *test.shuffle_seed;
    } else if (getrandom(&seed, sizeof seed, 0) != sizeof seed) {
      return PrintError("--shuffle: no random numbers", kExitError);
    }
    options.shuffle = seed;
    Shuffle(options.files, seed);
    // So that the order can be had again.
    if (test.reporter == ReporterKind::kPretty || test.reporter == ReporterKind::kDot) {
      PrintOutput("shuffled with --shuffle=" + std::to_string(seed) + "\n");
    }
  }
  const TestRun run = RunTestFiles(options, *reporter,
                                   [&](const TestChild& child) { return process.RunChild(child); });
  if (!run.usage_error.empty()) return PrintError(run.usage_error, kExitUsage);
  int exit_code = run.summary.ok() ? kExitOk : kExitError;
  if (test.reporter == ReporterKind::kJunit || !test.junit_path.empty()) {
    const std::string path = test.junit_path.empty() ? "-" : test.junit_path;
    exit_code = std::max(exit_code, WriteJunit(path, JunitXml(run.files, run.summary, report)));
  }
  if (test.coverage && !test.no_run) {
    exit_code = std::max(exit_code, ReportCoverage(*test.coverage, CoverageFormat::kAll, ""));
  }
  if (!run.summary.ok()) PrintError("Test failed", kExitError);
  return exit_code;
}

}  // namespace rt::cli
