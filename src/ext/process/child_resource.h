// ChildResource: a program that was started. It is waited for whether or not the script asks how it
// ended, so that nothing stays a zombie. Runtime's thread only.
#pragma once

#include <uv.h>

#include <memory>
#include <optional>
#include <unordered_set>

#include "src/ext/process/exit_status.h"
#include "src/loop/event.h"
#include "src/loop/loop.h"
#include "src/loop/task.h"
#include "src/op/op_host.h"
#include "src/permissions/process_sinks.h"
#include "src/resource/resource.h"

namespace rt {

// The wait for one child: lives until the child has ended, or the runtime.
class ChildWatch {
 public:
  static Result<std::shared_ptr<ChildWatch>> Start(Loop& loop, SpawnedChild child);

  pid_t pid() const { return pid_; }
  const OwnedFd& pidfd() const { return pidfd_; }
  const std::optional<ExitStatus>& status() const { return status_; }
  // One waiter at a time. Nothing: the runtime ends.
  Task<std::optional<ExitStatus>> Wait();
  void Close();

 private:
  struct Handle {
    uv_poll_t poll;
    std::shared_ptr<ChildWatch> watch;  // until the handle is closed
  };

  explicit ChildWatch(SpawnedChild child) : pid_(child.pid), pidfd_(std::move(child.pidfd)) {}
  void OnEnded();

  pid_t pid_;
  OwnedFd pidfd_;
  Handle* handle_ = nullptr;
  std::optional<ExitStatus> status_;
  Signal<bool> ended_;
};

class ChildResource final : public Resource {
 public:
  explicit ChildResource(std::shared_ptr<ChildWatch> watch)
      : Resource(TypeIdOf<ChildResource>()), watch_(std::move(watch)) {}

  std::string_view name() const override { return "child"; }
  // The child goes on; it is still waited for.
  void Close() override {}

  const std::shared_ptr<ChildWatch>& watch() const { return watch_; }

 private:
  std::shared_ptr<ChildWatch> watch_;
};

// What the extension keeps: the waits that are under way.
class ProcessState final : public ExtensionState {
 public:
  explicit ProcessState(OpHost& host);
  void Shutdown() override;

  void Add(std::shared_ptr<ChildWatch> watch);

 private:
  std::unordered_set<std::shared_ptr<ChildWatch>> watches_;
  uv_signal_t* orphans_ = nullptr;  // process 1 only
};

}  // namespace rt
