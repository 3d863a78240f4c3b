// The console ops: synchronous printing, and reading what inspection cannot see from JavaScript
// (proxies, promises, iterators, weak collections). None of them may run user code.
#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>

#include "src/base/output.h"
#include "src/ext/console/console.h"
#include "src/ext/console/kind.h"
#include "src/op/op.h"

namespace rt {
namespace {

constexpr int kStdout = 1;
constexpr int kStderr = 2;
// Messages up to this many UTF-16 units are encoded on the stack.
constexpr int kShortMessage = 1024;
constexpr int kMaxUtf8PerUnit = 3;

// Writes all of `text`, waiting if the stream is a full pipe. A stream without a reader is ignored,
// like everything else that can go wrong: console methods do not throw.
// Fails where the text is lost (a full disk). Nobody listening any more is no failure.
Result<void> op_console_print(OpContext& cx, v8::Local<v8::String> text, bool is_err) {
  const int fd = is_err ? kStderr : kStdout;
  const auto write = [&](std::string_view bytes) -> Result<void> {
    if (WriteInTurn(fd, bytes) || errno == EPIPE || errno == EBADF) return {};
    return Error::FromErrno(errno, "write");
  };
  if (text->Length() > kShortMessage) return write(ToUtf8(cx.isolate(), text));
  char buffer[kShortMessage * kMaxUtf8PerUnit];
  const size_t size = text->WriteUtf8V2(cx.isolate(), buffer, sizeof(buffer),
                                        v8::String::WriteFlags::kReplaceInvalidUtf8);
  return write(std::string_view(buffer, size));
}

// Milliseconds on a clock that never goes back; for console.time.
double op_console_now(OpContext&) {
  const auto since_start = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration<double, std::milli>(since_start).count();
}

uint32_t op_console_kind(OpContext&, v8::Local<v8::Value> value) {
  return static_cast<uint32_t>(KindOf(value));
}

v8::Local<v8::Value> Pair(v8::Isolate* isolate, v8::Local<v8::Value> first,
                          v8::Local<v8::Value> second) {
  v8::Local<v8::Value> items[] = {first, second};
  return v8::Array::New(isolate, items, 2);
}

// [target, handler], both null if revoked; null for what is no proxy.
v8::Local<v8::Value> op_console_proxy_details(OpContext& cx, v8::Local<v8::Value> value) {
  if (!value->IsProxy()) return v8::Null(cx.isolate());
  v8::Local<v8::Proxy> proxy = value.As<v8::Proxy>();
  return Pair(cx.isolate(), proxy->GetTarget(), proxy->GetHandler());
}

// [0 pending | 1 fulfilled | 2 rejected, value or reason].
Result<v8::Local<v8::Value>> op_console_promise_details(OpContext& cx, v8::Local<v8::Value> value) {
  if (!value->IsPromise()) return Error::Type("op_console_promise_details: not a promise");
  v8::Local<v8::Promise> promise = value.As<v8::Promise>();
  const v8::Promise::PromiseState state = promise->State();
  v8::Local<v8::Value> result = v8::Undefined(cx.isolate());
  if (state != v8::Promise::kPending) result = promise->Result();
  return Pair(cx.isolate(), v8::Integer::New(cx.isolate(), static_cast<int>(state)), result);
}

// [entries, entries are key, value, key, value…] of a map, set, weak collection or iterator,
// without advancing it; null for anything else.
v8::Local<v8::Value> op_console_preview_entries(OpContext& cx, v8::Local<v8::Object> object) {
  bool is_key_value = false;
  v8::Local<v8::Array> entries;
  if (!object->PreviewEntries(&is_key_value).ToLocal(&entries)) return v8::Null(cx.isolate());
  return Pair(cx.isolate(), entries, v8::Boolean::New(cx.isolate(), is_key_value));
}

// The class name V8 remembers, whatever the prototype says.
v8::Local<v8::String> op_console_constructor_name(OpContext&, v8::Local<v8::Object> object) {
  return object->GetConstructorName();
}

// Own keys that are no array indices; costs nothing per element.
Result<v8::Local<v8::Value>> op_console_own_non_index_properties(OpContext& cx,
                                                                 v8::Local<v8::Object> object,
                                                                 bool only_enumerable) {
  // A proxy would run its traps.
  if (object->IsProxy()) return Error::Type("op_console_own_non_index_properties: a proxy");
  const auto filter =
      only_enumerable ? v8::PropertyFilter::ONLY_ENUMERABLE : v8::PropertyFilter::ALL_PROPERTIES;
  v8::TryCatch caught(cx.isolate());
  v8::Local<v8::Array> keys;
  if (!object
           ->GetPropertyNames(cx.v8_context(), v8::KeyCollectionMode::kOwnOnly, filter,
                              v8::IndexFilter::kSkipIndices,
                              v8::KeyConversionMode::kConvertToString)
           .ToLocal(&keys)) {
    return Error::Type("The keys of an object could not be listed");
  }
  return keys.As<v8::Value>();
}

std::string ToHex(const uint8_t* bytes, size_t size) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string hex;
  hex.reserve(size * 3);
  for (size_t i = 0; i < size; ++i) {
    if (i > 0) hex += ' ';
    hex += kDigits[bytes[i] >> 4];
    hex += kDigits[bytes[i] & 15];
  }
  return hex;
}

// Of an ArrayBuffer or SharedArrayBuffer. An op, because V8 has no SharedArrayBuffer global (and so
// no getter to capture) while the snapshot is built.
Result<double> op_console_buffer_byte_length(OpContext&, v8::Local<v8::Value> value) {
  if (value->IsArrayBuffer()) {
    return static_cast<double>(value.As<v8::ArrayBuffer>()->ByteLength());
  }
  if (value->IsSharedArrayBuffer()) {
    return static_cast<double>(value.As<v8::SharedArrayBuffer>()->ByteLength());
  }
  return Error::Type("op_console_buffer_byte_length: not a buffer");
}

// The first `limit` bytes of an ArrayBuffer or SharedArrayBuffer as "00 ff"; null if it is
// detached.
Result<std::optional<std::string>> op_console_buffer_hex(OpContext&, v8::Local<v8::Value> value,
                                                         double limit) {
  const auto hex = [limit](const void* data, size_t size) {
    const size_t shown =
        limit < static_cast<double>(size) ? static_cast<size_t>(std::max(limit, 0.0)) : size;
    return std::optional(ToHex(static_cast<const uint8_t*>(data), shown));
  };
  if (value->IsArrayBuffer()) {
    v8::Local<v8::ArrayBuffer> buffer = value.As<v8::ArrayBuffer>();
    if (buffer->WasDetached()) return std::optional<std::string>();
    return hex(buffer->Data(), buffer->ByteLength());
  }
  if (value->IsSharedArrayBuffer()) {
    v8::Local<v8::SharedArrayBuffer> buffer = value.As<v8::SharedArrayBuffer>();
    return hex(buffer->Data(), buffer->ByteLength());
  }
  return Error::Type("op_console_buffer_hex: not a buffer");
}

constexpr std::array kOps = {
    RT_OP(op_console_print, NoPerm<"writes to the standard streams the program was given">),
    RT_OP(op_console_now, NoPerm<"a clock; scripts have one anyway">),
    RT_OP(op_console_kind, NoPerm<"looks at the script's own values">),
    RT_OP(op_console_proxy_details, NoPerm<"looks at the script's own values">),
    RT_OP(op_console_promise_details, NoPerm<"looks at the script's own values">),
    RT_OP(op_console_preview_entries, NoPerm<"looks at the script's own values">),
    RT_OP(op_console_constructor_name, NoPerm<"looks at the script's own values">),
    RT_OP(op_console_own_non_index_properties, NoPerm<"looks at the script's own values">),
    RT_OP(op_console_buffer_byte_length, NoPerm<"looks at the script's own values">),
    RT_OP(op_console_buffer_hex, NoPerm<"looks at the script's own values">),
};
static_assert(UniqueNames(kOps));

}  // namespace

Extension ConsoleExtension() {
  return {.name = "console", .ops = kOps};
}

}  // namespace rt
