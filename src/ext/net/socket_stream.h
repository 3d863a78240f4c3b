// SocketStream: one connected TCP or unix socket, a resource and a ByteStream. Reading goes
// straight into the caller's buffer with one system call. Closing it closes the descriptor at once;
// what was written is still sent by the kernel.
#pragma once

#include <memory>

#include "src/loop/socket_poll.h"
#include "src/permissions/owned_fd.h"
#include "src/resource/stream_resource.h"

namespace rt {

class SocketStream final : public StreamResource {
 public:
  enum class Kind : uint8_t { kTcp, kUnix };

  // A connected, non-blocking socket.
  static Result<Ref<SocketStream>> Create(Loop& loop, OwnedFd fd, Kind kind);
  // The same for one that is being waited for already.
  SocketStream(Loop& loop, std::unique_ptr<SocketPoll> poll, Kind kind)
      : StreamResource(TypeIdOf<SocketStream>(), loop), poll_(std::move(poll)), kind_(kind) {}

  std::string_view name() const override {
    return kind_ == Kind::kTcp ? "tcpStream" : "unixStream";
  }
  void Close() override;

  Moved TryRead(std::span<uint8_t> into) override;
  Moved TryWrite(std::span<const iovec> parts) override;
  Result<bool> TryShutdown() override;
  void Wait(IoDirection direction, IoWaiter* waiter) override;

  Kind kind() const { return kind_; }
  // -1 once closed.
  int fd() const { return poll_ ? poll_->fd() : -1; }
  // BadResource once closed.
  Result<void> SetNoDelay(bool on);
  Result<void> SetKeepAlive(bool on);

 private:
  ~SocketStream() override = default;
  bool closed() const override { return poll_ == nullptr; }
  Result<void> SetOption(int level, int option, bool on);

  std::unique_ptr<SocketPoll> poll_;
  std::unique_ptr<SocketPoll> closing_;  // while its waiters are told
  Kind kind_;
  // The last read left nothing behind, so the next one waits first instead of asking in vain.
  bool drained_ = false;
};

}  // namespace rt
