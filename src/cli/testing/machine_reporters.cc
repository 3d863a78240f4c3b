// The reporters for programs: TAP 14 (https://testanything.org/tap-version-14-specification.html)
// and JUnit's XML.
#include <cstdio>

#include "src/cli/testing/reporter.h"
#include "src/config/json.h"

namespace rt::cli {
namespace {

// Colours are for people.
std::string WithoutColor(std::string_view text) {
  std::string plain;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\x1b' && i + 1 < text.size() && text[i + 1] == '[') {
      while (i < text.size() && text[i] != 'm') ++i;
    } else {
      plain += text[i];
    }
  }
  return plain;
}

std::string FailureText(const TestCase& test) {
  if (!test.failure.empty()) return WithoutColor(test.failure);
  if (test.because == "incomplete") return "Incomplete steps.";
  if (test.result == TestResult::kIncomplete) return "Didn't complete before parent.";
  if (test.result == TestResult::kCancelled) return "Cancelled.";
  return std::to_string(test.failed_steps) +
         (test.failed_steps == 1 ? " test step failed." : " test steps failed.");
}

bool Failed(const TestCase& test) {
  return test.result == TestResult::kFailed || test.result == TestResult::kIncomplete ||
         test.result == TestResult::kCancelled;
}

class TapReporter final : public TestReporter {
 public:
  explicit TapReporter(const ReportOptions& options) : options_(options) {
    text_ = "TAP version 14\n";
  }

  void FileLoaded(const TestFileResult& file) override { text_ += "# " + file.display + "\n"; }
  void TestEnded(const TestCase& test) override {
    if (!test.steps.empty()) {
      text_ += "# Subtest: " + Escaped(test.name) + "\n";
      Steps(test, "    ");
    }
    Line(test, ++count_, "");
  }
  void Output(std::string_view text) override {
    // Whole lines, as comments.
    rest_ += text;
    size_t start = 0;
    for (size_t end; (end = rest_.find('\n', start)) != std::string::npos; start = end + 1) {
      text_ += "# " + rest_.substr(start, end - start) + "\n";
    }
    rest_.erase(0, start);
  }
  void UncaughtError(const TestFileResult& file, const TestFileResult::Uncaught& error) override {
    TestCase test;
    test.name = file.display + " (uncaught error)";
    test.place.url = file.url;
    test.result = TestResult::kFailed;
    test.failure = error.failure;
    Line(test, ++count_, "");
  }
  void Finished(const std::vector<std::unique_ptr<TestFileResult>>&, const TestSummary&) override {
    text_ += "1.." + std::to_string(count_) + "\n";
  }

 private:
  static std::string Escaped(const std::string& name) {
    std::string text;
    for (const char c : name) {
      if (c == '#' || c == '\\') text += '\\';
      text += c == '\n' ? ' ' : c;
    }
    return text;
  }

  void Steps(const TestCase& test, const std::string& indent) {
    int number = 0;
    for (const TestCase* step : test.steps) {
      if (!step->steps.empty()) {
        text_ += indent + "# Subtest: " + Escaped(step->name) + "\n";
        Steps(*step, indent + "    ");
      }
      Line(*step, ++number, indent);
    }
    text_ += indent + "1.." + std::to_string(number) + "\n";
  }

  void Line(const TestCase& test, int number, const std::string& indent) {
    text_ += indent + (Failed(test) ? "not ok " : "ok ") + std::to_string(number) + " - " +
             Escaped(test.name);
    if (test.result == TestResult::kIgnored) text_ += " # SKIP";
    text_ += "\n";
    if (!Failed(test)) return;
    const std::string place = PlaceText(test.place, options_.cwd);
    const std::string file = place.substr(0, place.rfind(':', place.rfind(':') - 1));
    text_ += indent + "  ---\n" + indent + "  {\"message\":" + QuoteJson(FailureText(test)) +
             ",\"severity\":\"fail\",\"at\":{\"file\":" + QuoteJson(file) +
             ",\"line\":" + std::to_string(test.place.line) + "}}\n" + indent + "  ...\n";
  }

  ReportOptions options_;
  std::string rest_;
  int count_ = 0;
};

// XML 1.0 has no characters below space but these three, and neither U+FFFE nor U+FFFF.
std::string Xml(std::string_view text) {
  std::string escaped;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const std::string_view three = text.substr(i, 3);
    if (three == "\xef\xbf\xbe" || three == "\xef\xbf\xbf") {
      escaped += "\xef\xbf\xbd";
      i += 2;
      continue;
    }
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      default:
        if (static_cast<unsigned char>(c) >= 0x20 || c == '\n' || c == '\t' || c == '\r') {
          escaped += c;
        } else {
          escaped += "\xef\xbf\xbd";
        }
    }
  }
  return escaped;
}

std::string Seconds(double ms) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3f", ms / 1000);
  return text;
}

void JunitCase(const TestFileResult& file, const TestCase& test, const std::string& name,
               std::string& xml) {
  xml += "        <testcase name=\"" + Xml(name) + "\" classname=\"" + Xml(file.display) +
         "\" time=\"" + Seconds(test.ms) + "\" line=\"" + std::to_string(test.place.line) +
         "\" col=\"" + std::to_string(test.place.column) + "\">\n";
  if (test.result == TestResult::kIgnored) {
    xml += "            <skipped/>\n";
  } else if (Failed(test)) {
    const std::string failure = FailureText(test);
    const std::string first = failure.substr(0, failure.find('\n'));
    xml += "            <failure message=\"" + Xml(first) + "\">" + Xml(failure) + "</failure>\n";
  }
  xml += "        </testcase>\n";
  for (const TestCase* step : test.steps) {
    JunitCase(file, *step, name + " > " + step->name, xml);
  }
}

}  // namespace

std::unique_ptr<TestReporter> MakeTapReporter(const ReportOptions& options) {
  return std::make_unique<TapReporter>(options);
}

std::string JunitXml(const std::vector<std::unique_ptr<TestFileResult>>& files,
                     const TestSummary& summary, const ReportOptions&) {
  int all = 0, all_failures = 0, all_errors = 0;
  std::string suites;
  for (const auto& file : files) {
    int failures = 0, disabled = 0;
    for (const TestCase& test : file->cases) {
      if (Failed(test)) ++failures;
      if (test.result == TestResult::kIgnored) ++disabled;
    }
    const int tests = static_cast<int>(file->cases.size());
    const int errors = static_cast<int>(file->uncaught.size());
    all += tests;
    all_failures += failures;
    all_errors += errors;
    suites += "    <testsuite name=\"" + Xml(file->display) + "\" tests=\"" +
              std::to_string(tests + errors) + "\" disabled=\"" + std::to_string(disabled) +
              "\" errors=\"" + std::to_string(errors) + "\" failures=\"" +
              std::to_string(failures) + "\">\n";
    for (const TestCase* test : file->tests) JunitCase(*file, *test, test->name, suites);
    for (const TestFileResult::Uncaught& error : file->uncaught) {
      const std::string text = WithoutColor(error.failure);
      suites += "        <testcase name=\"" + Xml(file->display) + "\" classname=\"" +
                Xml(file->display) + "\" time=\"0.000\">\n            <error message=\"" +
                Xml(text.substr(0, text.find('\n'))) + "\">" + Xml(text) +
                "</error>\n        </testcase>\n";
    }
    suites += "    </testsuite>\n";
  }
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"rt test\" tests=\"" +
         std::to_string(all + all_errors) + "\" failures=\"" + std::to_string(all_failures) +
         "\" errors=\"" + std::to_string(all_errors) + "\" time=\"" + Seconds(summary.ms) +
         "\">\n" + suites + "</testsuites>\n";
}

}  // namespace rt::cli
