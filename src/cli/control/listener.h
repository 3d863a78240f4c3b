// The side of the running program: SIGUSR2 says that somebody wants something. If a socket waits in
// the control folder, this connects to it and does what it is told; if none does, a person sent the
// signal, and `on_plain_signal` is called. A thread of its own; it starts with V8's first
// background thread or with the first signal, so a short program has none.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "src/loop/loop.h"
#include "src/runtime/live_runtimes.h"

namespace rt::cli {

struct ControlOptions {
  std::shared_ptr<LiveRuntimes> live;
  std::string cache_folder;               // empty: nowhere to meet
  std::function<void()> on_plain_signal;  // on the thread; may be empty
};

// Makes the socket that answers go out by: the kernel's wall lets nobody make one later.
void PrepareControl();
// Once a process, before V8's platform starts. From then on the signal does not end the process.
void InstallControl(ControlOptions options);
// The main runtime's loop, so that a program that waits hears of a signal. Null: it is gone.
void SetControlLoop(Loop* loop);

}  // namespace rt::cli
