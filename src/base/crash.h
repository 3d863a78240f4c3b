// What happens when rt itself is broken: whoever can write a crash report is told, once. The only
// state of the process here; set once, at the start.
#pragma once

namespace rt {

// Writes a report about this thread. `reason` is text for people. Must bear being called anywhere,
// by any thread, more than once.
using CrashReporter = void (*)(const char* reason);
void SetCrashReporter(CrashReporter reporter);
// Does nothing without a reporter.
void ReportCrash(const char* reason);

// A thread that runs JavaScript gets a stack for signal handlers of its own, so that running out
// of the other can be reported. Until it ends; once a thread.
class CrashStack {
 public:
  CrashStack();
  ~CrashStack();
  CrashStack(const CrashStack&) = delete;
  CrashStack& operator=(const CrashStack&) = delete;

 private:
  void* memory_ = nullptr;
};

}  // namespace rt
