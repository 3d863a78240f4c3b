// See the header.
#include "src/ext/net/socket_stream.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <climits>

namespace rt {

Result<Ref<SocketStream>> SocketStream::Create(Loop& loop, OwnedFd fd, Kind kind) {
  RT_TRY(auto poll, SocketPoll::Create(loop, fd.Release()));
  return MakeResource<SocketStream>(loop, std::move(poll), kind);
}

void SocketStream::Close() {
  if (!poll_) return;
  const Ref<SocketStream> keep(this);  // whoever is told may drop the last other reference
  // Closed before anybody is told, so that waiters find it so.
  closing_ = std::move(poll_);
  closing_->WakeAll();
  closing_.reset();
}

ByteStream::Moved SocketStream::TryRead(std::span<uint8_t> into) {
  if (!poll_) return InterruptedError();
  if (drained_) {
    drained_ = false;
    return std::optional<size_t>();
  }
  for (;;) {
    const ssize_t size = recv(poll_->fd(), into.data(), into.size(), 0);
    if (size >= 0) {
      // A short read has emptied the buffer. The poll is level-triggered: what came since is seen.
      drained_ = size > 0 && static_cast<size_t>(size) < into.size();
      return std::optional<size_t>(static_cast<size_t>(size));
    }
    if (errno == EAGAIN) return std::optional<size_t>();
    if (errno != EINTR) return Error::FromErrno(errno);
  }
}

ByteStream::Moved SocketStream::TryWrite(std::span<const iovec> parts) {
  if (!poll_) return InterruptedError();
  for (;;) {
    // Most are one piece, which the kernel takes more quickly without a list of one.
    ssize_t size;
    if (parts.size() == 1) {
      size = send(poll_->fd(), parts[0].iov_base, parts[0].iov_len, MSG_NOSIGNAL);
    } else {
      msghdr message{};
      message.msg_iov = const_cast<iovec*>(parts.data());
      message.msg_iovlen = std::min<size_t>(parts.size(), IOV_MAX);
      size = sendmsg(poll_->fd(), &message, MSG_NOSIGNAL);
    }
    if (size >= 0) return std::optional<size_t>(static_cast<size_t>(size));
    if (errno == EAGAIN) return std::optional<size_t>();
    if (errno != EINTR) return Error::FromErrno(errno);
  }
}

Result<bool> SocketStream::TryShutdown() {
  if (!poll_) return InterruptedError();
  if (shutdown(poll_->fd(), SHUT_WR) != 0) return Error::FromErrno(errno);
  return true;
}

void SocketStream::Wait(IoDirection direction, IoWaiter* waiter) {
  // Trying a closed stream fails, so nobody has a reason to wait for one.
  RT_CHECK(poll_ || waiter == nullptr);
  if (poll_) poll_->Wait(direction, waiter);
  // One waiter that is told may take back the other.
  if (closing_) closing_->Wait(direction, nullptr);
}

Result<void> SocketStream::SetOption(int level, int option, bool on) {
  if (!poll_) return Error::BadResource();
  const int value = on ? 1 : 0;
  if (setsockopt(poll_->fd(), level, option, &value, sizeof value) != 0) {
    return Error::FromErrno(errno);
  }
  return {};
}

Result<void> SocketStream::SetNoDelay(bool on) {
  return SetOption(IPPROTO_TCP, TCP_NODELAY, on);
}

Result<void> SocketStream::SetKeepAlive(bool on) {
  return SetOption(SOL_SOCKET, SO_KEEPALIVE, on);
}

}  // namespace rt
