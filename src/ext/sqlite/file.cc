// See the header. Locking levels and bytes: https://www.sqlite.org/lockingv3.html
#include "src/ext/sqlite/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "src/permissions/database_sinks.h"

namespace rt {
namespace {

// The bytes all SQLite libraries lock.
constexpr int64_t kPendingByte = 0x40000000;
constexpr int64_t kReservedByte = kPendingByte + 1;
constexpr int64_t kSharedFirst = kPendingByte + 2;
constexpr int64_t kSharedSize = 510;

// Between RESERVED and EXCLUSIVE: nobody new may read.
constexpr int kLockPending = SQLITE_LOCK_PENDING;

}  // namespace

int DatabaseFile::SetLock(int fd, short type, int64_t start, int64_t length) {
  struct flock lock {};
  lock.l_type = type;
  lock.l_whence = SEEK_SET;
  lock.l_start = start;
  lock.l_len = length;
  while (fcntl(fd, F_OFD_SETLK, &lock) != 0) {
    if (errno == EINTR) continue;
    return errno == EAGAIN || errno == EACCES ? SQLITE_BUSY : SQLITE_IOERR_LOCK;
  }
  return SQLITE_OK;
}

int DatabaseFile::Read(void* buffer, int amount, sqlite3_int64 offset) {
  auto* to = static_cast<char*>(buffer);
  int done = 0;
  while (done < amount) {
    const ssize_t got = pread(fd_.get(), to + done, amount - done, offset + done);
    if (got < 0) {
      if (errno == EINTR) continue;
      last_errno_ = errno;
      return SQLITE_IOERR_READ;
    }
    if (got == 0) {
      std::memset(to + done, 0, amount - done);
      return SQLITE_IOERR_SHORT_READ;
    }
    done += static_cast<int>(got);
  }
  return SQLITE_OK;
}

int DatabaseFile::Write(const void* buffer, int amount, sqlite3_int64 offset) {
  const auto* from = static_cast<const char*>(buffer);
  int done = 0;
  while (done < amount) {
    const ssize_t put = pwrite(fd_.get(), from + done, amount - done, offset + done);
    if (put > 0) {
      done += static_cast<int>(put);
      continue;
    }
    if (put < 0 && errno == EINTR) continue;
    last_errno_ = put < 0 ? errno : 0;
    return put == 0 || errno == ENOSPC || errno == EDQUOT ? SQLITE_FULL : SQLITE_IOERR_WRITE;
  }
  return SQLITE_OK;
}

int DatabaseFile::Truncate(sqlite3_int64 size) {
  if (chunk_ > 0) size = (size + chunk_ - 1) / chunk_ * chunk_;
  if (ftruncate(fd_.get(), size) == 0) return SQLITE_OK;
  last_errno_ = errno;
  return SQLITE_IOERR_TRUNCATE;
}

int DatabaseFile::Sync(int flags) {
  const bool data_only = (flags & SQLITE_SYNC_DATAONLY) != 0;
  if ((data_only ? fdatasync(fd_.get()) : fsync(fd_.get())) != 0) {
    last_errno_ = errno;
    return SQLITE_IOERR_FSYNC;
  }
  if (options_.sync_folder && files_) {
    options_.sync_folder = false;
    if (!SyncFolderOf(files_->main).ok()) return SQLITE_IOERR_DIR_FSYNC;
  }
  return SQLITE_OK;
}

int DatabaseFile::FileSize(sqlite3_int64* size) {
  struct stat info;
  if (fstat(fd_.get(), &info) != 0) {
    last_errno_ = errno;
    return SQLITE_IOERR_FSTAT;
  }
  *size = info.st_size;
  return SQLITE_OK;
}

int DatabaseFile::Lock(int level) {
  if (level_ >= level) return SQLITE_OK;
  const int fd = fd_.get();
  if (level == SQLITE_LOCK_SHARED) {
    // Held for a moment: a writer that waits for readers to leave keeps it.
    if (const int code = SetLock(fd, F_RDLCK, kPendingByte, 1)) return code;
    const int code = SetLock(fd, F_RDLCK, kSharedFirst, kSharedSize);
    SetLock(fd, F_UNLCK, kPendingByte, 1);
    if (code == SQLITE_OK) level_ = SQLITE_LOCK_SHARED;
    return code;
  }
  if (level == SQLITE_LOCK_RESERVED) {
    const int code = SetLock(fd, F_WRLCK, kReservedByte, 1);
    if (code == SQLITE_OK) level_ = SQLITE_LOCK_RESERVED;
    return code;
  }
  if (level_ < kLockPending) {
    if (const int code = SetLock(fd, F_WRLCK, kPendingByte, 1)) return code;
    level_ = kLockPending;
  }
  const int code = SetLock(fd, F_WRLCK, kSharedFirst, kSharedSize);
  if (code == SQLITE_OK) level_ = SQLITE_LOCK_EXCLUSIVE;
  return code;
}

int DatabaseFile::Unlock(int level) {
  if (level_ <= level) return SQLITE_OK;
  const int fd = fd_.get();
  if (level == SQLITE_LOCK_SHARED) {
    if (level_ > SQLITE_LOCK_RESERVED || level_ == SQLITE_LOCK_EXCLUSIVE) {
      if (SetLock(fd, F_RDLCK, kSharedFirst, kSharedSize) != SQLITE_OK) {
        return SQLITE_IOERR_RDLOCK;
      }
    }
    if (SetLock(fd, F_UNLCK, kPendingByte, 2) != SQLITE_OK) return SQLITE_IOERR_UNLOCK;
    level_ = SQLITE_LOCK_SHARED;
    return SQLITE_OK;
  }
  if (SetLock(fd, F_UNLCK, kPendingByte, 2 + kSharedSize) != SQLITE_OK) return SQLITE_IOERR_UNLOCK;
  level_ = SQLITE_LOCK_NONE;
  return SQLITE_OK;
}

int DatabaseFile::CheckReservedLock(int* reserved) {
  *reserved = level_ > SQLITE_LOCK_SHARED;
  if (*reserved) return SQLITE_OK;
  struct flock lock {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  lock.l_start = kReservedByte;
  lock.l_len = 1;
  if (fcntl(fd_.get(), F_OFD_GETLK, &lock) != 0) {
    last_errno_ = errno;
    return SQLITE_IOERR_CHECKRESERVEDLOCK;
  }
  *reserved = lock.l_type != F_UNLCK;
  return SQLITE_OK;
}

int DatabaseFile::FileControl(int operation, void* argument) {
  switch (operation) {
    case SQLITE_FCNTL_LOCKSTATE:
      *static_cast<int*>(argument) = level_;
      return SQLITE_OK;
    case SQLITE_FCNTL_LAST_ERRNO:
      *static_cast<int*>(argument) = last_errno_;
      return SQLITE_OK;
    case SQLITE_FCNTL_CHUNK_SIZE:
      chunk_ = *static_cast<int*>(argument);
      return SQLITE_OK;
    case SQLITE_FCNTL_SIZE_HINT:
      return SQLITE_OK;
    case SQLITE_FCNTL_HAS_MOVED: {
      // Removed: its journal would belong to nobody.
      struct stat info;
      *static_cast<int*>(argument) = fstat(fd_.get(), &info) == 0 && info.st_nlink == 0;
      return SQLITE_OK;
    }
    default:
      return SQLITE_NOTFOUND;
  }
}

namespace {

DatabaseFile* Of(sqlite3_file* file) {
  return static_cast<SqliteFile*>(file)->file;
}

int CloseFile(sqlite3_file* file) {
  delete Of(file);
  static_cast<SqliteFile*>(file)->file = nullptr;
  return SQLITE_OK;
}

}  // namespace

// Version 2: write-ahead logs, but no reading through mapped memory, where a file that somebody
// truncates would end the process.
const sqlite3_io_methods kFileMethods = {
    2,
    CloseFile,
    [](sqlite3_file* file, void* buffer, int amount, sqlite3_int64 offset) {
      return Of(file)->Read(buffer, amount, offset);
    },
    [](sqlite3_file* file, const void* buffer, int amount, sqlite3_int64 offset) {
      return Of(file)->Write(buffer, amount, offset);
    },
    [](sqlite3_file* file, sqlite3_int64 size) { return Of(file)->Truncate(size); },
    [](sqlite3_file* file, int flags) { return Of(file)->Sync(flags); },
    [](sqlite3_file* file, sqlite3_int64* size) { return Of(file)->FileSize(size); },
    [](sqlite3_file* file, int level) { return Of(file)->Lock(level); },
    [](sqlite3_file* file, int level) { return Of(file)->Unlock(level); },
    [](sqlite3_file* file, int* reserved) { return Of(file)->CheckReservedLock(reserved); },
    [](sqlite3_file* file, int operation, void* argument) {
      return Of(file)->FileControl(operation, argument);
    },
    [](sqlite3_file*) { return 4096; },
    // A write that is cut off by a power loss damages nothing beside it: what SQLite assumes of
    // today's disks by itself.
    [](sqlite3_file*) { return SQLITE_IOCAP_POWERSAFE_OVERWRITE; },
    [](sqlite3_file* file, int region, int size, int extend, void volatile** out) {
      return Of(file)->ShmMap(region, size, extend != 0, out);
    },
    [](sqlite3_file* file, int offset, int count, int flags) {
      return Of(file)->ShmLock(offset, count, flags);
    },
    [](sqlite3_file*) { __sync_synchronize(); },
    [](sqlite3_file* file, int remove) { return Of(file)->ShmUnmap(remove != 0); },
    nullptr,
    nullptr,
};

}  // namespace rt
