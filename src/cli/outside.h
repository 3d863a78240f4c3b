// Outside: what looks at a running program from outside of it: debuggers, SIGUSR2 with `rt why` and
// `rt trace attach`, --why-alive, profiles, traces. Main thread; it only starts threads if somebody
// asked for something.
#pragma once

#include <memory>
#include <optional>

#include "src/base/result.h"
#include "src/cli/args/invocation.h"
#include "src/cli/inspector/server.h"
#include "src/cli/profile.h"
#include "src/runtime/runtime.h"

namespace rt::cli {

class Outside {
 public:
  // Makes the sockets, before the kernel's wall is up: a program with limited permissions gets no
  // more of them. Starts no thread. TypeError: a flag's value is wrong.
  static Result<std::unique_ptr<Outside>> Prepare(const Invocation& invocation);
  ~Outside();
  Outside(const Outside&) = delete;
  Outside& operator=(const Outside&) = delete;

  // Before the runtime is made, whose options it completes.
  Result<void> Watch(RuntimeOptions& options);
  // The runtime is there: waits for a debugger if that was asked for.
  Result<void> Begin(Runtime& runtime);
  // The program has ended, and the process will: writes what is to be written, and what debuggers
  // have not got yet. A trace waits for the ends of the workers.
  void Finish(Runtime& runtime);

 private:
  struct Late;
  class Control;

  explicit Outside(const Invocation& invocation);

  const Invocation& invocation_;
  std::shared_ptr<Late> late_;
  std::shared_ptr<LiveRuntimes> live_;         // from Watch on
  std::optional<InspectorListener> listener_;  // until Watch
  std::shared_ptr<TraceSink> sink_;
  std::unique_ptr<Profile> profile_;
};

}  // namespace rt::cli
