#include "src/ext/testing/activity.h"

namespace rt {

void ActivityLog::Watch() {
  watching_ = true;
  host_.async_calls().Observe(this);
  host_.resources().Observe(this);
}

void ActivityLog::Stop() {
  if (!watching_) return;
  watching_ = false;
  host_.async_calls().Observe(nullptr);
  host_.resources().Observe(nullptr);
  calls_.clear();
  resources_.clear();
}

void ActivityLog::CallPending(const AsyncCall& call) {
  v8::Isolate* isolate = host_.isolate();
  v8::Local<v8::Value> context = isolate->GetContinuationPreservedEmbedderData();
  if (!context->IsObject()) return;
  calls_[call.promise_id()] = {
      .name = std::string(call.decl().name),
      .context = v8::Global<v8::Value>(isolate, context),
      .error = v8::Global<v8::Value>(isolate, v8::Exception::Error(v8::String::Empty(isolate))),
      .call = &call};
}

void ActivityLog::CallFinished(const AsyncCall& call) {
  // Ids come round again after 2^31 calls.
  const auto found = calls_.find(call.promise_id());
  if (found != calls_.end() && found->second.call == &call) calls_.erase(found);
}

void ActivityLog::ResourceAdded(Rid rid, std::string_view name, uint32_t maker) {
  v8::Isolate* isolate = host_.isolate();
  v8::HandleScope handles(isolate);
  Start start{.name = std::string(name), .context = {}, .error = {}};
  // Opened when its op resumed: then nothing of the test's runs, but it is known who called the op.
  if (const auto op = calls_.find(maker); maker != 0 && op != calls_.end()) {
    start.context.Reset(isolate, op->second.context);
    start.error.Reset(isolate, op->second.error);
  } else {
    v8::Local<v8::Value> context = isolate->GetContinuationPreservedEmbedderData();
    if (!isolate->InContext() || !context->IsObject()) return;
    start.context.Reset(isolate, context);
    start.error.Reset(isolate, v8::Exception::Error(v8::String::Empty(isolate)));
  }
  resources_[rid] = std::move(start);
}

void ActivityLog::ResourceRemoved(Rid rid) {
  resources_.erase(rid);
}

}  // namespace rt
