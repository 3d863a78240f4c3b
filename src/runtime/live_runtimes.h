// LiveRuntimes: the runtimes of a process that run now, for whoever looks at them from outside: the
// control connection (src/cli/control), --why-alive, the inspector. Shared by all of them; any
// thread. What it runs in a runtime runs on that runtime's thread, between two turns or in the
// middle of its JavaScript.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace rt {

class Runtime;

class LiveRuntimes {
 public:
  struct Entry {
    uint64_t id = 0;
    Runtime* runtime = nullptr;
    std::string name;  // "main", "worker \"x\""
    std::string url;   // of the main module
    bool is_worker = false;
    int thread = 0;           // the kernel's number
    uint64_t started_ms = 0;  // on uv_hrtime()'s clock
  };

  // On the runtime's thread, when it can be reached and before it cannot any more.
  uint64_t Add(Runtime& runtime);
  void Remove(uint64_t id);

  // `idle`: between turns, JavaScript may be run. Else it was interrupted and must not be.
  using Visit = std::function<void(Runtime& runtime, const Entry& entry, bool idle)>;
  // Has every runtime visited and waits until all were, or for so long. Those that did not come
  // (they are in a call that cannot be interrupted) are returned, and will not be visited later.
  // Must not be called on a runtime's thread.
  std::vector<Entry> VisitAll(const Visit& visit, unsigned timeout_ms);
  // The same for one; false: it did not come, or is gone.
  bool VisitOne(uint64_t id, const Visit& visit, unsigned timeout_ms);

  std::vector<Entry> List();
  // Called, on the runtime's thread, after a runtime came and before one goes. Null: nobody.
  struct Listener {
    virtual ~Listener() = default;
    virtual void RuntimeCame(Runtime& runtime, const Entry& entry) = 0;
    virtual void RuntimeGoes(Runtime& runtime, const Entry& entry) = 0;
  };
  void SetListener(Listener* listener);

  // Somebody asks for attention and can only store: a signal handler. The main runtime's loop
  // calls `attend` in its next turn.
  void RaiseCall() { called_.store(true, std::memory_order_relaxed); }
  void SetAttend(std::function<void()> attend) { attend_ = std::move(attend); }
  void AttendIfCalled() {
    if (called_.load(std::memory_order_relaxed) && called_.exchange(false) && attend_) attend_();
  }

 private:
  struct Round;
  void Send(const Entry& entry, const std::shared_ptr<Round>& round);  // with mutex_ held
  std::vector<Entry> Wait(const std::shared_ptr<Round>& round, std::vector<Entry> asked,
                          unsigned timeout_ms);

  std::mutex mutex_;
  std::vector<Entry> entries_;
  uint64_t next_id_ = 1;
  Listener* listener_ = nullptr;
  std::atomic<bool> called_ = false;
  std::function<void()> attend_;
};

}  // namespace rt
