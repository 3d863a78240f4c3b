#include "src/base/crash.h"

#include <signal.h>
#include <sys/mman.h>

#include <atomic>
#include <cstddef>

namespace rt {
namespace {

// The report's stacks are walked and named on it, too.
constexpr size_t kStackBytes = 256 * 1024;

std::atomic<CrashReporter> reporter_of_process = nullptr;

}  // namespace

void SetCrashReporter(CrashReporter reporter) {
  reporter_of_process = reporter;
}

void ReportCrash(const char* reason) {
  if (const CrashReporter reporter = reporter_of_process) reporter(reason);
}

CrashStack::CrashStack() {
#ifndef __SANITIZE_ADDRESS__  // has one of its own
  if (reporter_of_process == nullptr) return;
  memory_ = mmap(nullptr, kStackBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory_ == MAP_FAILED) {
    memory_ = nullptr;
    return;
  }
  stack_t stack{};
  stack.ss_sp = memory_;
  stack.ss_size = kStackBytes;
  sigaltstack(&stack, nullptr);
#endif
}

CrashStack::~CrashStack() {
  if (memory_ == nullptr) return;
  stack_t none{};
  none.ss_flags = SS_DISABLE;
  sigaltstack(&none, nullptr);
  munmap(memory_, kStackBytes);
}

}  // namespace rt
