// A bare isolate with the console ops as the global object `ops`, for tests that look at values.
#pragma once

#include <gtest/gtest.h>
#include <v8.h>

#include <memory>
#include <string>

#include "src/engine/isolate.h"
#include "src/engine/strings.h"
#include "src/ext/console/console.h"

namespace rt {

class ScriptFixture : public testing::Test {
 protected:
  void SetUp() override {
    extensions_[0] = ConsoleExtension();
    host_ = std::make_unique<OpHost>(extensions_, std::move(*Loop::Create()),
                                     std::move(*Permissions::FromOptions({})), RunInfo{},
                                     TraceFilter());
    isolate_ = NewIsolate({});
    host_->AttachIsolate(isolate_.get());
    isolate_->Enter();
    v8::HandleScope handles(isolate_.get());
    v8::Local<v8::Context> context = v8::Context::New(isolate_.get());
    context_.Reset(isolate_.get(), context);
    v8::Context::Scope scope(context);
    context->Global()
        ->Set(context, ToV8String(isolate_.get(), "ops"),
              host_->InstallOps(context, extensions_[0]))
        .Check();
  }

  void TearDown() override {
    context_.Reset();
    host_->Shutdown();
    isolate_->Exit();
    isolate_.reset();
    host_.reset();
  }

  // The completion value as String(value), or "threw: message".
  std::string Run(const std::string& source) {
    v8::Isolate* isolate = isolate_.get();
    v8::HandleScope handles(isolate);
    v8::Local<v8::Context> context = context_.Get(isolate);
    v8::Context::Scope scope(context);
    v8::TryCatch caught(isolate);
    v8::Local<v8::Script> script;
    v8::Local<v8::Value> value;
    v8::Local<v8::String> text;
    if (v8::Script::Compile(context, ToV8String(isolate, source)).ToLocal(&script) &&
        script->Run(context).ToLocal(&value) && value->ToString(context).ToLocal(&text)) {
      return ToUtf8(isolate, text);
    }
    return "threw: " + ToUtf8(isolate, caught.Message()->Get());
  }

 private:
  Extension extensions_[1];
  std::unique_ptr<OpHost> host_;
  UniqueIsolate isolate_;
  v8::Global<v8::Context> context_;
};

}  // namespace rt
