// Text encodings (https://encoding.spec.whatwg.org/): bytes to V8 strings and back. Stateless: a
// stream's unfinished end is measured here and kept by JavaScript. Runs no JavaScript.
#pragma once

#include <v8.h>

#include <cstddef>
#include <cstdint>
#include <span>

#include "src/base/result.h"

namespace rt {

// The numbers are those js/ext/web/text_encoding.js uses.
enum class Encoding : uint8_t { kUtf8 = 0, kUtf16Le = 1, kUtf16Be = 2, kWindows1252 = 3 };
inline constexpr uint32_t kEncodingCount = 4;

// Decodes all of `bytes`. Malformed input becomes U+FFFD, or a TypeError when `fatal`. A byte order
// mark is dropped unless `keep_bom`. RangeError when the text is longer than a V8 string may be.
Result<v8::Local<v8::String>> DecodeText(v8::Isolate* isolate, std::span<const uint8_t> bytes,
                                         Encoding encoding, bool fatal, bool keep_bom);

// How many bytes at the end belong to a character whose rest may still come.
uint32_t UnfinishedBytes(std::span<const uint8_t> bytes, Encoding encoding);

// A fresh Uint8Array with the text as UTF-8, lone surrogates as U+FFFD. Empty: no memory for it.
v8::MaybeLocal<v8::Uint8Array> EncodeUtf8(v8::Isolate* isolate, v8::Local<v8::String> text);

struct EncodedInto {
  uint32_t read = 0;     // UTF-16 code units of the text
  uint32_t written = 0;  // bytes
};
// As much of the text as fits, whole characters only.
EncodedInto EncodeUtf8Into(v8::Isolate* isolate, v8::Local<v8::String> text,
                           std::span<uint8_t> target);

}  // namespace rt
