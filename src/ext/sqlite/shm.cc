// The index of a write-ahead log, which all who have the database open share: the file
// "<database>-shm", mapped. https://www.sqlite.org/walformat.html#the_wal_index_file_format
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "src/ext/sqlite/file.h"
#include "src/permissions/database_sinks.h"

namespace rt {
namespace {

// The bytes of the locks, and after them the one that everybody who has the file mapped shares.
constexpr int64_t kFirstLock = 120;
constexpr int64_t kAliveLock = kFirstLock + SQLITE_SHM_NLOCK;

}  // namespace

struct DatabaseFile::Shm {
  OwnedFd fd;
  bool read_only = false;
  bool unlocked = false;  // read-only, and nobody else keeps it in order
  struct Map {
    void* address;
    size_t size;
  };
  std::vector<Map> maps;
  std::vector<char*> regions;

  ~Shm() {
    for (const Map& map : maps) munmap(map.address, map.size);
  }
};

DatabaseFile::DatabaseFile(OwnedFd fd, std::shared_ptr<DatabaseFiles> files, Options options)
    : fd_(std::move(fd)), files_(std::move(files)), options_(options) {}

DatabaseFile::~DatabaseFile() = default;

int DatabaseFile::OpenShm() {
  if (!files_) return SQLITE_IOERR_SHMOPEN;
  if (files_->refused[DatabaseFiles::kShm]) return SQLITE_CANTOPEN;
  auto shm = std::make_unique<Shm>();
  struct stat info;
  if (fstat(fd_.get(), &info) != 0) return SQLITE_IOERR_FSTAT;
  const std::string_view suffix = DatabaseFiles::kSuffixes[DatabaseFiles::kShm];
  Result<OwnedFd> opened = Error();
  if (files_->main.may_write()) {
    opened = OpenBeside(files_->main, suffix, O_RDWR | O_CREAT | O_NONBLOCK, info.st_mode & 0777);
  }
  if (!opened.ok()) {
    shm->read_only = true;
    opened = OpenBeside(files_->main, suffix, O_RDONLY | O_NONBLOCK);
  }
  if (!opened.ok()) return SQLITE_CANTOPEN;
  shm->fd = std::move(*opened);
  if (fstat(shm->fd.get(), &info) != 0 || !S_ISREG(info.st_mode)) return SQLITE_CANTOPEN;

  if (shm->read_only) {
    struct flock probe {};
    probe.l_type = F_WRLCK;
    probe.l_whence = SEEK_SET;
    probe.l_start = kAliveLock;
    probe.l_len = 1;
    if (fcntl(shm->fd.get(), F_OFD_GETLK, &probe) != 0) return SQLITE_IOERR_LOCK;
    if (probe.l_type == F_UNLCK) shm->unlocked = true;
    if (probe.l_type == F_WRLCK) return SQLITE_BUSY;
  } else if (SetLock(shm->fd.get(), F_WRLCK, kAliveLock, 1) == SQLITE_OK) {
    // Nobody has it: what a crash left in it means nothing. SQLite's own file layer leaves three
    // bytes, for the same reason as here: any size but a whole page is not taken for an index.
    if (ftruncate(shm->fd.get(), 3) != 0) return SQLITE_IOERR_SHMOPEN;
  }
  if (!shm->unlocked) {
    if (const int code = SetLock(shm->fd.get(), F_RDLCK, kAliveLock, 1)) return code;
  }
  shm_ = std::move(shm);
  return SQLITE_OK;
}

int DatabaseFile::ShmMap(int region, int size, bool extend, void volatile** out) {
  *out = nullptr;
  if (!shm_) {
    if (const int code = OpenShm()) return code;
  }
  Shm& shm = *shm_;
  if (shm.unlocked) {
    // Somebody may have come in the meantime.
    if (SetLock(shm.fd.get(), F_RDLCK, kAliveLock, 1) != SQLITE_OK) return SQLITE_BUSY;
    struct flock probe {};
    probe.l_type = F_WRLCK;
    probe.l_whence = SEEK_SET;
    probe.l_start = kAliveLock;
    probe.l_len = 1;
    if (fcntl(shm.fd.get(), F_OFD_GETLK, &probe) != 0 || probe.l_type == F_UNLCK) {
      SetLock(shm.fd.get(), F_UNLCK, kAliveLock, 1);
      return SQLITE_READONLY_CANTINIT;
    }
    shm.unlocked = false;
  }
  // Regions are mapped as whole pages of memory.
  const size_t page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
  const size_t per_map = std::max<size_t>(1, page / static_cast<size_t>(size));
  const size_t wanted = (static_cast<size_t>(region) / per_map + 1) * per_map;
  if (shm.regions.size() < wanted) {
    const int64_t bytes = static_cast<int64_t>(wanted) * size;
    struct stat info;
    if (fstat(shm.fd.get(), &info) != 0) return SQLITE_IOERR_SHMSIZE;
    if (info.st_size < bytes) {
      if (!extend) return SQLITE_OK;
      if (shm.read_only) return SQLITE_READONLY;
      // A byte in each page makes the disk promise its space: a hole that cannot be filled later
      // would end the process with SIGBUS.
      constexpr int64_t kPage = 4096;
      for (int64_t at = info.st_size / kPage; at < bytes / kPage; ++at) {
        if (pwrite(shm.fd.get(), "", 1, at * kPage + kPage - 1) != 1) return SQLITE_IOERR_SHMSIZE;
      }
    }
    while (shm.regions.size() < wanted) {
      const size_t length = static_cast<size_t>(size) * per_map;
      void* address = mmap(nullptr, length, PROT_READ | (shm.read_only ? 0 : PROT_WRITE),
                           MAP_SHARED, shm.fd.get(), static_cast<off_t>(shm.regions.size()) * size);
      if (address == MAP_FAILED) return SQLITE_IOERR_SHMMAP;
      shm.maps.push_back({address, length});
      for (size_t i = 0; i < per_map; ++i) {
        shm.regions.push_back(static_cast<char*>(address) + i * static_cast<size_t>(size));
      }
    }
  }
  *out = shm.regions[static_cast<size_t>(region)];
  return shm.read_only ? SQLITE_READONLY : SQLITE_OK;
}

int DatabaseFile::ShmLock(int offset, int count, int flags) {
  if (!shm_) return SQLITE_IOERR_SHMLOCK;
  const short type = (flags & SQLITE_SHM_UNLOCK) != 0      ? F_UNLCK
                     : (flags & SQLITE_SHM_EXCLUSIVE) != 0 ? F_WRLCK
                                                           : F_RDLCK;
  // Only who may write can hold an exclusive lock.
  if (type == F_WRLCK && shm_->read_only) return SQLITE_BUSY;
  return SetLock(shm_->fd.get(), type, kFirstLock + offset, count);
}

int DatabaseFile::ShmUnmap(bool remove) {
  if (!shm_) return SQLITE_OK;
  const bool may_remove = remove && !shm_->read_only;
  shm_.reset();
  if (may_remove) {
    (void)RemoveBeside(files_->main, DatabaseFiles::kSuffixes[DatabaseFiles::kShm]);
  }
  return SQLITE_OK;
}

}  // namespace rt
