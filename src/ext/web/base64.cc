// Base64; see base64.h. Must never write past what simdutf says it needs.
#include "src/ext/web/base64.h"

#include <string>

#include "src/engine/strings.h"
#include "src/ext/web/simdutf.h"

namespace rt {
namespace {

// The characters as bytes; nothing when one is above U+00FF.
std::optional<std::string> Latin1(v8::Isolate* isolate, v8::Local<v8::String> text) {
  if (!text->ContainsOnlyOneByte()) return std::nullopt;
  std::string bytes(static_cast<size_t>(text->Length()), '\0');
  text->WriteOneByteV2(isolate, 0, static_cast<uint32_t>(bytes.size()),
                       reinterpret_cast<uint8_t*>(bytes.data()));
  return bytes;
}

}  // namespace

std::optional<v8::Local<v8::String>> DecodeBase64(v8::Isolate* isolate,
                                                  v8::Local<v8::String> data) {
  const std::optional<std::string> text = Latin1(isolate, data);
  if (!text) return std::nullopt;
  std::string bytes(simdutf::maximal_binary_length_from_base64(text->data(), text->size()), '\0');
  const simdutf::result decoded = simdutf::base64_to_binary(
      text->data(), text->size(), bytes.data(), simdutf::base64_default, simdutf::loose);
  if (decoded.error != simdutf::SUCCESS) return std::nullopt;
  bytes.resize(decoded.count);
  return ToOneByteString(isolate, bytes);
}

std::optional<v8::Local<v8::String>> EncodeBase64(v8::Isolate* isolate,
                                                  v8::Local<v8::String> data) {
  const std::optional<std::string> bytes = Latin1(isolate, data);
  if (!bytes) return std::nullopt;
  std::string text(simdutf::base64_length_from_binary(bytes->size(), simdutf::base64_default),
                   '\0');
  if (text.size() > static_cast<size_t>(v8::String::kMaxLength)) return std::nullopt;
  text.resize(simdutf::binary_to_base64(bytes->data(), bytes->size(), text.data(),
                                        simdutf::base64_default));
  return ToOneByteString(isolate, text);
}

}  // namespace rt
