// Ops on statements and iterators: the hot ones.
#include "src/engine/strings.h"
#include "src/ext/sqlite/objects.h"
#include "src/ext/sqlite/rows.h"
#include "src/ext/sqlite/sqlite.h"
#include "src/ext/sqlite/values.h"
#include "src/op/op.h"

namespace rt {
namespace {

using Maybe = v8::MaybeLocal<v8::Value>;

bool CheckStatement(OpHost& host, StatementObject* statement) {
  StatementCore& core = statement->core();
  if (core.statement == nullptr) {
    ThrowInvalidState(host, "statement has been finalized");
    return false;
  }
  if (!CheckUsable(host, statement->database())) return false;
  if (core.busy) {
    ThrowInvalidState(host, "statement is being executed");
    return false;
  }
  return true;
}

// One execution: binds, and at its end resets. Keeps callbacks away from the statement meanwhile.
class Execution {
 public:
  explicit Execution(StatementObject* statement)
      : scope_(statement->database()), statement_(*statement), core_(statement->core()) {
    core_.busy = true;
    statement_.used = statement_.flags;
    ++core_.generation;
    // Whatever that failed with has been told then.
    if (std::exchange(core_.stands, false)) core_.Reset();
  }
  ~Execution() {
    if (resets_) core_.Reset();
    core_.busy = false;
  }
  Execution(const Execution&) = delete;
  Execution& operator=(const Execution&) = delete;

  bool Bind(const SqlArguments& arguments) { return BindArguments(statement_, arguments); }
  // SQLITE_ROW or SQLITE_DONE, or anything else.
  int Step() { return sqlite3_step(core_.statement); }
  v8::Local<v8::Value> Throw(int code) { return ThrowSqlite(scope_.connection(), code); }
  // Leaves it where it stands, for an iterator.
  void Keep() {
    resets_ = false;
    core_.stands = true;
  }
  RunScope& scope() { return scope_; }

 private:
  RunScope scope_;
  StatementObject& statement_;
  StatementCore& core_;
  bool resets_ = true;
};

using Value = v8::Local<v8::Value>;

// How many there are, the first few, and, if they are more, all in an array.
SqlArguments Gather(uint32_t count, Value a, Value b, Value c, Value d, Value all) {
  SqlArguments arguments{.count = count, .few = {a, b, c, d}, .all = {}};
  if (count > SqlArguments::kFew) {
    RT_CHECK(all->IsArray());  // js/ext/sqlite/statement.js says so
    arguments.all = all.As<v8::Array>();
  }
  return arguments;
}

// Where op_sqlite_run tells what changed, without making an object: [lastInsertRowid, changes].
Maybe op_sqlite_counts(OpContext& cx) {
  SqliteState& state = StateOf(cx.host());
  v8::Isolate* isolate = cx.isolate();
  if (state.counts.IsEmpty()) {
    state.counts.Reset(isolate, v8::ArrayBuffer::New(isolate, 2 * sizeof(double)));
  }
  return v8::Float64Array::New(state.counts.Get(isolate), 0, 2).As<v8::Value>();
}

// {lastInsertRowid, changes} of bigints; or undefined, and numbers are in `counts`.
Maybe op_sqlite_run(OpContext& cx, StatementObject* statement, uint32_t count, Value a, Value b,
                    Value c, Value d, Value all) {
  if (!CheckStatement(cx.host(), statement)) return {};
  static constexpr std::array<std::string_view, 2> kNames{"lastInsertRowid", "changes"};
  v8::Isolate* isolate = cx.isolate();
  sqlite3* db = statement->database()->connection()->db();
  {
    Execution execution(statement);
    if (!execution.Bind(Gather(count, a, b, c, d, all))) return {};
    int code = execution.Step();
    while (code == SQLITE_ROW) code = execution.Step();
    if (code != SQLITE_DONE) return execution.Throw(code);
  }
  const int64_t row = sqlite3_last_insert_rowid(db);
  const int64_t changes = sqlite3_changes64(db);
  if (!statement->used.read_big_ints) {
    auto* counts = static_cast<double*>(StateOf(cx.host()).counts.Get(isolate)->Data());
    counts[0] = static_cast<double>(row);
    counts[1] = static_cast<double>(changes);
    return v8::Undefined(isolate).As<v8::Value>();
  }
  v8::MaybeLocal<v8::Value> values[] = {v8::BigInt::New(isolate, row).As<v8::Value>(),
                                        v8::BigInt::New(isolate, changes).As<v8::Value>()};
  return cx.host()
      .ObjectTemplate(kNames)
      ->NewInstance(isolate->GetCurrentContext(),
                    v8::MemorySpan<v8::MaybeLocal<v8::Value>>(values, std::size(values)))
      .As<v8::Value>();
}

// The first row, perhaps unfinished (rows.h), or undefined.
Maybe op_sqlite_get(OpContext& cx, StatementObject* statement, uint32_t count, Value a, Value b,
                    Value c, Value d, Value all) {
  if (!CheckStatement(cx.host(), statement)) return {};
  Execution execution(statement);
  if (!execution.Bind(Gather(count, a, b, c, d, all))) return {};
  const int code = execution.Step();
  if (code == SQLITE_DONE) return v8::Undefined(cx.isolate()).As<v8::Value>();
  if (code != SQLITE_ROW) return execution.Throw(code);
  if (!UpdateShape(*statement)) return {};
  return MakeRow(*statement);
}

// The rows; or, to be finished by JavaScript, batches of unfinished ones (rows.h).
Maybe op_sqlite_all(OpContext& cx, StatementObject* statement, uint32_t count, Value a, Value b,
                    Value c, Value d, Value all) {
  if (!CheckStatement(cx.host(), statement)) return {};
  v8::Isolate* isolate = cx.isolate();
  Execution execution(statement);
  if (!execution.Bind(Gather(count, a, b, c, d, all))) return {};
  std::vector<v8::Local<v8::Value>> answer;
  int code = execution.Step();
  if (code == SQLITE_ROW && !UpdateShape(*statement)) return {};
  if (UnfinishedRows(*statement)) {
    while (code == SQLITE_ROW) {
      v8::EscapableHandleScope handles(isolate);
      RowBatch batch(*statement);
      do {
        if (!batch.Add()) return {};
        code = execution.Step();
      } while (code == SQLITE_ROW && !batch.full());
      answer.push_back(handles.Escape(batch.Take()));
    }
  }
  while (code == SQLITE_ROW) {
    v8::EscapableHandleScope handles(isolate);
    v8::Local<v8::Value> row;
    if (!MakeRow(*statement).ToLocal(&row)) return {};
    answer.push_back(handles.Escape(row));
    code = execution.Step();
  }
  if (code != SQLITE_DONE) return execution.Throw(code);
  return v8::Array::New(isolate, answer.data(), answer.size()).As<v8::Value>();
}

Maybe op_sqlite_iterate(OpContext& cx, StatementObject* statement, uint32_t count, Value a, Value b,
                        Value c, Value d, Value all) {
  if (!CheckStatement(cx.host(), statement)) return {};
  Execution execution(statement);
  if (!execution.Bind(Gather(count, a, b, c, d, all))) return {};
  execution.Keep();
  return MakeWrapped<IteratorObject>(cx.isolate(), StateOf(cx.host()).templates[2],
                                     "StatementIterator", statement);
}

// The next row, perhaps unfinished (rows.h); undefined at the end.
Maybe op_sqlite_next(OpContext& cx, IteratorObject* iterator) {
  v8::Isolate* isolate = cx.isolate();
  if (iterator->done) return v8::Undefined(isolate).As<v8::Value>();
  StatementObject* statement = iterator->statement();
  if (!CheckStatement(cx.host(), statement)) return {};
  StatementCore& core = statement->core();
  if (core.generation != iterator->generation) {
    return ThrowInvalidState(cx.host(), "iterator was invalidated");
  }
  RunScope scope(statement->database());
  core.busy = true;
  statement->used = statement->flags;
  const int code = sqlite3_step(core.statement);
  core.busy = false;
  if (code == SQLITE_ROW) {
    Maybe row;
    if (UpdateShape(*statement)) row = MakeRow(*statement);
    return row;
  }
  iterator->done = true;
  Maybe answer = v8::Undefined(isolate).As<v8::Value>();
  if (code != SQLITE_DONE) answer = ThrowSqlite(scope.connection(), code);
  core.Reset();
  return answer;
}

Maybe op_sqlite_return(OpContext& cx, IteratorObject* iterator) {
  if (!iterator->done) {
    if (!CheckStatement(cx.host(), iterator->statement())) return {};
    iterator->done = true;
    iterator->statement()->core().EndIteration(iterator->generation);
  }
  return v8::Undefined(cx.isolate()).As<v8::Value>();
}

Maybe op_sqlite_finalize(OpContext& cx, StatementObject* statement) {
  if (!CheckStatement(cx.host(), statement)) return {};
  statement->core().Finalize();
  return v8::Undefined(cx.isolate()).As<v8::Value>();
}

bool op_sqlite_is_finalized(OpContext&, StatementObject* statement) {
  return statement->core().statement == nullptr;
}

v8::Local<v8::Value> TextOrNull(v8::Isolate* isolate, const char* text) {
  if (text == nullptr) return v8::Null(isolate);
  return ToV8String(isolate, text);
}

// [column, database, name, table, type] of each, in one list.
Maybe op_sqlite_columns(OpContext& cx, StatementObject* statement) {
  if (!CheckStatement(cx.host(), statement)) return {};
  sqlite3_stmt* prepared = statement->core().statement;
  v8::Isolate* isolate = cx.isolate();
  std::vector<v8::Local<v8::Value>> values;
  const int count = sqlite3_column_count(prepared);
  for (int i = 0; i < count; ++i) {
    values.push_back(TextOrNull(isolate, sqlite3_column_origin_name(prepared, i)));
    values.push_back(TextOrNull(isolate, sqlite3_column_database_name(prepared, i)));
    values.push_back(TextOrNull(isolate, sqlite3_column_name(prepared, i)));
    values.push_back(TextOrNull(isolate, sqlite3_column_table_name(prepared, i)));
    values.push_back(TextOrNull(isolate, sqlite3_column_decltype(prepared, i)));
  }
  return v8::Array::New(isolate, values.data(), values.size()).As<v8::Value>();
}

Maybe op_sqlite_sql(OpContext& cx, StatementObject* statement, bool expanded) {
  if (statement->core().statement == nullptr) {
    return ThrowInvalidState(cx.host(), "statement has been finalized");
  }
  sqlite3_stmt* prepared = statement->core().statement;
  v8::Local<v8::String> text;
  if (!expanded) {
    if (!TryToV8String(cx.isolate(), sqlite3_sql(prepared)).ToLocal(&text)) return {};
    return text.As<v8::Value>();
  }
  char* made = sqlite3_expanded_sql(prepared);
  if (made == nullptr) {
    return ThrowSqliteCode(cx.host(), SQLITE_TOOBIG,
                           "Expanded SQL text would exceed configured limits");
  }
  const bool ok = TryToV8String(cx.isolate(), made).ToLocal(&text);
  sqlite3_free(made);
  if (!ok) return ThrowSqliteCode(cx.host(), SQLITE_TOOBIG, "Expanded SQL text is too long");
  return text.As<v8::Value>();
}

// 0: readBigInts, 1: returnArrays, 2: allowBareNamedParameters, 3: allowUnknownNamedParameters
Maybe op_sqlite_set_flag(OpContext& cx, StatementObject* statement, uint32_t which, bool on) {
  if (statement->core().statement == nullptr) {
    return ThrowInvalidState(cx.host(), "statement has been finalized");
  }
  StatementFlags& flags = statement->flags;
  bool* const all[] = {&flags.read_big_ints, &flags.return_arrays, &flags.allow_bare,
                       &flags.allow_unknown};
  if (which < std::size(all)) *all[which] = on;
  return v8::Undefined(cx.isolate()).As<v8::Value>();
}

constexpr std::array kOps = {
    RT_OP(op_sqlite_counts, NoPerm<"two numbers">),
    RT_OP(op_sqlite_run, RunsSql),
    RT_OP(op_sqlite_get, RunsSql),
    RT_OP(op_sqlite_all, RunsSql),
    RT_OP(op_sqlite_iterate, NoPerm<"runs nothing yet">),
    RT_OP(op_sqlite_next, RunsSql),
    RT_OP(op_sqlite_return, NoPerm<"a database that is open">),
    RT_OP(op_sqlite_finalize, NoPerm<"a database that is open">),
    RT_OP(op_sqlite_is_finalized, NoPerm<"a database that is open">),
    RT_OP(op_sqlite_columns, NoPerm<"a database that is open">),
    RT_OP(op_sqlite_sql, NoPerm<"a database that is open">),
    RT_OP(op_sqlite_set_flag, NoPerm<"a database that is open">),
};
static_assert(UniqueNames(kOps));

}  // namespace

Extension SqliteStatementExtension() {
  return {.name = "sqlite_statement", .ops = kOps, .lazy = true};
}

}  // namespace rt
