// What is known of a run of tests: files, their tests, the tests' steps. Filled as events come in.
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <vector>

namespace rt::cli {

enum class TestResult : uint8_t { kRunning, kOk, kIgnored, kFailed, kIncomplete, kCancelled };

struct TestPlace {
  std::string url;
  int line = 0;
  int column = 0;
};

// A test or a step.
struct TestCase {
  int id = 0;
  std::string name;
  TestPlace place;
  int level = 0;  // of a step: 1 and more
  TestCase* parent = nullptr;
  TestResult result = TestResult::kRunning;
  double ms = 0;
  double timeout_ms = 0;  // 0: none
  std::string failure;    // as shown to a person, without "error: "
  std::string because;    // "steps", "incomplete", or empty: `failure` says
  int failed_steps = 0;
  std::vector<TestCase*> steps;  // in the order they were started
};

struct TestFileResult {
  std::string path;
  std::string display;  // "./a_test.ts"
  std::string url;
  int planned = 0;
  int filtered_out = 0;
  bool has_plan = false;
  bool used_only = false;
  double ms = 0;
  std::vector<TestCase*> tests;  // top level, in the order they ran
  std::deque<TestCase> cases;    // all of them; addresses stay
  struct Uncaught {
    std::string failure;
    std::string after;    // the name of the test it came from, which was over
    bool thrown = false;  // by code of the file
  };
  std::vector<Uncaught> uncaught;

  TestCase* Find(int id) {
    for (auto at = cases.rbegin(); at != cases.rend(); ++at) {
      if (at->id == id) return &*at;
    }
    return nullptr;
  }
};

struct TestSummary {
  int passed = 0, failed = 0, ignored = 0, filtered_out = 0;
  int passed_steps = 0, failed_steps = 0, ignored_steps = 0;
  bool used_only = false;
  bool stopped_early = false;  // --fail-fast
  double ms = 0;

  bool ok() const { return failed == 0 && !used_only; }
};

// "./a_test.ts:3:6".
std::string PlaceText(const TestPlace& place, const std::string& cwd);
// "705us", "12ms", "3s", "1m2s", as people read them.
std::string DurationText(double ms);
// "group ... step 2 ... nested".
std::string LongName(const TestCase& test);

}  // namespace rt::cli
