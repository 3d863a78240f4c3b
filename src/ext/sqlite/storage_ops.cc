// Where the web's storage is kept: databases of the program's own in rt's cache folder, and, for
// the Cache API, files beside them with the bodies that are too large for a row. They need no
// permission, and no path of a script's reaches them: databases are opened through a file layer of
// its own, bodies by names that are made here.
#include <openssl/rand.h>

#include <algorithm>
#include <chrono>
#include <ctime>

#include "src/base/digest.h"
#include "src/ext/io/io.h"
#include "src/ext/sqlite/objects.h"
#include "src/ext/sqlite/sqlite.h"
#include "src/op/op.h"
#include "src/permissions/sinks.h"

namespace rt {
namespace {

// The areas a program has, by the file name of their databases.
constexpr std::string_view kLocalStorage = "local_storage";
constexpr std::string_view kCaches = "caches";
constexpr std::string_view kBodies = "bodies";

// The program's folder; "" if there is no cache folder. Whose it is: see StorageOwner.
Result<std::string> FolderOf(OpHost& host) {
  const SqliteState& state = StateOf(host);
  const std::string owner = StorageOwner(host);
  if (owner.empty()) {
    return Error::Dom("SecurityError", "Storage is not available in this context");
  }
  if (state.storage_folder.empty() || state.storage_in_memory) return std::string();
  return state.storage_folder + "/" + Sha256Hex(owner);
}

Result<void> MakeFolder(SqliteState& state, const std::string& folder, std::string_view api) {
  RT_TRY(auto granted, GrantAccess::CheckEntry<Perm::kWrite>(state.own_permissions(), folder, api));
  return Mkdir(granted, 0700, /*recursive=*/true);
}

// The folder is where nothing can be kept: no matter of this run.
bool CannotKeep(const Error& error) {
  switch (error.sys_errno) {
    case EACCES:
    case EPERM:
    case EROFS:
    case ENOENT:
    case ENOTDIR:
      return true;
    default:
      return false;
  }
}

// How long to wait for others who use a store, in milliseconds.
constexpr int kPatience = 5000;

// Readers and a writer at the same time. Whoever opens a new store changes it to that, and SQLite
// does not wait for others who do the same: it would wait while it holds a lock they need
// (https://www.sqlite.org/c3ref/busy_handler.html).
Result<void> ShareStore(sqlite3* db, int* code) {
  constexpr int kPause = 5;
  constexpr const char* kShared = "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL";
  const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(kPatience);
  do {
    *code = sqlite3_exec(db, kShared, nullptr, nullptr, nullptr);
    if (*code == SQLITE_OK) return {};
    if ((*code & 0xff) != SQLITE_BUSY) break;
    sqlite3_sleep(kPause);
  } while (std::chrono::steady_clock::now() < until);
  return Error::Make(ErrorClass::kError, sqlite3_errmsg(db), "ERR_SQLITE_ERROR");
}

Result<std::shared_ptr<Connection>> OpenStore(OpHost& host, std::string_view area,
                                              ConnectionOptions* options, int* code) {
  SqliteState& state = StateOf(host);
  if (area == kLocalStorage && (host.run_info().is_worker || StorageOwner(host).empty())) {
    return Error::Dom("NotSupportedError", "localStorage is not supported in this context");
  }
  RT_TRY(std::string folder, FolderOf(host));
  options->timeout = kPatience;
  RT_TRY(auto vfs, state.GetOwnVfs());
  if (!folder.empty()) {
    Result<void> made = MakeFolder(state, folder, area);
    if (!made.ok()) {
      if (!CannotKeep(made.error())) return made.TakeError();
      state.storage_in_memory = true;
      folder.clear();
    }
  }
  options->path = folder.empty() ? ":memory:" : folder + "/" + std::string(area);
  RT_TRY(auto opened, Connection::Open(host, std::move(vfs), *options, code));
  RT_TRY_VOID(ShareStore(opened->db(), code));
  return opened;
}

// The database of an area, open.
v8::MaybeLocal<v8::Value> op_sqlite_storage(OpContext& cx, bool of_caches) {
  OpHost& host = cx.host();
  v8::Isolate* isolate = cx.isolate();
  ConnectionOptions options;
  int code = SQLITE_OK;
  Result<std::shared_ptr<Connection>> opened =
      OpenStore(host, of_caches ? kCaches : kLocalStorage, &options, &code);
  if (!opened.ok()) {
    if (code != SQLITE_OK) return ThrowSqliteCode(host, code, opened.error().message);
    host.errors().Throw(isolate, opened.error());
    return {};
  }
  SqliteState& state = StateOf(host);
  state.Add(*opened);
  v8::Local<v8::Value> wrapper;
  if (!MakeWrapped<DatabaseObject>(isolate, state.templates[0], "Database", isolate,
                                   std::move(options), v8::Array::New(isolate))
           .ToLocal(&wrapper)) {
    return {};
  }
  UnwrapGc<DatabaseObject>(isolate, wrapper)->set_connection(std::move(*opened));
  return wrapper;
}

// Whether bodies can be kept in files: there is a cache folder. After op_sqlite_storage, which
// finds out.
Result<bool> op_sqlite_has_bodies(OpContext& cx) {
  RT_TRY(const std::string folder, FolderOf(cx.host()));
  return !folder.empty();
}

constexpr size_t kNameBytes = 16;

// Names come out of a database, which is a file anybody may have changed.
Result<std::string> BodyPath(OpHost& host, const std::string& name) {
  const bool is_name = name.size() == 2 * kNameBytes &&
                       name.find_first_not_of("0123456789abcdef") == std::string::npos;
  RT_TRY(const std::string folder, FolderOf(host));
  if (!is_name || folder.empty()) return Error::FromErrno(ENOENT, "open", name);
  RT_TRY_VOID(StateOf(host).GetOwnVfs());
  return folder + "/" + std::string(kBodies) + "/" + name;
}

// A new file to write a body to, and its name.
Result<std::pair<uint32_t, std::string>> op_sqlite_body_create(OpContext& cx) {
  OpHost& host = cx.host();
  unsigned char random[kNameBytes];
  if (RAND_bytes(random, sizeof(random)) != 1) {
    return Error::Make(ErrorClass::kError, "No random numbers are to be had");
  }
  std::string name = HexOf({reinterpret_cast<const char*>(random), sizeof random});
  RT_TRY(const std::string path, BodyPath(host, name));
  SqliteState& state = StateOf(host);
  RT_TRY_VOID(MakeFolder(state, path.substr(0, path.rfind('/')), "caches"));
  RT_TRY(auto granted,
         GrantAccess::CheckPath<Perm::kWrite>(state.own_permissions(), path, "caches"));
  RT_TRY(OwnedFd fd, OpenForWrite(granted, "open", O_CREAT | O_EXCL | O_NOFOLLOW, 0600));
  FileResource::Rights rights{.write = true, .path = name};
  RT_TRY(const Rid rid, host.resources().Add(MakeResource<FileResource>(host.loop(), std::move(fd),
                                                                        std::move(rights))));
  return std::pair<uint32_t, std::string>(rid, std::move(name));
}

// The body of this name, which has this size; NotFound if there is no such file.
Result<Rid> op_sqlite_body_open(OpContext& cx, std::string name, double size) {
  OpHost& host = cx.host();
  RT_TRY(const std::string path, BodyPath(host, name));
  Permissions& permissions = StateOf(host).own_permissions();
  RT_TRY(auto entry, GrantAccess::CheckEntry<Perm::kRead>(permissions, path, "caches"));
  RT_TRY(const struct statx seen, Lstat(entry));
  if (!S_ISREG(seen.stx_mode)) return Error::FromErrno(ENOENT, "open", name);  // a link
  RT_TRY(auto granted, GrantAccess::CheckPath<Perm::kRead>(permissions, path, "caches"));
  RT_TRY(OwnedFd fd, OpenForRead(granted, "open", O_NOFOLLOW | O_NONBLOCK));
  RT_TRY(const struct statx info, StatOpened(fd));
  if (!S_ISREG(info.stx_mode) || static_cast<double>(info.stx_size) != size) {
    return Error::FromErrno(ENOENT, "open", name);
  }
  FileResource::Rights rights{.read = true, .path = name};
  return host.resources().Add(
      MakeResource<FileResource>(host.loop(), std::move(fd), std::move(rights)));
}

// Whether the file is still there.
Result<bool> op_sqlite_body_exists(OpContext& cx, std::string name) {
  OpHost& host = cx.host();
  RT_TRY(const std::string path, BodyPath(host, name));
  RT_TRY(auto granted,
         GrantAccess::CheckEntry<Perm::kRead>(StateOf(host).own_permissions(), path, "caches"));
  return Lstat(granted).ok();
}

// Who reads it goes on reading it. What is no body's name names nothing.
Result<void> op_sqlite_body_remove(OpContext& cx, std::string name) {
  OpHost& host = cx.host();
  const Result<std::string> path = BodyPath(host, name);
  if (!path.ok()) return {};
  RT_TRY(auto granted,
         GrantAccess::CheckEntry<Perm::kWrite>(StateOf(host).own_permissions(), *path, "caches"));
  Result<void> removed = Remove(granted, /*recursive=*/false);
  if (!removed.ok() && removed.error().sys_errno != ENOENT) return removed.TakeError();
  return {};
}

// The files nobody has written to for this many seconds.
Result<std::vector<std::string>> op_sqlite_body_list(OpContext& cx, double seconds) {
  OpHost& host = cx.host();
  std::vector<std::string> names;
  RT_TRY(std::string folder, FolderOf(host));
  if (folder.empty()) return names;
  RT_TRY_VOID(StateOf(host).GetOwnVfs());
  folder += "/" + std::string(kBodies);
  Permissions& permissions = StateOf(host).own_permissions();
  RT_TRY(auto granted, GrantAccess::CheckPath<Perm::kRead>(permissions, folder, "caches"));
  Result<std::vector<DirEntry>> entries = ReadDir(granted);
  if (!entries.ok()) {
    if (entries.error().sys_errno == ENOENT) return names;
    return entries.TakeError();
  }
  const double before = static_cast<double>(std::time(nullptr)) - seconds;
  for (DirEntry& entry : *entries) {
    RT_TRY(auto file,
           GrantAccess::CheckEntry<Perm::kRead>(permissions, folder + "/" + entry.name, "caches"));
    const Result<struct statx> info = Lstat(file);
    if (info.ok() && static_cast<double>(info->stx_mtime.tv_sec) <= before) {
      names.push_back(std::move(entry.name));
    }
  }
  return names;
}

using OwnFolder = NoPerm<"the program's own store, in rt's cache">;

constexpr std::array kOps = {
    RT_OP(op_sqlite_storage, OwnFolder),     RT_OP(op_sqlite_has_bodies, OwnFolder),
    RT_OP(op_sqlite_body_create, OwnFolder), RT_OP(op_sqlite_body_open, OwnFolder),
    RT_OP(op_sqlite_body_exists, OwnFolder), RT_OP(op_sqlite_body_remove, OwnFolder),
    RT_OP(op_sqlite_body_list, OwnFolder),
};
static_assert(UniqueNames(kOps));

}  // namespace

Extension SqliteStorageExtension() {
  return {.name = "sqlite_storage", .ops = kOps, .lazy = true};
}

}  // namespace rt
