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
  return "an object";
}

}  // namespace rt
