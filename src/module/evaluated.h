// What a synthetic module's evaluation steps give back once its exports are set.
#pragma once

#include <v8.h>

namespace rt {

inline v8::MaybeLocal<v8::Value> Evaluated(v8::Local<v8::Context> context) {
  v8::Local<v8::Promise::Resolver> resolver;
  if (!v8::Promise::Resolver::New(context).ToLocal(&resolver) ||
      !resolver->Resolve(context, v8::Undefined(context->GetIsolate())).FromMaybe(false)) {
    return {};
  }
  return resolver->GetPromise();
}

}  // namespace rt
