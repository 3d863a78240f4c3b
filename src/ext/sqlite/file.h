// A file SQLite has open: reading, writing, locks, and the shared memory of a write-ahead log.
// Works on descriptors it is given; must never open anything by name except through the grants it
// was given. One thread at a time.
#pragma once

#include <sqlite3.h>

#include <memory>
#include <string>
#include <vector>

#include "src/ext/sqlite/vfs.h"
#include "src/permissions/owned_fd.h"

namespace rt {

class DatabaseFile {
 public:
  struct Options {
    bool read_only = false;
    bool sync_folder = false;  // a journal: its entry must be durable with its first sync
  };
  DatabaseFile(OwnedFd fd, std::shared_ptr<DatabaseFiles> files, Options options);
  ~DatabaseFile();
  DatabaseFile(const DatabaseFile&) = delete;
  DatabaseFile& operator=(const DatabaseFile&) = delete;

  // Codes of SQLite, meanings of sqlite3_io_methods.
  int Read(void* buffer, int amount, sqlite3_int64 offset);
  int Write(const void* buffer, int amount, sqlite3_int64 offset);
  int Truncate(sqlite3_int64 size);
  int Sync(int flags);
  int FileSize(sqlite3_int64* size);
  int Lock(int level);
  int Unlock(int level);
  int CheckReservedLock(int* reserved);
  int FileControl(int operation, void* argument);
  int ShmMap(int region, int size, bool extend, void volatile** out);
  int ShmLock(int offset, int count, int flags);
  int ShmUnmap(bool remove);

  const std::shared_ptr<DatabaseFiles>& files() const { return files_; }
  int fd() const { return fd_.get(); }

 private:
  struct Shm;

  // F_RDLCK, F_WRLCK or F_UNLCK on bytes of a descriptor, without waiting.
  static int SetLock(int fd, short type, int64_t start, int64_t length);
  int OpenShm();

  OwnedFd fd_;
  std::shared_ptr<DatabaseFiles> files_;
  Options options_;
  int level_ = SQLITE_LOCK_NONE;
  int last_errno_ = 0;
  int64_t chunk_ = 0;
  std::unique_ptr<Shm> shm_;
};

// What SQLite allocates; `file` is ours.
struct SqliteFile : sqlite3_file {
  DatabaseFile* file;
};
extern const sqlite3_io_methods kFileMethods;

}  // namespace rt
