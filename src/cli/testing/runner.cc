#include "src/cli/testing/runner.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>

#include "src/base/check.h"
#include "src/base/output.h"
#include "src/cli/testing/discover.h"
#include "src/config/json.h"
#include "src/module/specifier.h"
#include "src/permissions/prompt.h"

namespace rt::cli {
namespace {

using Clock = std::chrono::steady_clock;

// How long JavaScript that does not return may go on after its test's time is over.
constexpr double kGraceMs = 500;

double MsSince(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

std::string StringOf(const Json& event, const char* key) {
  const std::string* text = event.FindString(key);
  return text ? *text : std::string();
}

double NumberOf(const Json& event, const char* key) {
  const Json* value = event.Find(key);
  return value && value->AsNumber() ? *value->AsNumber() : 0;
}

TestResult ResultOf(const std::string& name) {
  if (name == "ok") return TestResult::kOk;
  if (name == "ignored") return TestResult::kIgnored;
  if (name == "incomplete") return TestResult::kIncomplete;
  return TestResult::kFailed;
}

std::string HowItEnded(int status) {
  if (WIFSIGNALED(status)) {
    const int number = WTERMSIG(status);
    const char* name = sigabbrev_np(number);
    return "The process of this file was ended by " +
           (name ? "SIG" + std::string(name) : "signal " + std::to_string(number));
  }
  return "The process of this file ended with exit code " + std::to_string(WEXITSTATUS(status));
}

// One forked process, and the file it runs once it has got one.
class Child {
 public:
  Child() = default;
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() {
    for (const int fd : {pidfd, job_fd, out_fd}) {
      if (fd >= 0) close(fd);
    }
  }

  pid_t pid = -1;
  int pidfd = -1;
  int job_fd = -1;  // to it
  int out_fd = -1;  // from it
  ChannelNonce nonce{};
  std::unique_ptr<ChannelReader> reader;
  TestFileResult* file = nullptr;
  TestCase* running = nullptr;  // the test, not a step of it
  Clock::time_point started;    // the file
  Clock::time_point test_started;
  bool done = false;  // it has said all it has to say
  bool was_stopped = false;
  std::vector<std::function<void(TestReporter&)>> said;  // for when the file is done
};

class Runner {
 public:
  Runner(const TestRunOptions& options, TestReporter& reporter,
         const std::function<int(const TestChild&)>& child_main)
      : options_(options), reporter_(reporter), child_main_(child_main) {}

  TestRun Run() {
    const auto start = Clock::now();
    while (next_ < options_.files.size() || !active_.empty()) {
      while (next_ < options_.files.size() && active_.size() < options_.jobs) StartFile();
      // The next one gets ready while this one runs.
      if (!standby_ && next_ < options_.files.size()) standby_ = Fork();
      Flush();
      PollOnce();
    }
    standby_.reset();  // its job is the end of the pipe
    for (const auto& [pid, file] : ended_) {
      int status = 0;
      while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
      }
      if (file && status != 0 && !(WIFSIGNALED(status) && stopping_)) {
        file->uncaught.push_back({HowItEnded(status), ""});
      }
    }
    Sum();
    run_.summary.ms = MsSince(start);
    if (run_.usage_error.empty()) reporter_.Finished(run_.files, run_.summary);
    Flush();
    return std::move(run_);
  }

 private:
  bool live() const { return options_.jobs == 1; }

  void Say(Child& child, std::function<void(TestReporter&)> what) {
    if (live()) {
      what(reporter_);
    } else {
      child.said.push_back(std::move(what));
    }
  }

  void Flush() {
    const std::string text = reporter_.Take();
    if (!text.empty()) WriteFully(STDOUT_FILENO, text);
  }

  std::unique_ptr<Child> Fork() {
    auto child = std::make_unique<Child>();
    child->nonce = MakeNonce();
    int job[2];
    int out[2];
    RT_CHECK(pipe2(job, O_CLOEXEC) == 0 && pipe2(out, O_CLOEXEC) == 0);
    child->pid = fork();
    RT_CHECK(child->pid >= 0);
    if (child->pid == 0) {
      prctl(PR_SET_PDEATHSIG, SIGKILL);  // nobody would hear it any more
      // What is this process's end of other children's pipes must not stay open in this one.
      for (const auto& other : active_) CloseParentEnds(*other);
      if (standby_) CloseParentEnds(*standby_);
      close(job[1]);
      close(out[0]);
      if (!live()) {
        const int nothing = open("/dev/null", O_RDONLY);
        dup2(nothing, STDIN_FILENO);
        if (nothing != STDIN_FILENO) close(nothing);
      }
      _exit(child_main_({.job_fd = job[0], .out_fd = out[1], .nonce = child->nonce}));
    }
    close(job[0]);
    close(out[1]);
    child->job_fd = job[1];
    child->out_fd = out[0];
    fcntl(child->out_fd, F_SETFL, O_NONBLOCK);
    child->pidfd = static_cast<int>(syscall(SYS_pidfd_open, child->pid, 0));
    RT_CHECK(child->pidfd >= 0);
    Child* const raw = child.get();
    child->reader = std::make_unique<ChannelReader>(
        child->nonce,
        ChannelReader::Sink{.output = [this, raw](std::string_view text) { OnOutput(*raw, text); },
                            .event = [this, raw](std::string_view text) { OnEvent(*raw, text); }});
    return child;
  }

  static void CloseParentEnds(const Child& child) {
    close(child.job_fd);
    close(child.out_fd);
    close(child.pidfd);
  }

  void StartFile() {
    std::unique_ptr<Child> child = standby_ ? std::move(standby_) : Fork();
    auto file = std::make_unique<TestFileResult>();
    file->path = options_.files[next_++];
    file->display = DisplayPath(file->path, options_.cwd);
    file->url = PathToFileUrl(file->path);
    child->file = file.get();
    child->started = Clock::now();
    run_.files.push_back(std::move(file));
    std::string json = "{\"origin\":" + QuoteJson(child->file->url);
    if (!options_.filter.empty()) json += ",\"filter\":" + QuoteJson(options_.filter);
    if (options_.shuffle) json += ",\"shuffle\":" + std::to_string(*options_.shuffle);
    if (options_.timeout_ms > 0) json += ",\"timeout\":" + std::to_string(options_.timeout_ms);
    if (options_.fail_fast > 0) {
      json += ",\"failFast\":" + std::to_string(std::max(1, options_.fail_fast - failures_));
    }
    json += options_.more_json + "}";
    // A process that is gone already is noticed by its pidfd.
    WriteFully(child->job_fd, child->file->url + "\n" + json);
    close(std::exchange(child->job_fd, -1));
    active_.push_back(std::move(child));
  }

  void PollOnce() {
    std::vector<pollfd> fds;
    double wait = -1;
    for (const auto& child : active_) {
      fds.push_back({.fd = child->out_fd, .events = POLLIN, .revents = 0});
      fds.push_back({.fd = child->pidfd, .events = POLLIN, .revents = 0});
      if (const double limit = LimitOf(*child); limit > 0) {
        const double left = std::max(0.0, limit - MsSince(child->test_started)) + 1;
        wait = wait < 0 ? left : std::min(wait, left);
      }
    }
    const int ready = poll(fds.data(), fds.size(), static_cast<int>(wait));
    if (ready < 0) return;  // a signal
    const std::vector<Child*> now = [&] {
      std::vector<Child*> list;
      for (const auto& child : active_) list.push_back(child.get());
      return list;
    }();
    for (size_t i = 0; i < now.size(); ++i) {
      Child& child = *now[i];
      if ((fds[2 * i].revents | fds[2 * i + 1].revents) != 0) Read(child);
      if (!child.done && (fds[2 * i + 1].revents & POLLIN) != 0) {
        Read(child);  // what it wrote before it ended
        if (!child.done) Died(child);
      }
      if (!run_.usage_error.empty()) return StopAll();
      const double limit = LimitOf(child);
      if (!child.done && limit > 0 && MsSince(child.test_started) > limit) {
        child.was_stopped = true;
        kill(child.pid, SIGKILL);
      }
      if (child.done) Finish(child);
      if (stopping_) return;  // all of them are gone
    }
  }

  static double LimitOf(const Child& child) {
    if (!child.running || child.running->timeout_ms <= 0 || child.was_stopped) return 0;
    return child.running->timeout_ms + kGraceMs;
  }

  static void Read(Child& child) {
    char part[64 * 1024];
    for (;;) {
      const ssize_t size = read(child.out_fd, part, sizeof part);
      if (size > 0) child.reader->Feed({part, static_cast<size_t>(size)});
      if (size < 0 && errno == EINTR) continue;
      if (size < static_cast<ssize_t>(sizeof part)) return;
    }
  }

  void Died(Child& child) {
    child.reader->End();
    int status = 0;
    while (waitpid(child.pid, &status, 0) < 0 && errno == EINTR) {
    }
    child.pid = -1;
    TestFileResult& file = *child.file;
    std::string what = HowItEnded(status);
    if (child.was_stopped && child.running) {
      const double limit = child.running->timeout_ms;
      what = "Error: Test timed out after " + std::to_string(static_cast<long>(limit)) +
             "ms, and its JavaScript did not return; the rest of the file was not run";
    }
    TestCase* const running = std::exchange(child.running, nullptr);
    if (running) {
      running->failure = what;
      running->result = TestResult::kFailed;
      running->ms = MsSince(child.test_started);
      for (TestCase* step : running->steps) {
        if (step->result == TestResult::kRunning) step->result = TestResult::kCancelled;
      }
      Say(child, [running](TestReporter& reporter) { reporter.TestEnded(*running); });
      ++failures_;
    } else {
      AddUncaught(child, what, "");
    }
    const int not_run = file.planned - static_cast<int>(file.tests.size());
    if (running && not_run > 0 && !child.was_stopped) {
      AddUncaught(child,
                  std::to_string(not_run) + (not_run == 1 ? " test" : " tests") +
                      " of this file could not be run any more",
                  "");
    }
    child.done = true;
  }

  void Finish(Child& child) {
    child.reader->End();
    TestFileResult& file = *child.file;
    file.ms = MsSince(child.started);
    if (!live()) {
      for (const auto& what : child.said) what(reporter_);
    }
    if (child.pid >= 0) ended_.emplace_back(child.pid, &file);
    std::erase_if(active_, [&](const auto& one) { return one.get() == &child; });
    if (options_.fail_fast > 0 && failures_ >= options_.fail_fast) StopAll();
  }

  // --fail-fast: nothing more begins, and what runs ends.
  void StopAll() {
    next_ = options_.files.size();
    run_.summary.stopped_early = true;
    stopping_ = true;
    for (const auto& child : active_) {
      kill(child->pid, SIGKILL);
      ended_.emplace_back(child->pid, nullptr);
    }
    active_.clear();
    standby_.reset();
  }

  void OnOutput(Child& child, std::string_view text) {
    Say(child, [text = std::string(text)](TestReporter& reporter) { reporter.Output(text); });
  }

  void AddUncaught(Child& child, std::string failure, std::string after, bool thrown = false) {
    TestFileResult& file = *child.file;
    while (failure.ends_with('\n')) failure.pop_back();
    file.uncaught.push_back({std::move(failure), std::move(after), thrown});
    ++failures_;
    Say(child, [&file, error = file.uncaught.back()](TestReporter& reporter) {
      reporter.UncaughtError(file, error);
    });
  }

  TestCase& AddCase(TestFileResult& file, const Json& event) {
    TestCase& test = file.cases.emplace_back();
    test.id = static_cast<int>(NumberOf(event, "id"));
    // S37: a name must not move the cursor or look like another test's result.
    test.name = EscapeForTerminal(StringOf(event, "name"), 64 * 1024);
    if (const Json* place = event.Find("place")) {
      test.place = {StringOf(*place, "url"), static_cast<int>(NumberOf(*place, "line")),
                    static_cast<int>(NumberOf(*place, "column"))};
    }
    return test;
  }

  void EndCase(TestCase& test, const Json& event) {
    test.result = ResultOf(StringOf(event, "result"));
    test.ms = NumberOf(event, "ms");
    test.failure = StringOf(event, "failure");
    test.because = StringOf(event, "because");
    test.failed_steps = static_cast<int>(NumberOf(event, "failedSteps"));
  }

  void OnEvent(Child& child, std::string_view text) {
    const auto parsed = ParseJson(text);
    if (!parsed.ok()) return AddUncaught(child, "an event that is no JSON", "");
    const Json& event = *parsed;
    const std::string kind = StringOf(event, "kind");
    TestFileResult& file = *child.file;
    const int id = static_cast<int>(NumberOf(event, "id"));
    if (kind == "plan") {
      file.planned = static_cast<int>(NumberOf(event, "total"));
      file.filtered_out = static_cast<int>(NumberOf(event, "filteredOut"));
      const Json* only = event.Find("usedOnly");
      file.used_only = only && only->AsBool() && *only->AsBool();
      file.has_plan = true;
      Say(child, [&file](TestReporter& reporter) { reporter.FileLoaded(file); });
    } else if (kind == "start") {
      TestCase& test = AddCase(file, event);
      test.timeout_ms = NumberOf(event, "timeout");
      file.tests.push_back(&test);
      child.running = &test;
      child.test_started = Clock::now();
      Say(child, [&test](TestReporter& reporter) { reporter.TestStarted(test); });
    } else if (kind == "end") {
      TestCase* const test = file.Find(id);
      if (!test) return;
      EndCase(*test, event);
      child.running = nullptr;
      if (test->result == TestResult::kFailed) ++failures_;
      Say(child, [test](TestReporter& reporter) { reporter.TestEnded(*test); });
    } else if (kind == "stepStart") {
      TestCase* const parent = file.Find(static_cast<int>(NumberOf(event, "parent")));
      if (!parent) return;
      TestCase& step = AddCase(file, event);
      step.parent = parent;
      step.level = static_cast<int>(NumberOf(event, "level"));
      parent->steps.push_back(&step);
      Say(child, [&step](TestReporter& reporter) { reporter.StepStarted(step); });
    } else if (kind == "stepEnd") {
      TestCase* const step = file.Find(id);
      if (!step) return;
      EndCase(*step, event);
      Say(child, [step](TestReporter& reporter) { reporter.StepEnded(*step); });
    } else if (kind == "uncaught") {
      AddUncaught(child, StringOf(event, "failure"), StringOf(event, "after"),
                  event.Find("thrown") != nullptr);
    } else if (kind == "bench") {
      run_.benches.emplace_back(text);
      if (event.Find("failed")) ++run_.failed_benches;
    } else if (kind == "exit") {
      // It ended the program itself; a running test, unless it may.
      const int code = static_cast<int>(NumberOf(event, "code"));
      const std::string what = "The file ended the program with exit code " + std::to_string(code) +
                               " before its tests were done";
      if (TestCase* const running = std::exchange(child.running, nullptr)) {
        running->result = TestResult::kFailed;
        running->failure = what;
        running->ms = MsSince(child.test_started);
        ++failures_;
        Say(child, [running](TestReporter& reporter) { reporter.TestEnded(*running); });
      } else {
        AddUncaught(child, what, "");
      }
    } else if (kind == "usage") {
      run_.usage_error = StringOf(event, "message");
    } else if (kind == "done") {
      child.done = true;
    }
  }

  void Count(const TestCase& test) {
    TestSummary& sum = run_.summary;
    const bool step = test.parent != nullptr;
    switch (test.result) {
      case TestResult::kOk:
        ++(step ? sum.passed_steps : sum.passed);
        break;
      case TestResult::kIgnored:
        ++(step ? sum.ignored_steps : sum.ignored);
        break;
      default:
        ++(step ? sum.failed_steps : sum.failed);
    }
  }

  void Sum() {
    TestSummary& sum = run_.summary;
    for (const auto& file : run_.files) {
      for (TestCase& test : file->cases) {
        if (test.result == TestResult::kRunning) test.result = TestResult::kCancelled;
        // What --fail-fast cut short is not one more failure.
        if (test.result == TestResult::kCancelled && stopping_) continue;
        Count(test);
      }
      sum.failed += static_cast<int>(file->uncaught.size());
      sum.filtered_out += file->filtered_out;
      sum.used_only = sum.used_only || file->used_only;
    }
  }

  const TestRunOptions& options_;
  TestReporter& reporter_;
  const std::function<int(const TestChild&)>& child_main_;
  size_t next_ = 0;
  int failures_ = 0;
  bool stopping_ = false;
  std::vector<std::unique_ptr<Child>> active_;
  std::unique_ptr<Child> standby_;
  std::vector<std::pair<pid_t, TestFileResult*>> ended_;
  TestRun run_;
};

}  // namespace

std::optional<TestJob> ReadJob(int job_fd) {
  std::string text;
  char part[4096];
  for (;;) {
    const ssize_t size = read(job_fd, part, sizeof part);
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) break;
    text.append(part, static_cast<size_t>(size));
  }
  const size_t end = text.find('\n');
  if (end == std::string::npos) return std::nullopt;
  return TestJob{text.substr(0, end), text.substr(end + 1)};
}

TestRun RunTestFiles(const TestRunOptions& options, TestReporter& reporter,
                     const std::function<int(const TestChild&)>& child_main) {
  return Runner(options, reporter, child_main).Run();
}

}  // namespace rt::cli
