// See the header.
#include "src/ext/net/datagram_socket.h"

#include <cerrno>

#include "src/resource/stream_resource.h"

namespace rt {

Result<Ref<DatagramSocket>> DatagramSocket::Create(Loop& loop, OwnedFd fd, Kind kind,
                                                   UnixSocketFile file) {
  auto poll = SocketPoll::Create(loop, fd.Release());
  if (!poll.ok()) {
    file.Remove();
    return poll.TakeError();
  }
  return MakeResource<DatagramSocket>(loop, std::move(poll).value(), kind, std::move(file));
}

Error DatagramSocket::Closed() {
  return InterruptedError();
}

void DatagramSocket::Close() {
  if (!poll_) return;
  const std::unique_ptr<SocketPoll> poll = std::move(poll_);
  file_.Remove();
  poll->WakeAll();
}

Task<Result<DatagramSocket::Received>> DatagramSocket::Receive(Bytes buffer) {
  const Ref<DatagramSocket> keep(this);
  const Turnstile::Pass pass = co_await receiving_.Enter();
  // Always waits first: a peer that sends without pause must not keep the loop from turning.
  for (;;) {
    if (!poll_) co_return Closed();
    co_await Ready(*this, IoDirection::kRead);
    if (!poll_) co_return Closed();
    Received received;
    received.from_length = sizeof received.from;
    const ssize_t size =
        recvfrom(poll_->fd(), buffer.data(), buffer.size(), 0,
                 reinterpret_cast<sockaddr*>(&received.from), &received.from_length);
    if (size >= 0) {
      received.size = static_cast<size_t>(size);
      co_return received;
    }
    if (errno != EAGAIN && errno != EINTR) co_return Error::FromErrno(errno);
  }
}

Result<void> DatagramSocket::SetOption(int level, int option, const void* value, socklen_t size) {
  if (!poll_) return Error::BadResource("Socket has been closed");
  if (setsockopt(poll_->fd(), level, option, value, size) != 0) return Error::FromErrno(errno);
  return {};
}

}  // namespace rt
