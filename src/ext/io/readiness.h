// Readiness: waiting until a descriptor that is not ours alone (a pipe or terminal we were started
// with) can be read or written, without making it non-blocking for everybody who shares it. The
// descriptor goes into a small epoll set of our own, and the loop polls that set. Runtime's thread
// only.
#pragma once

#include <uv.h>

#include <memory>

#include "src/base/result.h"
#include "src/loop/event.h"
#include "src/loop/loop.h"
#include "src/loop/task.h"

namespace rt {

class Readiness {
 public:
  enum class For : uint8_t { kReading, kWriting };

  // Null when the descriptor is always ready (regular files, /dev/null): nothing to wait for.
  static Result<std::unique_ptr<Readiness>> Create(Loop& loop, int fd, For direction);
  // Whoever waits must have been cancelled before.
  ~Readiness();
  Readiness(const Readiness&) = delete;
  Readiness& operator=(const Readiness&) = delete;

  // True when ready, false when cancelled. One waiter at a time.
  Task<bool> Wait();
  // Ends a pending Wait, and every later one, with false.
  void Cancel();

 private:
  // Lives until libuv has let go of the handle.
  struct Handle {
    uv_poll_t poll;
    int epoll_fd = -1;
    Readiness* owner = nullptr;
  };

  explicit Readiness(Handle* handle) : handle_(handle) {}

  Handle* handle_;
  bool cancelled_ = false;
  Signal<bool> signal_;
};

}  // namespace rt
