// A runtime as small as it gets: an isolate without a snapshot, the ops of
// tests/unit/op/test_ops.cc as the global object `ops`, and the stub that js/bootstrap/ring.js
// would be for its async ops.
#pragma once

#include <gtest/gtest.h>
#include <v8.h>

#include <memory>
#include <string>

#include "src/engine/isolate.h"
#include "src/engine/strings.h"
#include "test_ops.h"

namespace rt {

class OpFixture : public testing::Test {
 protected:
  void SetUp() override { Start({}, {}); }
  void TearDown() override {
    if (host_) Stop();
  }

  void Start(const PermissionOptions& permissions, TraceFilter trace);
  void Stop();
  void Restart(const PermissionOptions& permissions, TraceFilter trace) {
    Stop();
    Start(permissions, std::move(trace));
  }

  // The completion value as String(value); "threw: Class: message [code]" if it throws.
  std::string Run(const std::string& source);
  // Runs the loop until nothing is pending, delivering what finished after each turn.
  void RunLoop();
  // Hands over what has finished. Calls the global deliver(), which settles promises and logs the
  // order.
  void Deliver();

  OpHost& host() { return *host_; }
  TestState& state() { return *TestState::Of(*host_); }
  v8::Isolate* isolate() { return isolate_.get(); }

 private:
  Extension extensions_[1];
  std::unique_ptr<OpHost> host_;
  UniqueIsolate isolate_;
  v8::Global<v8::Context> context_;
};

}  // namespace rt
