// SocketPoll: waiting until a socket of ours can be read or written, one waiter a direction. It
// owns the descriptor. Interest in reading stays registered between two waits, so that a
// conversation costs no epoll_ctl(2); data that comes while nobody waits unregisters it. Runtime's
// thread only.
#pragma once

#include <uv.h>

#include <coroutine>
#include <memory>

#include "src/base/result.h"
#include "src/loop/loop.h"

namespace rt {

enum class IoDirection : uint8_t { kRead, kWrite };

// Told once that an operation is worth another try. May be told without cause.
class IoWaiter {
 public:
  virtual void OnIoReady() = 0;

 protected:
  ~IoWaiter() = default;
};

class SocketPoll {
 public:
  // Takes the descriptor, which must be non-blocking, also when it fails.
  static Result<std::unique_ptr<SocketPoll>> Create(Loop& loop, int fd);
  // Closes the descriptor. Nobody is told: cancel waiters before.
  ~SocketPoll();
  SocketPoll(const SocketPoll&) = delete;
  SocketPoll& operator=(const SocketPoll&) = delete;

  int fd() const { return fd_; }

  // Told from the loop, never from inside this call. Null takes the waiter back.
  void Wait(IoDirection direction, IoWaiter* waiter);
  // Tells both waiters now. This object may be destroyed meanwhile.
  void WakeAll();

 private:
  // Lives until libuv has let go of the handle.
  struct Handle {
    uv_poll_t poll;
    SocketPoll* owner = nullptr;
  };

  SocketPoll(Handle* handle, int fd) : handle_(handle), fd_(fd) {}
  void Update(int events);
  static void OnEvent(uv_poll_t* poll, int status, int events);

  Handle* handle_;
  int fd_;
  int registered_ = 0;  // UV_READABLE | UV_WRITABLE
  IoWaiter* reader_ = nullptr;
  IoWaiter* writer_ = nullptr;
};

}  // namespace rt
