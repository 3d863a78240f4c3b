// Between JavaScript values and SQLite's (the table in Node's documentation, "Type conversion
// between JavaScript and SQLite"). Runs no JavaScript.
#pragma once

#include <sqlite3.h>
#include <v8.h>

#include "src/ext/sqlite/objects.h"

namespace rt {

// Empty: an exception is pending (ERR_OUT_OF_RANGE for an integer no number can hold, or not enough
// memory). `column`: for the message; negative for an argument of a function.
v8::MaybeLocal<v8::Value> ValueToJs(OpHost& host, sqlite3_value* value, bool big_ints, int column);

// Arguments as JavaScript hands them over: a list's elements would each be looked up.
struct SqlArguments {
  static constexpr uint32_t kFew = 4;
  uint32_t count;
  v8::Local<v8::Value> few[kFew];
  v8::Local<v8::Array> all;  // if they are more
  v8::MaybeLocal<v8::Value> Get(v8::Isolate* isolate, uint32_t index) const;
};

// Binds arguments of run(), get(), all(), iterate(): an object of named ones first, perhaps. False:
// an exception is pending. A getter of the object may run JavaScript.
bool BindArguments(StatementObject& statement, const SqlArguments& arguments);

// What a function returned, as its result in SQL. False: it has none, an error was set.
bool SetResult(v8::Isolate* isolate, sqlite3_context* call, v8::Local<v8::Value> value);

v8::MaybeLocal<v8::Value> BytesToJs(v8::Isolate* isolate, const void* data, size_t size);

}  // namespace rt
