// Runtime: what JavaScript threw and nobody caught, and promises whose rejection nobody handles.
#include <utility>

#include "src/engine/isolate.h"
#include "src/runtime/report.h"
#include "src/runtime/runtime.h"

namespace rt {

bool Runtime::HandleException(v8::TryCatch& caught) {
  // Deno.exit ended JavaScript: nothing to report.
  if (host_.exit_requested()) return false;
  if (host_.has_reported_exception()) {
    isolate_->CancelTerminateExecution();
    v8::Local<v8::Value> exception = host_.reported_exception();
    host_.ClearReportedException();
    return Fatal(exception, v8::Exception::CreateMessage(isolate_.get(), exception), false);
  }
  if (caught.HasTerminated()) return false;
  return Fatal(caught.Exception(), caught.Message(), false);
}

void Runtime::OnPromiseReject(v8::PromiseRejectMessage message) {
  v8::Local<v8::Promise> promise = message.GetPromise();
  v8::Isolate* isolate = promise->GetIsolate();
  auto& self = *static_cast<Runtime*>(isolate->GetData(kIsolateRuntime));
  switch (message.GetEvent()) {
    case v8::kPromiseRejectWithNoHandler:
      self.rejections_.push_back({v8::Global<v8::Promise>(isolate, promise),
                                  v8::Global<v8::Value>(isolate, message.GetValue()),
                                  {}});
      if (!self.testing_.IsEmpty()) {
        self.rejections_.back().async_context.Reset(
            isolate, isolate->GetContinuationPreservedEmbedderData());
      }
      return;
    case v8::kPromiseHandlerAddedAfterReject:
      std::erase_if(self.rejections_,
                    [&](const Rejection& rejection) { return rejection.promise == promise; });
      if (std::erase(self.reported_rejections_, promise) > 0) {
        self.handled_rejections_.emplace_back(isolate, promise);
      }
      return;
    case v8::kPromiseRejectAfterResolved:
    case v8::kPromiseResolveAfterResolved:
      return;
  }
}

void Runtime::OnMessage(v8::Local<v8::Message>, v8::Local<v8::Value> exception) {
  v8::Isolate* isolate = v8::Isolate::GetCurrent();
  auto& self = *static_cast<Runtime*>(isolate->GetData(kIsolateRuntime));
  v8::HandleScope handles(isolate);
  v8::TryCatch caught(isolate);
  // `error` listeners, then ReportException: as for a timer's callback.
  (void)self.CallHook("reportException", {exception});
}

bool Runtime::ReportRejections() {
  v8::Isolate* isolate = isolate_.get();
  while (!rejections_.empty()) {
    std::vector<Rejection> rejections = std::move(rejections_);
    rejections_.clear();
    for (Rejection& rejection : rejections) {
      v8::HandleScope handles(isolate);
      v8::Local<v8::Promise> promise = rejection.promise.Get(isolate);
      v8::Local<v8::Value> reason = rejection.reason.Get(isolate);
      v8::TryCatch caught(isolate);
      v8::Local<v8::Value> prevented;
      if (!CallHook("onUnhandledRejection", {promise, reason}).ToLocal(&prevented)) {
        return HandleException(caught);
      }
      if (promise->HasHandler()) continue;
      if (prevented->IsTrue()) {
        std::erase_if(reported_rejections_, [](const auto& weak) { return weak.IsEmpty(); });
        reported_rejections_.emplace_back(isolate, promise).SetWeak();
        continue;
      }
      if (!Fatal(reason, v8::Exception::CreateMessage(isolate, reason), true,
                 rejection.async_context.Get(isolate))) {
        return false;
      }
    }
    if (!RunMicrotasks()) return false;
  }
  return ReportHandledRejections();
}

bool Runtime::ReportHandledRejections() {
  v8::Isolate* isolate = isolate_.get();
  while (!handled_rejections_.empty()) {
    const std::vector<v8::Global<v8::Promise>> promises = std::move(handled_rejections_);
    handled_rejections_.clear();
    for (const v8::Global<v8::Promise>& handle : promises) {
      v8::HandleScope handles(isolate);
      v8::Local<v8::Promise> promise = handle.Get(isolate);
      v8::TryCatch caught(isolate);
      if (CallHook("onRejectionHandled", {promise, promise->Result()}).IsEmpty()) {
        return HandleException(caught);
      }
    }
    if (!RunMicrotasks()) return false;
  }
  return true;
}

bool Runtime::Fatal(v8::Local<v8::Value> exception, v8::Local<v8::Message> message, bool in_promise,
                    v8::Local<v8::Value> async_context) {
  if (!testing_.IsEmpty()) {
    v8::Isolate* isolate = isolate_.get();
    if (async_context.IsEmpty()) async_context = v8::Undefined(isolate);
    v8::TryCatch caught(isolate);
    return !CallTesting("uncaught",
                        {exception, v8::Boolean::New(isolate, in_promise), async_context})
                .IsEmpty();
  }
  if (on_uncaught_) {
    on_uncaught_(exception, in_promise);
    return true;
  }
  fatal_ = true;
  if (host_.run_info().is_worker) {
    outcome_ = SummarizeUncaught(isolate_.get(), context(), exception, message, in_promise);
  }
  if (inspector_) inspector_->ExceptionThrown(context(), exception, message);
  ReportUncaught(isolate_.get(), context(), host_, exception, message, in_promise);
  return false;
}

}  // namespace rt
