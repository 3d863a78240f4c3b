// See the header.
#include "src/ext/sqlite/rows.h"

#include <algorithm>
#include <array>

#include "src/engine/strings.h"
#include "src/ext/sqlite/values.h"

namespace rt {
namespace {

// More columns than this are rare; their rows are slow objects.
constexpr size_t kMostFastColumns = 64;

bool IsPlainName(const std::string& name) {
  return name != "__proto__" && !name.empty() && !(name[0] >= '0' && name[0] <= '9');
}

std::string Literal(const std::string& text) {
  std::string literal = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') literal += '\\';
    if (static_cast<unsigned char>(c) < 0x20) {
      constexpr char kDigits[] = "0123456789abcdef";
      literal += "\\x";
      literal += kDigits[c >> 4];
      literal += kDigits[c & 15];
    } else {
      literal += c;
    }
  }
  return literal + "\"";
}

// The source of a function body that gives [empty row, finish, finishAll]. Each field of the empty
// row once held a number and an object, so that V8 lets it hold anything from now on.
std::string ShapeSource(const std::vector<std::string>& names) {
  std::string fields, widen, one, many;
  for (size_t i = 0; i < names.size(); ++i) {
    const std::string name = Literal(names[i]);
    const std::string at = std::to_string(i);
    fields += name + ":0,";
    widen += "t[" + name + "]=t;t[" + name + "]=null;";
    one += "r[" + name + "]=f[" + std::to_string(i + 2) + "];";
    many += "r[" + name + "]=f[k+" + std::to_string(i + 1) + "];";
  }
  const std::string step = std::to_string(names.size() + 1);
  return "'use strict';const t=n({" + fields + "});" + widen + "return[t,f=>{const r=f[1];" + one +
         "return r},f=>{const l=f.length;let i=0;for(let k=1;k<l;k+=" + step + "){const r=f[k];" +
         many + "f[i++]=r}f.length=i;return f}]";
}

// Object.setPrototypeOf(object, null)
void WithoutPrototype(const v8::FunctionCallbackInfo<v8::Value>& info) {
  v8::Isolate* isolate = info.GetIsolate();
  v8::Local<v8::Object> object = info[0].As<v8::Object>();
  object->SetPrototypeV2(isolate->GetCurrentContext(), v8::Null(isolate)).Check();
  info.GetReturnValue().Set(object);
}

// Leaves the shape a slow one if V8 cannot compile the functions (no memory, no stack).
void MakeFast(v8::Isolate* isolate, const std::vector<std::string>& names, RowShape* shape) {
  if (names.empty() || names.size() > kMostFastColumns) return;
  std::vector<std::string> sorted = names;
  std::sort(sorted.begin(), sorted.end());
  if (std::adjacent_find(sorted.begin(), sorted.end()) != sorted.end()) return;
  if (!std::all_of(names.begin(), names.end(), IsPlainName)) return;
  v8::Local<v8::Context> context = isolate->GetCurrentContext();
  v8::TryCatch caught(isolate);
  v8::Local<v8::String> text;
  if (!TryToV8String(isolate, ShapeSource(names)).ToLocal(&text)) return;
  v8::ScriptOrigin origin(ToV8String(isolate, "rt:sqlite_row.js"));
  v8::ScriptCompiler::Source source(text, origin);
  v8::Local<v8::String> parameter = ToInternalized(isolate, "n");
  v8::Local<v8::Function> function;
  v8::Local<v8::Function> without_prototype;
  v8::Local<v8::Value> made;
  v8::Local<v8::Value> parts[3];
  if (!v8::ScriptCompiler::CompileFunction(context, &source, 1, &parameter).ToLocal(&function) ||
      !v8::Function::New(context, WithoutPrototype).ToLocal(&without_prototype)) {
    return;
  }
  v8::Local<v8::Value> arguments[] = {without_prototype};
  if (!function->Call(context, v8::Undefined(isolate), 1, arguments).ToLocal(&made)) return;
  for (uint32_t i = 0; i < 3; ++i) {
    if (!made.As<v8::Object>()->Get(context, i).ToLocal(&parts[i])) return;
  }
  shape->empty_row.Reset(isolate, parts[0].As<v8::Object>());
  shape->finish.Reset(isolate, parts[1].As<v8::Function>());
  shape->finish_all.Reset(isolate, parts[2].As<v8::Function>());
}

bool ReadValues(StatementObject& statement, size_t count, v8::Local<v8::Value>* values) {
  OpHost& host = statement.core().connection->host();
  sqlite3_stmt* prepared = statement.core().statement;
  for (size_t i = 0; i < count; ++i) {
    const int column = static_cast<int>(i);
    if (!ValueToJs(host, sqlite3_column_value(prepared, column), statement.used.read_big_ints,
                   column)
             .ToLocal(&values[i])) {
      return false;
    }
  }
  return true;
}

}  // namespace

bool UpdateShape(StatementObject& statement) {
  sqlite3_stmt* prepared = statement.core().statement;
  const int prepared_times = sqlite3_stmt_status(prepared, SQLITE_STMTSTATUS_REPREPARE, 0);
  if (statement.shape_of == prepared_times) return true;
  OpHost& host = statement.core().connection->host();
  v8::Isolate* isolate = host.isolate();
  const int count = sqlite3_column_count(prepared);
  std::vector<std::string> names;
  std::string key;
  for (int i = 0; i < count; ++i) {
    const char* name = sqlite3_column_name(prepared, i);
    if (name == nullptr) {
      ThrowInvalidState(host, ("Cannot get name of column " + std::to_string(i)).c_str());
      return false;
    }
    names.emplace_back(name);
    key += names.back();
    key += '\0';
  }
  std::shared_ptr<RowShape>& shape = StateOf(host).ShapeOf(key);
  if (!shape) {
    shape = std::make_shared<RowShape>();
    for (const std::string& name : names) {
      v8::Local<v8::String> text;
      if (!v8::String::NewFromUtf8(isolate, name.data(), v8::NewStringType::kInternalized,
                                   static_cast<int>(name.size()))
               .ToLocal(&text)) {
        ThrowInvalidState(host, "a column has too long a name");
        shape.reset();
        return false;
      }
      shape->names.emplace_back(isolate, text);
    }
    MakeFast(isolate, names, shape.get());
  }
  statement.shape = shape;
  statement.shape_of = prepared_times;
  return true;
}

bool UnfinishedRows(const StatementObject& statement) {
  return !statement.used.return_arrays && statement.shape && !statement.shape->empty_row.IsEmpty();
}

v8::MaybeLocal<v8::Value> MakeRow(StatementObject& statement) {
  v8::Isolate* isolate = statement.core().connection->isolate();
  const RowShape& shape = *statement.shape;
  const size_t count = shape.names.size();
  constexpr size_t kFew = 16;
  std::array<v8::Local<v8::Value>, kFew + 2> few;
  std::vector<v8::Local<v8::Value>> many;
  v8::Local<v8::Value>* all = few.data();
  if (count > kFew) {
    many.resize(count + 2);
    all = many.data();
  }
  v8::Local<v8::Value>* values = all + 2;
  if (!ReadValues(statement, count, values)) return {};
  if (statement.used.return_arrays) return v8::Array::New(isolate, values, count);
  if (!shape.empty_row.IsEmpty()) {
    all[0] = shape.finish.Get(isolate);
    all[1] = shape.empty_row.Get(isolate)->Clone(isolate);
    return v8::Array::New(isolate, all, count + 2);
  }
  v8::Local<v8::Context> context = isolate->GetCurrentContext();
  v8::Local<v8::Object> row = v8::Object::New(isolate, v8::Null(isolate), nullptr, nullptr, 0);
  for (size_t i = 0; i < count; ++i) {
    if (!row->CreateDataProperty(context, shape.names[i].Get(isolate), values[i])
             .FromMaybe(false)) {
      return {};
    }
  }
  return row;
}

RowBatch::RowBatch(StatementObject& statement)
    : statement_(statement),
      isolate_(statement.core().connection->isolate()),
      empty_row_(statement.shape->empty_row.Get(isolate_)) {
  values_.resize(1 + kFirst * (statement.shape->names.size() + 1));
  values_[used_++] = statement.shape->finish_all.Get(isolate_);
}

bool RowBatch::Add() {
  const size_t count = statement_.shape->names.size();
  if (used_ + 1 + count > values_.size()) values_.resize(1 + kMost * (count + 1));
  values_[used_] = empty_row_->Clone(isolate_);
  const size_t at = used_ + 1;
  used_ = at + count;
  ++rows_;
  return ReadValues(statement_, count, values_.data() + at);
}

v8::Local<v8::Array> RowBatch::Take() {
  return v8::Array::New(isolate_, values_.data(), used_);
}

}  // namespace rt
