// Asks V8 for the kind of a value; see kind.h. Must never run JavaScript.
#include "src/ext/console/kind.h"

namespace rt {
namespace {

Kind FunctionKind(v8::Local<v8::Value> value) {
  const bool async = value->IsAsyncFunction();
  if (value->IsGeneratorFunction()) {
    return async ? Kind::kAsyncGeneratorFunction : Kind::kGeneratorFunction;
  }
  return async ? Kind::kAsyncFunction : Kind::kFunction;
}

struct Test {
  bool (v8::Value::*is)() const;
  Kind kind;
};

// Common kinds first; no two tests hold for one value.
constexpr Test kTests[] = {
    {&v8::Value::IsMap, Kind::kMap},
    {&v8::Value::IsSet, Kind::kSet},
    {&v8::Value::IsDate, Kind::kDate},
    {&v8::Value::IsRegExp, Kind::kRegExp},
    {&v8::Value::IsNativeError, Kind::kError},
    {&v8::Value::IsPromise, Kind::kPromise},
    {&v8::Value::IsTypedArray, Kind::kTypedArray},
    {&v8::Value::IsArrayBuffer, Kind::kArrayBuffer},
    {&v8::Value::IsSharedArrayBuffer, Kind::kSharedArrayBuffer},
    {&v8::Value::IsDataView, Kind::kDataView},
    {&v8::Value::IsMapIterator, Kind::kMapIterator},
    {&v8::Value::IsSetIterator, Kind::kSetIterator},
    {&v8::Value::IsWeakMap, Kind::kWeakMap},
    {&v8::Value::IsWeakSet, Kind::kWeakSet},
    {&v8::Value::IsModuleNamespaceObject, Kind::kModule},
    {&v8::Value::IsNumberObject, Kind::kNumberObject},
    {&v8::Value::IsStringObject, Kind::kStringObject},
    {&v8::Value::IsBooleanObject, Kind::kBooleanObject},
    {&v8::Value::IsBigIntObject, Kind::kBigIntObject},
    {&v8::Value::IsSymbolObject, Kind::kSymbolObject},
    {&v8::Value::IsArgumentsObject, Kind::kArguments},
    {&v8::Value::IsExternal, Kind::kExternal},
};

}  // namespace

Kind KindOf(v8::Local<v8::Value> value) {
  if (!value->IsObject()) return Kind::kObject;
  // A proxy of a function is a function too.
  if (value->IsProxy()) return Kind::kProxy;
  if (value->IsArray()) return Kind::kArray;
  if (value->IsFunction()) return FunctionKind(value);
  v8::Value* raw = *value;
  for (const Test& test : kTests) {
    if ((raw->*test.is)()) return test.kind;
  }
  return Kind::kObject;
}

}  // namespace rt
