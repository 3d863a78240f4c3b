// What an embedding program adds to a runtime: extensions of its own, and the scripts that show
// them to programs (include/rt/rt.h).
#pragma once

#include <v8.h>

#include <span>
#include <string>
#include <vector>

#include "src/base/result.h"
#include "src/op/op_host.h"

namespace rt {

// Never changed once a runtime has it: workers on other threads use the same.
struct Features {
  struct Script {
    std::string extension;  // whose ops it gets
    std::string text;
  };

  // TypeError: a name is missing or taken.
  Result<void> Add(const Extension& extension, std::string script);

  std::vector<Extension> extensions;  // rt's own first
  std::vector<Script> scripts;
};

// Runs the scripts in a runtime that has started. The error says which threw, and what.
Result<void> RunFeatureScripts(OpHost& host, v8::Local<v8::Context> context,
                               const Features& features);

}  // namespace rt
