#include "src/ext/process/pipe_resource.h"

#include <poll.h>
#include <unistd.h>

#include <cerrno>

#include "src/ext/process/byte_collector.h"

namespace rt {
namespace {

void WaitFor(int fd, short events) {
  pollfd entry{fd, events, 0};
  (void)poll(&entry, 1, -1);
}

Error Interrupted() {
  return Error::Make(ErrorClass::kInterrupted, "operation canceled", "ECANCELED");
}

}  // namespace

void PipeResource::Close() {
  if (closed_) return;
  closed_ = true;
  poll_->Cancel();
  // Waiters have seen it; the descriptor goes with the handle.
  poll_.reset();
}

Task<Result<size_t>> PipeResource::ReadSome(std::span<uint8_t> into) {
  for (;;) {
    if (closed_) co_return Interrupted();
    const ssize_t got = read(poll_->fd(), into.data(), into.size());
    if (got >= 0) co_return static_cast<size_t>(got);
    if (errno == EINTR) continue;
    if (errno != EAGAIN) co_return Error::FromErrno(errno);
    if (!co_await poll_->Wait()) co_return Interrupted();
  }
}

Task<Result<size_t>> PipeResource::Read(Bytes buffer) {
  const Ref<PipeResource> keep(this);
  const Turnstile::Pass pass = co_await turnstile_.Enter();
  if (closed_) co_return Error::BadResource();
  if (buffer.empty()) co_return 0;
  co_return co_await ReadSome(buffer.span());
}

Task<Result<Bytes>> PipeResource::ReadAll() {
  const Ref<PipeResource> keep(this);
  const Turnstile::Pass pass = co_await turnstile_.Enter();
  if (closed_) co_return Error::BadResource();
  ByteCollector collector;
  for (;;) {
    const std::span<uint8_t> room = collector.Room();
    if (room.empty()) co_return Error::FromErrno(ENOMEM, "read");
    RT_CO_TRY(const size_t got, co_await ReadSome(room));
    if (got == 0) co_return collector.Take();
    collector.Filled(got);
  }
}

Task<Result<size_t>> PipeResource::Write(Bytes buffer) {
  const Ref<PipeResource> keep(this);
  const Turnstile::Pass pass = co_await turnstile_.Enter();
  size_t done = 0;
  while (done < buffer.size()) {
    if (closed_) co_return done > 0 ? Result<size_t>(done) : Result<size_t>(Error::BadResource());
    const ssize_t written = write(poll_->fd(), buffer.data() + done, buffer.size() - done);
    if (written >= 0) {
      done += static_cast<size_t>(written);
      continue;
    }
    if (errno == EINTR) continue;
    if (errno != EAGAIN) co_return Error::FromErrno(errno);
    if (!co_await poll_->Wait()) co_return Interrupted();
  }
  co_return done;
}

Result<size_t> PipeResource::ReadSync(std::span<uint8_t> buffer) {
  for (;;) {
    if (closed_) return Error::BadResource();
    const ssize_t got = read(poll_->fd(), buffer.data(), buffer.size());
    if (got >= 0) return static_cast<size_t>(got);
    if (errno == EAGAIN) {
      WaitFor(poll_->fd(), POLLIN);
    } else if (errno != EINTR) {
      return Error::FromErrno(errno);
    }
  }
}

Result<size_t> PipeResource::WriteSync(std::span<const uint8_t> buffer) {
  for (;;) {
    if (closed_) return Error::BadResource();
    const ssize_t written = write(poll_->fd(), buffer.data(), buffer.size());
    if (written >= 0) return static_cast<size_t>(written);
    if (errno == EAGAIN) {
      WaitFor(poll_->fd(), POLLOUT);
    } else if (errno != EINTR) {
      return Error::FromErrno(errno);
    }
  }
}

}  // namespace rt
