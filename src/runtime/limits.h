// What a program may use at most: memory, CPU time, time. When a limit is reached JavaScript is
// stopped wherever it is, a message says which limit and where, and the program ends with
// kExitLimit. Should JavaScript not stop within a second (it waits in a system call), the process
// ends all the same. Made and destroyed on the runtime's thread; has a thread of its own if a limit
// needs one.
#pragma once

#include <v8.h>

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "src/op/op_host.h"

namespace rt {

// Like timeout(1).
inline constexpr int kExitLimit = 124;

// 0: no limit.
struct RuntimeLimits {
  size_t max_memory = 0;     // bytes
  uint64_t max_cpu_ms = 0;   // of all threads of the process
  uint64_t max_time_ms = 0;  // since the start
  // A worker's: it is stopped for its own memory only, and says nothing; the main runtime's guard
  // looks after the process.
  bool of_worker = false;
};

class LimitGuard {
 public:
  LimitGuard(const RuntimeLimits& limits, OpHost& host);
  ~LimitGuard();
  LimitGuard(const LimitGuard&) = delete;
  LimitGuard& operator=(const LimitGuard&) = delete;

  // For the isolate; null without a limit of memory.
  std::shared_ptr<v8::ArrayBuffer::Allocator> allocator() const { return allocator_; }

  // Once, when the isolate exists.
  void Watch(v8::Isolate* isolate);

  // Before the isolate goes.
  void Detach();

  // Between turns of the loop. True: a limit was reached, end the program.
  bool Reached();
  // What End() would have said of a worker; empty: no limit was reached.
  std::string WorkerMessage() const;

 private:
  class Allocator;
  enum class Which : int { kNone, kMemory, kCpuTime, kTime };

  static size_t OnNearHeapLimit(void* self, size_t current, size_t initial);
  void OnRefused();
  // In a container, after each collection: little is left until the kernel ends the process. Then,
  // where JavaScript can be stopped, all garbage goes first.
  static void OnCollected(v8::Isolate* isolate, v8::GCType type, v8::GCCallbackFlags flags,
                          void* self);
  static void OnPressure(v8::Isolate* isolate, void* self);
  static void OnInterrupt(v8::Isolate* isolate, void* self);

  void RunWatchdog();
  // What the watchdog finds; and how long until it should look again.
  Which Look(uint64_t* next_ms) const;
  // Any thread. The first limit that is reached counts.
  void Stop(Which which);
  // Runtime's thread: says it, once, and asks for the end.
  void End(v8::Isolate* isolate);
  std::string Message(Which which) const;

  RuntimeLimits limits_;
  OpHost& host_;
  v8::Isolate* isolate_ = nullptr;
  std::shared_ptr<v8::ArrayBuffer::Allocator> allocator_;
  size_t heap_limit_ = 0;
  size_t container_ = 0;  // its memory, if that is the limit
  std::atomic<bool> container_full_ = false;
  // Runtime's thread.
  bool pressed_ = false;
  uint64_t looked_ms_ = 0;
  size_t resident_at_start_ = 0;
  unsigned cpus_ = 1;
  uint64_t started_ms_ = 0;

  std::atomic<Which> which_ = Which::kNone;
  std::atomic<bool> reported_ = false;
  // The allocator said no since it last said yes.
  std::atomic<bool> refused_ = false;
  std::string refused_at_;  // where; runtime's thread

  std::mutex lock_;
  std::condition_variable changed_;
  bool done_ = false;  // under lock_
  std::thread watchdog_;
};

}  // namespace rt
