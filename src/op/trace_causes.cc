// See the header.
#include "src/op/trace_causes.h"

#include <utility>

namespace rt {

void TraceCauses::FollowPromises(v8::Isolate* isolate, v8::PromiseHook hook) {
  isolate_ = isolate;
  cause_key_.Reset(isolate, v8::Private::New(isolate));
  parent_key_.Reset(isolate, v8::Private::New(isolate));
  isolate->SetPromiseHook(hook);
}

void TraceCauses::Forget() {
  if (isolate_ != nullptr) isolate_->SetPromiseHook(nullptr);
  isolate_ = nullptr;
}

void TraceCauses::OnPromise(v8::PromiseHookType type, v8::Local<v8::Promise> promise,
                            v8::Local<v8::Value> parent) {
  v8::HandleScope handles(isolate_);
  v8::Local<v8::Context> context = isolate_->GetCurrentContext();
  v8::Local<v8::Private> cause_of = cause_key_.Get(isolate_);
  v8::Local<v8::Private> parent_of = parent_key_.Get(isolate_);
  switch (type) {
    case v8::PromiseHookType::kInit:
      if (parent->IsPromise()) (void)promise->SetPrivate(context, parent_of, parent);
      return;
    case v8::PromiseHookType::kResolve:
      if (current != 0) {
        (void)promise->SetPrivate(context, cause_of,
                                  v8::Number::New(isolate_, static_cast<double>(current)));
      }
      return;
    case v8::PromiseHookType::kBefore: {
      outer_ = std::exchange(current, 0);
      v8::Local<v8::Value> awaited;
      v8::Local<v8::Value> found;
      if (!promise->GetPrivate(context, parent_of).ToLocal(&awaited) || !awaited->IsPromise()) {
        return;
      }
      if (awaited.As<v8::Promise>()->GetPrivate(context, cause_of).ToLocal(&found) &&
          found->IsNumber()) {
        current = static_cast<uint64_t>(found.As<v8::Number>()->Value());
      }
      (void)promise->DeletePrivate(context, parent_of);
      return;
    }
    case v8::PromiseHookType::kAfter:
      current = outer_;
      return;
  }
}

}  // namespace rt
