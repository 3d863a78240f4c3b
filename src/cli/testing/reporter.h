// What a person, or a program, sees of a run of tests. The runner calls these in the order things
// happen within a file; with several files at once a file's calls come together, when it is done.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "src/cli/testing/results.h"

namespace rt::cli {

struct ReportOptions {
  std::string cwd;
  bool color = false;
  bool terminal = false;
};

class TestReporter {
 public:
  virtual ~TestReporter() = default;

  virtual void FileLoaded(const TestFileResult& file) {}
  virtual void Output(std::string_view text) {}  // printed by what runs
  virtual void TestStarted(const TestCase& test) {}
  virtual void TestEnded(const TestCase& test) {}
  virtual void StepStarted(const TestCase& step) {}
  virtual void StepEnded(const TestCase& step) {}
  virtual void UncaughtError(const TestFileResult& file, const TestFileResult::Uncaught& error) {}
  virtual void Finished(const std::vector<std::unique_ptr<TestFileResult>>& files,
                        const TestSummary& summary) {}

  // What has been said since the last call: for standard output.
  std::string Take() { return std::exchange(text_, {}); }

 protected:
  std::string text_;
};

std::unique_ptr<TestReporter> MakePrettyReporter(const ReportOptions& options);
std::unique_ptr<TestReporter> MakeDotReporter(const ReportOptions& options);
std::unique_ptr<TestReporter> MakeTapReporter(const ReportOptions& options);

// The ERRORS and FAILURES lists and the line with the sums, which pretty and dot end with.
std::string FinalReport(const std::vector<std::unique_ptr<TestFileResult>>& files,
                        const TestSummary& summary, const ReportOptions& options);

// JUnit's XML, all of it.
std::string JunitXml(const std::vector<std::unique_ptr<TestFileResult>>& files,
                     const TestSummary& summary, const ReportOptions& options);

}  // namespace rt::cli
