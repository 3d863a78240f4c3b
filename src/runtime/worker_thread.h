// A worker: its thread, and what its parent's thread may do to it meanwhile. Held by both; the
// thread is detached, and refers to nothing of the parent.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "src/ext/worker/worker.h"
#include "src/runtime/runtime.h"
#include "src/runtime/workers.h"

namespace rt {

class WorkerThread final : public WorkerHandle {
 public:
  struct Start {
    RuntimeOptions options;
    std::string url;
    std::optional<std::string> text;  // of the main module; nothing: another host has it
    std::unique_ptr<PortEnd> port;
    size_t stack_bytes = 0;  // 0: the usual
  };

  // Fails if there can be no further thread.
  static Result<std::shared_ptr<WorkerThread>> Launch(Start start,
                                                      std::shared_ptr<LiveThreads> live);
  // A worker that ended before it began.
  static std::shared_ptr<WorkerThread> Stillborn(WorkerOutcome outcome);

  void Terminate() override;
  WorkerOutcome Outcome() override;
  void Revoke(Perm perm, const PermDescriptor& descriptor) override;

 private:
  void Run(Start start, std::shared_ptr<LiveThreads> live);
  // Worker's thread, which then stops for ever.
  void Abandon(OpHost& host, LiveThreads& live, std::string why);
  // Worker's thread.
  void ApplyRevocations();

  std::mutex mutex_;
  Runtime* runtime_ = nullptr;  // while there is one
  bool terminated_ = false;
  std::vector<std::pair<Perm, PermDescriptor>> revoked_;  // not yet in the worker
  WorkerOutcome outcome_;
};

}  // namespace rt
