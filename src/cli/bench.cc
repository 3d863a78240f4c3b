// rt bench: like rt test, for benchmarks. Files run one after the other, since they would disturb
// each other.
#include <unistd.h>

#include <fstream>
#include <string>

#include "src/base/output.h"
#include "src/cli/cli.h"
#include "src/cli/commands.h"
#include "src/cli/messages.h"
#include "src/cli/test_process.h"
#include "src/config/json.h"

namespace rt::cli {
namespace {

std::string CpuName() {
  std::ifstream info("/proc/cpuinfo");
  for (std::string line; std::getline(info, line);) {
    if (!line.starts_with("model name")) continue;
    const size_t colon = line.find(": ");
    if (colon != std::string::npos) return line.substr(colon + 2);
  }
  return "unknown";
}

std::string RuntimeName() {
#if defined(__aarch64__)
  return "rt/" RT_VERSION " aarch64-unknown-linux-gnu";
#else
  return "rt/" RT_VERSION " x86_64-unknown-linux-gnu";
#endif
}

// Passes on what is printed; the tables come from js/testing/table.js.
class BenchReporter final : public TestReporter {
 public:
  explicit BenchReporter(bool json) : json_(json) {}
  void Output(std::string_view text) override {
    // With --json standard output is the results' alone.
    if (json_) {
      WriteFully(STDERR_FILENO, text);
    } else {
      text_ += text;
    }
  }
  void UncaughtError(const TestFileResult& file, const TestFileResult::Uncaught& error) override {
    WriteFully(STDERR_FILENO, "error: " + error.failure + "\n    in " + file.display + "\n");
  }

 private:
  bool json_;
};

// The member "bench" of each event (js/testing/bench.js).
std::string JsonReport(const TestRun& run) {
  std::string text = "{\n  \"version\": 1,\n  \"runtime\": " + QuoteJson(RuntimeName()) +
                     ",\n  \"cpu\": " + QuoteJson(CpuName()) + ",\n  \"benches\": [";
  constexpr std::string_view kStart = "{\"kind\":\"bench\",\"bench\":";
  bool first = true;
  for (const std::string& event : run.benches) {
    std::string_view bench = event;
    bench.remove_prefix(kStart.size());
    // A benchmark that failed repeats its error after the member.
    size_t end = bench.rfind(",\"failed\":");
    if (!ParseJson(std::string(bench.substr(0, end))).ok()) end = bench.size() - 1;
    text += (first ? "\n    " : ",\n    ") + std::string(bench.substr(0, end));
    first = false;
  }
  return text + (first ? "]\n}\n" : "\n  ]\n}\n");
}

}  // namespace

int BenchCommand(const Invocation& invocation) {
  const TestInvocation& bench = invocation.test;
  if (invocation.check) {
    const int checked = CheckFirst(invocation, bench.files, "bench");
    if (checked != kExitOk) return checked;
  }
  TestProcess process(invocation, TestProcess::Kind::kBench);
  if (auto failed = process.SetUp()) return *failed;
  auto files = process.Files();
  if (!files.ok()) return PrintError(files.error().message, kExitError);
  if (files->empty() && !bench.permit_no_files) {
    return PrintError("No bench modules found", kExitError);
  }
  if (!bench.json && !bench.no_run && !files->empty()) {
    PrintOutput("    CPU | " + CpuName() + "\nRuntime | " + RuntimeName() + "\n");
  }
  TestRunOptions options{.files = std::move(*files),
                         .cwd = process.cwd(),
                         .jobs = 1,
                         .filter = bench.filter,
                         .shuffle = {},
                         .more_json = bench.json ? ",\"json\":true" : ""};
  BenchReporter reporter(bench.json);
  const TestRun run = RunTestFiles(options, reporter,
                                   [&](const TestChild& child) { return process.RunChild(child); });
  if (!run.usage_error.empty()) return PrintError(run.usage_error, kExitUsage);
  if (bench.json && !bench.no_run && PrintOutput(JsonReport(run)) != kExitOk) return kExitError;
  if (run.summary.used_only) {
    return PrintError("Bench failed because the \"only\" option was used", kExitError);
  }
  return run.summary.ok() && run.failed_benches == 0 ? kExitOk
                                                     : PrintError("Bench failed", kExitError);
}

}  // namespace rt::cli
