// Tests and benchmarks inside a runtime: what js/testing needs of C++. The process that started the
// runtime, and prints what it hears, is in src/cli/testing.
#pragma once

#include <v8.h>

#include <string>
#include <string_view>

#include "src/op/op_host.h"

namespace rt {

// Who runs the tests of a runtime. Named in RunInfo::test_host; outlives the runtime. Called on its
// thread.
class TestHost {
 public:
  // An event, as JSON, for whoever reports.
  virtual void Send(std::string_view event) = 0;
  // What a person is to see of something thrown: class, message, source line, stack without rt's
  // frames. Runs JavaScript of rt's, and getters of the error; never throws.
  virtual std::string FormatFailure(v8::Local<v8::Value> error) = 0;

 protected:
  ~TestHost() = default;
};

// Its ops exist only where there is a test host.
Extension TestingExtension();

}  // namespace rt
