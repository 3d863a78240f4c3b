// ByteStream: two directions of bytes, tried without waiting. It is what TLS, the HTTP client and
// native pipes sit on, whatever is below (a TCP or unix socket, TLS, a test's fake). The caller
// brings the memory; nothing is queued or copied here. Runtime's thread only; never runs
// JavaScript.
#pragma once

#include <sys/uio.h>

#include <coroutine>
#include <optional>
#include <span>
#include <utility>

#include "src/base/result.h"
#include "src/loop/socket_poll.h"
#include "src/loop/task.h"

namespace rt {

class ByteStream {
 public:
  // How many bytes moved. Nothing: not now (or perhaps); Wait() for the direction, then try again.
  using Moved = Result<std::optional<size_t>>;

  // 0 is the end. `into` must not be empty.
  virtual Moved TryRead(std::span<uint8_t> into) = 0;
  // Takes some of the bytes, in order. A layer that has begun to take bytes and cannot go on must
  // be offered the same bytes again (TLS records); the address may differ. `parts` must hold a
  // byte.
  virtual Moved TryWrite(std::span<const iovec> parts) = 0;
  // Says that nothing more will be written (FIN, close_notify). False: not now, wait for kWrite.
  virtual Result<bool> TryShutdown() = 0;

  // For after an attempt that moved nothing, not before one: a layer may hold bytes that no event
  // will announce. Tells the waiter once when the direction is worth another try, from the loop and
  // never from inside this call; also when the stream is closed. May tell without cause. At most
  // one waiter a direction: a new one replaces the old one. Null takes it back.
  virtual void Wait(IoDirection direction, IoWaiter* waiter) = 0;

 protected:
  ~ByteStream() = default;
};

// `co_await IoReady(stream, IoDirection::kRead);` The stream must live until it resumes.
class IoReady final : private IoWaiter {
 public:
  IoReady(ByteStream& stream, IoDirection direction) : stream_(stream), direction_(direction) {}
  IoReady(const IoReady&) = delete;
  IoReady& operator=(const IoReady&) = delete;
  // A frame that is dropped while it waits must not be resumed.
  ~IoReady() {
    if (waiting_) stream_.Wait(direction_, nullptr);
  }

  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> awaiting) {
    waiting_ = awaiting;
    stream_.Wait(direction_, this);
  }
  void await_resume() const noexcept {}

 private:
  void OnIoReady() override { std::exchange(waiting_, {}).resume(); }

  ByteStream& stream_;
  IoDirection direction_;
  std::coroutine_handle<> waiting_;
};

// For C++ users that own both ends of the conversation (no turnstile, no JavaScript).
// Reads at least one byte unless it is the end (0).
Task<Result<size_t>> ReadSome(ByteStream& stream, std::span<uint8_t> into);
// Writes everything.
Task<Result<bool>> WriteAll(ByteStream& stream, std::span<const uint8_t> from);

}  // namespace rt
