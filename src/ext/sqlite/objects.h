// What JavaScript holds of a database: garbage-collected objects. A statement keeps its database,
// an iterator its statement, a session its database; JavaScript values that SQLite calls are kept
// by the database object, where the collector sees them. Destructors end their own core only.
#pragma once

#include <cppgc/member.h>
#include <v8-external-memory-accounter.h>

#include <memory>
#include <utility>
#include <vector>

#include "src/engine/gc_wrapper.h"
#include "src/ext/sqlite/connection.h"
#include "src/op/op_decl.h"

namespace rt {

// What an op needs that runs SQL.
using RunsSql =
    InBody<"ATTACH and VACUUM INTO open files, which are checked then", Perm::kRead, Perm::kWrite>;

class DatabaseObject final : public GcObject {
 public:
  DatabaseObject(v8::Isolate* isolate, ConnectionOptions options, v8::Local<v8::Array> slots)
      : GcObject(GcTypeIdOf<DatabaseObject>()),
        isolate_(isolate),
        options_(std::move(options)),
        slots_(isolate, slots) {}
  ~DatabaseObject() override { SetMemory(0); }
  void Trace(cppgc::Visitor* visitor) const override { visitor->Trace(slots_); }
  const char* GetHumanReadableName() const override { return "rt::Database"; }

  const ConnectionOptions& options() const { return options_; }
  const std::shared_ptr<Connection>& connection() const { return connection_; }
  bool is_open() const { return connection_ && connection_->is_open(); }
  void set_connection(std::shared_ptr<Connection> connection) {
    connection_ = std::move(connection);
    UpdateMemory();
  }

  // Tells V8 what SQLite holds. NoteWork does it now and then.
  void UpdateMemory() { SetMemory(is_open() ? connection_->MemoryUsed() + weight() : 0); }
  void NoteWork() {
    if (++work_ % kWorkBetweenLooks == 0) UpdateMemory();
  }

  // Values SQLite's callbacks need: functions, states of aggregates.
  uint32_t KeepValue(v8::Local<v8::Context> context, v8::Local<v8::Value> value);
  v8::Local<v8::Value> Value(v8::Local<v8::Context> context, uint32_t slot) const;
  void SetValue(v8::Local<v8::Context> context, uint32_t slot, v8::Local<v8::Value> value);
  void DropValue(v8::Local<v8::Context> context, uint32_t slot);

 private:
  static constexpr uint32_t kWorkBetweenLooks = 512;
  // A file's descriptor weighs more than its memory: a process has few.
  size_t weight() const { return options_.path == ":memory:" ? 0 : 256 * 1024; }
  void SetMemory(size_t size) {
    if (size > reported_) memory_.Increase(isolate_, size - reported_);
    if (size < reported_) memory_.Decrease(isolate_, reported_ - size);
    reported_ = size;
  }

  v8::Isolate* isolate_;
  ConnectionOptions options_;
  std::shared_ptr<Connection> connection_;
  v8::TracedReference<v8::Array> slots_;
  std::vector<uint32_t> free_slots_;
  uint32_t slot_count_ = 0;
  uint32_t work_ = 0;
  size_t reported_ = 0;
  v8::ExternalMemoryAccounter memory_;
};

// How values are read and bound. JavaScript names them by bits: 1, 2, 4, 8.
struct StatementFlags {
  static StatementFlags OfBits(uint32_t bits) {
    return {.read_big_ints = (bits & 1) != 0,
            .return_arrays = (bits & 2) != 0,
            .allow_bare = (bits & 4) != 0,
            .allow_unknown = (bits & 8) != 0};
  }

  bool read_big_ints = false;
  bool return_arrays = false;
  bool allow_bare = true;
  bool allow_unknown = false;
};

class StatementObject final : public GcObject {
 public:
  StatementObject(DatabaseObject* database, std::shared_ptr<StatementCore> core,
                  StatementFlags flags)
      : GcObject(GcTypeIdOf<StatementObject>()),
        flags(flags),
        database_(database),
        core_(std::move(core)) {}
  ~StatementObject() override { core_->Finalize(); }
  void Trace(cppgc::Visitor* visitor) const override { visitor->Trace(database_); }
  const char* GetHumanReadableName() const override { return "rt::Statement"; }

  DatabaseObject* database() const { return database_.Get(); }
  StatementCore& core() const { return *core_; }
  const std::shared_ptr<StatementCore>& shared_core() const { return core_; }

  StatementFlags flags;
  // Those of the execution, or of the row of an iterator, that is under way: code that SQLite calls
  // meanwhile may set others, which count from the next one on.
  StatementFlags used;
  // Of the rows; another one when SQLite prepared the statement anew (a schema changed).
  std::shared_ptr<RowShape> shape;
  int shape_of = -1;  // how often it was prepared then

 private:
  cppgc::Member<DatabaseObject> database_;
  std::shared_ptr<StatementCore> core_;
};

class IteratorObject final : public GcObject {
 public:
  IteratorObject(StatementObject* statement)
      : GcObject(GcTypeIdOf<IteratorObject>()),
        generation(statement->core().generation),
        statement_(statement),
        core_(statement->shared_core()) {}
  ~IteratorObject() override { core_->EndIteration(generation); }
  void Trace(cppgc::Visitor* visitor) const override { visitor->Trace(statement_); }
  const char* GetHumanReadableName() const override { return "rt::StatementIterator"; }

  StatementObject* statement() const { return statement_.Get(); }

  const uint64_t generation;
  bool done = false;

 private:
  cppgc::Member<StatementObject> statement_;
  std::shared_ptr<StatementCore> core_;
};

class SessionObject final : public GcObject {
 public:
  SessionObject(DatabaseObject* database, std::shared_ptr<SessionCore> core)
      : GcObject(GcTypeIdOf<SessionObject>()), database_(database), core_(std::move(core)) {}
  ~SessionObject() override { core_->Delete(); }
  void Trace(cppgc::Visitor* visitor) const override { visitor->Trace(database_); }
  const char* GetHumanReadableName() const override { return "rt::Session"; }

  DatabaseObject* database() const { return database_.Get(); }
  SessionCore& core() const { return *core_; }

 private:
  cppgc::Member<DatabaseObject> database_;
  std::shared_ptr<SessionCore> core_;
};

// The state of the three extensions of this folder is one: that of "sqlite".
SqliteState& StateOf(OpHost& host);

// While an op uses a connection: keeps the pool out, lets callbacks run JavaScript, and forgets
// what failed before.
class RunScope {
 public:
  explicit RunScope(DatabaseObject* database)
      : connection_(database->connection()), lock_(connection_->Lock()) {
    before_ = connection_->owner;
    connection_->owner = database;
    in_use_before_ = std::exchange(connection_->vfs().in_use, connection_.get());
    if (before_ == nullptr) {
      connection_->vfs().TakeRefusal();
      DropDeadValues(database);
    }
    database->NoteWork();
  }
  ~RunScope() {
    connection_->owner = before_;
    connection_->vfs().in_use = in_use_before_;
  }
  RunScope(const RunScope&) = delete;
  RunScope& operator=(const RunScope&) = delete;

  Connection& connection() const { return *connection_; }
  sqlite3* db() const { return connection_->db(); }

 private:
  void DropDeadValues(DatabaseObject* database);

  std::shared_ptr<Connection> connection_;
  std::unique_lock<std::recursive_mutex> lock_;
  DatabaseObject* before_;
  Connection* in_use_before_;
};

// Throw, and return nothing, which ops pass on.
v8::Local<v8::Value> ThrowInvalidState(OpHost& host, const char* message);
v8::Local<v8::Value> ThrowCoded(OpHost& host, ErrorClass error_class, const char* code,
                                std::string message);
// What made the last call of SQLite's fail: what a callback threw, what the permissions refused, or
// SQLite's own error with `errcode` and `errstr`.
v8::Local<v8::Value> ThrowSqlite(Connection& connection, int code);
// The same by code alone.
v8::Local<v8::Value> ThrowSqliteCode(OpHost& host, int code, std::string message);

// Throws unless the database is open and may be used now. `depth_ok`: also inside a callback.
bool CheckUsable(OpHost& host, DatabaseObject* database);

}  // namespace rt
