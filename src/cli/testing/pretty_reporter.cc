// The reporters for people: a line a test (pretty), a character a test (dot).
#include <utility>

#include "src/cli/testing/reporter.h"

namespace rt::cli {
namespace {

enum class Style { kGreen, kRed, kYellow, kGray, kWhiteOnRed };

std::string Styled(std::string text, Style style, bool color) {
  if (!color) return text;
  static constexpr const char* kStart[] = {"\x1b[32m", "\x1b[31m", "\x1b[33m", "\x1b[90m",
                                           "\x1b[97m\x1b[41m"};
  return kStart[static_cast<int>(style)] + text + "\x1b[0m";
}

std::string Steps(int count) {
  return std::to_string(count) + (count == 1 ? " step" : " steps");
}

std::string ResultText(const TestCase& test, bool color) {
  switch (test.result) {
    case TestResult::kRunning:
      return "";
    case TestResult::kOk:
      return Styled("ok", Style::kGreen, color);
    case TestResult::kIgnored:
      return Styled("ignored", Style::kYellow, color);
    case TestResult::kIncomplete:
      return Styled("INCOMPLETE", Style::kGray, color);
    case TestResult::kCancelled:
      return Styled("cancelled", Style::kGray, color);
    case TestResult::kFailed:
      break;
  }
  std::string text = Styled("FAILED", Style::kRed, color);
  if (test.because == "incomplete") text += " (due to incomplete steps)";
  if (test.because == "steps") {
    text += " (due to " + std::to_string(test.failed_steps) + " failed " +
            (test.failed_steps == 1 ? "step)" : "steps)");
  }
  return text;
}

class PrettyReporter final : public TestReporter {
 public:
  explicit PrettyReporter(const ReportOptions& options) : options_(options) {}

  void FileLoaded(const TestFileResult& file) override {
    EndOutput();
    EndLine();
    text_ += Styled("running " + std::to_string(file.planned) +
                        (file.planned == 1 ? " test" : " tests") + " from " + file.display,
                    Style::kGray, options_.color) +
             "\n";
  }

  void Output(std::string_view text) override {
    if (text.empty()) return;
    if (!in_output_) {
      EndLine();
      text_ += Styled("------- output -------", Style::kGray, options_.color) + "\n";
      in_output_ = true;
    }
    text_ += text;
    output_ends_line_ = text.back() == '\n';
  }

  void TestStarted(const TestCase& test) override { Start(test); }
  void StepStarted(const TestCase& step) override { Start(step); }
  void TestEnded(const TestCase& test) override { End(test); }
  void StepEnded(const TestCase& step) override { End(step); }

  void UncaughtError(const TestFileResult& file, const TestFileResult::Uncaught&) override {
    EndOutput();
    EndLine();
    text_ += "Uncaught error from " + file.display + " " +
             Styled("FAILED", Style::kRed, options_.color) + "\n";
  }

  void Finished(const std::vector<std::unique_ptr<TestFileResult>>& files,
                const TestSummary& summary) override {
    EndOutput();
    EndLine();
    text_ += FinalReport(files, summary, options_);
  }

 private:
  void Start(const TestCase& test) {
    EndOutput();
    EndLine();
    text_ += std::string(static_cast<size_t>(test.level) * 2, ' ') + test.name + " ...";
    open_ = &test;
  }

  void End(const TestCase& test) {
    EndOutput();
    if (open_ != &test) {
      EndLine();
      text_ += std::string(static_cast<size_t>(test.level) * 2, ' ') + test.name + " ...";
    }
    open_ = nullptr;
    text_ += " " + ResultText(test, options_.color);
    if (test.result != TestResult::kIncomplete) {
      text_ += " " + Styled("(" + DurationText(test.ms) + ")", Style::kGray, options_.color);
    }
    text_ += "\n";
  }

  void EndOutput() {
    if (!std::exchange(in_output_, false)) return;
    if (!output_ends_line_) text_ += "\n";
    text_ += Styled("----- output end -----", Style::kGray, options_.color) + "\n";
  }

  void EndLine() {
    if (std::exchange(open_, nullptr)) text_ += "\n";
  }

  ReportOptions options_;
  const TestCase* open_ = nullptr;  // whose line waits for its result
  bool in_output_ = false;
  bool output_ends_line_ = true;
};

class DotReporter final : public TestReporter {
 public:
  explicit DotReporter(const ReportOptions& options) : options_(options) {}

  void TestEnded(const TestCase& test) override { Mark(test); }
  void StepEnded(const TestCase& step) override { Mark(step); }
  void UncaughtError(const TestFileResult&, const TestFileResult::Uncaught&) override {
    Put(Styled("!", Style::kRed, options_.color));
  }
  // What tests print is for reading; here nobody reads along.
  void Finished(const std::vector<std::unique_ptr<TestFileResult>>& files,
                const TestSummary& summary) override {
    if (column_ > 0) text_ += "\n";
    text_ += FinalReport(files, summary, options_);
  }

 private:
  static constexpr int kWidth = 80;

  void Mark(const TestCase& test) {
    switch (test.result) {
      case TestResult::kOk:
        return Put(".");
      case TestResult::kIgnored:
        return Put(Styled(",", Style::kYellow, options_.color));
      case TestResult::kFailed:
      case TestResult::kIncomplete:
      case TestResult::kCancelled:
        return Put(Styled("!", Style::kRed, options_.color));
      case TestResult::kRunning:
        return;
    }
  }

  void Put(const std::string& mark) {
    text_ += mark;
    if (++column_ < kWidth) return;
    column_ = 0;
    text_ += "\n";
  }

  ReportOptions options_;
  int column_ = 0;
};

void CollectFailures(const TestCase& test, std::vector<const TestCase*>& failures) {
  const bool failed = test.result == TestResult::kFailed ||
                      test.result == TestResult::kIncomplete ||
                      test.result == TestResult::kCancelled;
  // What failed only because of its steps is told by them.
  if (failed && test.because.empty()) failures.push_back(&test);
  for (const TestCase* step : test.steps) CollectFailures(*step, failures);
}

std::string UncaughtTitle(const TestFileResult& file, const TestFileResult::Uncaught& error) {
  if (error.after.empty()) return file.display + " (uncaught error)";
  return file.display + " (uncaught error after \"" + error.after + "\" had ended)";
}

}  // namespace

std::string FinalReport(const std::vector<std::unique_ptr<TestFileResult>>& files,
                        const TestSummary& summary, const ReportOptions& options) {
  std::string details;
  std::string names;
  const std::string error = options.color ? "\x1b[1m\x1b[31merror\x1b[0m: " : "error: ";
  for (const auto& file : files) {
    std::vector<const TestCase*> failures;
    for (const TestCase* test : file->tests) CollectFailures(*test, failures);
    for (const TestCase* test : failures) {
      const std::string title = LongName(*test) + " => " + PlaceText(test->place, options.cwd);
      details += title + "\n" + error;
      if (test->result == TestResult::kIncomplete) {
        details += "Didn't complete before parent. Await step with `await t.step(...)`.\n\n";
      } else {
        details += test->failure + "\n\n";
      }
      names += title + "\n";
    }
    for (const TestFileResult::Uncaught& uncaught : file->uncaught) {
      const std::string title = UncaughtTitle(*file, uncaught);
      details += title + "\n" + error + uncaught.failure + "\n";
      if (uncaught.after.empty() && uncaught.thrown) {
        details +=
            "This error was not caught from a test. It most likely originated from a dangling "
            "promise,\nevent/timeout handler or top-level code.\n";
      }
      details += "\n";
      names += title + "\n";
    }
  }
  std::string text;
  if (!details.empty()) {
    text += "\n" + Styled(" ERRORS ", Style::kWhiteOnRed, options.color) + "\n\n" + details +
            Styled(" FAILURES ", Style::kWhiteOnRed, options.color) + "\n\n" + names;
  }
  auto part = [&](int count, const char* word, int steps) {
    text += " | " + std::to_string(count) + " " + word;
    if (steps > 0) text += " (" + Steps(steps) + ")";
  };
  text += "\n" + (summary.failed == 0 ? Styled("ok", Style::kGreen, options.color)
                                      : Styled("FAILED", Style::kRed, options.color));
  part(summary.passed, "passed", summary.passed_steps);
  part(summary.failed, "failed", summary.failed_steps);
  if (summary.ignored > 0 || summary.ignored_steps > 0) {
    part(summary.ignored, "ignored", summary.ignored_steps);
  }
  if (summary.filtered_out > 0) {
    text += " | " + std::to_string(summary.filtered_out) + " filtered out";
  }
  text += " " + Styled("(" + DurationText(summary.ms) + ")", Style::kGray, options.color) + "\n";
  if (summary.used_only) {
    text += "\n" + error + "Test failed because the \"only\" option was used\n";
  }
  return text + "\n";
}

std::unique_ptr<TestReporter> MakePrettyReporter(const ReportOptions& options) {
  return std::make_unique<PrettyReporter>(options);
}

std::unique_ptr<TestReporter> MakeDotReporter(const ReportOptions& options) {
  return std::make_unique<DotReporter>(options);
}

}  // namespace rt::cli
