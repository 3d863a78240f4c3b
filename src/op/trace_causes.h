// What caused what runs now, while events are traced: a call that settled a promise causes what
// reacts to it. Follows promises with V8's hook, on the runtime's thread. Must never run user code.
#pragma once

#include <v8.h>

#include <cstdint>

namespace rt {

class TraceCauses {
 public:
  // Follows promises until Forget(): `hook` finds this object and calls OnPromise.
  void FollowPromises(v8::Isolate* isolate, v8::PromiseHook hook);
  void OnPromise(v8::PromiseHookType type, v8::Local<v8::Promise> promise,
                 v8::Local<v8::Value> parent);
  void Forget();

  // The call that causes what runs now; 0: none, or not known.
  uint64_t current = 0;

 private:
  v8::Isolate* isolate_ = nullptr;  // of whose promises we hear
  v8::Global<v8::Private> cause_key_;
  v8::Global<v8::Private> parent_key_;
  uint64_t outer_ = 0;  // of what a promise reaction interrupts
};

}  // namespace rt
