// See the header.
#include "src/loop/socket_poll.h"

#include <unistd.h>

#include <utility>

namespace rt {

Result<std::unique_ptr<SocketPoll>> SocketPoll::Create(Loop& loop, int fd) {
  auto* handle = new Handle();
  if (const int status = uv_poll_init(loop.uv(), &handle->poll, fd); status < 0) {
    delete handle;
    close(fd);
    return Error::FromErrno(status);
  }
  std::unique_ptr<SocketPoll> made(new SocketPoll(handle, fd));
  handle->poll.data = handle;
  handle->owner = made.get();
  return made;
}

SocketPoll::~SocketPoll() {
  handle_->owner = nullptr;
  uv_close(reinterpret_cast<uv_handle_t*>(&handle_->poll),
           [](uv_handle_t* closed) { delete static_cast<Handle*>(closed->data); });
  // uv_close has taken it out of the epoll set.
  close(fd_);
}

void SocketPoll::Update(int events) {
  if (events == registered_) return;
  registered_ = events;
  if (events == 0) {
    uv_poll_stop(&handle_->poll);
  } else {
    // Fails only for a handle that is being closed.
    (void)uv_poll_start(&handle_->poll, events, &SocketPoll::OnEvent);
  }
}

void SocketPoll::Wait(IoDirection direction, IoWaiter* waiter) {
  (direction == IoDirection::kRead ? reader_ : writer_) = waiter;
  if (waiter == nullptr) return;
  const int wanted = direction == IoDirection::kRead ? UV_READABLE : UV_WRITABLE;
  Update(registered_ | wanted);
}

void SocketPoll::WakeAll() {
  Handle* const handle = handle_;
  // A Handle is freed by the loop, never inside a callback of ours.
  if (IoWaiter* reader = std::exchange(reader_, nullptr)) reader->OnIoReady();
  if (handle->owner == nullptr) return;
  if (IoWaiter* writer = std::exchange(writer_, nullptr)) writer->OnIoReady();
}

void SocketPoll::OnEvent(uv_poll_t* poll, int status, int events) {
  auto* handle = static_cast<Handle*>(poll->data);
  SocketPoll* self = handle->owner;
  if (self == nullptr) return;
  if (status < 0) {
    // libuv has stopped the handle; the next attempt of each direction learns the error.
    self->registered_ = 0;
    self->WakeAll();
    return;
  }
  const bool readable = (events & UV_READABLE) != 0;
  const bool writable = (events & UV_WRITABLE) != 0;
  int keep = self->registered_;
  if (readable && self->reader_ == nullptr) keep &= ~UV_READABLE;
  if (writable) keep &= ~UV_WRITABLE;
  self->Update(keep);
  if (readable) {
    if (IoWaiter* reader = std::exchange(self->reader_, nullptr)) reader->OnIoReady();
  }
  // The reader may have closed the socket, or asked to write again.
  if (!writable || handle->owner != self) return;
  if (IoWaiter* writer = std::exchange(self->writer_, nullptr)) writer->OnIoReady();
}

}  // namespace rt
