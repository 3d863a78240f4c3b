// See the header. The interface is https://www.sqlite.org/c3ref/vfs.html
#include "src/ext/sqlite/vfs.h"

#include <fcntl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "src/base/check.h"
#include "src/ext/sqlite/callbacks.h"
#include "src/ext/sqlite/file.h"
#include "src/permissions/database_sinks.h"
#include "src/permissions/grant_access.h"
#include "src/permissions/sinks.h"

namespace rt {
namespace {

constexpr char kApi[] = "op_sqlite_open";

Error NotHere() {
  return Error::Make(ErrorClass::kNotCapable, "this file cannot be opened outside its runtime");
}

// What another file layer would do with a name: nothing here.
void* NoLibrary(sqlite3_vfs*, const char*) {
  return nullptr;
}
void NoLibraryError(sqlite3_vfs*, int size, char* out) {
  sqlite3_snprintf(size, out, "extensions cannot be loaded");
}
void (*NoSymbol(sqlite3_vfs*, void*, const char*))(void) {
  return nullptr;
}
void NoClose(sqlite3_vfs*, void*) {}

int Randomness(sqlite3_vfs*, int size, char* out) {
  int done = 0;
  while (done < size) {
    const ssize_t got = getrandom(out + done, size - done, 0);
    if (got > 0) done += static_cast<int>(got);
  }
  return size;
}

int SleepNow(int microseconds) {
  const timespec wait{microseconds / 1'000'000, microseconds % 1'000'000 * 1000};
  nanosleep(&wait, nullptr);
  return microseconds;
}

// Milliseconds since noon in Greenwich on 24 November 4714 B.C.
int CurrentTimeInt64(sqlite3_vfs*, sqlite3_int64* out) {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  *out = INT64_C(210866760000000) + INT64_C(1000) * now.tv_sec + now.tv_nsec / 1'000'000;
  return SQLITE_OK;
}

int CurrentTime(sqlite3_vfs* vfs, double* out) {
  sqlite3_int64 milliseconds = 0;
  CurrentTimeInt64(vfs, &milliseconds);
  *out = static_cast<double>(milliseconds) / 86400000.0;
  return SQLITE_OK;
}

int LastError(sqlite3_vfs*, int, char*) {
  return errno;
}

// Everything but files.
sqlite3_vfs BasicTable() {
  sqlite3_vfs table{};
  table.iVersion = 2;
  table.szOsFile = sizeof(SqliteFile);
  table.mxPathname = 4096;
  table.xDlOpen = NoLibrary;
  table.xDlError = NoLibraryError;
  table.xDlSym = NoSymbol;
  table.xDlClose = NoClose;
  table.xRandomness = Randomness;
  table.xSleep = [](sqlite3_vfs*, int microseconds) { return SleepNow(microseconds); };
  table.xCurrentTime = CurrentTime;
  table.xCurrentTimeInt64 = CurrentTimeInt64;
  table.xGetLastError = LastError;
  return table;
}

// The default of the process: clock and randomness, no files.
sqlite3_vfs FilelessTable() {
  sqlite3_vfs table = BasicTable();
  table.zName = "rt-none";
  table.xOpen = [](sqlite3_vfs*, sqlite3_filename, sqlite3_file* file, int, int*) {
    file->pMethods = nullptr;
    return SQLITE_CANTOPEN;
  };
  table.xDelete = [](sqlite3_vfs*, const char*, int) { return SQLITE_IOERR_DELETE; };
  table.xAccess = [](sqlite3_vfs*, const char*, int, int*) { return SQLITE_IOERR_ACCESS; };
  table.xFullPathname = [](sqlite3_vfs*, const char*, int, char*) { return SQLITE_CANTOPEN; };
  return table;
}

bool InitializeOnce() {
  // Nobody reads SQLite's own count of its memory; keeping it takes a lock for each allocation.
  sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  if (sqlite3_initialize() != SQLITE_OK) return false;
  // SQLite links it into its list, so it is neither constant nor on the stack.
  static sqlite3_vfs fileless = FilelessTable();
  if (sqlite3_vfs_register(&fileless, 1) != SQLITE_OK) return false;
  std::vector<sqlite3_vfs*> own;
  for (sqlite3_vfs* vfs = sqlite3_vfs_find(nullptr); vfs != nullptr; vfs = vfs->pNext) {
    if (vfs != &fileless) own.push_back(vfs);
  }
  for (sqlite3_vfs* vfs : own) sqlite3_vfs_unregister(vfs);
  return true;
}

}  // namespace

Result<void> InitializeSqlite() {
  static const bool started = InitializeOnce();
  if (!started) return Error::Make(ErrorClass::kError, "SQLite cannot be started");
  return {};
}

struct VfsCalls {
  static Vfs& Of(sqlite3_vfs* table) { return *static_cast<Vfs*>(table->pAppData); }
  static int Sleep(sqlite3_vfs* table, int microseconds) { return Of(table).Sleep(microseconds); }
  static int Open(sqlite3_vfs* table, sqlite3_filename name, sqlite3_file* file, int flags,
                  int* out) {
    return Of(table).Open(name, file, flags, out);
  }
  static int Delete(sqlite3_vfs* table, const char* name, int sync_folder) {
    return Of(table).Delete(name, sync_folder != 0);
  }
  static int Access(sqlite3_vfs* table, const char* name, int flags, int* out) {
    return Of(table).Access(name, flags, out);
  }
  static int FullPathname(sqlite3_vfs* table, const char* name, int size, char* out) {
    return Of(table).FullPathname(name, size, out);
  }
};

Vfs::Vfs(Permissions* permissions)
    : permissions_(permissions), thread_(std::this_thread::get_id()), table_(BasicTable()) {
  // Somebody who knew it could open, with `vfs=`, what this runtime may open.
  uint8_t random[16];
  Randomness(nullptr, sizeof random, reinterpret_cast<char*>(random));
  name_ = "rt-";
  for (const uint8_t byte : random) {
    name_ += "0123456789abcdef"[byte >> 4];
    name_ += "0123456789abcdef"[byte & 15];
  }
  table_.zName = name_.c_str();
  table_.pAppData = this;
  table_.xSleep = VfsCalls::Sleep;
  table_.xOpen = VfsCalls::Open;
  table_.xDelete = VfsCalls::Delete;
  table_.xAccess = VfsCalls::Access;
  table_.xFullPathname = VfsCalls::FullPathname;
}

Vfs::~Vfs() {
  sqlite3_vfs_unregister(&table_);
}

Result<std::shared_ptr<Vfs>> Vfs::Create(Permissions* permissions) {
  RT_TRY_VOID(InitializeSqlite());
  std::shared_ptr<Vfs> vfs(new Vfs(permissions));
  if (sqlite3_vfs_register(&vfs->table_, 0) != SQLITE_OK) {
    return Error::Make(ErrorClass::kError, "SQLite cannot be started");
  }
  return vfs;
}

int Vfs::Sleep(int microseconds) {
  if (!on_own_thread() || in_use == nullptr || ServeInterrupts(*in_use)) {
    return SleepNow(microseconds);
  }
  // SQLite asks for the lock again until its time is over: now it is.
  if (in_use->host().exit_requested()) sqlite3_busy_timeout(in_use->db(), 0);
  return microseconds;
}

int Vfs::Refuse(const Error& error, int code) {
  if (std::this_thread::get_id() != thread_) return code;
  if (error.sys_errno == EMFILE || error.sys_errno == ENFILE) out_of_descriptors_ = true;
  // A plain ENOENT or EACCES is what SQLite has a code and words for.
  if (error.sys_errno == 0) refusal_ = error;
  return code;
}

Result<std::shared_ptr<DatabaseFiles>> Vfs::CheckDatabase(const char* path, bool write) {
  if (!on_own_thread()) return NotHere();
  RT_TRY(auto main, GrantAccess::CheckOpen(*permissions_, path, true, write, kApi));
  auto files = std::make_shared<DatabaseFiles>(DatabaseFiles{path, std::move(main), {}});
  for (size_t i = 0; i < DatabaseFiles::kSideCount; ++i) {
    const std::string side = files->path + std::string(DatabaseFiles::kSuffixes[i]);
    for (const Perm perm : {Perm::kRead, Perm::kWrite}) {
      if ((perm == Perm::kWrite && !write) || permissions_->IsUnscoped(perm)) continue;
      const Result<PermStatus> status = permissions_->Query(perm, side);
      if (!status.ok() || status->state != PermState::kDenied) continue;
      files->refused[i] = NotCapableError(perm, "\"" + side + "\"");
      break;
    }
  }
  const std::lock_guard lock(mutex_);
  constexpr size_t kOpensBetweenSweeps = 256;
  if (++opened_ % kOpensBetweenSweeps == 0) {
    for (auto entry = open_.begin(); entry != open_.end();) {
      std::erase_if(entry->second, [](const auto& each) { return each.expired(); });
      entry = entry->second.empty() ? open_.erase(entry) : std::next(entry);
    }
  }
  auto& same = open_[files->path];
  std::erase_if(same, [](const auto& each) { return each.expired(); });
  same.push_back(files);
  return files;
}

Result<Vfs::Named> Vfs::Find(std::string_view name, bool write) {
  for (size_t i = 0; i < DatabaseFiles::kSideCount; ++i) {
    const std::string_view suffix = DatabaseFiles::kSuffixes[i];
    if (!name.ends_with(suffix)) continue;
    const std::lock_guard lock(mutex_);
    const auto found = open_.find(std::string(name.substr(0, name.size() - suffix.size())));
    if (found == open_.end()) break;
    for (const auto& each : found->second) {
      std::shared_ptr<DatabaseFiles> files = each.lock();
      if (!files || (write && !files->main.may_write())) continue;
      if (files->refused[i]) return *files->refused[i];
      return Named{std::move(files), suffix};
    }
    break;
  }
  return CheckOther(name, write);
}

Result<Vfs::Named> Vfs::CheckOther(std::string_view name, bool write) {
  if (!on_own_thread()) return NotHere();
  std::string path(name);
  RT_TRY(auto grant, GrantAccess::CheckOpen(*permissions_, path, true, write, kApi));
  return Named{std::make_shared<DatabaseFiles>(DatabaseFiles{path, std::move(grant), {}}), ""};
}

int Vfs::Open(const char* name, sqlite3_file* file, int flags, int* out_flags) {
  auto* opened_file = static_cast<SqliteFile*>(file);
  opened_file->pMethods = nullptr;
  opened_file->file = nullptr;
  const auto succeed = [&](OwnedFd fd, std::shared_ptr<DatabaseFiles> files,
                           DatabaseFile::Options options) {
    opened_file->file = new DatabaseFile(std::move(fd), std::move(files), options);
    opened_file->pMethods = &kFileMethods;
    if (out_flags != nullptr) {
      constexpr int kWriting = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
      *out_flags = options.read_only ? (flags & ~kWriting) | SQLITE_OPEN_READONLY : flags;
    }
    return SQLITE_OK;
  };
  if (name == nullptr) {
    // Temporary tables, sorting, statement journals: without a name in any folder.
    Result<OwnedFd> fd = OpenAnonymousFile();
    if (!fd.ok()) return Refuse(fd.error(), SQLITE_CANTOPEN);
    return succeed(std::move(*fd), nullptr, {});
  }
  if (std::this_thread::get_id() == thread_ && IsImage(name)) {
    return succeed(std::move(image_), nullptr, {.read_only = true});
  }

  bool write = (flags & SQLITE_OPEN_READWRITE) != 0;
  std::shared_ptr<DatabaseFiles> files;
  std::string_view suffix;
  mode_t mode = 0644;
  if ((flags & SQLITE_OPEN_MAIN_DB) != 0) {
    auto checked = CheckDatabase(name, write);
    if (!checked.ok()) return Refuse(checked.error(), SQLITE_CANTOPEN);
    files = std::move(*checked);
  } else if ((flags & (SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_WAL)) != 0) {
    const auto* main = static_cast<SqliteFile*>(sqlite3_database_file_object(name));
    if (main == nullptr || main->file == nullptr || !main->file->files()) return SQLITE_CANTOPEN;
    files = main->file->files();
    const auto side =
        (flags & SQLITE_OPEN_WAL) != 0 ? DatabaseFiles::kWal : DatabaseFiles::kJournal;
    if (files->refused[side]) return Refuse(*files->refused[side], SQLITE_CANTOPEN);
    suffix = DatabaseFiles::kSuffixes[side];
    write = write && files->main.may_write();
    struct stat info;
    if (fstat(main->file->fd(), &info) == 0) mode = info.st_mode & 0777;
  } else {
    // The journal of a transaction over several databases. Its name may come out of a file.
    auto other = CheckOther(name, write);
    if (!other.ok()) return Refuse(other.error(), SQLITE_CANTOPEN);
    files = std::move(other->files);
  }

  // What SQLite uses is neither a link nor something that blocks.
  int open_flags = O_NONBLOCK;
  if ((flags & SQLITE_OPEN_CREATE) != 0 && write) open_flags |= O_CREAT;
  if ((flags & SQLITE_OPEN_EXCLUSIVE) != 0 && write) open_flags |= O_EXCL;
  Result<OwnedFd> fd =
      OpenBeside(files->main, suffix, open_flags | (write ? O_RDWR : O_RDONLY), mode);
  if (!fd.ok() && write) {
    const int number = fd.error().sys_errno;
    if (number == EACCES || number == EPERM || number == EROFS || number == ETXTBSY) {
      write = false;
      fd = OpenBeside(files->main, suffix, O_NONBLOCK | O_RDONLY);
    }
  }
  if (!fd.ok()) return Refuse(fd.error(), SQLITE_CANTOPEN);
  struct stat info;
  if (fstat(fd->get(), &info) != 0 || !S_ISREG(info.st_mode)) return SQLITE_CANTOPEN;
  DatabaseFile::Options options;
  options.read_only = !write;
  if ((flags & SQLITE_OPEN_MAIN_DB) == 0) {
    options.sync_folder = write && (flags & SQLITE_OPEN_CREATE) != 0;
    // Whoever may use the database must be able to roll back what somebody left undone.
    if (write && info.st_size == 0 && (info.st_mode & 0777) != mode) (void)fchmod(fd->get(), mode);
  }
  return succeed(std::move(*fd), std::move(files), options);
}

int Vfs::Delete(const char* name, bool sync_folder) {
  Result<Named> found = Find(name, true);
  if (!found.ok()) return Refuse(found.error(), SQLITE_IOERR_DELETE);
  if (Result<void> removed = RemoveBeside(found->files->main, found->suffix); !removed.ok()) {
    return removed.error().sys_errno == ENOENT ? SQLITE_IOERR_DELETE_NOENT
                                               : Refuse(removed.error(), SQLITE_IOERR_DELETE);
  }
  if (sync_folder && !SyncFolderOf(found->files->main).ok()) return SQLITE_IOERR_DIR_FSYNC;
  return SQLITE_OK;
}

int Vfs::Access(const char* name, int flags, int* out) {
  *out = 0;
  Result<Named> found = Find(name, false);
  if (!found.ok()) return Refuse(found.error(), SQLITE_IOERR_ACCESS);
  Result<bool> there = HoldsData(found->files->main, found->suffix);
  if (!there.ok()) return Refuse(there.error(), SQLITE_IOERR_ACCESS);
  *out = *there;
  return SQLITE_OK;
}

int Vfs::FullPathname(const char* name, int size, char* out) {
  if (!on_own_thread()) return Refuse(NotHere(), SQLITE_CANTOPEN);
  if (IsImage(name)) {
    sqlite3_snprintf(size, out, "%s", name);
    return SQLITE_OK;
  }
  // Where links lead is told only to who may read there.
  auto granted = GrantAccess::CheckPath<Perm::kRead>(*permissions_, name, kApi);
  if (!granted.ok()) return Refuse(granted.error(), SQLITE_CANTOPEN);
  Result<std::string> path = CanonicalPath(*granted);
  if (!path.ok()) return Refuse(path.error(), SQLITE_CANTOPEN);
  if (path->size() + 1 > static_cast<size_t>(size)) return SQLITE_CANTOPEN;
  std::memcpy(out, path->c_str(), path->size() + 1);
  return SQLITE_OK;
}

}  // namespace rt
