// Copying a database while it is in use. The target is opened at once, under the permissions of the
// caller; the pages move on the pool, some at a time, and js/node/sqlite.js asks for the next.
#include "src/ext/sqlite/objects.h"
#include "src/ext/sqlite/sqlite.h"
#include "src/loop/pool_task.h"
#include "src/op/op.h"

namespace rt {

// After a step.
struct BackupProgress {
  int32_t code;       // SQLite's: 0 more to do, 101 done, 5 and 6 try again
  int32_t remaining;  // pages
  int32_t total;
  std::string message;  // of an error
};
RT_STRUCT(BackupProgress, RT_FIELD(code), RT_FIELD(remaining), RT_FIELD(total), RT_FIELD(message))

namespace {

class BackupResource final : public Resource {
 public:
  explicit BackupResource(std::shared_ptr<BackupCore> core)
      : Resource(TypeIdOf<BackupResource>()), core_(std::move(core)) {}
  std::string_view name() const override { return "sqliteBackup"; }
  // Waits for a step that is under way.
  void Close() override { core_.reset(); }
  const std::shared_ptr<BackupCore>& core() const { return core_; }

 private:
  std::shared_ptr<BackupCore> core_;
};

v8::MaybeLocal<v8::Value> op_sqlite_backup_start(OpContext& cx, DatabaseObject* database,
                                                 std::string path, std::string source_name,
                                                 std::string target_name) {
  if (!CheckUsable(cx.host(), database)) return {};
  RunScope scope(database);
  Connection& connection = scope.connection();
  sqlite3* target = nullptr;
  int code = sqlite3_open_v2(path.c_str(), &target,
                             SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_URI |
                                 SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE,
                             connection.vfs().name());
  auto core = std::make_shared<BackupCore>(database->connection(), target);
  const auto fail = [&](int failed) -> v8::MaybeLocal<v8::Value> {
    if (std::optional<Error> refusal = connection.vfs().TakeRefusal()) {
      cx.host().errors().Throw(cx.isolate(), *refusal);
      return {};
    }
    const std::string words = target != nullptr ? sqlite3_errmsg(target) : sqlite3_errstr(failed);
    return ThrowSqliteCode(cx.host(), failed, words);
  };
  if (code != SQLITE_OK) return fail(code);
  // The first page is read now: what belongs to the target is opened under the caller's eyes.
  core->Begin(target_name, source_name);
  if (core->backup == nullptr) return fail(sqlite3_extended_errcode(target));
  Result<Rid> rid = cx.resources().Add(MakeResource<BackupResource>(std::move(core)));
  if (!rid.ok()) {
    cx.host().errors().Throw(cx.isolate(), rid.error());
    return {};
  }
  return v8::Integer::NewFromUnsigned(cx.isolate(), *rid).As<v8::Value>();
}

Task<Result<BackupProgress>> op_sqlite_backup_step(OpContext& cx, Ref<BackupResource> backup,
                                                   int32_t pages) {
  auto step = [core = backup->core(), pages]() -> Result<BackupProgress> {
    BackupProgress progress{SQLITE_MISUSE, 0, 0, "database is not open"};
    if (!core) return progress;
    std::unique_lock lock(core->source->mutex());
    if (core->backup == nullptr) return progress;
    progress.code = sqlite3_backup_step(core->backup, pages);
    progress.remaining = sqlite3_backup_remaining(core->backup);
    progress.total = sqlite3_backup_pagecount(core->backup);
    progress.message = progress.code == SQLITE_OK || progress.code == SQLITE_DONE
                           ? ""
                           : sqlite3_errstr(progress.code);
    // What SQLite has to do at the end may fail, too, and takes as long as a step.
    if (progress.code == SQLITE_DONE) core->Finish();
    lock.unlock();
    // Somebody else writes: not again at once.
    constexpr int kPatience = 10;
    if (progress.code == SQLITE_BUSY || progress.code == SQLITE_LOCKED) sqlite3_sleep(kPatience);
    return progress;
  };
  return OnPool(cx.loop(), std::move(step));
}

Result<void> op_sqlite_backup_end(OpContext& cx, Ref<BackupResource> backup, uint32_t rid) {
  return cx.resources().Close(rid);
}

constexpr std::array kOps = {
    RT_OP(op_sqlite_backup_start,
          InBody<"the target is checked when SQLite opens it", Perm::kRead, Perm::kWrite>),
    RT_OP(op_sqlite_backup_step, OnResource),
    RT_OP(op_sqlite_backup_end, OnResource),
};
static_assert(UniqueNames(kOps));

}  // namespace

Extension SqliteBackupExtension() {
  return {.name = "sqlite_backup", .ops = kOps, .lazy = true};
}

}  // namespace rt
