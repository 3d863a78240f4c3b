#include "src/ext/process/fd_poll.h"

namespace rt {

Result<std::unique_ptr<FdPoll>> FdPoll::Create(Loop& loop, OwnedFd fd, For direction) {
  auto* handle = new Handle();
  handle->fd = std::move(fd);
  handle->poll.data = handle;
  // Also makes the descriptor non-blocking.
  if (const int status = uv_poll_init(loop.uv(), &handle->poll, handle->fd.get()); status < 0) {
    delete handle;
    return Error::FromErrno(status);
  }
  std::unique_ptr<FdPoll> poll(new FdPoll(handle, direction));
  handle->owner = poll.get();
  return poll;
}

FdPoll::~FdPoll() {
  handle_->owner = nullptr;
  uv_close(reinterpret_cast<uv_handle_t*>(&handle_->poll),
           [](uv_handle_t* closed) { delete static_cast<Handle*>(closed->data); });
}

Task<bool> FdPoll::Wait() {
  if (cancelled_) co_return false;
  const int events = direction_ == For::kReading ? UV_READABLE | UV_DISCONNECT : UV_WRITABLE;
  const int status = uv_poll_start(&handle_->poll, events, [](uv_poll_t* poll, int, int) {
    uv_poll_stop(poll);
    auto* handle = static_cast<Handle*>(poll->data);
    if (handle->owner) handle->owner->signal_.Set(true);
  });
  // Polling cannot fail on an open pipe; if it did, an attempt to read tells why.
  if (status < 0) co_return true;
  co_return co_await signal_;
}

void FdPoll::Cancel() {
  if (cancelled_) return;
  cancelled_ = true;
  uv_poll_stop(&handle_->poll);
  if (signal_.waiting()) signal_.Set(false);
}

}  // namespace rt
