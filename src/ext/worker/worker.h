// The worker extension: the C++ half of js/ext/worker, and what it needs of whoever can run a
// runtime on a thread (src/runtime). Must never hand a worker more than its parent has.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "src/ext/messaging/messaging.h"
#include "src/op/op_host.h"

namespace rt {

Extension WorkerExtension();

// `resourceLimits` of `new Worker`, in MiB; 0: V8's and the system's choice.
struct WorkerLimits {
  uint32_t max_old_generation_mb = 0;
  uint32_t max_young_generation_mb = 0;
  uint32_t code_range_mb = 0;
  uint32_t stack_mb = 0;
};

// What a worker is made of.
struct WorkerRequest {
  std::string url;                  // of its main module, absolute
  std::string name;                 // `self.name`
  std::optional<std::string> text;  // instead of what is at `url`: a blob's
  std::string media_type;           // of that text
  RestrictOptions permissions;
  WorkerLimits limits;
  std::unique_ptr<PortEnd> port;  // the worker's end of the channel with its parent
};

// How a worker ended. `failed`: by an error nobody caught.
struct WorkerOutcome {
  bool failed = false;
  std::string message;   // "Uncaught Error: x"
  std::string filename;  // of the script; empty if no script is to blame
  int line = 0;          // from 1; 0: unknown
  int column = 0;
};

// A worker as its parent sees it. It ends by closing its end of the channel, before which its
// outcome is known. Any thread.
class WorkerHandle {
 public:
  virtual ~WorkerHandle() = default;
  // Ends it wherever it is. Does not wait: a thread in a system call ends when that does.
  virtual void Terminate() = 0;
  virtual WorkerOutcome Outcome() = 0;
  // What the parent gave up, the worker gives up too, before its script can use it again.
  virtual void Revoke(Perm perm, const PermDescriptor& descriptor) = 0;
};

class WorkerStarter {
 public:
  virtual ~WorkerStarter() = default;
  // On the parent's thread. NotCapable if the request asks for more than the parent has; a module
  // that cannot be loaded is the worker's outcome instead.
  virtual Result<std::shared_ptr<WorkerHandle>> StartWorker(WorkerRequest request) = 0;
};

}  // namespace rt
