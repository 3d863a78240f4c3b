// Between C++ text and V8 strings. C++ text is UTF-8 throughout; lone surrogates become U+FFFD on
// the way out, which is what every system interface wants.
#pragma once

#include <v8.h>

#include <string>
#include <string_view>

namespace rt {

// Strings longer than V8's limit (about 512 MiB) are empty: callers that may be given one check
// first.
inline v8::MaybeLocal<v8::String> TryToV8String(v8::Isolate* isolate, std::string_view text) {
  if (text.size() > static_cast<size_t>(v8::String::kMaxLength)) return {};
  return v8::String::NewFromUtf8(isolate, text.data(), v8::NewStringType::kNormal,
                                 static_cast<int>(text.size()));
}

// For text known to be short.
inline v8::Local<v8::String> ToV8String(v8::Isolate* isolate, std::string_view text) {
  return TryToV8String(isolate, text).ToLocalChecked();
}

// For property names and other text that recurs.
inline v8::Local<v8::String> ToInternalized(v8::Isolate* isolate, std::string_view text) {
  return v8::String::NewFromUtf8(isolate, text.data(), v8::NewStringType::kInternalized,
                                 static_cast<int>(text.size()))
      .ToLocalChecked();
}

inline v8::Local<v8::String> ToOneByteString(v8::Isolate* isolate, std::string_view text) {
  return v8::String::NewFromOneByte(isolate, reinterpret_cast<const uint8_t*>(text.data()),
                                    v8::NewStringType::kNormal, static_cast<int>(text.size()))
      .ToLocalChecked();
}

std::string ToUtf8(v8::Isolate* isolate, v8::Local<v8::String> string);

// Any value, for messages: never runs user code (objects become their type's name).
std::string DescribeValue(v8::Isolate* isolate, v8::Local<v8::Value> value);

}  // namespace rt
