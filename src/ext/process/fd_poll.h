// FdPoll: waiting until a descriptor of our own is ready. The descriptor belongs to the FdPoll and
// is closed when libuv has let go of it. Runtime's thread only; one waiter at a time.
#pragma once

#include <uv.h>

#include <memory>

#include "src/base/result.h"
#include "src/loop/event.h"
#include "src/loop/loop.h"
#include "src/loop/task.h"
#include "src/permissions/owned_fd.h"

namespace rt {

class FdPoll {
 public:
  enum class For : uint8_t { kReading, kWriting };

  static Result<std::unique_ptr<FdPoll>> Create(Loop& loop, OwnedFd fd, For direction);
  // Whoever waits must have been cancelled before.
  ~FdPoll();
  FdPoll(const FdPoll&) = delete;
  FdPoll& operator=(const FdPoll&) = delete;

  int fd() const { return handle_->fd.get(); }
  // True when ready, false when cancelled.
  Task<bool> Wait();
  // Ends a pending Wait, and every later one, with false.
  void Cancel();

 private:
  // Lives until libuv has let go of it.
  struct Handle {
    uv_poll_t poll;
    OwnedFd fd;
    FdPoll* owner = nullptr;
  };

  FdPoll(Handle* handle, For direction) : handle_(handle), direction_(direction) {}

  Handle* handle_;
  For direction_;
  bool cancelled_ = false;
  Signal<bool> signal_;
};

}  // namespace rt
