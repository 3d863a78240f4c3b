// See the header.
#include "src/ext/sqlite/values.h"

#include <algorithm>
#include <cstring>

#include "src/engine/strings.h"

namespace rt {
namespace {

constexpr int64_t kMaxSafeInteger = (INT64_C(1) << 53) - 1;
// What is longer SQLite copies; shorter text stays with the statement.
constexpr size_t kKeptText = 4096;

bool IsAscii(const char* data, size_t size) {
  uint64_t seen = 0;
  for (; size >= 8; data += 8, size -= 8) {
    uint64_t word;
    std::memcpy(&word, data, 8);
    seen |= word;
  }
  for (; size > 0; ++data, --size) seen |= static_cast<uint8_t>(*data);
  return (seen & UINT64_C(0x8080808080808080)) == 0;
}

v8::MaybeLocal<v8::Value> TextToJs(OpHost& host, const char* text, size_t size) {
  v8::Isolate* isolate = host.isolate();
  if (size == 0) return v8::String::Empty(isolate);
  v8::Local<v8::String> made;
  const auto length = static_cast<int>(size);
  const bool ok = IsAscii(text, size)
                      ? v8::String::NewFromOneByte(isolate, reinterpret_cast<const uint8_t*>(text),
                                                   v8::NewStringType::kNormal, length)
                            .ToLocal(&made)
                      : v8::String::NewFromUtf8(isolate, text, v8::NewStringType::kNormal, length)
                            .ToLocal(&made);
  if (ok) return made;
  return ThrowCoded(host, ErrorClass::kError, "ERR_STRING_TOO_LONG",
                    "Cannot create a string longer than " + std::to_string(v8::String::kMaxLength) +
                        " characters");
}

// As UTF-8; lone surrogates are U+FFFD.
void TakeText(v8::Isolate* isolate, v8::Local<v8::String> string, std::string& text) {
  // Most is ASCII, and that needs one pass.
  if (string->IsOneByte()) {
    const v8::String::ValueView view(isolate, string);
    const auto* data = reinterpret_cast<const char*>(view.data8());
    if (view.is_one_byte() && IsAscii(data, view.length())) {
      text.assign(data, view.length());
      return;
    }
  }
  const size_t size = string->Utf8LengthV2(isolate);
  text.resize(size);
  string->WriteUtf8V2(isolate, text.data(), size, v8::String::WriteFlags::kReplaceInvalidUtf8);
}

// Binds one; false: an exception is pending.
bool BindValue(StatementObject& statement, int index, v8::Local<v8::Value> value) {
  StatementCore& core = statement.core();
  OpHost& host = core.connection->host();
  sqlite3_stmt* to = core.statement;
  int code = SQLITE_OK;
  if (value->IsNumber()) {
    code = sqlite3_bind_double(to, index, value.As<v8::Number>()->Value());
  } else if (value->IsString()) {
    v8::Local<v8::String> string = value.As<v8::String>();
    const auto slot = static_cast<size_t>(index) - 1;
    if (slot >= core.texts.size()) {
      code = sqlite3_bind_null(to, index);  // out of range, as SQLite says it
    } else {
      std::string& text = core.texts[slot];
      TakeText(host.isolate(), string, text);
      const bool kept = text.size() <= kKeptText;
      code = sqlite3_bind_text64(to, index, text.data(), text.size(),
                                 kept ? SQLITE_STATIC : SQLITE_TRANSIENT, SQLITE_UTF8);
      if (!kept) std::string().swap(text);
    }
  } else if (value->IsNull()) {
    code = sqlite3_bind_null(to, index);
  } else if (value->IsArrayBufferView()) {
    v8::Local<v8::ArrayBufferView> view = value.As<v8::ArrayBufferView>();
    const size_t size = view->ByteLength();
    uint8_t small[64];
    const v8::MemorySpan<uint8_t> bytes =
        view->GetContents(v8::MemorySpan<uint8_t>(small, sizeof small));
    code = size == 0 ? sqlite3_bind_zeroblob(to, index, 0)
                     : sqlite3_bind_blob64(to, index, bytes.data(), bytes.size(), SQLITE_TRANSIENT);
  } else if (value->IsBigInt()) {
    bool lossless = false;
    const int64_t integer = value.As<v8::BigInt>()->Int64Value(&lossless);
    if (!lossless) {
      ThrowCoded(host, ErrorClass::kTypeError, "ERR_INVALID_ARG_VALUE",
                 "BigInt value is too large to bind.");
      return false;
    }
    code = sqlite3_bind_int64(to, index, integer);
  } else {
    ThrowCoded(host, ErrorClass::kTypeError, "ERR_INVALID_ARG_TYPE",
               "Provided value cannot be bound to SQLite parameter " + std::to_string(index) + ".");
    return false;
  }
  if (code == SQLITE_OK) return true;
  ThrowSqlite(*core.connection, code);
  return false;
}

// The parameter `name` stands for, 0 if none; -1: an exception is pending.
int ParameterIndex(StatementObject& statement, const std::string& name) {
  sqlite3_stmt* prepared = statement.core().statement;
  if (const int index = sqlite3_bind_parameter_index(prepared, name.c_str())) return index;
  if (!statement.used.allow_bare) return 0;
  int found = 0;
  const int count = sqlite3_bind_parameter_count(prepared);
  for (int i = 1; i <= count; ++i) {
    const char* full = sqlite3_bind_parameter_name(prepared, i);
    if (full != nullptr && name == full + 1) {
      found = i;
      break;
    }
  }
  return found;
}

// ":k" and "$k" in one statement: nobody could tell which "k" is.
bool CheckBareNames(StatementObject& statement) {
  sqlite3_stmt* prepared = statement.core().statement;
  const int count = sqlite3_bind_parameter_count(prepared);
  for (int i = 1; i <= count; ++i) {
    const char* first = sqlite3_bind_parameter_name(prepared, i);
    if (first == nullptr) continue;
    for (int j = i + 1; j <= count; ++j) {
      const char* second = sqlite3_bind_parameter_name(prepared, j);
      if (second == nullptr || std::strcmp(first + 1, second + 1) != 0) continue;
      const std::string message = std::string("Cannot create bare named parameter '") +
                                  (first + 1) + "' because of conflicting names '" + first +
                                  "' and '" + second + "'.";
      ThrowInvalidState(statement.core().connection->host(), message.c_str());
      return false;
    }
  }
  return true;
}

bool BindNamed(StatementObject& statement, v8::Local<v8::Object> object) {
  OpHost& host = statement.core().connection->host();
  v8::Isolate* isolate = host.isolate();
  v8::Local<v8::Context> context = isolate->GetCurrentContext();
  v8::Local<v8::Array> keys;
  if (!object->GetOwnPropertyNames(context).ToLocal(&keys)) return false;
  if (statement.used.allow_bare && !CheckBareNames(statement)) return false;
  for (uint32_t i = 0; i < keys->Length(); ++i) {
    v8::Local<v8::Value> key;
    v8::Local<v8::String> key_text;
    v8::Local<v8::Value> value;
    if (!keys->Get(context, i).ToLocal(&key) || !key->ToString(context).ToLocal(&key_text)) {
      return false;
    }
    const std::string name = ToUtf8(isolate, key_text);
    const int index = ParameterIndex(statement, name);
    if (index == 0) {
      if (statement.used.allow_unknown) continue;
      ThrowInvalidState(host, ("Unknown named parameter '" + name + "'").c_str());
      return false;
    }
    if (!object->Get(context, key).ToLocal(&value)) return false;
    if (!BindValue(statement, index, value)) return false;
  }
  return true;
}

}  // namespace

v8::MaybeLocal<v8::Value> BytesToJs(v8::Isolate* isolate, const void* data, size_t size) {
  v8::Local<v8::ArrayBuffer> buffer;
  if (!v8::ArrayBuffer::MaybeNew(isolate, size, v8::BackingStoreInitializationMode::kUninitialized)
           .ToLocal(&buffer)) {
    isolate->ThrowException(
        v8::Exception::RangeError(ToV8String(isolate, "Array buffer allocation failed")));
    return {};
  }
  if (size > 0) std::memcpy(buffer->Data(), data, size);
  return v8::Uint8Array::New(buffer, 0, size);
}

v8::MaybeLocal<v8::Value> ValueToJs(OpHost& host, sqlite3_value* value, bool big_ints, int column) {
  v8::Isolate* isolate = host.isolate();
  switch (sqlite3_value_type(value)) {
    case SQLITE_INTEGER: {
      const int64_t integer = sqlite3_value_int64(value);
      if (big_ints) return v8::BigInt::New(isolate, integer);
      if (integer >= INT32_MIN && integer <= INT32_MAX) {
        return v8::Integer::New(isolate, static_cast<int32_t>(integer));
      }
      if (integer >= -kMaxSafeInteger && integer <= kMaxSafeInteger) {
        return v8::Number::New(isolate, static_cast<double>(integer));
      }
      return ThrowCoded(host, ErrorClass::kRangeError, "ERR_OUT_OF_RANGE",
                        column < 0
                            ? "Value is too large to be represented as a JavaScript number: " +
                                  std::to_string(integer)
                            : "The value of column " + std::to_string(column) +
                                  " is too large to be represented as a JavaScript number: " +
                                  std::to_string(integer));
    }
    case SQLITE_FLOAT:
      return v8::Number::New(isolate, sqlite3_value_double(value));
    case SQLITE_TEXT: {
      const auto* text = reinterpret_cast<const char*>(sqlite3_value_text(value));
      return TextToJs(host, text, static_cast<size_t>(sqlite3_value_bytes(value)));
    }
    case SQLITE_BLOB: {
      const void* data = sqlite3_value_blob(value);
      return BytesToJs(isolate, data, static_cast<size_t>(sqlite3_value_bytes(value)));
    }
    default:
      return v8::Null(isolate);
  }
}

v8::MaybeLocal<v8::Value> SqlArguments::Get(v8::Isolate* isolate, uint32_t index) const {
  if (count <= kFew) return few[index];
  return all->Get(isolate->GetCurrentContext(), index);
}

bool BindArguments(StatementObject& statement, const SqlArguments& arguments) {
  StatementCore& core = statement.core();
  const uint32_t count = arguments.count;
  const int parameters = static_cast<int>(core.texts.size());
  uint32_t next = 0;
  v8::Local<v8::Value> value;
  if (count > 0) {
    if (!arguments.Get(core.connection->isolate(), 0).ToLocal(&value)) return false;
    if (value->IsObject() && !value->IsArrayBufferView()) {
      sqlite3_clear_bindings(core.statement);
      // Getters and proxies run code of the script's: it must not close what is being bound.
      ++core.connection->callback_depth;
      const bool bound = BindNamed(statement, value.As<v8::Object>());
      --core.connection->callback_depth;
      if (!bound) return false;
      next = 1;
    }
  }
  // What is not given is NULL; if all are, there is nothing to clear.
  if (next == 0 && static_cast<int>(count) < parameters) sqlite3_clear_bindings(core.statement);
  int index = 1;
  for (; next < count; ++next, ++index) {
    // "?" and "?5", but not ":name": those are given by name.
    while (core.has_names && index <= parameters) {
      const char* name = sqlite3_bind_parameter_name(core.statement, index);
      if (name == nullptr || name[0] == '?') break;
      ++index;
    }
    if (next > 0 && !arguments.Get(core.connection->isolate(), next).ToLocal(&value)) return false;
    if (!BindValue(statement, index, value)) return false;
  }
  return true;
}

bool SetResult(v8::Isolate* isolate, sqlite3_context* call, v8::Local<v8::Value> value) {
  if (value->IsNullOrUndefined()) {
    sqlite3_result_null(call);
  } else if (value->IsNumber()) {
    sqlite3_result_double(call, value.As<v8::Number>()->Value());
  } else if (value->IsString()) {
    const std::string text = ToUtf8(isolate, value.As<v8::String>());
    sqlite3_result_text64(call, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
  } else if (value->IsArrayBufferView()) {
    uint8_t small[64];
    const v8::MemorySpan<uint8_t> bytes =
        value.As<v8::ArrayBufferView>()->GetContents(v8::MemorySpan<uint8_t>(small, sizeof small));
    if (bytes.size() == 0) {
      sqlite3_result_zeroblob(call, 0);
    } else {
      sqlite3_result_blob64(call, bytes.data(), bytes.size(), SQLITE_TRANSIENT);
    }
  } else if (value->IsBigInt()) {
    bool lossless = false;
    const int64_t integer = value.As<v8::BigInt>()->Int64Value(&lossless);
    if (!lossless) {
      sqlite3_result_error(call, "BigInt value is too large for SQLite", -1);
      return false;
    }
    sqlite3_result_int64(call, integer);
  } else if (value->IsPromise()) {
    sqlite3_result_error(call, "Asynchronous user-defined functions are not supported", -1);
    return false;
  } else {
    sqlite3_result_error(call, "Returned JavaScript value cannot be converted to a SQLite value",
                         -1);
    return false;
  }
  return true;
}

}  // namespace rt
