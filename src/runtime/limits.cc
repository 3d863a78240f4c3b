#include "src/runtime/limits.h"

#include <fcntl.h>
#include <malloc.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "src/base/crash.h"
#include "src/base/machine_limits.h"
#include "src/base/output.h"
#include "src/engine/isolate.h"
#include "src/engine/script_frames.h"
#include "src/ext/io/io.h"
#include "src/runtime/worker_memory.h"

namespace rt {
namespace {

constexpr int kFrames = 10;
constexpr uint64_t kGraceMs = 1000;
// Memory has no clock to wait for: it is looked at again and again.
constexpr uint64_t kMemoryLookMs = 20;
// What JavaScript may still use on its way to where it can be stopped.
constexpr size_t kHeapReserve = 64 * 1024 * 1024;
// How far a worker may get that does not stop: V8 drops the checks in some optimised loops.
constexpr size_t kWorkerReserve = 2 * kHeapReserve;
// What is kept free of a container's memory: the last eighth, within reason.
constexpr size_t kLeastLeft = size_t{16} << 20;
constexpr size_t kMostLeft = size_t{128} << 20;
// Between looks at it, and after garbage was collected because of it.
constexpr uint64_t kContainerLookMs = 5;
constexpr uint64_t kPressureMs = 100;

uint64_t ClockMs(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return static_cast<uint64_t>(now.tv_sec) * 1000 + static_cast<uint64_t>(now.tv_nsec) / 1'000'000;
}

// Anonymous memory the process has in RAM.
size_t ResidentMemory() {
  const int fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
  if (fd < 0) return 0;
  char text[128];
  const ssize_t size = read(fd, text, sizeof text - 1);
  close(fd);
  if (size <= 0) return 0;
  text[size] = '\0';
  char* rest = text;
  std::strtoull(rest, &rest, 10);
  const size_t resident = std::strtoull(rest, &rest, 10);
  const size_t shared = std::strtoull(rest, &rest, 10);
  return resident > shared ? (resident - shared) * static_cast<size_t>(sysconf(_SC_PAGESIZE)) : 0;
}

size_t ReserveOf(size_t container) {
  return std::min(std::clamp(container / 8, kLeastLeft, kMostLeft), container / 2);
}

std::string Megabytes(size_t bytes) {
  constexpr size_t kMega = 1024 * 1024;
  return std::to_string((bytes + kMega / 2) / kMega) + " MiB";
}

std::string Seconds(uint64_t ms) {
  if (ms % 1000 == 0) return std::to_string(ms / 1000) + " s";
  return std::to_string(ms) + " ms";
}

// "\n    at f (file:///a.js:1:2)" for each of the innermost frames of the program.
std::string Frames(v8::Isolate* isolate) {
  v8::HandleScope handles(isolate);
  std::string text;
  WalkScriptFrames(isolate, kFrames, [&](const ScriptFrame& frame) {
    text += "\n" + DescribeFrame(frame.FunctionName(isolate), frame.Place());
    return true;
  });
  return text;
}

[[noreturn]] void LeaveAtOnce(const std::string& message) {
  WriteFully(2, message);
  RestoreTerminals();
  _exit(kExitLimit);
}

// There is no memory left to do anything with, and no turning back: into V8 this must not return.
void OnOutOfMemory(const char*, const v8::OOMDetails&) {
  v8::Isolate* isolate = v8::Isolate::TryGetCurrent();
  auto* host = isolate ? static_cast<OpHost*>(isolate->GetData(kIsolateOpHost)) : nullptr;
  // A worker's heap is given up with its thread, and stays until the process ends.
  if (host && host->run_info().is_worker) {
    host->Abandon(kWorkerOutOfMemory);
    for (;;) pause();
  }
  WriteFully(2,
             "error: out of memory: the JavaScript heap is full (--max-memory sets its limit)\n");
  ReportCrash("out of memory: the JavaScript heap is full");
  LeaveAtOnce({});
}

// V8 found something it cannot go on with, and ends the process when this returns.
void OnFatalError(const char* where, const char* what) {
  char reason[512];
  std::snprintf(reason, sizeof reason, "V8: %s: %s", where != nullptr ? where : "",
                what != nullptr ? what : "");
  WriteFully(2, std::string("\nrt: fatal error in ") + reason + "\n");
  ReportCrash(reason);
  std::abort();
}

// An allocator that may refuse: Take() says so, after it has counted the bytes.
class BoundedAllocator : public v8::ArrayBuffer::Allocator {
 public:
  void* Allocate(size_t size) final {
    return Take(size) ? GiveUnless(std::calloc(size, 1), size) : nullptr;
  }
  void* AllocateUninitialized(size_t size) final {
    return Take(size) ? GiveUnless(std::malloc(size), size) : nullptr;
  }
  void Free(void* data, size_t size) final {
    std::free(data);
    used_ -= size;
  }

 protected:
  // False: refused, and nothing is counted.
  virtual bool Take(size_t size) = 0;

  std::atomic<size_t> used_ = 0;

 private:
  void* GiveUnless(void* data, size_t size) {
    if (data == nullptr) used_ -= size;
    return data;
  }
};

}  // namespace

// Refuses what would exceed the limit. V8 then collects garbage and tries once more; only if that
// is refused too, the limit is reached.
class LimitGuard::Allocator final : public BoundedAllocator {
 public:
  Allocator(LimitGuard& guard, size_t limit) : guard_(guard), limit_(limit) {}

 private:
  // May run JavaScript's stack walker: V8 asks from where it may also collect garbage.
  bool Take(size_t size) override {
    if (size > limit_ || used_.fetch_add(size) + size > limit_) {
      if (size <= limit_) used_ -= size;
      guard_.refused_ = true;
      guard_.OnRefused();
      return false;
    }
    guard_.refused_ = false;
    return true;
  }

  LimitGuard& guard_;
  const size_t limit_;
};

namespace {

// In a container: refuses buffers before the kernel ends the process for them. The program gets a
// RangeError and may go on.
class ContainerAllocator final : public BoundedAllocator {
 public:
  // Refuses somewhat before JavaScript is stopped (LimitGuard::OnCollected).
  explicit ContainerAllocator(size_t memory) : most_(memory - ReserveOf(memory) * 3 / 2) {}

 private:
  // How much is allocated between two looks at what the process really has.
  static constexpr size_t kLook = 4 * 1024 * 1024;

  bool Take(size_t size) override {
    if (size > most_) return false;
    const size_t before = used_.fetch_add(size);
    const bool looks = before / kLook != (before + size) / kLook;
    if (before + size <= most_ && !(looks && ResidentMemory() + size > most_)) return true;
    used_ -= size;
    return false;
  }

  const size_t most_;
};

// Less where there is little.
size_t HeapReserve() {
  const MemoryBound& memory = ProcessMemoryBound();
  return memory.bytes == 0 ? kHeapReserve : std::min(kHeapReserve, memory.bytes / 8);
}

}  // namespace

LimitGuard::LimitGuard(const RuntimeLimits& limits, OpHost& host) : limits_(limits), host_(host) {
  if (limits_.max_memory != 0) {
    allocator_ = std::make_shared<Allocator>(*this, limits_.max_memory);
  } else if (const MemoryBound& memory = ProcessMemoryBound(); memory.of_group) {
    container_ = memory.bytes;
    allocator_ = std::make_shared<ContainerAllocator>(memory.bytes);
  }
}

LimitGuard::~LimitGuard() {
  Detach();
}

void LimitGuard::Detach() {
  if (watchdog_.joinable()) {
    {
      const std::lock_guard guard(lock_);
      done_ = true;
    }
    changed_.notify_one();
    watchdog_.join();
  }
  if (isolate_ == nullptr) return;
  isolate_->RemoveNearHeapLimitCallback(OnNearHeapLimit, 0);
  if (container_ != 0) isolate_->RemoveGCEpilogueCallback(OnCollected, this);
  isolate_ = nullptr;
}

void LimitGuard::Watch(v8::Isolate* isolate) {
  isolate_ = isolate;
  v8::HeapStatistics heap;
  isolate->GetHeapStatistics(&heap);
  heap_limit_ = heap.heap_size_limit();
  isolate->AddNearHeapLimitCallback(OnNearHeapLimit, this);
  isolate->SetOOMErrorHandler(OnOutOfMemory);
  isolate->SetFatalErrorHandler(OnFatalError);
  if (container_ != 0) isolate->AddGCEpilogueCallback(OnCollected, this);
  if (limits_.of_worker) return;
  if (limits_.max_memory == 0 && limits_.max_cpu_ms == 0 && limits_.max_time_ms == 0) return;
  started_ms_ = ClockMs(CLOCK_MONOTONIC);
  if (limits_.max_cpu_ms != 0) cpus_ = CpuLimit();
  if (limits_.max_memory != 0) resident_at_start_ = ResidentMemory();
  watchdog_ = std::thread([this] { RunWatchdog(); });
}

LimitGuard::Which LimitGuard::Look(uint64_t* next_ms) const {
  uint64_t next = 60'000;
  if (limits_.max_time_ms != 0) {
    const uint64_t spent = ClockMs(CLOCK_MONOTONIC) - started_ms_;
    if (spent >= limits_.max_time_ms) return Which::kTime;
    next = std::min(next, limits_.max_time_ms - spent);
  }
  if (limits_.max_cpu_ms != 0) {
    const uint64_t spent = ClockMs(CLOCK_PROCESS_CPUTIME_ID);
    if (spent >= limits_.max_cpu_ms) return Which::kCpuTime;
    // With all CPUs busy it may be reached this much earlier than on one.
    next = std::min(next, (limits_.max_cpu_ms - spent) / cpus_);
  }
  if (limits_.max_memory != 0) {
    if (ResidentMemory() > resident_at_start_ + limits_.max_memory) return Which::kMemory;
    next = std::min(next, kMemoryLookMs);
  }
  *next_ms = std::max<uint64_t>(next, 1);
  return Which::kNone;
}

void LimitGuard::RunWatchdog() {
  std::unique_lock guard(lock_);
  while (!done_ && which_ == Which::kNone) {
    uint64_t next_ms = 0;
    if (const Which which = Look(&next_ms); which != Which::kNone) {
      Stop(which);
      break;
    }
    changed_.wait_for(guard, std::chrono::milliseconds(next_ms));
  }
  // Stopped by whatever limit: JavaScript has this long to notice.
  if (changed_.wait_for(guard, std::chrono::milliseconds(kGraceMs), [this] { return done_; }))
    return;
  if (reported_.exchange(true)) _exit(kExitLimit);
  LeaveAtOnce(Message(which_) + "\n    (in a call that could not be interrupted)\n");
}

void LimitGuard::Stop(Which which) {
  Which none = Which::kNone;
  which_.compare_exchange_strong(none, which);
  isolate_->RequestInterrupt(OnInterrupt, this);
  host_.loop().Wake();
}

size_t LimitGuard::OnNearHeapLimit(void* data, size_t current, size_t initial) {
  auto& self = *static_cast<LimitGuard*>(data);
  self.Stop(Which::kMemory);
  if (self.limits_.of_worker && current >= initial + kWorkerReserve) return current;
  return current + HeapReserve();
}

void LimitGuard::OnRefused() {
  if (isolate_ == nullptr) return;
  // The RangeError that follows unwinds before the interrupt comes.
  if (v8::Isolate::TryGetCurrent() == isolate_ && isolate_->InContext()) {
    refused_at_ = Frames(isolate_);
  }
  isolate_->RequestInterrupt(OnInterrupt, this);
}

void LimitGuard::OnCollected(v8::Isolate* isolate, v8::GCType, v8::GCCallbackFlags, void* data) {
  auto& self = *static_cast<LimitGuard*>(data);
  if (self.pressed_) return;
  const uint64_t now = ClockMs(CLOCK_MONOTONIC_COARSE);
  if (now < self.looked_ms_ + kContainerLookMs) return;
  self.looked_ms_ = now;
  if (ResidentMemory() + ReserveOf(self.container_) <= self.container_) return;
  self.pressed_ = true;
  isolate->RequestInterrupt(OnPressure, data);
}

void LimitGuard::OnPressure(v8::Isolate* isolate, void* data) {
  auto& self = *static_cast<LimitGuard*>(data);
  const size_t reserve = ReserveOf(self.container_);
  // Collecting takes time, in which others go on.
  if (ResidentMemory() + reserve / 2 <= self.container_) {
    isolate->LowMemoryNotification();
    malloc_trim(0);
  }
  if (ResidentMemory() + reserve > self.container_) {
    self.container_full_ = true;
    self.Stop(Which::kMemory);
    self.End(isolate);
    return;
  }
  self.looked_ms_ = ClockMs(CLOCK_MONOTONIC_COARSE) + kPressureMs;
  self.pressed_ = false;
}

void LimitGuard::OnInterrupt(v8::Isolate* isolate, void* data) {
  auto& self = *static_cast<LimitGuard*>(data);
  Which none = Which::kNone;
  if (self.refused_) self.which_.compare_exchange_strong(none, Which::kMemory);
  if (self.which_ != Which::kNone) self.End(isolate);
}

bool LimitGuard::Reached() {
  if (which_ == Which::kNone) return false;
  End(isolate_);
  return true;
}

void LimitGuard::End(v8::Isolate* isolate) {
  if (!reported_.exchange(true) && !limits_.of_worker) {
    std::string frames = Frames(isolate);
    if (frames.empty() && refused_) frames = refused_at_;
    WriteFully(2, Message(which_) + frames + "\n");
  }
  host_.RequestExit(kExitLimit);
}

std::string LimitGuard::WorkerMessage() const {
  if (which_ == Which::kNone) return {};
  return kWorkerOutOfMemory;
}

std::string LimitGuard::Message(Which which) const {
  switch (which) {
    case Which::kCpuTime:
      return "error: the program reached its limit of CPU time, --max-cpu-time=" +
             Seconds(limits_.max_cpu_ms);
    case Which::kTime:
      return "error: the program reached its limit of time, --max-time=" +
             Seconds(limits_.max_time_ms);
    case Which::kMemory:
    case Which::kNone:
      break;
  }
  if (limits_.max_memory != 0) {
    return "error: the program reached its limit of memory, --max-memory=" +
           Megabytes(limits_.max_memory);
  }
  if (container_full_) {
    return "error: the memory of this container is used up: " + Megabytes(container_) +
           " (--max-memory sets another limit)";
  }
  return "error: the JavaScript heap is full: " + Megabytes(heap_limit_) +
         ", by the memory of this machine or container, or by --v8-flags (--max-memory sets "
         "another limit)";
}

}  // namespace rt
