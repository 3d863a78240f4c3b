// A bare isolate with an entered context, for code that makes V8 strings.
#pragma once

#include <gtest/gtest.h>
#include <v8.h>

#include <optional>
#include <string>
#include <string_view>

#include "src/engine/isolate.h"
#include "src/engine/strings.h"

namespace rt {

class IsolateFixture : public testing::Test {
 protected:
  void SetUp() override {
    isolate_ = NewIsolate({});
    isolate_->Enter();
    handles_.emplace(isolate_.get());
    context_ = v8::Context::New(isolate_.get());
    context_->Enter();
  }

  void TearDown() override {
    context_->Exit();
    context_.Clear();
    handles_.reset();
    isolate_->Exit();
    isolate_.reset();
  }

  v8::Isolate* isolate() { return isolate_.get(); }

  v8::Local<v8::String> Text(std::u16string_view text) {
    return v8::String::NewFromTwoByte(isolate(), reinterpret_cast<const uint16_t*>(text.data()),
                                      v8::NewStringType::kNormal, static_cast<int>(text.size()))
        .ToLocalChecked();
  }

  std::u16string Units(v8::Local<v8::String> string) {
    std::u16string units(static_cast<size_t>(string->Length()), u'\0');
    string->WriteV2(isolate(), 0, static_cast<uint32_t>(units.size()),
                    reinterpret_cast<uint16_t*>(units.data()));
    return units;
  }

 private:
  // HandleScope may not live on the heap by itself; inside optional it is a member.
  struct Handles {
    explicit Handles(v8::Isolate* isolate) : scope(isolate) {}
    v8::HandleScope scope;
  };

  UniqueIsolate isolate_;
  std::optional<Handles> handles_;
  v8::Local<v8::Context> context_;
};

}  // namespace rt
