// Base64 between strings whose characters are bytes, for atob and btoa. Runs no JavaScript.
#pragma once

#include <v8.h>

#include <optional>

namespace rt {

// Forgiving-base64 decode (https://infra.spec.whatwg.org/#forgiving-base64-decode). Nothing: no
// base64.
std::optional<v8::Local<v8::String>> DecodeBase64(v8::Isolate* isolate, v8::Local<v8::String> data);

// Nothing: a character is above U+00FF, or the result would be longer than a V8 string may be.
std::optional<v8::Local<v8::String>> EncodeBase64(v8::Isolate* isolate, v8::Local<v8::String> data);

}  // namespace rt
