#include "src/ext/io/readiness.h"

#include <sys/epoll.h>
#include <unistd.h>

#include <cerrno>

namespace rt {

Result<std::unique_ptr<Readiness>> Readiness::Create(Loop& loop, int fd, For direction) {
  const int epoll_fd = epoll_create1(EPOLL_CLOEXEC);
  if (epoll_fd < 0) return Error::FromErrno(errno);
  epoll_event event{};
  event.events = direction == For::kReading ? EPOLLIN : EPOLLOUT;
  if (epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fd, &event) != 0) {
    const int error_number = errno;
    close(epoll_fd);
    if (error_number == EPERM) return std::unique_ptr<Readiness>();
    return Error::FromErrno(error_number);
  }
  auto* handle = new Handle();
  handle->epoll_fd = epoll_fd;
  handle->poll.data = handle;
  if (const int status = uv_poll_init(loop.uv(), &handle->poll, epoll_fd); status < 0) {
    close(epoll_fd);
    delete handle;
    return Error::FromErrno(status);
  }
  std::unique_ptr<Readiness> readiness(new Readiness(handle));
  handle->owner = readiness.get();
  return readiness;
}

Readiness::~Readiness() {
  handle_->owner = nullptr;
  uv_close(reinterpret_cast<uv_handle_t*>(&handle_->poll), [](uv_handle_t* closed) {
    auto* handle = static_cast<Handle*>(closed->data);
    close(handle->epoll_fd);
    delete handle;
  });
}

Task<bool> Readiness::Wait() {
  if (cancelled_) co_return false;
  const int status = uv_poll_start(&handle_->poll, UV_READABLE, [](uv_poll_t* poll, int, int) {
    uv_poll_stop(poll);
    auto* handle = static_cast<Handle*>(poll->data);
    if (handle->owner) handle->owner->signal_.Set(true);
  });
  // Polling cannot fail on an epoll descriptor; if it did, an attempt to read tells why.
  if (status < 0) co_return true;
  co_return co_await signal_;
}

void Readiness::Cancel() {
  if (cancelled_) return;
  cancelled_ = true;
  uv_poll_stop(&handle_->poll);
  if (signal_.waiting()) signal_.Set(false);
}

}  // namespace rt
