#include "src/cli/crash/crash_test.h"

#include <v8.h>

#include <chrono>
#include <cstdlib>
#include <thread>

#include "src/base/check.h"
#include "src/runtime/runtime.h"

namespace rt::cli {
namespace {

constexpr auto kInterval = std::chrono::milliseconds(20);
constexpr unsigned kPatienceMs = 10'000;
// In a row, in the middle of JavaScript that called no operation between them.
constexpr int kCalmVisits = 5;

// Not one call the compiler may turn into a loop.
[[gnu::noinline]] int Sink(volatile char* bytes, int depth) {
  volatile char more[4096];
  more[0] = bytes[0];
  return depth == -1 ? 0 : Sink(more, depth + 1) + more[0];
}

void Crash(const std::string& kind) {
  if (kind == "segv") {
    int* volatile nowhere = reinterpret_cast<int*>(16);
    *nowhere = 1;
  } else if (kind == "abort") {
    std::abort();
  } else if (kind == "check") {
    RT_CHECK(kind == "a test of crash reports");
  } else if (kind == "v8") {
    // V8's API does not bear an empty value here.
    (void)v8::MaybeLocal<v8::Value>().ToLocalChecked();
  } else {
    volatile char bytes[1] = {0};
    Sink(bytes, 0);
  }
}

}  // namespace

Result<void> StartCrashTest(const std::string& kind, std::shared_ptr<LiveRuntimes> live) {
  if (kind != "segv" && kind != "abort" && kind != "check" && kind != "v8" && kind != "stack") {
    return Error::Type("--crash-test=" + kind + ": no such crash");
  }
  std::thread([kind, live] {
    // The runtime may not be there yet, or still load the program: it crashes when it computes
    // without calling operations, which is what the tests' programs do in the end.
    uint64_t last_total = 0;
    int calm_visits = 0;
    const LiveRuntimes::Visit visit = [&](Runtime& runtime, const LiveRuntimes::Entry&, bool idle) {
      const uint64_t total = runtime.host().recent_ops().total();
      calm_visits = !idle && total == last_total ? calm_visits + 1 : 0;
      last_total = total;
      if (calm_visits == kCalmVisits) Crash(kind);
    };
    for (;;) {
      std::this_thread::sleep_for(kInterval);
      live->VisitAll(visit, kPatienceMs);
    }
  }).detach();
  return {};
}

}  // namespace rt::cli
