// See the header.
#include "src/ext/sqlite/objects.h"

#include "src/base/check.h"
#include "src/engine/strings.h"

namespace rt {

uint32_t DatabaseObject::KeepValue(v8::Local<v8::Context> context, v8::Local<v8::Value> value) {
  uint32_t slot = slot_count_;
  if (!free_slots_.empty()) {
    slot = free_slots_.back();
    free_slots_.pop_back();
  } else {
    ++slot_count_;
  }
  SetValue(context, slot, value);
  return slot;
}

v8::Local<v8::Value> DatabaseObject::Value(v8::Local<v8::Context> context, uint32_t slot) const {
  v8::Local<v8::Value> value;
  if (slots_.Get(isolate_)->Get(context, slot).ToLocal(&value)) return value;
  return v8::Undefined(isolate_);
}

void DatabaseObject::SetValue(v8::Local<v8::Context> context, uint32_t slot,
                              v8::Local<v8::Value> value) {
  // An own element, whatever Array.prototype has become.
  slots_.Get(isolate_)->CreateDataProperty(context, slot, value).Check();
}

void DatabaseObject::DropValue(v8::Local<v8::Context> context, uint32_t slot) {
  SetValue(context, slot, v8::Undefined(isolate_));
  free_slots_.push_back(slot);
}

void RunScope::DropDeadValues(DatabaseObject* database) {
  if (connection_->dead_slots.empty()) return;
  v8::Isolate* isolate = connection_->isolate();
  v8::HandleScope handles(isolate);
  for (const uint32_t slot : connection_->dead_slots) {
    database->DropValue(isolate->GetCurrentContext(), slot);
  }
  connection_->dead_slots.clear();
}

SqliteState& StateOf(OpHost& host) {
  return static_cast<SqliteState&>(*host.FindState("sqlite"));
}

v8::Local<v8::Value> ThrowCoded(OpHost& host, ErrorClass error_class, const char* code,
                                std::string message) {
  host.errors().Throw(host.isolate(), Error::Make(error_class, std::move(message), code));
  return {};
}

v8::Local<v8::Value> ThrowInvalidState(OpHost& host, const char* message) {
  return ThrowCoded(host, ErrorClass::kError, "ERR_INVALID_STATE", message);
}

v8::Local<v8::Value> ThrowSqliteCode(OpHost& host, int code, std::string message) {
  v8::Isolate* isolate = host.isolate();
  v8::Local<v8::Context> context = isolate->GetCurrentContext();
  v8::Local<v8::Value> exception = host.errors().Make(
      isolate, Error::Make(ErrorClass::kError, std::move(message), "ERR_SQLITE_ERROR"));
  if (exception->IsObject()) {
    v8::Local<v8::Object> object = exception.As<v8::Object>();
    const char* words = sqlite3_errstr(code);
    object
        ->CreateDataProperty(context, ToInternalized(isolate, "errcode"),
                             v8::Integer::New(isolate, code))
        .Check();
    object
        ->CreateDataProperty(context, ToInternalized(isolate, "errstr"),
                             ToV8String(isolate, words != nullptr ? words : "unknown error"))
        .Check();
  }
  isolate->ThrowException(exception);
  return {};
}

v8::Local<v8::Value> ThrowSqlite(Connection& connection, int code) {
  OpHost& host = connection.host();
  v8::Isolate* isolate = host.isolate();
  if (connection.terminated) {
    // Nothing may run any more; JavaScript stops as soon as it is entered.
    connection.terminated = false;
    connection.exception.Reset();
    if (!isolate->IsExecutionTerminating()) isolate->TerminateExecution();
    isolate->ThrowException(v8::Null(isolate));
    return {};
  }
  if (!connection.exception.IsEmpty()) {
    v8::Local<v8::Value> exception = connection.exception.Get(isolate);
    connection.exception.Reset();
    isolate->ThrowException(exception);
    return {};
  }
  if (std::optional<Error> refusal = connection.vfs().TakeRefusal()) {
    host.errors().Throw(isolate, *refusal);
    return {};
  }
  const int extended = sqlite3_extended_errcode(connection.db());
  return ThrowSqliteCode(
      host, extended != SQLITE_OK ? extended : code,
      extended != SQLITE_OK ? sqlite3_errmsg(connection.db()) : sqlite3_errstr(code));
}

bool CheckUsable(OpHost& host, DatabaseObject* database) {
  if (!database->is_open()) {
    ThrowInvalidState(host, "database is not open");
    return false;
  }
  if (const char* const why = database->connection()->refuses_use) {
    ThrowInvalidState(host, why);
    return false;
  }
  return true;
}

}  // namespace rt
