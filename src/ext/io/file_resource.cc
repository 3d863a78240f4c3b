#include "src/ext/io/file_resource.h"

#include <limits.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <optional>

#include "src/base/output.h"
#include "src/loop/pool_task.h"

namespace rt {
namespace {

// How often an operation on a stream may end at once before the loop must have turned.
constexpr int kEagerPerTurn = 32;

// In Deno a wrong direction is a plain Error, unlike a stale rid.
Error IoError(int error_number) {
  Error error = Error::FromErrno(error_number);
  if (error_number == EBADF) error.error_class = ErrorClass::kError;
  return error;
}

Error Interrupted() {
  return Error::Make(ErrorClass::kInterrupted, "operation canceled", "ECANCELED");
}

void WaitReady(int fd, short events) {
  pollfd entry{fd, events, 0};
  (void)poll(&entry, 1, -1);
}

bool IsReadyNow(int fd, short events) {
  pollfd entry{fd, events, 0};
  return poll(&entry, 1, 0) > 0;
}

// Blocks. A descriptor somebody made non-blocking is waited for all the same.
template <class Call>
Result<size_t> Retry(int fd, short events, const Call& call) {
  for (;;) {
    const ssize_t moved = call();
    if (moved >= 0) return static_cast<size_t>(moved);
    if (errno == EAGAIN) {
      WaitReady(fd, events);
    } else if (errno != EINTR) {
      return IoError(errno);
    }
  }
}

Result<size_t> ReadFrom(int fd, std::span<uint8_t> buffer) {
  return Retry(fd, POLLIN, [&] { return read(fd, buffer.data(), buffer.size()); });
}

// `is_stream`: what is neither a regular file nor a folder, and so may be a terminal, by whatever
// name it was opened: nobody writes over a question that is open there.
Result<size_t> WriteTo(int fd, std::span<const uint8_t> buffer, bool is_stream) {
  std::optional<TerminalTurn> turn;
  if (fd == STDOUT_FILENO || fd == STDERR_FILENO || (is_stream && isatty(fd) == 1)) {
    turn.emplace(TerminalTurn::For::kWriting);
  }
  return Retry(fd, POLLOUT, [&] { return write(fd, buffer.data(), buffer.size()); });
}

// A pipe that polls as writable takes this much without blocking, so more is written in portions.
Result<size_t> WriteReady(int fd, std::span<const uint8_t> buffer) {
  size_t written = 0;
  while (written < buffer.size() && IsReadyNow(fd, POLLOUT)) {
    const size_t portion = std::min<size_t>(buffer.size() - written, PIPE_BUF);
    auto moved = WriteTo(fd, buffer.subspan(written, portion), true);
    if (!moved.ok()) {
      if (written > 0) break;
      return moved.TakeError();
    }
    written += *moved;
  }
  return written;
}

}  // namespace

FileResource::FileResource(Loop& loop, OwnedFd fd, Rights rights)
    : Resource(TypeIdOf<FileResource>()),
      loop_(loop),
      fd_(std::make_shared<const OwnedFd>(std::move(fd))),
      name_("fsFile"),
      rights_(std::move(rights)) {}

FileResource::FileResource(Loop& loop, int standard_fd, std::string_view name)
    : Resource(TypeIdOf<FileResource>()),
      loop_(loop),
      fd_(new OwnedFd(standard_fd),
          [](const OwnedFd* fd) {
            (void)const_cast<OwnedFd*>(fd)->Release();
            delete fd;
          }),
      name_(name),
      rights_{.read = true, .write = true, .stat = true, .touch = true, .path = std::string(name)} {
}

void FileResource::Close() {
  fd_.reset();
  // The waiters resume inside, and find the file closed.
  if (reading_.readiness) reading_.readiness->Cancel();
  if (writing_.readiness) writing_.readiness->Cancel();
}

Result<SharedFd> FileResource::fd() const {
  if (!fd_) return Error::BadResource();
  return fd_;
}

bool FileResource::IsTerminal() const {
  return fd_ && isatty(fd_->get()) == 1;
}

bool FileResource::IsStream() {
  if (!is_stream_) {
    struct stat info {};
    const bool known = fd_ && fstat(fd_->get(), &info) == 0;
    is_stream_ =
        known && (S_ISFIFO(info.st_mode) || S_ISCHR(info.st_mode) || S_ISSOCK(info.st_mode));
  }
  return *is_stream_;
}

Result<Readiness*> FileResource::ReadinessOf(Direction& direction, Readiness::For purpose) {
  if (!direction.asked && IsStream()) {
    RT_TRY(direction.readiness, Readiness::Create(loop_, fd_->get(), purpose));
  }
  direction.asked = true;
  return direction.readiness.get();
}

bool FileResource::MayGoOnAtOnce() {
  const uint64_t now = loop_.NowMs();
  if (now != eager_at_ms_) {
    eager_at_ms_ = now;
    eager_left_ = kEagerPerTurn;
  }
  return eager_left_-- > 0;
}

template <class Attempt>
Task<Result<size_t>> FileResource::Transfer(Direction& direction, Readiness::For purpose,
                                            Bytes buffer, Attempt attempt) {
  const Ref<FileResource> keep(this);  // the caller may drop the last other reference
  const Turnstile::Pass pass = co_await direction.turnstile.Enter();
  RT_CO_TRY(const SharedFd fd, this->fd());
  if (buffer.empty()) co_return 0;
  RT_CO_TRY(Readiness* const readiness, ReadinessOf(direction, purpose));
  if (!readiness) {
    const auto run = [fd, buffer, attempt] { return attempt(fd->get(), buffer); };
    co_return co_await OnPool(loop_, run);
  }
  const short events = purpose == Readiness::For::kReading ? POLLIN : POLLOUT;
  bool at_once = MayGoOnAtOnce();
  for (;;) {
    if (at_once && IsReadyNow(fd->get(), events)) co_return attempt(fd->get(), buffer);
    at_once = true;
    if (!co_await readiness->Wait()) co_return Interrupted();
  }
}

Task<Result<size_t>> FileResource::Read(Bytes buffer) {
  return Transfer(reading_, Readiness::For::kReading, std::move(buffer),
                  [](int fd, const Bytes& into) { return ReadFrom(fd, into.span()); });
}

Task<Result<size_t>> FileResource::Write(Bytes buffer) {
  if (IsStream()) {
    return Transfer(writing_, Readiness::For::kWriting, std::move(buffer),
                    [](int fd, const Bytes& from) { return WriteReady(fd, from.span()); });
  }
  return Transfer(Writing(), Readiness::For::kWriting, std::move(buffer),
                  [](int fd, const Bytes& from) { return WriteTo(fd, from.span(), false); });
}

Result<size_t> FileResource::ReadSync(std::span<uint8_t> buffer) {
  RT_TRY(const SharedFd fd, this->fd());
  return ReadFrom(fd->get(), buffer);
}

Result<size_t> FileResource::WriteSync(std::span<const uint8_t> buffer) {
  RT_TRY(const SharedFd fd, this->fd());
  return WriteTo(fd->get(), buffer, IsStream());
}

}  // namespace rt
