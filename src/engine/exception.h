// rt::Error -> JavaScript exception. Native only: building one runs no JavaScript, so a V8 fast
// call may throw. The classes are defined in js/bootstrap/errors.js; their prototypes are handed
// over at start.
#pragma once

#include <v8.h>

#include <array>

#include "src/base/error.h"

namespace rt {

class ErrorClasses {
 public:
  // `prototypes` maps class names (ErrorClassName) to prototype objects. Classes that are missing
  // become plain Errors, so that unit tests need no bootstrap.
  void Initialize(v8::Isolate* isolate, v8::Local<v8::Context> context,
                  v8::Local<v8::Object> prototypes);
  // A function (message, name) -> DOMException, which has private fields only its constructor can
  // make.
  void SetDomExceptionFactory(v8::Isolate* isolate, v8::Local<v8::Function> factory) {
    dom_exception_factory_.Reset(isolate, factory);
  }
  void Reset();

  // The exception object, with an own `code` where the error has one, as in Deno. In a fast call
  // (`may_run_js` false) a DOMException becomes an Error with that name.
  v8::Local<v8::Value> Make(v8::Isolate* isolate, const Error& error, bool may_run_js = true) const;
  void Throw(v8::Isolate* isolate, const Error& error, bool may_run_js = true) const {
    isolate->ThrowException(Make(isolate, error, may_run_js));
  }

 private:
  std::array<v8::Global<v8::Object>, kErrorClassCount> prototypes_;
  v8::Global<v8::Function> dom_exception_factory_;
};

}  // namespace rt
