// Connection: an open database, with the statements, sessions and backups that hang on it. It knows
// no JavaScript object, so that whatever order the collector frees those in, each can end its part:
// statements and sessions are cores that the garbage-collected object and the connection both know.
// The runtime's thread, but for backups, whose steps run on the pool under Lock().
#pragma once

#include <sqlite3.h>
#include <v8.h>

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "src/ext/sqlite/vfs.h"
#include "src/op/op_host.h"

namespace rt {

class DatabaseObject;
class Connection;
struct RowShape;

// A prepared statement; null once the database was closed or the statement was.
struct StatementCore {
  StatementCore(std::shared_ptr<Connection> owner, sqlite3_stmt* prepared);
  ~StatementCore() { Finalize(); }
  StatementCore(const StatementCore&) = delete;
  StatementCore& operator=(const StatementCore&) = delete;
  void Finalize();
  // Ends the execution under way.
  void Reset();
  // Ends the execution an iterator of this generation left under way, if it still is.
  void EndIteration(uint64_t of_generation);

  std::shared_ptr<Connection> connection;
  sqlite3_stmt* statement;
  StatementCore* previous = nullptr;  // in the connection's list
  StatementCore* next = nullptr;
  bool busy = false;               // being executed right now: a callback may not touch it
  bool stands = false;             // an execution was left where it is, for an iterator
  bool has_names = false;          // a parameter is ":name", "@name" or "$name"
  uint64_t generation = 0;         // counts executions: who iterates notices that another began
  std::vector<std::string> texts;  // what is bound, by parameter, for as long as it is
};

struct SessionCore {
  SessionCore(std::shared_ptr<Connection> owner, sqlite3_session* made);
  ~SessionCore() { Delete(); }
  SessionCore(const SessionCore&) = delete;
  SessionCore& operator=(const SessionCore&) = delete;
  void Delete();

  std::shared_ptr<Connection> connection;
  sqlite3_session* session;
};

// A copy under way into a connection of its own.
struct BackupCore {
  BackupCore(std::shared_ptr<Connection> from, sqlite3* to) : source(std::move(from)), target(to) {}
  ~BackupCore() { Finish(); }
  BackupCore(const BackupCore&) = delete;
  BackupCore& operator=(const BackupCore&) = delete;
  // `backup` is null if it failed; the target has the error.
  void Begin(const std::string& target_name, const std::string& source_name);
  // Any thread.
  void Finish();

  std::shared_ptr<Connection> source;
  sqlite3* target;
  sqlite3_backup* backup = nullptr;
};

struct ConnectionOptions {
  std::string path;
  bool read_only = false;
  bool foreign_keys = true;
  bool double_quoted_strings = false;
  bool defensive = true;
  int32_t timeout = 0;
};

class Connection : public std::enable_shared_from_this<Connection> {
 public:
  // `*code`: SQLite's, if it failed for a reason of SQLite's; then the error has its words.
  static Result<std::shared_ptr<Connection>> Open(OpHost& host, std::shared_ptr<Vfs> vfs,
                                                  const ConnectionOptions& options, int* code);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  sqlite3* db() const { return db_; }
  bool is_open() const { return db_ != nullptr; }
  Vfs& vfs() { return *vfs_; }
  const std::shared_ptr<Vfs>& shared_vfs() const { return vfs_; }
  OpHost& host() { return host_; }

  // Ends all that hangs on it, and it. Not while a callback runs.
  void Close();
  void FinalizeStatements() {
    while (statements_ != nullptr) statements_->Finalize();
  }
  // At the end of the runtime: the same, unless the pool is at work on it.
  void CloseForShutdown();

  // Excludes the pool, if a backup is under way.
  std::unique_lock<std::recursive_mutex> Lock() {
    std::unique_lock lock(mutex_, std::defer_lock);
    if (backup_count_ > 0) lock.lock();
    return lock;
  }
  std::recursive_mutex& mutex() { return mutex_; }

  // Bytes SQLite holds for it, about.
  size_t MemoryUsed();

  // What callbacks need, while an op runs (RunScope).
  DatabaseObject* owner = nullptr;  // null: no JavaScript may run
  int callback_depth = 0;
  // Why it may not be used now, though it is open: a script that SQLite asks must not lead back
  // into it. Null: it may.
  const char* refuses_use = nullptr;
  bool terminated = false;          // JavaScript was stopped inside a callback
  v8::Global<v8::Value> exception;  // what a callback threw
  v8::Isolate* isolate() { return host_.isolate(); }
  // Where the owner kept values of functions SQLite has dropped by now.
  std::vector<uint32_t> dead_slots;
  std::optional<uint32_t> authorizer_slot;

 private:
  friend struct StatementCore;
  friend struct SessionCore;
  friend struct BackupCore;
  Connection(OpHost& host, std::shared_ptr<Vfs> vfs) : host_(host), vfs_(std::move(vfs)) {}
  void EndDependents();

  OpHost& host_;
  std::shared_ptr<Vfs> vfs_;
  sqlite3* db_ = nullptr;
  std::recursive_mutex mutex_;
  // A list: thousands may wait for the collector, and a set of them is in nobody's cache.
  StatementCore* statements_ = nullptr;
  size_t statement_count_ = 0;
  std::unordered_set<SessionCore*> sessions_;
  std::unordered_set<BackupCore*> backups_;  // under the mutex
  std::atomic<int> backup_count_ = 0;
};

// Per runtime: its file layer, made with the first database, and who is open.
class SqliteState final : public ExtensionState {
 public:
  explicit SqliteState(OpHost& host) : host_(host) {}
  void Shutdown() override;
  void CloseAll();

  Result<std::shared_ptr<Vfs>> GetVfs();
  // The same for rt's own files, with all permissions; no script gets a database of it.
  Result<std::shared_ptr<Vfs>> GetOwnVfs();
  Permissions& own_permissions() { return *own_permissions_; }
  std::string storage_folder;
  bool storage_in_memory = false;  // the folder cannot be made
  std::string worker_storage_owner;
  void Add(const std::shared_ptr<Connection>& connection);

  // What rows with these columns share (rows.h), to be filled in if it is null.
  std::shared_ptr<RowShape>& ShapeOf(const std::string& columns) {
    constexpr size_t kMostShapes = 512;
    if (shapes_.size() >= kMostShapes) shapes_.clear();
    return shapes_[columns];
  }

  v8::Global<v8::FunctionTemplate>
      templates[4];                    // wrappers: database, statement, iterator, session
  v8::Global<v8::ArrayBuffer> counts;  // of op_sqlite_counts
  v8::Global<v8::Function> nothing;    // does that; for ServeInterrupts, which makes it

 private:
  OpHost& host_;
  std::shared_ptr<Vfs> vfs_;
  std::shared_ptr<Vfs> own_vfs_;
  std::unique_ptr<Permissions> own_permissions_;
  std::vector<std::weak_ptr<Connection>> connections_;
  std::unordered_map<std::string, std::shared_ptr<RowShape>> shapes_;
};

}  // namespace rt
