// Ops on databases and sessions. js/node/sqlite.js has checked types and options.
#include <unistd.h>

#include "src/engine/strings.h"
#include "src/ext/sqlite/callbacks.h"
#include "src/ext/sqlite/changeset.h"
#include "src/ext/sqlite/objects.h"
#include "src/ext/sqlite/sqlite.h"
#include "src/ext/sqlite/values.h"
#include "src/op/op.h"
#include "src/permissions/database_sinks.h"

namespace rt {

RT_STRUCT(ConnectionOptions, RT_FIELD(path), RT_FIELD(read_only), RT_FIELD(foreign_keys),
          RT_FIELD(double_quoted_strings), RT_FIELD(defensive), RT_FIELD(timeout))
RT_STRUCT(FunctionFlags, RT_FIELD(deterministic), RT_FIELD(direct_only), RT_FIELD(big_ints))

namespace {

using Maybe = v8::MaybeLocal<v8::Value>;

Maybe op_sqlite_new(OpContext& cx, ConnectionOptions options) {
  v8::Isolate* isolate = cx.isolate();
  return MakeWrapped<DatabaseObject>(isolate, StateOf(cx.host()).templates[0], "Database", isolate,
                                     std::move(options), v8::Array::New(isolate));
}

Maybe op_sqlite_open(OpContext& cx, DatabaseObject* database) {
  SqliteState& state = StateOf(cx.host());
  if (database->is_open()) return ThrowInvalidState(cx.host(), "database is already open");
  int code = SQLITE_OK;
  auto vfs = state.GetVfs();
  Result<std::shared_ptr<Connection>> opened =
      vfs.ok() ? Connection::Open(cx.host(), *vfs, database->options(), &code)
               : Result<std::shared_ptr<Connection>>(vfs.TakeError());
  if (!opened.ok()) {
    if (code != SQLITE_OK) return ThrowSqliteCode(cx.host(), code, opened.error().message);
    cx.host().errors().Throw(cx.isolate(), opened.error());
    return {};
  }
  state.Add(*opened);
  database->set_connection(std::move(*opened));
  return v8::Undefined(cx.isolate()).As<v8::Value>();
}

Maybe op_sqlite_close(OpContext& cx, DatabaseObject* database) {
  if (!CheckUsable(cx.host(), database)) return {};
  Connection& connection = *database->connection();
  if (connection.callback_depth > 0) {
    return ThrowInvalidState(cx.host(),
                             "cannot close database while a user-defined callback is running");
  }
  connection.Close();
  database->set_connection(nullptr);
  return v8::Undefined(cx.isolate()).As<v8::Value>();
}

bool op_sqlite_is_open(OpContext&, DatabaseObject* database) {
  return database->is_open();
}

Maybe op_sqlite_is_transaction(OpContext& cx, DatabaseObject* database) {
  if (!CheckUsable(cx.host(), database)) return {};
  return v8::Boolean::New(cx.isolate(), sqlite3_get_autocommit(database->connection()->db()) == 0)
      .As<v8::Value>();
}

Maybe op_sqlite_exec(OpContext& cx, DatabaseObject* database, std::string sql) {
  if (!CheckUsable(cx.host(), database)) return {};
  RunScope scope(database);
  const int code = sqlite3_exec(scope.db(), sql.c_str(), nullptr, nullptr, nullptr);
  database->UpdateMemory();
  if (code != SQLITE_OK) return ThrowSqlite(scope.connection(), code);
  return v8::Undefined(cx.isolate()).As<v8::Value>();
}

Maybe op_sqlite_prepare(OpContext& cx, DatabaseObject* database, std::string sql,
                        uint32_t flag_bits) {
  if (!CheckUsable(cx.host(), database)) return {};
  RunScope scope(database);
  sqlite3_stmt* prepared = nullptr;
  // The size counts the NUL at the end, which spares SQLite a copy.
  const int code = sqlite3_prepare_v2(scope.db(), sql.c_str(), static_cast<int>(sql.size()) + 1,
                                      &prepared, nullptr);
  if (code != SQLITE_OK) return ThrowSqlite(scope.connection(), code);
  if (prepared == nullptr) {
    return ThrowInvalidState(cx.host(), "The supplied SQL string contains no statements");
  }
  auto core = std::make_shared<StatementCore>(database->connection(), prepared);
  return MakeWrapped<StatementObject>(cx.isolate(), StateOf(cx.host()).templates[1], "Statement",
                                      database, std::move(core), StatementFlags::OfBits(flag_bits));
}

Maybe op_sqlite_location(OpContext& cx, DatabaseObject* database, std::string name) {
  if (!CheckUsable(cx.host(), database)) return {};
  const char* path = sqlite3_db_filename(database->connection()->db(), name.c_str());
  if (path == nullptr || *path == '\0') return v8::Null(cx.isolate()).As<v8::Value>();
  return ToV8String(cx.isolate(), path).As<v8::Value>();
}

Maybe op_sqlite_function(OpContext& cx, DatabaseObject* database, std::string name,
                         int32_t arguments, FunctionFlags flags, v8::Local<v8::Function> function) {
  if (!CheckUsable(cx.host(), database)) return {};
  RunScope scope(database);
  const int code = CreateFunction(database, name, arguments, flags, function);
  if (code != SQLITE_OK) return ThrowSqlite(scope.connection(), code);
  return v8::Undefined(cx.isolate()).As<v8::Value>();
}

Maybe op_sqlite_aggregate(OpContext& cx, DatabaseObject* database, std::string name,
                          int32_t arguments, FunctionFlags flags, v8::Local<v8::Value> start,
                          v8::Local<v8::Value> step, v8::Local<v8::Value> result,
                          v8::Local<v8::Value> inverse) {
  if (!CheckUsable(cx.host(), database)) return {};
  RunScope scope(database);
  const int code =
      CreateAggregate(database, name, arguments, flags, {start, step, result, inverse});
  if (code != SQLITE_OK) return ThrowSqlite(scope.connection(), code);
  return v8::Undefined(cx.isolate()).As<v8::Value>();
}

Maybe op_sqlite_set_authorizer(OpContext& cx, DatabaseObject* database,
                               v8::Local<v8::Value> function) {
  if (!CheckUsable(cx.host(), database)) return {};
  RunScope scope(database);
  SetAuthorizer(database, function);
  return v8::Undefined(cx.isolate()).As<v8::Value>();
}

Maybe op_sqlite_set_defensive(OpContext& cx, DatabaseObject* database, bool active) {
  if (!CheckUsable(cx.host(), database)) return {};
  sqlite3_db_config(database->connection()->db(), SQLITE_DBCONFIG_DEFENSIVE, active ? 1 : 0,
                    nullptr);
  return v8::Undefined(cx.isolate()).As<v8::Value>();
}

// The limit before; a negative value changes nothing.
Maybe op_sqlite_limit(OpContext& cx, DatabaseObject* database, int32_t which, int32_t value) {
  if (!CheckUsable(cx.host(), database)) return {};
  return v8::Integer::New(cx.isolate(), sqlite3_limit(database->connection()->db(), which, value))
      .As<v8::Value>();
}

Maybe op_sqlite_session(OpContext& cx, DatabaseObject* database, std::optional<std::string> table,
                        std::string name) {
  if (!CheckUsable(cx.host(), database)) return {};
  RunScope scope(database);
  sqlite3_session* made = nullptr;
  int code = sqlite3session_create(scope.db(), name.c_str(), &made);
  if (code != SQLITE_OK) return ThrowSqlite(scope.connection(), code);
  auto core = std::make_shared<SessionCore>(database->connection(), made);
  code = sqlite3session_attach(made, table ? table->c_str() : nullptr);
  if (code != SQLITE_OK) return ThrowSqlite(scope.connection(), code);
  return MakeWrapped<SessionObject>(cx.isolate(), StateOf(cx.host()).templates[3], "Session",
                                    database, std::move(core));
}

bool CheckSession(OpHost& host, SessionObject* session) {
  if (!CheckUsable(host, session->database())) return false;
  if (session->core().session != nullptr &&
      session->core().connection == session->database()->connection()) {
    return true;
  }
  ThrowInvalidState(host, "session is not open");
  return false;
}

Maybe op_sqlite_changeset(OpContext& cx, SessionObject* session, bool patchset) {
  if (!CheckSession(cx.host(), session)) return {};
  RunScope scope(session->database());
  int size = 0;
  void* data = nullptr;
  const int code = patchset ? sqlite3session_patchset(session->core().session, &size, &data)
                            : sqlite3session_changeset(session->core().session, &size, &data);
  if (code != SQLITE_OK) return ThrowSqliteCode(cx.host(), code, sqlite3_errstr(code));
  Maybe bytes = BytesToJs(cx.isolate(), data, static_cast<size_t>(size));
  sqlite3_free(data);
  return bytes;
}

Maybe op_sqlite_session_close(OpContext& cx, SessionObject* session) {
  if (!CheckSession(cx.host(), session)) return {};
  if (session->database()->connection()->callback_depth > 0) {
    return ThrowInvalidState(cx.host(),
                             "cannot close session while a user-defined callback is running");
  }
  session->core().Delete();
  return v8::Undefined(cx.isolate()).As<v8::Value>();
}

bool op_sqlite_session_is_open(OpContext&, SessionObject* session) {
  return session->core().session != nullptr;
}

Maybe op_sqlite_apply_changeset(OpContext& cx, DatabaseObject* database, Bytes changeset,
                                v8::Local<v8::Value> filter, v8::Local<v8::Value> on_conflict) {
  if (!CheckUsable(cx.host(), database)) return {};
  // A handler may change the array meanwhile.
  Bytes copy = Bytes::Copy(changeset.view());
  if (!IsWholeChangeset({copy.data(), copy.size()})) {
    return ThrowSqliteCode(cx.host(), SQLITE_CORRUPT, sqlite3_errstr(SQLITE_CORRUPT));
  }
  RunScope scope(database);
  const int code = ApplyChangeset(database, std::move(copy), filter, on_conflict);
  Connection& connection = scope.connection();
  if (connection.terminated || !connection.exception.IsEmpty()) {
    return ThrowSqlite(connection, code);
  }
  if (code == SQLITE_OK || code == SQLITE_ABORT) {
    return v8::Boolean::New(cx.isolate(), code == SQLITE_OK).As<v8::Value>();
  }
  return ThrowSqliteCode(cx.host(), code, sqlite3_errstr(code));
}

Maybe op_sqlite_serialize(OpContext& cx, DatabaseObject* database, std::string name) {
  if (!CheckUsable(cx.host(), database)) return {};
  RunScope scope(database);
  sqlite3_int64 size = 0;
  unsigned char* data = sqlite3_serialize(scope.db(), name.c_str(), &size, 0);
  // An empty database has no pages, and no bytes.
  if (data == nullptr) {
    const int code = sqlite3_errcode(scope.db());
    if (sqlite3_db_filename(scope.db(), name.c_str()) == nullptr) {
      return ThrowSqliteCode(cx.host(), SQLITE_ERROR, "unknown database " + name);
    }
    if (code != SQLITE_OK && code != SQLITE_ROW && code != SQLITE_DONE) {
      return ThrowSqlite(scope.connection(), code);
    }
    return BytesToJs(cx.isolate(), nullptr, 0);
  }
  Maybe bytes = BytesToJs(cx.isolate(), data, static_cast<size_t>(size));
  sqlite3_free(data);
  return bytes;
}

// SQLite's own way makes a database in memory out of one in a file; here the pages are copied, so
// that is refused.
Maybe op_sqlite_deserialize(OpContext& cx, DatabaseObject* database, Bytes bytes,
                            std::string name) {
  OpHost& host = cx.host();
  if (!CheckUsable(host, database)) return {};
  Connection& connection = *database->connection();
  if (connection.callback_depth > 0) {
    return ThrowInvalidState(host, "cannot deserialize while a user-defined callback is running");
  }
  RunScope scope(database);
  const char* path = sqlite3_db_filename(scope.db(), name.c_str());
  if (path == nullptr) return ThrowSqliteCode(host, SQLITE_ERROR, "unknown database " + name);
  if (*path != '\0') {
    return ThrowCoded(host, ErrorClass::kNotSupported, "ERR_FEATURE_UNAVAILABLE_ON_PLATFORM",
                      "not implemented: deserialize() into a database that is in a file");
  }
  connection.FinalizeStatements();
  Result<OwnedFd> file = OpenAnonymousFile();
  if (!file.ok()) {
    host.errors().Throw(cx.isolate(), file.error());
    return {};
  }
  for (size_t done = 0; done < bytes.size();) {
    const ssize_t put =
        pwrite(file->get(), bytes.data() + done, bytes.size() - done, static_cast<off_t>(done));
    if (put <= 0) return ThrowSqliteCode(host, SQLITE_FULL, sqlite3_errstr(SQLITE_FULL));
    done += static_cast<size_t>(put);
  }
  connection.vfs().OfferImage(std::move(*file));
  sqlite3* source = nullptr;
  int code = sqlite3_open_v2(
      connection.vfs().ImageUri().c_str(), &source,
      SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE,
      connection.vfs().name());
  connection.vfs().OfferImage(OwnedFd());
  if (code == SQLITE_OK) {
    sqlite3_backup* copy = sqlite3_backup_init(scope.db(), name.c_str(), source, "main");
    code = copy == nullptr ? sqlite3_extended_errcode(scope.db()) : sqlite3_backup_step(copy, -1);
    if (copy != nullptr) {
      const int ended = sqlite3_backup_finish(copy);
      if (code == SQLITE_DONE) code = ended;
    }
  }
  sqlite3_close_v2(source);
  database->UpdateMemory();
  if (code != SQLITE_OK) return ThrowSqliteCode(host, code, sqlite3_errstr(code));
  return v8::Undefined(cx.isolate()).As<v8::Value>();
}

constexpr std::array kOps = {
    RT_OP(op_sqlite_new, NoPerm<"opens nothing">),
    RT_OP(op_sqlite_open,
          InBody<"every file is checked when SQLite opens it", Perm::kRead, Perm::kWrite>),
    RT_OP(op_sqlite_close, NoPerm<"a database that is open">),
    RT_OP(op_sqlite_is_open, NoPerm<"a database that is open">),
    RT_OP(op_sqlite_is_transaction, NoPerm<"a database that is open">),
    RT_OP(op_sqlite_exec, RunsSql),
    RT_OP(op_sqlite_prepare, NoPerm<"runs nothing yet">),
    RT_OP(op_sqlite_location, NoPerm<"a database that is open">),
    RT_OP(op_sqlite_function, NoPerm<"a database that is open">),
    RT_OP(op_sqlite_aggregate, NoPerm<"a database that is open">),
    RT_OP(op_sqlite_set_authorizer, NoPerm<"a database that is open">),
    RT_OP(op_sqlite_set_defensive, NoPerm<"a database that is open">),
    RT_OP(op_sqlite_limit, NoPerm<"a database that is open; what it opens is checked anyway">),
    RT_OP(op_sqlite_session, NoPerm<"a database that is open">),
    RT_OP(op_sqlite_changeset, NoPerm<"a database that is open">),
    RT_OP(op_sqlite_session_close, NoPerm<"a database that is open">),
    RT_OP(op_sqlite_session_is_open, NoPerm<"a database that is open">),
    RT_OP(op_sqlite_apply_changeset, NoPerm<"a database that is open">),
    RT_OP(op_sqlite_serialize, NoPerm<"a database that is open">),
    RT_OP(op_sqlite_deserialize, NoPerm<"a database in memory">),
};
static_assert(UniqueNames(kOps));

}  // namespace

Extension SqliteExtension() {
  return {.name = "sqlite",
          .ops = kOps,
          .make_state = [](OpHost& host) -> std::unique_ptr<ExtensionState> {
            return std::make_unique<SqliteState>(host);
          },
          .lazy = true};
}

}  // namespace rt
