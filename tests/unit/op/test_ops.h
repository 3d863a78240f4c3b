// Ops that exist only for the tests of the op layer, one or two for each type and rule.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "src/loop/event.h"
#include "src/op/op_host.h"

namespace rt {

struct TestState final : ExtensionState {
  // The state of the only extension of a test host.
  static TestState* Of(OpHost& host) { return static_cast<TestState*>(host.contexts()[0].state); }

  int calls = 0;                 // bodies that ran
  std::vector<std::string> log;  // what they want to say
  Signal<int> signals[4];
  Bytes kept;
  int shutdowns = 0;
  void Shutdown() override { ++shutdowns; }
};

class TestResource : public Resource {
 public:
  TestResource() : Resource(TypeIdOf<TestResource>()) {}
  std::string_view name() const override { return "test"; }
  void Close() override { closed = true; }
  bool closed = false;
};
class OtherResource : public Resource {
 public:
  OtherResource() : Resource(TypeIdOf<OtherResource>()) {}
  std::string_view name() const override { return "other"; }
  void Close() override {}
};

Extension TestExtension();

}  // namespace rt
