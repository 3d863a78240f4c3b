// Structured cloning on V8's serialiser:
// https://html.spec.whatwg.org/#structuredserializewithtransfer. Runs JavaScript: getters of the
// value, and the delegate of js/ext/web/structured_clone.js for rt's own objects. Belongs to the
// runtime's thread.
#pragma once

#include <v8.h>

#include "src/op/op_host.h"

namespace rt {

// A deep copy. The buffers of `transfer` (distinct ArrayBuffers, checked by JavaScript) move into
// the copy and are detached, once everything could be serialised. `delegate` is cloneDelegate. An
// empty result: an exception is pending (a DataCloneError, or what a getter threw).
v8::MaybeLocal<v8::Value> StructuredClone(OpHost& host, v8::Local<v8::Context> context,
                                          v8::Local<v8::Value> value, v8::Local<v8::Array> transfer,
                                          v8::Local<v8::Object> delegate);

}  // namespace rt
