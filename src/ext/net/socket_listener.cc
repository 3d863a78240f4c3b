// See the header.
#include "src/ext/net/socket_listener.h"

#include <sys/socket.h>

#include <cerrno>

#include "src/base/output.h"

namespace rt {
namespace {

// Connections accepted before others get their turn.
constexpr int kEagerPerTurn = 64;
// How long to rest when descriptors have run out. One that is closed meanwhile is noticed late by
// as much.
constexpr uint64_t kRestMs = 20;

Error Closed() {
  return Error::Make(ErrorClass::kBadResource, "Listener has been closed");
}

bool IsExhaustion(int error_number) {
  return error_number == EMFILE || error_number == ENFILE || error_number == ENOBUFS ||
         error_number == ENOMEM;
}

// The one peer gave up, or its network did: the next may be fine (accept(2)).
bool ConcernsOnePeer(int error_number) {
  return error_number == EINTR || error_number == ECONNABORTED || error_number == EPROTO ||
         error_number == ENETDOWN || error_number == EHOSTUNREACH || error_number == ENETUNREACH ||
         error_number == ENOPROTOOPT || error_number == EHOSTDOWN || error_number == ENONET ||
         error_number == EOPNOTSUPP || error_number == EPERM;
}

}  // namespace

Result<Ref<SocketListener>> SocketListener::Create(Loop& loop, OwnedFd fd, Kind kind,
                                                   UnixSocketFile file) {
  auto poll = SocketPoll::Create(loop, fd.Release());
  if (!poll.ok()) {
    file.Remove();
    return poll.TakeError();
  }
  return MakeResource<SocketListener>(loop, std::move(poll).value(), kind, std::move(file));
}

void SocketListener::Close() {
  if (!poll_) return;
  poll_.reset();
  file_.Remove();
  rest_.Stop();
  Wake();
}

void SocketListener::Ready::await_suspend(std::coroutine_handle<> awaiting) {
  listener.waiting_ = awaiting;
  if (listener.exhausted_) {
    listener.rest_.Start(kRestMs, [&listener = listener] { listener.Wake(); });
  } else {
    listener.poll_->Wait(IoDirection::kRead, &listener);
  }
}

Result<std::optional<OwnedFd>> SocketListener::TryAccept() {
  for (;;) {
    OwnedFd fd(accept4(poll_->fd(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (fd) {
      exhausted_ = false;
      return std::optional<OwnedFd>(std::move(fd));
    }
    const int error_number = errno;
    if (ConcernsOnePeer(error_number)) continue;
    exhausted_ = IsExhaustion(error_number);
    if (!exhausted_ && error_number != EAGAIN) return Error::FromErrno(error_number);
    if (exhausted_ && !std::exchange(logged_, true)) {
      (void)WriteFully(2, "rt: cannot accept connections for now: " +
                              Error::FromErrno(error_number, "accept").message + "\n");
    }
    return std::optional<OwnedFd>();
  }
}

Task<Result<OwnedFd>> SocketListener::Accept() {
  if (!poll_) co_return Closed();
  if (accepting_) {
    co_return Error::Make(ErrorClass::kBusy, kind_ == Kind::kTcp ? "Another accept task is ongoing"
                                                                 : "Listener already in use");
  }
  const Ref<SocketListener> keep(this);
  accepting_ = true;
  if (loop_.turn() != eager_turn_) {
    eager_turn_ = loop_.turn();
    eager_left_ = kEagerPerTurn;
  }
  bool may_try = eager_left_-- > 0;
  for (;;) {
    if (may_try) {
      auto accepted = TryAccept();
      if (!accepted.ok() || *accepted) {
        accepting_ = false;
        if (!accepted.ok()) co_return accepted.TakeError();
        co_return std::move(**accepted);
      }
    }
    may_try = true;
    co_await Ready{*this};
    if (!poll_) {
      accepting_ = false;
      co_return Closed();
    }
  }
}

}  // namespace rt
