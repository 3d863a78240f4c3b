// Runtime: what others may see of it while it runs, tracing, debuggers and --why-alive.
#include <array>
#include <utility>

#include "src/engine/isolate.h"
#include "src/engine/strings.h"
#include "src/runtime/report.h"
#include "src/runtime/runtime.h"

namespace rt {

void Runtime::PrepareTracing() {
  Tracer& tracer = host_.tracer();
  tracer.SetPlaces([this](const std::string& url, int line, int column) {
    const typescript::SourcePlace place = modules_->positions().Original(url, {line, column});
    return url + ":" + std::to_string(place.line) + ":" + std::to_string(place.column);
  });
  if (!tracer.options().origins) return;
  v8::Isolate* isolate = isolate_.get();
  v8::Local<v8::Context> context = this->context();
  v8::TryCatch caught(isolate);
  v8::Local<v8::Value> internals;
  v8::Local<v8::Value> track;
  v8::Local<v8::Function> place;
  const auto tell = [](const v8::FunctionCallbackInfo<v8::Value>& info) {
    auto* host = static_cast<OpHost*>(info.GetIsolate()->GetData(kIsolateOpHost));
    info.GetReturnValue().Set(ToV8String(info.GetIsolate(), host->tracer().CallerPlace()));
  };
  if (!host_.hooks()->Get(context, ToInternalized(isolate, "internals")).ToLocal(&internals) ||
      !internals.As<v8::Object>()
           ->Get(context, ToInternalized(isolate, "trackTimerPlaces"))
           .ToLocal(&track) ||
      !v8::Function::New(context, tell).ToLocal(&place)) {
    return;
  }
  v8::Local<v8::Value> arguments[] = {place};
  // It only stores.
  RT_CHECK(
      !track.As<v8::Function>()->Call(context, v8::Undefined(isolate), 1, arguments).IsEmpty());
}

void Runtime::Retrace(const TraceOptions* options) {
  TraceOptions next = options != nullptr ? *options : own_trace_;
  next.origins = own_trace_.origins;
  host_.tracer().Configure(std::move(next));
}

std::shared_ptr<InspectorAgent> Runtime::EnsureInspector() {
  if (!inspector_) {
    const RunInfo& info = host_.run_info();
    v8::HandleScope handles(isolate_.get());
    inspector_ = InspectorAgent::Create(isolate_.get(), context(),
                                        info.is_worker ? "worker " + info.worker_name : "main");
  }
  return inspector_;
}

void Runtime::WaitForDebugger(bool breaks) {
  EnsureInspector()->WaitForDebugger();
  if (breaks) modules_->BeforeMain([this] { inspector_->PauseOnNextStatement(); });
}

void Runtime::MirrorConsole() {
  if (!inspector_ || std::exchange(mirrors_console_, true)) return;
  v8::Isolate* isolate = isolate_.get();
  v8::HandleScope handles(isolate);
  v8::TryCatch caught(isolate);
  v8::Local<v8::Value> internals;
  v8::Local<v8::Value> console;
  if (host_.hooks()->Get(context(), ToInternalized(isolate, "internals")).ToLocal(&internals) &&
      internals->IsObject() &&
      internals.As<v8::Object>()
          ->Get(context(), ToInternalized(isolate, "v8Console"))
          .ToLocal(&console) &&
      console->IsObject()) {
    inspector_->MirrorConsole(context(), console.As<v8::Object>());
  }
}

std::vector<std::string> Runtime::PendingAwaits() {
  v8::Isolate* isolate = isolate_.get();
  v8::HandleScope handles(isolate);
  if (evaluated_.IsEmpty() || evaluated_.Get(isolate)->State() != v8::Promise::kPending) return {};
  std::vector<std::string> places;
  for (v8::Local<v8::Message> message : modules_->StalledAwaits()) {
    places.push_back(PlaceOfMessage(isolate, context(), message));
  }
  // A module of its graph may be what waits, and V8 names only awaits that nothing stands behind.
  if (places.empty()) places.push_back(host_.run_info().main_module);
  return places;
}

}  // namespace rt
