// What kind of object a value is, by its internal slots: nothing a script can fake. The numbers are
// known to js/ext/console/kinds.js and must stay equal to it.
#pragma once

#include <v8.h>

#include <cstdint>

namespace rt {

enum class Kind : uint32_t {
  kObject = 0,
  kArray = 1,
  kFunction = 2,
  kGeneratorFunction = 3,
  kAsyncFunction = 4,
  kAsyncGeneratorFunction = 5,
  kMap = 6,
  kSet = 7,
  kMapIterator = 8,
  kSetIterator = 9,
  kTypedArray = 10,
  kArrayBuffer = 11,
  kSharedArrayBuffer = 12,
  kDataView = 13,
  kDate = 14,
  kRegExp = 15,
  kError = 16,
  kPromise = 17,
  kWeakMap = 18,
  kWeakSet = 19,
  kModule = 20,
  kNumberObject = 21,
  kStringObject = 22,
  kBooleanObject = 23,
  kBigIntObject = 24,
  kSymbolObject = 25,
  kArguments = 26,
  kProxy = 27,
  kExternal = 28,
};

// Runs no JavaScript. A proxy is kProxy whatever it wraps; a primitive is kObject.
Kind KindOf(v8::Local<v8::Value> value);

}  // namespace rt
