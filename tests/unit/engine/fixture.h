// A bare isolate with one context, for tests of the engine layer.
#pragma once

#include <gtest/gtest.h>
#include <v8.h>

#include <optional>
#include <string>

#include "src/engine/isolate.h"
#include "src/engine/strings.h"

namespace rt {

class EngineFixture : public testing::Test {
 protected:
  void SetUp() override {
    isolate_ = NewIsolate({});
    isolate_->Enter();
    v8::HandleScope handles(isolate());
    context_.Reset(isolate(), v8::Context::New(isolate()));
    context()->Enter();
  }
  void TearDown() override {
    {
      v8::HandleScope handles(isolate());
      context()->Exit();
      context_.Reset();
    }
    isolate_->Exit();
    isolate_.reset();
  }

  v8::Isolate* isolate() { return isolate_.get(); }
  v8::Local<v8::Context> context() { return context_.Get(isolate()); }

  v8::Local<v8::Value> Eval(const std::string& source) {
    v8::TryCatch caught(isolate());
    v8::Local<v8::Value> value = v8::Undefined(isolate());
    v8::Local<v8::Script> script;
    if (!v8::Script::Compile(context(), ToV8String(isolate(), source)).ToLocal(&script) ||
        !script->Run(context()).ToLocal(&value)) {
      ADD_FAILURE() << source << ": " << ToUtf8(isolate(), caught.Message()->Get());
    }
    return value;
  }
  std::string EvalText(const std::string& source) {
    v8::HandleScope handles(isolate());
    return ToUtf8(isolate(), Eval(source)->ToString(context()).ToLocalChecked());
  }
  void SetGlobal(const char* name, v8::Local<v8::Value> value) {
    context()->Global()->Set(context(), ToV8String(isolate(), name), value).Check();
  }
  // Without looking at the stack: what a local variable of a test holds does not count.
  void CollectGarbage() {
    isolate()->RequestGarbageCollectionForTesting(v8::Isolate::kFullGarbageCollection,
                                                  cppgc::EmbedderStackState::kNoHeapPointers);
  }

 private:
  UniqueIsolate isolate_;
  v8::Global<v8::Context> context_;
};

}  // namespace rt
