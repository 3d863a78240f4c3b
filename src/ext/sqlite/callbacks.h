// JavaScript that SQLite calls: user functions, aggregates, window functions, the authorizer, and
// the handlers of a changeset. They run only while an op uses the connection (RunScope); at any
// other time, as when the collector ends a statement, SQLite gets an error instead. What they throw
// is kept until SQLite has come back.
#pragma once

#include <v8.h>

#include <optional>
#include <string>

#include "src/ext/sqlite/objects.h"

namespace rt {

// For each connection: an authorizer of our own, and the check whether the program is to end.
void InstallCallbacks(Connection& connection);

// While SQL runs no JavaScript does, and that is where V8 serves interrupts: a limit that was
// reached, terminate(), a debugger, `rt why`. So SQLite calls this now and then, which enters
// JavaScript for nothing else. False: the statement is to end. The runtime's thread.
bool ServeInterrupts(Connection& connection);

struct FunctionFlags {
  bool deterministic = false;
  bool direct_only = false;
  bool big_ints = false;
};

// Codes of SQLite. `arguments` negative: any number.
int CreateFunction(DatabaseObject* database, const std::string& name, int arguments,
                   FunctionFlags flags, v8::Local<v8::Function> function);

struct AggregateFunctions {
  v8::Local<v8::Value> start;
  v8::Local<v8::Value> step;
  v8::Local<v8::Value> result;   // undefined: the state itself
  v8::Local<v8::Value> inverse;  // undefined: no window function
};
int CreateAggregate(DatabaseObject* database, const std::string& name, int arguments,
                    FunctionFlags flags, const AggregateFunctions& functions);

// Undefined or null takes it away.
void SetAuthorizer(DatabaseObject* database, v8::Local<v8::Value> function);

// `filter` and `on_conflict`: functions, or undefined.
int ApplyChangeset(DatabaseObject* database, Bytes changeset, v8::Local<v8::Value> filter,
                   v8::Local<v8::Value> on_conflict);

}  // namespace rt
