// SocketListener: a listening TCP or unix socket as a resource. Connections wait in the kernel's
// backlog until somebody accepts. When descriptors run out it says so once, rests and tries again:
// peers wait meanwhile, nobody is dropped.
#pragma once

#include <memory>
#include <string>

#include "src/loop/loop_timer.h"
#include "src/loop/socket_poll.h"
#include "src/permissions/net_sinks.h"
#include "src/permissions/owned_fd.h"
#include "src/resource/resource.h"

namespace rt {

class SocketListener final : public Resource, private IoWaiter {
 public:
  enum class Kind : uint8_t { kTcp, kUnix };

  // A listening, non-blocking socket; `file` is removed when the listener is closed.
  static Result<Ref<SocketListener>> Create(Loop& loop, OwnedFd fd, Kind kind,
                                            UnixSocketFile file = {});
  SocketListener(Loop& loop, std::unique_ptr<SocketPoll> poll, Kind kind, UnixSocketFile file)
      : Resource(TypeIdOf<SocketListener>()),
        loop_(loop),
        poll_(std::move(poll)),
        kind_(kind),
        file_(std::move(file)),
        rest_(loop) {}

  std::string_view name() const override {
    return kind_ == Kind::kTcp ? "tcpListener" : "unixListener";
  }
  void Close() override;

  // The next connection. Busy while another call waits; BadResource once closed.
  Task<Result<OwnedFd>> Accept();

  Kind kind() const { return kind_; }
  int fd() const { return poll_ ? poll_->fd() : -1; }

 private:
  ~SocketListener() override = default;
  // Nothing: nobody is there.
  Result<std::optional<OwnedFd>> TryAccept();
  void OnIoReady() override { Wake(); }
  void Wake() {
    if (auto waiting = std::exchange(waiting_, {})) waiting.resume();
  }

  struct Ready {
    SocketListener& listener;
    bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<> awaiting);
    void await_resume() const noexcept {}
  };

  Loop& loop_;
  std::unique_ptr<SocketPoll> poll_;
  Kind kind_;
  UnixSocketFile file_;
  LoopTimer rest_;
  bool accepting_ = false;
  bool exhausted_ = false;
  bool logged_ = false;
  uint64_t eager_turn_ = 0;
  int eager_left_ = 0;
  std::coroutine_handle<> waiting_;
};

}  // namespace rt
