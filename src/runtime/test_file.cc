// Runs one file of tests or benchmarks in this runtime. What to run, and in what order, is
// js/testing's; this only drives the loop for it.
#include "src/engine/strings.h"
#include "src/ext/testing/testing.h"
#include "src/runtime/builtins.h"
#include "src/runtime/report.h"
#include "src/runtime/runtime.h"

namespace rt {

Result<void> Runtime::LoadTesting() {
  v8::HandleScope handles(isolate_.get());
  RT_TRY(v8::Local<v8::Object> hooks, LoadLazyBundle(host_, context(), TestingBundle()));
  testing_.Reset(isolate_.get(), hooks);
  return {};
}

void Runtime::StartCoverage() {
  v8::HandleScope handles(isolate_.get());
  modules_->positions().KeepGenerated();
  coverage_ = std::make_unique<CoverageRecorder>(isolate_.get(), context());
}

std::string Runtime::TakeCoverage() {
  return coverage_ ? coverage_->Take() : std::string();
}

v8::MaybeLocal<v8::Value> Runtime::CallTesting(const char* name,
                                               std::vector<v8::Local<v8::Value>> arguments) {
  v8::Isolate* isolate = isolate_.get();
  v8::Local<v8::Value> function;
  if (!testing_.Get(isolate)->Get(context(), ToInternalized(isolate, name)).ToLocal(&function) ||
      !function->IsFunction()) {
    return {};
  }
  return function.As<v8::Function>()->Call(context(), v8::Undefined(isolate),
                                           static_cast<int>(arguments.size()), arguments.data());
}

bool Runtime::LoadTestFile(const TestFile& file, bool* loaded) {
  *loaded = false;
  v8::Isolate* isolate = isolate_.get();
  if (file.no_run) {
    v8::TryCatch caught(isolate);
    *loaded = modules_->LinkMain(context(), file.url);
    return *loaded || HandleException(caught);
  }
  v8::Local<v8::Promise> evaluated;
  {
    v8::TryCatch caught(isolate);
    if (!modules_->EvaluateMain(context(), file.url, nullptr).ToLocal(&evaluated)) {
      return HandleException(caught);  // an event; there is nothing to run
    }
  }
  if (!RunLoop(evaluated)) return false;
  if (evaluated->State() == v8::Promise::kPending) {
    const std::string text =
        FormatStalledAwaits(isolate, context(), modules_->StalledAwaits(), file.url);
    v8::TryCatch caught(isolate);
    return !CallTesting("failed", {ToV8String(isolate, text)}).IsEmpty();
  }
  if (evaluated->State() == v8::Promise::kRejected) return true;  // reported by the loop
  *loaded = true;
  v8::TryCatch caught(isolate);
  return !CallHook("load", {}).IsEmpty() || HandleException(caught);
}

int Runtime::RunTestFile(const TestFile& file, bool* ended) {
  v8::Isolate* isolate = isolate_.get();
  v8::HandleScope handles(isolate);
  *ended = true;
  bool loaded = false;
  v8::Local<v8::Function> has_rejections;
  v8::Local<v8::Value> ready;
  if (!v8::Function::New(context(),
                         [](const v8::FunctionCallbackInfo<v8::Value>& info) {
                           const auto* self =
                               static_cast<Runtime*>(info.GetIsolate()->GetData(kIsolateRuntime));
                           info.GetReturnValue().Set(!self->rejections_.empty());
                         })
           .ToLocal(&has_rejections) ||
      !CallTesting("prepare", {ToV8String(isolate, file.options_json), has_rejections})
           .ToLocal(&ready)) {
    return ExitCode();
  }
  if (!ready->IsTrue()) {
    *ended = false;
    return 1;
  }
  if (const auto code = RunPreloads(file.url)) return *code;
  if (!LoadTestFile(file, &loaded)) return ExitCode();
  if (loaded && !file.no_run) {
    v8::Local<v8::Value> running;
    {
      v8::TryCatch caught(isolate);
      if (!CallTesting(file.bench ? "runBenches" : "runTests",
                       {ToV8String(isolate, file.options_json)})
               .ToLocal(&running)) {
        if (!HandleException(caught)) return ExitCode();
        return 1;
      }
    }
    v8::Local<v8::Promise> done = running.As<v8::Promise>();
    for (;;) {
      if (!RunLoop(done)) return ExitCode();
      if (done->State() != v8::Promise::kPending) break;
      v8::TryCatch caught(isolate);
      v8::Local<v8::Value> goes_on;
      if (!CallTesting("stalled", {}).ToLocal(&goes_on)) {
        if (!HandleException(caught)) return ExitCode();
      } else if (!goes_on->IsTrue()) {
        break;
      }
    }
  }
  // What tests left running keeps nothing alive any more, but the program may hear of its end.
  for (const char* last : {"beforeExit", "exit"}) {
    v8::TryCatch caught(isolate);
    if (CallHook(last, {}).IsEmpty() && !HandleException(caught)) return ExitCode();
    if (!RunMicrotasks()) return ExitCode();
  }
  *ended = false;
  return 0;
}

}  // namespace rt
