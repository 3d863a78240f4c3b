// See the header.
#include "src/ext/sqlite/callbacks.h"

#include <array>
#include <cstring>
#include <utility>
#include <vector>

#include "src/engine/strings.h"
#include "src/ext/sqlite/values.h"

namespace rt {
namespace {

// What SQLite passes back to a function of ours.
struct FunctionCore {
  Connection* connection;
  uint32_t slot;
  bool big_ints;
};
struct AggregateCore {
  Connection* connection;
  uint32_t start, step, result, inverse;
  bool has_result;
  bool big_ints;
};
// In the memory SQLite keeps for one group.
struct AggregateState {
  bool started;
  bool failed;
  uint32_t slot;
};

// JavaScript may be called now.
bool MayCall(const Connection& connection) {
  return connection.owner != nullptr && !connection.terminated && connection.exception.IsEmpty();
}

// Calls a function and keeps what it throws. Empty: it threw, or may not run.
v8::MaybeLocal<v8::Value> Call(Connection& connection, v8::Local<v8::Value> function, int count,
                               v8::Local<v8::Value>* arguments) {
  v8::Isolate* isolate = connection.isolate();
  v8::Local<v8::Context> context = isolate->GetCurrentContext();
  v8::TryCatch caught(isolate);
  ++connection.callback_depth;
  v8::Local<v8::Value> answer;
  const bool ok = function.As<v8::Function>()
                      ->Call(context, v8::Undefined(isolate), count, arguments)
                      .ToLocal(&answer);
  --connection.callback_depth;
  if (ok) return answer;
  if (!caught.CanContinue() || caught.HasTerminated()) {
    connection.terminated = true;
    caught.ReThrow();
  } else {
    connection.exception.Reset(isolate, caught.Exception());
  }
  return {};
}

// Throws inside a callback: kept, as if the function had.
void KeepException(Connection& connection, v8::TryCatch& caught) {
  if (caught.HasCaught()) connection.exception.Reset(connection.isolate(), caught.Exception());
}

// Arguments for JavaScript, after `first` if that is not empty. False: one cannot be given.
bool TakeArguments(Connection& connection, v8::Local<v8::Value> first, int count,
                   sqlite3_value** values, bool big_ints,
                   std::vector<v8::Local<v8::Value>>* arguments) {
  if (!first.IsEmpty()) arguments->push_back(first);
  v8::TryCatch caught(connection.isolate());
  for (int i = 0; i < count; ++i) {
    v8::Local<v8::Value> value;
    if (!ValueToJs(connection.host(), values[i], big_ints, -1).ToLocal(&value)) {
      KeepException(connection, caught);
      return false;
    }
    arguments->push_back(value);
  }
  return true;
}

void RunFunction(sqlite3_context* call, int count, sqlite3_value** values) {
  auto& core = *static_cast<FunctionCore*>(sqlite3_user_data(call));
  Connection& connection = *core.connection;
  if (!MayCall(connection)) return sqlite3_result_error(call, "interrupted", -1);
  v8::Isolate* isolate = connection.isolate();
  v8::HandleScope handles(isolate);
  std::vector<v8::Local<v8::Value>> arguments;
  v8::Local<v8::Value> answer;
  if (!TakeArguments(connection, {}, count, values, core.big_ints, &arguments) ||
      !Call(connection, connection.owner->Value(isolate->GetCurrentContext(), core.slot),
            static_cast<int>(arguments.size()), arguments.data())
           .ToLocal(&answer)) {
    return sqlite3_result_error(call, "", 0);
  }
  SetResult(isolate, call, answer);
}

// The state of this group, begun if it is new. Null: it cannot be used.
AggregateState* StateOfGroup(sqlite3_context* call, AggregateCore& core) {
  auto* state =
      static_cast<AggregateState*>(sqlite3_aggregate_context(call, sizeof(AggregateState)));
  if (state == nullptr || state->failed) return nullptr;
  if (state->started) return state;
  Connection& connection = *core.connection;
  v8::Local<v8::Context> context = connection.isolate()->GetCurrentContext();
  v8::Local<v8::Value> start = connection.owner->Value(context, core.start);
  if (start->IsFunction() && !Call(connection, start, 0, nullptr).ToLocal(&start)) {
    state->failed = true;
    return nullptr;
  }
  state->slot = connection.owner->KeepValue(context, start);
  state->started = true;
  return state;
}

void StepOrInverse(sqlite3_context* call, int count, sqlite3_value** values, bool inverse) {
  auto& core = *static_cast<AggregateCore*>(sqlite3_user_data(call));
  Connection& connection = *core.connection;
  if (!MayCall(connection)) return sqlite3_result_error(call, "interrupted", -1);
  v8::Isolate* isolate = connection.isolate();
  v8::HandleScope handles(isolate);
  v8::Local<v8::Context> context = isolate->GetCurrentContext();
  AggregateState* state = StateOfGroup(call, core);
  if (state == nullptr) return sqlite3_result_error(call, "", 0);
  std::vector<v8::Local<v8::Value>> arguments;
  v8::Local<v8::Value> next;
  if (!TakeArguments(connection, connection.owner->Value(context, state->slot), count, values,
                     core.big_ints, &arguments) ||
      !Call(connection, connection.owner->Value(context, inverse ? core.inverse : core.step),
            static_cast<int>(arguments.size()), arguments.data())
           .ToLocal(&next)) {
    return sqlite3_result_error(call, "", 0);
  }
  connection.owner->SetValue(context, state->slot, next);
}

void Step(sqlite3_context* call, int count, sqlite3_value** values) {
  StepOrInverse(call, count, values, false);
}
void Inverse(sqlite3_context* call, int count, sqlite3_value** values) {
  StepOrInverse(call, count, values, true);
}

void GiveResult(sqlite3_context* call, bool final) {
  auto& core = *static_cast<AggregateCore*>(sqlite3_user_data(call));
  Connection& connection = *core.connection;
  // SQLite ends groups of statements that are given up, too, even while the collector runs.
  if (!MayCall(connection)) {
    auto* state = static_cast<AggregateState*>(sqlite3_aggregate_context(call, 0));
    if (final && state != nullptr && state->started) {
      connection.dead_slots.push_back(state->slot);
    }
    return sqlite3_result_error(call, "interrupted", -1);
  }
  v8::Isolate* isolate = connection.isolate();
  v8::HandleScope handles(isolate);
  v8::Local<v8::Context> context = isolate->GetCurrentContext();
  AggregateState* state = StateOfGroup(call, core);
  if (state == nullptr) return sqlite3_result_error(call, "", 0);
  v8::Local<v8::Value> value = connection.owner->Value(context, state->slot);
  const bool ok =
      !core.has_result ||
      Call(connection, connection.owner->Value(context, core.result), 1, &value).ToLocal(&value);
  if (final) {
    connection.owner->DropValue(context, state->slot);
    state->started = false;
  }
  if (!ok) return sqlite3_result_error(call, "", 0);
  SetResult(isolate, call, value);
}

void Value(sqlite3_context* call) {
  GiveResult(call, false);
}
void Final(sqlite3_context* call) {
  GiveResult(call, true);
}

int RunAuthorizer(Connection& connection, int action, std::array<const char*, 4> details) {
  if (!MayCall(connection)) return SQLITE_DENY;
  v8::Isolate* isolate = connection.isolate();
  v8::HandleScope handles(isolate);
  v8::Local<v8::Context> context = isolate->GetCurrentContext();
  std::vector<v8::Local<v8::Value>> arguments{v8::Integer::New(isolate, action)};
  for (const char* detail : details) {
    v8::Local<v8::Value> value = v8::Null(isolate);
    if (detail != nullptr) {
      v8::Local<v8::String> text;
      if (!TryToV8String(isolate, detail).ToLocal(&text)) return SQLITE_DENY;
      value = text;
    }
    arguments.push_back(value);
  }
  const char* const before = std::exchange(
      connection.refuses_use, "database cannot be used inside its authorizer callback");
  v8::Local<v8::Value> answer;
  const bool ok = Call(connection, connection.owner->Value(context, *connection.authorizer_slot),
                       static_cast<int>(arguments.size()), arguments.data())
                      .ToLocal(&answer);
  connection.refuses_use = before;
  if (!ok) return SQLITE_DENY;
  v8::TryCatch caught(isolate);
  if (!answer->IsInt32()) {
    ThrowCoded(connection.host(), ErrorClass::kTypeError, "ERR_INVALID_ARG_TYPE",
               "Authorizer callback must return an integer authorization code");
    KeepException(connection, caught);
    return SQLITE_DENY;
  }
  const int code = answer.As<v8::Int32>()->Value();
  if (code == SQLITE_OK || code == SQLITE_DENY || code == SQLITE_IGNORE) return code;
  ThrowCoded(connection.host(), ErrorClass::kRangeError, "ERR_OUT_OF_RANGE",
             "Authorizer callback returned an invalid authorization code");
  KeepException(connection, caught);
  return SQLITE_DENY;
}

bool Is(const char* text, const char* name) {
  return text != nullptr && sqlite3_stricmp(text, name) == 0;
}

int Authorize(void* data, int action, const char* first, const char* second, const char* database,
              const char* trigger) {
  auto& connection = *static_cast<Connection*>(data);
  // Loading code is out of the question, and these two pragmas set folders for the whole process.
  if (action == SQLITE_FUNCTION && (Is(second, "load_extension") || Is(second, "fts3_tokenizer"))) {
    return SQLITE_DENY;
  }
  if (action == SQLITE_PRAGMA &&
      (Is(first, "temp_store_directory") || Is(first, "data_store_directory"))) {
    return SQLITE_DENY;
  }
  if (!connection.authorizer_slot) return SQLITE_OK;
  return RunAuthorizer(connection, action, {first, second, database, trigger});
}

int CheckProgress(void* data) {
  return ServeInterrupts(*static_cast<Connection*>(data)) ? 0 : 1;
}

// Of the runtime; empty if there is no memory for it.
v8::MaybeLocal<v8::Function> FunctionThatDoesNothing(Connection& connection) {
  v8::Isolate* isolate = connection.isolate();
  v8::Global<v8::Function>& made = StateOf(connection.host()).nothing;
  if (made.IsEmpty()) {
    v8::ScriptOrigin origin(ToV8String(isolate, "rt:sqlite_interrupt.js"));
    v8::ScriptCompiler::Source source(ToV8String(isolate, ""), origin);
    v8::Local<v8::Function> function;
    if (!v8::ScriptCompiler::CompileFunction(isolate->GetCurrentContext(), &source)
             .ToLocal(&function)) {
      return {};
    }
    made.Reset(isolate, function);
  }
  return made.Get(isolate);
}

struct ChangesetCall {
  Connection* connection;
  v8::Local<v8::Value> filter;
  v8::Local<v8::Value> on_conflict;
};

int FilterTable(void* data, const char* table) {
  auto& call = *static_cast<ChangesetCall*>(data);
  if (!MayCall(*call.connection)) return 0;
  v8::Isolate* isolate = call.connection->isolate();
  v8::HandleScope handles(isolate);
  v8::Local<v8::String> name;
  if (!TryToV8String(isolate, table).ToLocal(&name)) return 0;
  v8::Local<v8::Value> arguments[] = {name};
  v8::Local<v8::Value> answer;
  if (!Call(*call.connection, call.filter, 1, arguments).ToLocal(&answer)) return 0;
  return answer->BooleanValue(isolate);
}

int OnConflict(void* data, int kind, sqlite3_changeset_iter*) {
  auto& call = *static_cast<ChangesetCall*>(data);
  if (call.on_conflict->IsUndefined() || !MayCall(*call.connection)) return SQLITE_CHANGESET_ABORT;
  v8::Isolate* isolate = call.connection->isolate();
  v8::HandleScope handles(isolate);
  v8::Local<v8::Value> arguments[] = {v8::Integer::New(isolate, kind)};
  v8::Local<v8::Value> answer;
  if (!Call(*call.connection, call.on_conflict, 1, arguments).ToLocal(&answer)) {
    return SQLITE_CHANGESET_ABORT;
  }
  // Anything else is a misuse, and SQLite says so.
  return answer->IsInt32() ? answer.As<v8::Int32>()->Value() : -1;
}

int TextFlags(FunctionFlags flags) {
  return SQLITE_UTF8 | (flags.deterministic ? SQLITE_DETERMINISTIC : 0) |
         (flags.direct_only ? SQLITE_DIRECTONLY : 0);
}

}  // namespace

bool ServeInterrupts(Connection& connection) {
  if (connection.terminated || connection.host().exit_requested()) return false;
  if (!MayCall(connection)) return true;
  v8::Isolate* isolate = connection.isolate();
  v8::HandleScope handles(isolate);
  v8::TryCatch caught(isolate);
  v8::Local<v8::Function> nothing;
  if (FunctionThatDoesNothing(connection).ToLocal(&nothing)) {
    // What interrupts may be a debugger, and run what it likes.
    const char* const before = std::exchange(
        connection.refuses_use, "database cannot be used while a statement of it is interrupted");
    ++connection.callback_depth;
    const bool returned =
        !nothing->Call(isolate->GetCurrentContext(), v8::Undefined(isolate), 0, nullptr).IsEmpty();
    --connection.callback_depth;
    connection.refuses_use = before;
    if (returned) return true;
  }
  // Anything else would be that there was no stack left for it.
  if (!caught.HasTerminated()) return true;
  connection.terminated = true;
  caught.ReThrow();
  return false;
}

void InstallCallbacks(Connection& connection) {
  constexpr int kInstructionsBetweenChecks = 10000;
  sqlite3_set_authorizer(connection.db(), Authorize, &connection);
  sqlite3_progress_handler(connection.db(), kInstructionsBetweenChecks, CheckProgress, &connection);
}

int CreateFunction(DatabaseObject* database, const std::string& name, int arguments,
                   FunctionFlags flags, v8::Local<v8::Function> function) {
  Connection& connection = *database->connection();
  v8::Local<v8::Context> context = connection.isolate()->GetCurrentContext();
  auto* core =
      new FunctionCore{&connection, database->KeepValue(context, function), flags.big_ints};
  // SQLite calls the destructor also when this fails.
  return sqlite3_create_function_v2(connection.db(), name.c_str(), arguments, TextFlags(flags),
                                    core, RunFunction, nullptr, nullptr, [](void* data) {
                                      auto* dead = static_cast<FunctionCore*>(data);
                                      dead->connection->dead_slots.push_back(dead->slot);
                                      delete dead;
                                    });
}

int CreateAggregate(DatabaseObject* database, const std::string& name, int arguments,
                    FunctionFlags flags, const AggregateFunctions& functions) {
  Connection& connection = *database->connection();
  v8::Local<v8::Context> context = connection.isolate()->GetCurrentContext();
  auto* core = new AggregateCore{&connection,
                                 database->KeepValue(context, functions.start),
                                 database->KeepValue(context, functions.step),
                                 database->KeepValue(context, functions.result),
                                 database->KeepValue(context, functions.inverse),
                                 functions.result->IsFunction(),
                                 flags.big_ints};
  const bool window = functions.inverse->IsFunction();
  return sqlite3_create_window_function(
      connection.db(), name.c_str(), arguments, TextFlags(flags), core, Step, Final,
      window ? Value : nullptr, window ? Inverse : nullptr, [](void* data) {
        auto* dead = static_cast<AggregateCore*>(data);
        for (const uint32_t slot : {dead->start, dead->step, dead->result, dead->inverse}) {
          dead->connection->dead_slots.push_back(slot);
        }
        delete dead;
      });
}

void SetAuthorizer(DatabaseObject* database, v8::Local<v8::Value> function) {
  Connection& connection = *database->connection();
  v8::Local<v8::Context> context = connection.isolate()->GetCurrentContext();
  if (connection.authorizer_slot) {
    database->DropValue(context, *connection.authorizer_slot);
    connection.authorizer_slot.reset();
  }
  if (function->IsFunction()) connection.authorizer_slot = database->KeepValue(context, function);
  // Setting it makes SQLite ask again about statements that are prepared already.
  sqlite3_set_authorizer(connection.db(), Authorize, &connection);
}

int ApplyChangeset(DatabaseObject* database, Bytes changeset, v8::Local<v8::Value> filter,
                   v8::Local<v8::Value> on_conflict) {
  ChangesetCall call{database->connection().get(), filter, on_conflict};
  return sqlite3changeset_apply(database->connection()->db(), static_cast<int>(changeset.size()),
                                changeset.data(), filter->IsFunction() ? FilterTable : nullptr,
                                OnConflict, &call);
}

}  // namespace rt
