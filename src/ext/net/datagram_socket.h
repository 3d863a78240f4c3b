// DatagramSocket: a bound UDP or unix datagram socket as a resource. Where a datagram goes is
// granted call by call; what arrives is truncated to the buffer, as recvfrom(2) does.
#pragma once

#include <sys/socket.h>

#include <memory>
#include <string>

#include "src/loop/socket_poll.h"
#include "src/loop/turnstile.h"
#include "src/permissions/net_sinks.h"
#include "src/resource/byte_stream.h"
#include "src/resource/resource.h"

namespace rt {

class DatagramSocket final : public Resource {
 public:
  enum class Kind : uint8_t { kUdp, kUnix };

  // A non-blocking socket; `file` is removed when it is closed.
  static Result<Ref<DatagramSocket>> Create(Loop& loop, OwnedFd fd, Kind kind,
                                            UnixSocketFile file = {});
  DatagramSocket(Loop& loop, std::unique_ptr<SocketPoll> poll, Kind kind, UnixSocketFile file)
      : Resource(TypeIdOf<DatagramSocket>()),
        loop_(loop),
        poll_(std::move(poll)),
        kind_(kind),
        file_(std::move(file)) {}

  std::string_view name() const override {
    return kind_ == Kind::kUdp ? "udpSocket" : "unixDatagram";
  }
  void Close() override;

  struct Received {
    size_t size = 0;
    sockaddr_storage from{};
    socklen_t from_length = 0;
  };
  // The next datagram. Calls take their turn; Interrupted when closed.
  Task<Result<Received>> Receive(Bytes buffer);

  // `try_send(fd)` is one of the net sinks: nothing means that it must wait. Calls take their turn.
  template <class TrySend>
  Task<Result<size_t>> Send(TrySend try_send) {
    const Ref<DatagramSocket> keep(this);
    const Turnstile::Pass pass = co_await sending_.Enter();
    for (;;) {
      if (!poll_) co_return Closed();
      RT_CO_TRY(const std::optional<size_t> sent, try_send(poll_->fd()));
      if (sent) co_return *sent;
      co_await Ready(*this, IoDirection::kWrite);
    }
  }

  int fd() const { return poll_ ? poll_->fd() : -1; }
  // setsockopt; BadResource once closed.
  Result<void> SetOption(int level, int option, const void* value, socklen_t size);

 private:
  ~DatagramSocket() override = default;
  static Error Closed();

  class Ready final : private IoWaiter {
   public:
    Ready(DatagramSocket& socket, IoDirection direction) : socket_(socket), direction_(direction) {}
    ~Ready() {
      if (waiting_ && socket_.poll_) socket_.poll_->Wait(direction_, nullptr);
    }
    bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<> awaiting) {
      waiting_ = awaiting;
      socket_.poll_->Wait(direction_, this);
    }
    void await_resume() const noexcept {}

   private:
    void OnIoReady() override { std::exchange(waiting_, {}).resume(); }
    DatagramSocket& socket_;
    IoDirection direction_;
    std::coroutine_handle<> waiting_;
  };

  Loop& loop_;
  std::unique_ptr<SocketPoll> poll_;
  Kind kind_;
  UnixSocketFile file_;
  Turnstile receiving_;
  Turnstile sending_;
};

}  // namespace rt
