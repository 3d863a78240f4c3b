// Ops on open files (Deno.FsFile, and the standard streams where that makes sense). What the open
// was granted is all they may do: metadata needs read, a change of size needs write, whatever the
// kernel would let the descriptor do.
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "src/ext/fs/fs.h"
#include "src/ext/fs/values.h"
#include "src/ext/io/io.h"
#include "src/loop/pool_task.h"
#include "src/loop/sleep.h"
#include "src/op/op.h"

namespace rt {
namespace {

using File = Ref<FileResource>;

// --- what is done with a descriptor; any thread ---

Result<double> Seek(const OwnedFd& fd, int64_t offset, int32_t whence) {
  constexpr int kWhence[] = {SEEK_SET, SEEK_CUR, SEEK_END};
  if (whence < 0 || whence > 2) {
    return Error::Type("Invalid seek mode: " + std::to_string(whence));
  }
  const off_t position = lseek(fd.get(), offset, kWhence[whence]);
  if (position < 0) return Error::FromErrno(errno);
  return static_cast<double>(position);
}

Result<FileInfo> StatFile(const OwnedFd& fd) {
  RT_TRY(const struct statx info, StatOpened(fd));
  return MakeFileInfo(info);
}

Result<void> Resize(const OwnedFd& fd, int64_t length) {
  if (ftruncate(fd.get(), length) != 0) return Error::FromErrno(errno);
  return {};
}

Result<void> Sync(const OwnedFd& fd, bool data_only) {
  if ((data_only ? fdatasync(fd.get()) : fsync(fd.get())) != 0) return Error::FromErrno(errno);
  return {};
}

// True: locked. False: somebody else holds it.
Result<bool> TryLock(const OwnedFd& fd, bool exclusive) {
  for (;;) {
    if (flock(fd.get(), (exclusive ? LOCK_EX : LOCK_SH) | LOCK_NB) == 0) return true;
    if (errno == EWOULDBLOCK) return false;
    if (errno != EINTR) return Error::FromErrno(errno);
  }
}

Result<void> LockBlocking(const OwnedFd& fd, bool exclusive) {
  while (flock(fd.get(), exclusive ? LOCK_EX : LOCK_SH) != 0) {
    if (errno != EINTR) return Error::FromErrno(errno);
  }
  return {};
}

Result<void> Unlock(const OwnedFd& fd) {
  if (flock(fd.get(), LOCK_UN) != 0) return Error::FromErrno(errno);
  return {};
}

// --- rights ---

Result<void> RequireStat(const FileResource& file) {
  if (!file.rights().stat) return NotCapableError(Perm::kRead, file.rights().path);
  return {};
}

// What the kernel says, too, for a descriptor that was opened for reading.
Result<void> RequireWrite(const FileResource& file) {
  if (!file.rights().write) return Error::FromErrno(EINVAL);
  return {};
}

Result<void> RequireTouch(const FileResource& file) {
  if (!file.rights().touch) return NotCapableError(Perm::kWrite, file.rights().path);
  return {};
}

// Runs `job(fd)` on the pool after everything asked of the file before.
template <class Job>
auto InTurn(File file, Job job) -> Task<std::invoke_result_t<Job&, const OwnedFd&>> {
  const Turnstile::Pass pass = co_await file->turnstile().Enter();
  RT_CO_TRY(const SharedFd fd, file->fd());
  const auto run = [fd, job] { return job(*fd); };
  co_return co_await OnPool(file->loop(), run);
}

// --- ops ---

Result<double> op_fs_file_seek_sync(OpContext&, File file, int64_t offset, int32_t whence) {
  RT_TRY(const SharedFd fd, file->fd());
  return Seek(*fd, offset, whence);
}
Task<Result<double>> op_fs_file_seek(OpContext&, File file, int64_t offset, int32_t whence) {
  return InTurn(std::move(file),
                [offset, whence](const OwnedFd& fd) { return Seek(fd, offset, whence); });
}

Result<FileInfo> op_fs_file_stat_sync(OpContext&, File file) {
  RT_TRY_VOID(RequireStat(*file));
  RT_TRY(const SharedFd fd, file->fd());
  return StatFile(*fd);
}
Task<Result<FileInfo>> op_fs_file_stat(OpContext&, File file) {
  if (auto allowed = RequireStat(*file); !allowed.ok()) co_return allowed.TakeError();
  co_return co_await InTurn(std::move(file), StatFile);
}

Result<void> op_fs_file_truncate_sync(OpContext&, File file, int64_t length) {
  RT_TRY_VOID(RequireWrite(*file));
  RT_TRY(const SharedFd fd, file->fd());
  return Resize(*fd, length);
}
Task<Result<void>> op_fs_file_truncate(OpContext&, File file, int64_t length) {
  if (auto allowed = RequireWrite(*file); !allowed.ok()) co_return allowed.TakeError();
  const auto resize = [length](const OwnedFd& fd) { return Resize(fd, length); };
  co_return co_await InTurn(std::move(file), resize);
}

Result<void> op_fs_file_sync_sync(OpContext&, File file, bool data_only) {
  RT_TRY(const SharedFd fd, file->fd());
  return Sync(*fd, data_only);
}
Task<Result<void>> op_fs_file_sync(OpContext&, File file, bool data_only) {
  return InTurn(std::move(file), [data_only](const OwnedFd& fd) { return Sync(fd, data_only); });
}

Result<void> op_fs_file_utime_sync(OpContext&, File file, FileTimesArgument times) {
  RT_TRY_VOID(RequireTouch(*file));
  RT_TRY(const SharedFd fd, file->fd());
  return SetTimesOpened(*fd, ToFileTimes(times));
}
Task<Result<void>> op_fs_file_utime(OpContext&, File file, FileTimesArgument times) {
  if (auto allowed = RequireTouch(*file); !allowed.ok()) co_return allowed.TakeError();
  const auto change = [times = ToFileTimes(times)](const OwnedFd& fd) {
    return SetTimesOpened(fd, times);
  };
  co_return co_await InTurn(std::move(file), change);
}

// --- locks: flock(2), for whole files and between processes ---

constexpr uint64_t kLongestLockPause = 20;

// Asks again and again, since a wait in the kernel would hold a thread of the pool: with all of
// them waiting, the unlock they wait for might never run. Closing the file ends the wait.
Task<Result<void>> op_fs_file_lock(OpContext& cx, File file, bool exclusive) {
  Loop& loop = cx.loop();
  for (uint64_t pause = 1;; pause = std::min(pause * 2, kLongestLockPause)) {
    RT_CO_TRY(const SharedFd fd, file->fd());
    RT_CO_TRY(const bool locked, TryLock(*fd, exclusive));
    if (locked) co_return {};
    co_await SleepMs(loop, pause);
  }
}
Result<void> op_fs_file_lock_sync(OpContext&, File file, bool exclusive) {
  RT_TRY(const SharedFd fd, file->fd());
  return LockBlocking(*fd, exclusive);
}
// Never waits, so there is no form for the pool.
Result<bool> op_fs_file_try_lock(OpContext&, File file, bool exclusive) {
  RT_TRY(const SharedFd fd, file->fd());
  return TryLock(*fd, exclusive);
}
Result<void> op_fs_file_unlock(OpContext&, File file) {
  RT_TRY(const SharedFd fd, file->fd());
  return Unlock(*fd);
}

constexpr std::array kOps = {
    RT_OP(op_fs_file_seek_sync, OnResource),     RT_OP(op_fs_file_seek, OnResource),
    RT_OP(op_fs_file_stat_sync, OnResource),     RT_OP(op_fs_file_stat, OnResource),
    RT_OP(op_fs_file_truncate_sync, OnResource), RT_OP(op_fs_file_truncate, OnResource),
    RT_OP(op_fs_file_sync_sync, OnResource),     RT_OP(op_fs_file_sync, OnResource),
    RT_OP(op_fs_file_utime_sync, OnResource),    RT_OP(op_fs_file_utime, OnResource),
    RT_OP(op_fs_file_lock, OnResource),          RT_OP(op_fs_file_lock_sync, OnResource),
    RT_OP(op_fs_file_try_lock, OnResource),      RT_OP(op_fs_file_unlock, OnResource),
};
static_assert(UniqueNames(kOps));

}  // namespace

Extension FsFileExtension() {
  return {.name = "fs_file", .ops = kOps};
}

}  // namespace rt
