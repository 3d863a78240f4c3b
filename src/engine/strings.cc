#include "src/engine/strings.h"

#include <cstring>

namespace rt {
namespace {

bool IsAscii(std::string_view text) {
  uint64_t any = 0;
  while (text.size() >= sizeof any) {
    uint64_t piece;
    std::memcpy(&piece, text.data(), sizeof piece);
    any |= piece;
    text.remove_prefix(sizeof piece);
  }
  for (const char c : text) any |= static_cast<uint8_t>(c);
  return (any & 0x8080808080808080) == 0;
}

}  // namespace

std::string ToUtf8(v8::Isolate* isolate, v8::Local<v8::String> string) {
  // Names and paths are ASCII nearly always, and then neither counted nor encoded.
  constexpr int kShort = 4096;
  if (string->IsOneByte() && string->Length() <= kShort) {
    std::string text(static_cast<size_t>(string->Length()), '\0');
    string->WriteOneByteV2(isolate, 0, static_cast<uint32_t>(text.size()),
                           reinterpret_cast<uint8_t*>(text.data()));
    if (IsAscii(text)) return text;
  }
  std::string text(string->Utf8LengthV2(isolate), '\0');
  string->WriteUtf8V2(isolate, text.data(), text.size(),
                      v8::String::WriteFlags::kReplaceInvalidUtf8);
  return text;
}

std::string DescribeValue(v8::Isolate* isolate, v8::Local<v8::Value> value) {
  if (value->IsString()) return "a string";
  if (value->IsUndefined()) return "undefined";
  if (value->IsNull()) return "null";
  if (value->IsBoolean()) return "a boolean";
  if (value->IsNumber()) return "a number";
  if (value->IsBigInt()) return "a bigint";
  if (value->IsSymbol()) return "a symbol";
  if (value->IsFunction()) return "a function";
  if (value->IsArray()) return "an array";
  if (value->IsSharedArrayBuffer()) return "a shared buffer";
  if (value->IsArrayBufferView() || value->IsArrayBuffer()) {
    // V8 says ArrayBuffer of either kind.
    v8::Local<v8::ArrayBuffer> buffer = value->IsArrayBufferView()
                                            ? value.As<v8::ArrayBufferView>()->Buffer()
                                            : value.As<v8::ArrayBuffer>();
    if (v8::Local<v8::Value>(buffer)->IsSharedArrayBuffer()) return "a shared buffer";
    return buffer->IsResizableByUserJavaScript() ? "a resizable buffer" : "a buffer";
  }
  return "an object";
}

}  // namespace rt
