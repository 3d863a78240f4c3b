#include "src/engine/strings.h"

namespace rt {

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
