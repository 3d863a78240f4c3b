// See the header.
#include "src/ext/sqlite/connection.h"

#include <algorithm>
#include <utility>

#include "src/ext/sqlite/callbacks.h"
#include "src/ext/sqlite/rows.h"
#include "src/ext/sqlite/sqlite.h"

namespace rt {

namespace {

// Meanwhile no JavaScript runs: SQLite ends the groups of aggregates with the execution they belong
// to, which may be the collector's doing, or because something was thrown.
class NoCallbacks {
 public:
  explicit NoCallbacks(Connection& connection)
      : connection_(connection), owner_(std::exchange(connection.owner, nullptr)) {}
  ~NoCallbacks() { connection_.owner = owner_; }
  NoCallbacks(const NoCallbacks&) = delete;
  NoCallbacks& operator=(const NoCallbacks&) = delete;

 private:
  Connection& connection_;
  DatabaseObject* owner_;
};

}  // namespace

StatementCore::StatementCore(std::shared_ptr<Connection> owner, sqlite3_stmt* prepared)
    : connection(std::move(owner)), statement(prepared) {
  next = std::exchange(connection->statements_, this);
  if (next != nullptr) next->previous = this;
  ++connection->statement_count_;
  texts.resize(static_cast<size_t>(sqlite3_bind_parameter_count(prepared)));
  for (int i = 1; i <= static_cast<int>(texts.size()); ++i) {
    const char* name = sqlite3_bind_parameter_name(prepared, i);
    has_names = has_names || (name != nullptr && name[0] != '?');
  }
}

void StatementCore::Finalize() {
  if (statement == nullptr) return;
  const auto lock = connection->Lock();
  const NoCallbacks quiet(*connection);
  sqlite3_finalize(statement);
  statement = nullptr;
  ++generation;
  (previous != nullptr ? previous->next : connection->statements_) = next;
  if (next != nullptr) next->previous = previous;
  --connection->statement_count_;
}

void StatementCore::Reset() {
  const NoCallbacks quiet(*connection);
  sqlite3_reset(statement);
}

void StatementCore::EndIteration(uint64_t of_generation) {
  if (statement == nullptr || generation != of_generation || busy) return;
  const auto lock = connection->Lock();
  Reset();
  stands = false;
  ++generation;
}

SessionCore::SessionCore(std::shared_ptr<Connection> owner, sqlite3_session* made)
    : connection(std::move(owner)), session(made) {
  connection->sessions_.insert(this);
}

void SessionCore::Delete() {
  if (session == nullptr) return;
  const auto lock = connection->Lock();
  sqlite3session_delete(session);
  session = nullptr;
  connection->sessions_.erase(this);
}

void BackupCore::Begin(const std::string& target_name, const std::string& source_name) {
  backup = sqlite3_backup_init(target, target_name.c_str(), source->db(), source_name.c_str());
  if (backup == nullptr) return;
  const std::lock_guard lock(source->mutex_);
  source->backups_.insert(this);
  ++source->backup_count_;
}

void BackupCore::Finish() {
  const std::lock_guard lock(source->mutex_);
  if (backup != nullptr) {
    sqlite3_backup_finish(backup);
    backup = nullptr;
    source->backups_.erase(this);
    --source->backup_count_;
  }
  if (target != nullptr) sqlite3_close_v2(target);
  target = nullptr;
}

namespace {

// FTS3's fts3_tokenizer() makes a pointer to functions of a blob, and tells such pointers: code of
// the script's choice, with no permission. Its setting leaves values that are bound, so the
// function is replaced by one that refuses. FTS3's own tokenizers are found without it.
void TakeAwayTokenizers(sqlite3* db) {
  sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_FTS3_TOKENIZER, 0, nullptr);
  for (const int arguments : {1, 2}) {
    sqlite3_create_function_v2(
        db, "fts3_tokenizer", arguments, SQLITE_UTF8 | SQLITE_DIRECTONLY, nullptr,
        [](sqlite3_context* call, int, sqlite3_value**) {
          sqlite3_result_error(call, "not authorized to use function: fts3_tokenizer", -1);
        },
        nullptr, nullptr, nullptr);
  }
}

}  // namespace

Result<std::shared_ptr<Connection>> Connection::Open(OpHost& host, std::shared_ptr<Vfs> vfs,
                                                     const ConnectionOptions& options, int* code) {
  *code = SQLITE_OK;
  std::shared_ptr<Connection> made(new Connection(host, vfs));
  const int access =
      options.read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  // NOMUTEX: one thread uses it; what the pool does is under Lock().
  constexpr int kFlags = SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  for (int attempt = 0;; ++attempt) {
    vfs->TakeRefusal();
    vfs->TakeOutOfDescriptors();
    *code = sqlite3_open_v2(options.path.c_str(), &made->db_, access | kFlags, vfs->name());
    if (*code == SQLITE_OK) break;
    std::string words = made->db_ != nullptr ? sqlite3_errmsg(made->db_) : sqlite3_errstr(*code);
    sqlite3_close_v2(made->db_);
    made->db_ = nullptr;
    if (std::optional<Error> refusal = vfs->TakeRefusal()) {
      *code = SQLITE_OK;
      return std::move(*refusal);
    }
    // The descriptors may be those of databases that nobody refers to any more.
    if (attempt == 0 && vfs->TakeOutOfDescriptors()) {
      host.isolate()->LowMemoryNotification();
      continue;
    }
    return Error::Make(ErrorClass::kError, std::move(words), "ERR_SQLITE_ERROR");
  }
  sqlite3* db = made->db_;
  sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_FKEY, options.foreign_keys ? 1 : 0, nullptr);
  const int strings = options.double_quoted_strings ? 1 : 0;
  sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DML, strings, nullptr);
  sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DDL, strings, nullptr);
  sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, options.defensive ? 1 : 0, nullptr);
  sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, nullptr);
  TakeAwayTokenizers(db);
  sqlite3_busy_timeout(db, options.timeout);
  InstallCallbacks(*made);
  return made;
}

Connection::~Connection() {
  Close();
}

void Connection::EndDependents() {
  while (!backups_.empty()) (*backups_.begin())->Finish();
  FinalizeStatements();
  while (!sessions_.empty()) (*sessions_.begin())->Delete();
}

void Connection::Close() {
  const std::lock_guard lock(mutex_);
  if (db_ == nullptr) return;
  EndDependents();
  sqlite3_close_v2(std::exchange(db_, nullptr));
}

void Connection::CloseForShutdown() {
  std::unique_lock lock(mutex_, std::try_to_lock);
  if (lock.owns_lock() && callback_depth == 0) Close();
  exception.Reset();
}

size_t Connection::MemoryUsed() {
  if (db_ == nullptr) return 0;
  // The connection and its statements by estimate: SQLite would walk through all of them.
  constexpr size_t kConnection = 32 * 1024;
  constexpr size_t kStatement = 2 * 1024;
  int now = 0;
  int high = 0;
  if (sqlite3_db_status(db_, SQLITE_DBSTATUS_CACHE_USED, &now, &high, 0) != SQLITE_OK) now = 0;
  return kConnection + kStatement * statement_count_ + static_cast<size_t>(std::max(now, 0));
}

void CloseDatabases(OpHost& host) {
  static_cast<SqliteState&>(*host.FindState("sqlite")).CloseAll();
}

void SqliteState::CloseAll() {
  for (const auto& each : connections_) {
    if (auto connection = each.lock()) connection->CloseForShutdown();
  }
  connections_.clear();
}

void SqliteState::Shutdown() {
  CloseAll();
  if (vfs_) vfs_->Detach();
  vfs_.reset();
  if (own_vfs_) own_vfs_->Detach();
  own_vfs_.reset();
  shapes_.clear();
  for (auto& each : templates) each.Reset();
  counts.Reset();
  nothing.Reset();
}

Result<std::shared_ptr<Vfs>> SqliteState::GetVfs() {
  if (!vfs_) {
    RT_TRY(vfs_, Vfs::Create(&host_.permissions()));
  }
  return vfs_;
}

Result<std::shared_ptr<Vfs>> SqliteState::GetOwnVfs() {
  if (!own_vfs_) {
    PermissionOptions options;
    options.AllowAll();
    RT_TRY(Permissions permissions, Permissions::FromOptions(options));
    own_permissions_ = std::make_unique<Permissions>(std::move(permissions));
    RT_TRY(own_vfs_, Vfs::Create(own_permissions_.get()));
  }
  return own_vfs_;
}

void SetStorageFolder(OpHost& host, std::string folder) {
  static_cast<SqliteState&>(*host.FindState("sqlite")).storage_folder = std::move(folder);
}

std::string StorageOwner(OpHost& host) {
  const RunInfo& info = host.run_info();
  if (info.is_worker)
    return static_cast<SqliteState&>(*host.FindState("sqlite")).worker_storage_owner;
  if (info.location.empty()) return info.main_module;
  const size_t name = info.location.find("://");
  if (name == std::string::npos) return info.location;
  return info.location.substr(0, info.location.find('/', name + 3));
}

void SetStorageOwner(OpHost& host, std::string owner) {
  static_cast<SqliteState&>(*host.FindState("sqlite")).worker_storage_owner = std::move(owner);
}

void SqliteState::Add(const std::shared_ptr<Connection>& connection) {
  if (connections_.size() >= 64 && connections_.size() == connections_.capacity()) {
    std::erase_if(connections_, [](const auto& each) { return each.expired(); });
  }
  connections_.push_back(connection);
}

}  // namespace rt
