#include "src/op/trace_values.h"

#include <cmath>
#include <cstdio>

#include "src/base/redact.h"
#include "src/engine/strings.h"

namespace rt {
namespace {

constexpr size_t kLongestText = 120;
constexpr uint32_t kMostItems = 8;
constexpr int kDeepest = 2;
constexpr char kHidden[] = "\"***\"";

void AppendNumber(std::string* out, double number) {
  if (!std::isfinite(number)) {
    out->append(std::isnan(number) ? "\"NaN\"" : number > 0 ? "\"Infinity\"" : "\"-Infinity\"");
    return;
  }
  char text[32];
  std::snprintf(text, sizeof text, "%.17g", number);
  double back = 0;
  // The shortest of two that is exact.
  char shorter[32];
  std::snprintf(shorter, sizeof shorter, "%.15g", number);
  if (std::sscanf(shorter, "%lf", &back) == 1 && back == number) {
    out->append(shorter);
  } else {
    out->append(text);
  }
}

void AppendSize(std::string* out, size_t bytes) {
  out->append("{\"bytes\":").append(std::to_string(bytes)).append("}");
}

// Ops whose texts are keys, certificates, or what the environment holds.
bool IsSecretArgument(const OpDecl& op, int index) {
  if (op.name.starts_with("op_crypto_")) return true;
  if (op.name == "op_os_env_set") return index == 1;
  if (op.name == "op_os_env_get" || op.name == "op_os_env_list") return index == kResult;
  // The script's own, which crash reports leave out, too.
  if (op.name == "op_os_args") return index == kResult;
  // What somebody typed.
  return op.name.find("prompt") != std::string_view::npos && index == kResult;
}

class Writer {
 public:
  Writer(std::string* out, v8::Isolate* isolate)
      : out_(out), isolate_(isolate), context_(isolate->GetCurrentContext()) {}

  void Value(v8::Local<v8::Value> value, bool secret, int depth) {
    if (value.IsEmpty() || value->IsUndefined()) {
      out_->append("null");
    } else if (value->IsNull() || value->IsBoolean()) {
      out_->append(value->IsNull() ? "null" : value->IsTrue() ? "true" : "false");
    } else if (value->IsNumber()) {
      AppendNumber(out_, value.As<v8::Number>()->Value());
    } else if (value->IsString()) {
      Text(value.As<v8::String>(), secret);
    } else if (value->IsBigInt()) {
      out_->append("\"").append(std::to_string(value.As<v8::BigInt>()->Int64Value())).append("n\"");
    } else if (value->IsArrayBufferView()) {
      AppendSize(out_, value.As<v8::ArrayBufferView>()->ByteLength());
    } else if (value->IsArrayBuffer()) {
      AppendSize(out_, value.As<v8::ArrayBuffer>()->ByteLength());
    } else if (value->IsProxy()) {
      out_->append("\"[proxy]\"");
    } else if (value->IsFunction()) {
      out_->append("\"[function]\"");
    } else if (value->IsSymbol()) {
      out_->append("\"[symbol]\"");
    } else if (value->IsNativeError()) {
      AppendJsonString(out_, DescribeThrown(isolate_, value));
    } else if (value->IsArray()) {
      List(value.As<v8::Array>(), secret, depth);
    } else if (value->IsObject()) {
      Object(value.As<v8::Object>(), secret, depth);
    } else {
      out_->append("\"[value]\"");
    }
  }

 private:
  void Text(v8::Local<v8::String> text, bool secret) {
    if (secret) {
      out_->append(kHidden);
      return;
    }
    const int length = text->Length();
    // A secret may begin before the cut and end after it: some more is looked at than is shown.
    char bytes[4 * kLongestText];
    const size_t size = text->WriteUtf8V2(isolate_, bytes, sizeof bytes,
                                          v8::String::WriteFlags::kReplaceInvalidUtf8);
    std::string shown = RedactSecrets(std::string_view(bytes, size));
    if (shown.size() > kLongestText) {
      size_t end = kLongestText;
      while (end > 0 && (static_cast<unsigned char>(shown[end]) & 0xc0) == 0x80) --end;
      shown.resize(end);
      shown.append("… (").append(std::to_string(length)).append(" characters)");
    }
    AppendJsonString(out_, shown);
  }

  void List(v8::Local<v8::Array> list, bool secret, int depth) {
    const uint32_t length = list->Length();
    if (depth >= kDeepest) {
      out_->append("\"[").append(std::to_string(length)).append(" items]\"");
      return;
    }
    out_->append("[");
    bool follows_secret_name = false;
    for (uint32_t i = 0; i < length && i < kMostItems; ++i) {
      if (i > 0) out_->append(",");
      v8::Local<v8::Value> item;
      if (!Item(list, i).ToLocal(&item)) {
        out_->append("\"[getter]\"");
        continue;
      }
      // Headers and the environment are lists of names and values in turn.
      Value(item, secret || follows_secret_name, depth + 1);
      follows_secret_name = !follows_secret_name && item->IsString() &&
                            IsSecretName(ToUtf8(isolate_, item.As<v8::String>()));
    }
    if (length > kMostItems) {
      out_->append(",\"… ").append(std::to_string(length)).append(" items\"");
    }
    out_->append("]");
  }

  v8::MaybeLocal<v8::Value> Item(v8::Local<v8::Object> object, uint32_t index) {
    v8::TryCatch refused(isolate_);
    v8::Isolate::DisallowJavascriptExecutionScope no_javascript(
        isolate_, v8::Isolate::DisallowJavascriptExecutionScope::THROW_ON_FAILURE);
    return object->Get(context_, index);
  }

  void Object(v8::Local<v8::Object> object, bool secret, int depth) {
    if (depth >= kDeepest) {
      out_->append("\"[object]\"");
      return;
    }
    v8::Local<v8::Array> names;
    if (!object
             ->GetOwnPropertyNames(
                 context_, static_cast<v8::PropertyFilter>(v8::ONLY_ENUMERABLE | v8::SKIP_SYMBOLS))
             .ToLocal(&names)) {
      out_->append("\"[object]\"");
      return;
    }
    out_->append("{");
    const uint32_t count = names->Length();
    for (uint32_t i = 0; i < count && i < 2 * kMostItems; ++i) {
      v8::Local<v8::Value> name;
      if (!Item(names, i).ToLocal(&name) || !name->IsString()) continue;
      const std::string text = ToUtf8(isolate_, name.As<v8::String>());
      if (out_->back() != '{') out_->append(",");
      AppendJsonString(out_, text);
      out_->append(":");
      // A program's environment is all of it somebody's business but ours.
      const bool hides = secret || IsSecretName(text) || text == "env" || text == "envValues";
      v8::Local<v8::Value> value;
      {
        v8::TryCatch refused(isolate_);
        v8::Isolate::DisallowJavascriptExecutionScope no_javascript(
            isolate_, v8::Isolate::DisallowJavascriptExecutionScope::THROW_ON_FAILURE);
        value = object->Get(context_, name).FromMaybe(v8::Local<v8::Value>());
      }
      if (value.IsEmpty()) {
        out_->append("\"[getter]\"");
      } else if (hides && !value->IsNullOrUndefined() && !value->IsBoolean()) {
        out_->append(kHidden);
      } else {
        Value(value, hides, depth + 1);
      }
    }
    out_->append("}");
  }

  std::string* out_;
  v8::Isolate* isolate_;
  v8::Local<v8::Context> context_;
};

}  // namespace

void AppendJsonString(std::string* out, std::string_view text) {
  out->append("\"");
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out->append(1, '\\').append(1, c);
    } else if (byte < 0x20 || byte == 0x7f) {
      char escaped[8];
      std::snprintf(escaped, sizeof escaped, "\\u%04x", byte);
      out->append(escaped);
    } else {
      out->append(1, c);
    }
  }
  out->append("\"");
}

void AppendTraceValue(std::string* out, v8::Isolate* isolate, const OpDecl& op, int index,
                      const TraceValue& value) {
  switch (value.kind) {
    case TraceValue::Kind::kNothing:
      out->append("null");
      return;
    case TraceValue::Kind::kBoolean:
      out->append(value.number != 0 ? "true" : "false");
      return;
    case TraceValue::Kind::kNumber:
      AppendNumber(out, value.number);
      return;
    case TraceValue::Kind::kValue:
      break;
  }
  v8::HandleScope handles(isolate);
  Writer(out, isolate).Value(value.value, IsSecretArgument(op, index), 0);
}

size_t BytesOf(v8::Isolate* isolate, const TraceValue& value) {
  if (value.kind != TraceValue::Kind::kValue || value.value.IsEmpty()) return 0;
  if (value.value->IsString()) return value.value.As<v8::String>()->Utf8LengthV2(isolate);
  if (value.value->IsArrayBufferView()) return value.value.As<v8::ArrayBufferView>()->ByteLength();
  if (value.value->IsArrayBuffer()) return value.value.As<v8::ArrayBuffer>()->ByteLength();
  return 0;
}

std::string DescribeThrown(v8::Isolate* isolate, v8::Local<v8::Value> exception) {
  if (exception.IsEmpty()) return "terminated";
  v8::HandleScope handles(isolate);
  // The message object has it as text already: nothing of the error's own is called.
  v8::Local<v8::Message> message = v8::Exception::CreateMessage(isolate, exception);
  std::string text = RedactSecrets(ToUtf8(isolate, message->Get()));
  constexpr std::string_view kUncaught = "Uncaught ";
  if (text.starts_with(kUncaught)) text.erase(0, kUncaught.size());
  return text.substr(0, 4 * kLongestText);
}

}  // namespace rt
