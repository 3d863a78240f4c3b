// Making an object of V8's C++ heap together with the wrapper JavaScript holds (gc_object.h).
#pragma once

#include <utility>

#include "src/engine/gc_object.h"

namespace rt {

// The wrapper of a new T. `cached` keeps the wrappers' template between calls: one a type and
// isolate, to be dropped before the isolate goes. Empty: not enough memory.
template <class T, class... A>
v8::MaybeLocal<v8::Value> MakeWrapped(v8::Isolate* isolate,
                                      v8::Global<v8::FunctionTemplate>& cached, const char* name,
                                      A&&... arguments) {
  if (cached.IsEmpty()) cached.Reset(isolate, GcWrapperTemplate(isolate, name));
  v8::Local<v8::Object> wrapper;
  if (!cached.Get(isolate)
           ->InstanceTemplate()
           ->NewInstance(isolate->GetCurrentContext())
           .ToLocal(&wrapper)) {
    return {};
  }
  WrapGc(isolate, wrapper, MakeGc<T>(isolate, std::forward<A>(arguments)...));
  return wrapper;
}

}  // namespace rt
