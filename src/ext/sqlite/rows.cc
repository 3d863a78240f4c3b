// See the header.
#include "src/ext/sqlite/rows.h"

#include <array>
#include <vector>

#include "src/engine/strings.h"
#include "src/ext/sqlite/values.h"

namespace rt {

bool UpdateShape(StatementObject& statement) {
  sqlite3_stmt* prepared = statement.core().statement;
  const int prepared_times = sqlite3_stmt_status(prepared, SQLITE_STMTSTATUS_REPREPARE, 0);
  if (statement.shape_of == prepared_times) return true;
  OpHost& host = statement.core().connection->host();
  v8::Isolate* isolate = host.isolate();
  const int count = sqlite3_column_count(prepared);
  std::vector<v8::Local<v8::Value>> names;
  names.reserve(static_cast<size_t>(count));
  for (int i = 0; i < count; ++i) {
    const char* name = sqlite3_column_name(prepared, i);
    v8::Local<v8::String> text;
    if (name == nullptr ||
        !v8::String::NewFromUtf8(isolate, name, v8::NewStringType::kInternalized).ToLocal(&text)) {
      ThrowInvalidState(host, ("Cannot get name of column " + std::to_string(i)).c_str());
      return false;
    }
    names.push_back(text);
  }
  statement.names.Reset(isolate, v8::Array::New(isolate, names.data(), names.size()));
  statement.row_template.Reset();
  statement.columns = count;
  statement.shape_of = prepared_times;
  return true;
}

v8::MaybeLocal<v8::Value> MakeRow(StatementObject& statement) {
  OpHost& host = statement.core().connection->host();
  v8::Isolate* isolate = host.isolate();
  sqlite3_stmt* prepared = statement.core().statement;
  const auto count = static_cast<size_t>(statement.columns);
  constexpr size_t kFew = 16;
  std::array<v8::Local<v8::Value>, kFew> few;
  std::vector<v8::Local<v8::Value>> many;
  v8::Local<v8::Value>* values = few.data();
  if (count > kFew) {
    many.resize(count);
    values = many.data();
  }
  for (size_t i = 0; i < count; ++i) {
    const int column = static_cast<int>(i);
    if (!ValueToJs(host, sqlite3_column_value(prepared, column), statement.flags.read_big_ints,
                   column)
             .ToLocal(&values[i])) {
      return {};
    }
  }
  if (statement.flags.return_arrays) return v8::Array::New(isolate, values, count);
  v8::Local<v8::Array> names = statement.names.Get(isolate);
  v8::Local<v8::Context> context = isolate->GetCurrentContext();
  v8::Local<v8::Object> row = v8::Object::New(isolate, v8::Null(isolate), nullptr, nullptr, 0);
  for (size_t i = 0; i < count; ++i) {
    v8::Local<v8::Value> name;
    if (!names->Get(context, static_cast<uint32_t>(i)).ToLocal(&name) ||
        !row->CreateDataProperty(context, name.As<v8::Name>(), values[i]).FromMaybe(false)) {
      return {};
    }
  }
  return row;
}

}  // namespace rt
