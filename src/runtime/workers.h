// The workers of one runtime: starts each on a thread of its own, with a runtime of its own. Used
// on the parent's thread; what is shared with the workers' threads is in WorkerThread.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "src/ext/worker/worker.h"
#include "src/module/module_map.h"
#include "src/op/op_host.h"
#include "src/runtime/features.h"
#include "src/runtime/live_runtimes.h"

namespace rt {

// The threads of all workers of a process, as far as one main runtime started them.
class LiveThreads {
 public:
  void Add();
  void Remove();
  // False: some are still there after that time.
  bool WaitUntilNone(unsigned milliseconds);

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  size_t count_ = 0;
};

// What every worker of a runtime, and their workers in turn, are made like.
struct WorkerTemplate {
  std::shared_ptr<LiveRuntimes> live_runtimes;  // may be null
  bool inspectable = false;
  bool may_prompt = false;  // there is a terminal to ask at
  std::string transpiled_folder;
  std::optional<typescript::CompilerOptions> compiler_options;
  RemoteOptions remote;
  size_t max_memory = 0;
  PermissionObserver* permission_observer = nullptr;
  bool permission_audit = false;
  std::shared_ptr<const EmbeddedModules> embedded;
  std::shared_ptr<const Features> features;
  std::shared_ptr<LiveThreads> live;
};

class Workers final : public WorkerStarter {
 public:
  // `host` and `modules` outlive it. Without WorkerTemplate::live it makes one.
  Workers(OpHost& host, ModuleMap& modules, WorkerTemplate made_like);

  Result<std::shared_ptr<WorkerHandle>> StartWorker(WorkerRequest request) override;
  LiveThreads& live() { return *template_.live; }

 private:
  OpHost& host_;
  ModuleMap& modules_;
  WorkerTemplate template_;
};

}  // namespace rt
