// Runs files of tests, each in a process of its own, and reports what they say.
//
// The processes are forks of this one, which has V8's platform set up but no isolate and only one
// thread: so a file costs a fork and a runtime from the snapshot, not a start of rt, and yet has
// its environment, its current folder and its crashes to itself. While a file runs, the next
// process is getting ready.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "src/cli/testing/channel.h"
#include "src/cli/testing/reporter.h"

namespace rt::cli {

struct TestRunOptions {
  std::vector<std::string> files;  // absolute
  std::string cwd;
  size_t jobs = 1;
  std::string filter{};
  std::optional<uint32_t> shuffle{};
  int fail_fast = 0;        // 0: run all
  double timeout_ms = 0;    // of a test; 0: none
  std::string more_json{};  // members for the options of js/testing: ",\"json\":true"
};

// What a forked process gets. It reads its one job from `job_fd` (see ReadJob) and writes to
// `out_fd`.
struct TestChild {
  int job_fd;
  int out_fd;
  ChannelNonce nonce;
};

// The file and the options a child was asked to run; nothing: it is not needed after all.
struct TestJob {
  std::string url;
  std::string options_json;
};
std::optional<TestJob> ReadJob(int job_fd);

struct TestRun {
  std::vector<std::unique_ptr<TestFileResult>> files;
  TestSummary summary;
  std::vector<std::string> benches;  // events as js/testing/bench.js sent them
  int failed_benches = 0;
  std::string usage_error{};  // the options make no sense, and nothing ran
};

// `child_main` runs in each forked process and returns its exit code. With `jobs` of 1 the reporter
// hears of everything at once. What it says goes to standard output. Single-threaded; the caller
// must have started no thread.
TestRun RunTestFiles(const TestRunOptions& options, TestReporter& reporter,
                     const std::function<int(const TestChild&)>& child_main);

}  // namespace rt::cli
