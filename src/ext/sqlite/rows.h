// Rows of a statement as JavaScript values. A row is an object without prototype. V8's API makes
// such objects slowly and with slow properties; so C++ copies an empty row, which is cheap, and
// hands it over with its values, and a function compiled for these columns puts them in:
//   [finish, row, value, value, …]                    one row; finish(array) is the row
//   [finishAll, row, value, …, row, value, …]         a batch; finishAll(array) is the rows
// Runs no JavaScript of the program's.
#pragma once

#include <v8.h>

#include <memory>
#include <vector>

#include "src/ext/sqlite/objects.h"

namespace rt {

// What rows with the same columns share.
struct RowShape {
  std::vector<v8::Global<v8::Name>> names;
  // Empty for columns that only an ordinary, slow object can have ("__proto__", "0", two alike).
  v8::Global<v8::Object> empty_row;
  v8::Global<v8::Function> finish;
  v8::Global<v8::Function> finish_all;
};

// The statement's shape, made anew when SQLite prepared it anew (the schema changed). False: an
// exception is pending. After the first step of an execution.
bool UpdateShape(StatementObject& statement);

// Rows of this statement are handed over unfinished.
bool UnfinishedRows(const StatementObject& statement);

// The row the statement stands on. Empty: an exception is pending.
v8::MaybeLocal<v8::Value> MakeRow(StatementObject& statement);

// Unfinished rows.
class RowBatch {
 public:
  explicit RowBatch(StatementObject& statement);
  // Adds the row the statement stands on. False: an exception is pending.
  bool Add();
  bool full() const { return rows_ >= kMost; }
  v8::Local<v8::Array> Take();

 private:
  static constexpr size_t kMost = 256;
  static constexpr size_t kFirst = 8;  // there is room for, before there is for the most
  StatementObject& statement_;
  v8::Isolate* isolate_;
  v8::Local<v8::Object> empty_row_;
  std::vector<v8::Local<v8::Value>> values_;  // the first `used_` of them
  size_t used_ = 0;
  size_t rows_ = 0;
};

}  // namespace rt
