// The ops of the web extension. Thin: each validates what JavaScript could get wrong and calls one
// function.
#include <sys/utsname.h>
#include <uv.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <vector>

#include "src/base/machine_limits.h"
#include "src/ext/web/base64.h"
#include "src/ext/web/encoding.h"
#include "src/ext/web/web.h"
#include "src/op/op.h"

namespace rt {
namespace {

// The clock of performance.now(): it starts with the runtime.
class WebState final : public ExtensionState {
 public:
  double Now() const { return static_cast<double>(uv_hrtime() - start_) / 1e6; }
  double origin() const { return origin_; }

 private:
  uint64_t start_ = uv_hrtime();
  double origin_ =
      std::chrono::duration<double, std::milli>(std::chrono::system_clock::now().time_since_epoch())
          .count();
};

double op_performance_now(OpContext& cx) {
  return cx.State<WebState>().Now();
}

double op_performance_time_origin(OpContext& cx) {
  return cx.State<WebState>().origin();
}

// With all its private fields and accessors, which cost many times as much to define one by one.
v8::Local<v8::Object> op_event_copy(OpContext& cx, v8::Local<v8::Object> event) {
  return event->Clone(cx.isolate());
}

Result<Encoding> ToEncoding(uint32_t number) {
  if (number >= kEncodingCount) return Error::Range("unknown encoding");
  return static_cast<Encoding>(number);
}

// The numbers are those js/ext/web/webidl.js uses. A view has the kind of its buffer.
enum BufferKind : uint32_t { kNoBuffer, kFixed, kResizable, kShared, kGrowableShared };

BufferKind KindOf(v8::Local<v8::Value> buffer) {
  if (buffer->IsArrayBuffer()) {
    return buffer.As<v8::ArrayBuffer>()->IsResizableByUserJavaScript() ? kResizable : kFixed;
  }
  if (!buffer->IsSharedArrayBuffer()) return kNoBuffer;
  return buffer.As<v8::SharedArrayBuffer>()->GetBackingStore()->IsResizableByUserJavaScript()
             ? kGrowableShared
             : kShared;
}

uint32_t op_buffer_kind(OpContext&, v8::Local<v8::Value> value) {
  if (!value->IsArrayBufferView()) return KindOf(value);
  v8::Local<v8::ArrayBufferView> view = value.As<v8::ArrayBufferView>();
  // Small arrays have no buffer until somebody asks for it.
  return view->HasBuffer() ? KindOf(v8::Local<v8::Value>(view->Buffer())) : kFixed;
}

// The bytes of a buffer source while an op runs. Shared memory is copied: another thread could
// change it between two looks.
class SourceBytes {
 public:
  explicit SourceBytes(v8::Local<v8::Value> value) {
    if (value->IsArrayBufferView()) {
      v8::Local<v8::ArrayBufferView> view = value.As<v8::ArrayBufferView>();
      bytes_ = view->GetContents(v8::MemorySpan<uint8_t>(small_.data(), small_.size()));
      if (view->HasBuffer() && v8::Local<v8::Value>(view->Buffer())->IsSharedArrayBuffer()) Copy();
    } else if (value->IsArrayBuffer()) {
      v8::Local<v8::ArrayBuffer> buffer = value.As<v8::ArrayBuffer>();
      bytes_ = {static_cast<uint8_t*>(buffer->Data()), buffer->ByteLength()};
    } else if (value->IsSharedArrayBuffer()) {
      v8::Local<v8::SharedArrayBuffer> buffer = value.As<v8::SharedArrayBuffer>();
      bytes_ = {static_cast<uint8_t*>(buffer->Data()), buffer->ByteLength()};
      Copy();
    } else {
      valid_ = false;
    }
  }
  SourceBytes(const SourceBytes&) = delete;
  SourceBytes& operator=(const SourceBytes&) = delete;

  bool valid() const { return valid_; }
  std::span<const uint8_t> get() const { return {bytes_.data(), bytes_.size()}; }

 private:
  void Copy() {
    copy_.assign(bytes_.data(), bytes_.data() + bytes_.size());
    bytes_ = {copy_.data(), copy_.size()};
  }

  std::array<uint8_t, 256> small_;  // more than V8 keeps inside an array object
  std::vector<uint8_t> copy_;
  v8::MemorySpan<uint8_t> bytes_;
  bool valid_ = true;
};

// null: `source` is no buffer source.
Result<std::optional<v8::Local<v8::String>>> op_encoding_decode(OpContext& cx,
                                                                v8::Local<v8::Value> source,
                                                                uint32_t encoding, bool fatal,
                                                                bool keep_bom) {
  RT_TRY(const Encoding checked, ToEncoding(encoding));
  const SourceBytes bytes(source);
  if (!bytes.valid()) return std::optional<v8::Local<v8::String>>();
  RT_TRY(v8::Local<v8::String> text,
         DecodeText(cx.isolate(), bytes.get(), checked, fatal, keep_bom));
  return std::optional<v8::Local<v8::String>>(text);
}

Result<uint32_t> op_encoding_unfinished(OpContext&, std::span<uint8_t> bytes, uint32_t encoding) {
  RT_TRY(const Encoding checked, ToEncoding(encoding));
  return UnfinishedBytes(bytes, checked);
}

Result<v8::Local<v8::Uint8Array>> op_encoding_encode(OpContext& cx, v8::Local<v8::String> text) {
  v8::Local<v8::Uint8Array> bytes;
  if (!EncodeUtf8(cx.isolate(), text).ToLocal(&bytes)) {
    return Error::Range("Array buffer allocation failed");
  }
  return bytes;
}

// `counts` is a Uint32Array(2): code units read, bytes written. The target may be shared memory;
// what it gets then was encoded elsewhere.
Result<void> op_encoding_encode_into(OpContext& cx, v8::Local<v8::String> text,
                                     v8::Local<v8::Uint8Array> target, std::span<uint8_t> counts) {
  EncodedInto done;
  if (counts.size() != sizeof done) return Error::Type("counts must be a Uint32Array(2)");
  v8::Local<v8::ArrayBuffer> buffer = target->Buffer();
  const size_t size = target->ByteLength();
  uint8_t* const bytes =
      size == 0 ? nullptr : static_cast<uint8_t*>(buffer->Data()) + target->ByteOffset();
  if (v8::Local<v8::Value>(buffer)->IsSharedArrayBuffer()) {
    // UTF-8 takes at most three bytes a code unit.
    std::vector<uint8_t> copy(std::min(size, static_cast<size_t>(text->Length()) * 3));
    done = EncodeUtf8Into(cx.isolate(), text, copy);
    if (done.written > 0) std::memcpy(bytes, copy.data(), done.written);
  } else {
    done = EncodeUtf8Into(cx.isolate(), text, {bytes, size});
  }
  std::memcpy(counts.data(), &done, sizeof done);
  return {};
}

// One character a byte ("isomorphic decode").
Result<v8::Local<v8::String>> op_encoding_latin1(OpContext& cx, std::span<uint8_t> bytes) {
  v8::Local<v8::String> text;
  if (bytes.size() > static_cast<size_t>(v8::String::kMaxLength) ||
      !v8::String::NewFromOneByte(cx.isolate(), bytes.data(), v8::NewStringType::kNormal,
                                  static_cast<int>(bytes.size()))
           .ToLocal(&text)) {
    return Error::Range("Cannot create a string longer than 0x1fffffe8 characters");
  }
  return text;
}

// What an error says of itself and where it was made, for ErrorEvent: [message, script, line,
// column]; the numbers start at 1, or are 0. With `or_here` a value that does not say is from where
// the program is now.
v8::Local<v8::Value> op_error_place(OpContext& cx, v8::Local<v8::Value> error, bool or_here) {
  v8::Isolate* isolate = cx.isolate();
  v8::Local<v8::Context> context = cx.v8_context();
  v8::Local<v8::Message> message = v8::Exception::CreateMessage(isolate, error);
  v8::Local<v8::Value> script = message->GetScriptResourceName();
  int line = message->GetLineNumber(context).FromMaybe(0);
  int column = line > 0 ? message->GetStartColumn(context).FromMaybe(-1) + 1 : 0;
  // Built-in code is no place a program knows: the first frame that is not, or none (a value that
  // is no Error knows only where it was thrown last).
  if (!script->IsString() || ToUtf8(isolate, script.As<v8::String>()).starts_with("rt:")) {
    script = v8::String::Empty(isolate);
    line = column = 0;
    v8::Local<v8::StackTrace> stack = v8::Exception::GetStackTrace(error);
    if (stack.IsEmpty() && or_here) stack = v8::StackTrace::CurrentStackTrace(isolate, 16);
    for (int i = 0; !stack.IsEmpty() && i < stack->GetFrameCount(); ++i) {
      v8::Local<v8::StackFrame> frame = stack->GetFrame(isolate, static_cast<uint32_t>(i));
      v8::Local<v8::String> name = frame->GetScriptName();
      if (name.IsEmpty() || ToUtf8(isolate, name).starts_with("rt:")) continue;
      script = name;
      line = frame->GetLineNumber();
      column = frame->GetColumn();
      break;
    }
  }
  v8::Local<v8::Value> parts[] = {message->Get(), script, v8::Integer::New(isolate, line),
                                  v8::Integer::New(isolate, column)};
  return v8::Array::New(isolate, parts, std::size(parts));
}

// The URL of --location, or null.
std::optional<std::string> op_location_href(OpContext& cx) {
  const std::string& location = cx.host().run_info().location;
  if (location.empty()) return std::nullopt;
  return location;
}

std::optional<v8::Local<v8::String>> op_base64_atob(OpContext& cx, v8::Local<v8::String> data) {
  return DecodeBase64(cx.isolate(), data);
}

std::optional<v8::Local<v8::String>> op_base64_btoa(OpContext& cx, v8::Local<v8::String> data) {
  return EncodeBase64(cx.isolate(), data);
}

uint32_t op_navigator_hardware_concurrency(OpContext&) {
  return static_cast<uint32_t>(CpuLimit());
}

std::string op_navigator_language(OpContext& cx) {
  std::string locale = cx.isolate()->GetDefaultLocale();
  // ICU calls the C locale en-US-u-va-posix.
  if (const size_t extension = locale.find("-u-"); extension != std::string::npos) {
    locale.resize(extension);
  }
  return locale.empty() || locale == "und" ? "en-US" : locale;
}

std::string op_navigator_platform(OpContext&) {
  utsname system;
  if (uname(&system) != 0) return "";
  return std::string(system.sysname) + " " + system.machine;
}

std::string op_navigator_user_agent(OpContext&) {
  return "rt/" RT_VERSION;
}

constexpr std::array kOps = {
    RT_OP(op_performance_now, NoPerm<"tells the time since the start">, Fast::kRequire),
    RT_OP(op_performance_time_origin, NoPerm<"tells the time of the start">, Fast::kRequire),
    RT_OP(op_event_copy, NoPerm<"copies an object of the built-ins">),
    RT_OP(op_buffer_kind, NoPerm<"pure">),
    RT_OP(op_encoding_decode, NoPerm<"pure">),
    RT_OP(op_encoding_unfinished, NoPerm<"pure">),
    RT_OP(op_encoding_encode, NoPerm<"pure">),
    RT_OP(op_encoding_encode_into, NoPerm<"pure">),
    RT_OP(op_encoding_latin1, NoPerm<"pure">),
    RT_OP(op_error_place, NoPerm<"looks at the script's own error">),
    RT_OP(op_location_href, NoPerm<"what the command line gave the script">),
    RT_OP(op_base64_atob, NoPerm<"pure">),
    RT_OP(op_base64_btoa, NoPerm<"pure">),
    RT_OP(op_navigator_hardware_concurrency, NoPerm<"navigator shows it to every page">),
    RT_OP(op_navigator_language, NoPerm<"navigator shows it to every page">),
    RT_OP(op_navigator_platform, NoPerm<"navigator shows it to every page">),
    RT_OP(op_navigator_user_agent, NoPerm<"navigator shows it to every page">),
};
static_assert(UniqueNames(kOps));

}  // namespace

Extension WebExtension() {
  return {.name = "web", .ops = kOps, .make_state = [](OpHost&) -> std::unique_ptr<ExtensionState> {
            return std::make_unique<WebState>();
          }};
}

}  // namespace rt
