// What lies behind SwcInstance: the generated module, and what its imports see. Private to
// swc_*.cc.
#pragma once

#include <string>
#include <string_view>

#include "src/typescript/swc_instance.h"

#define WASM_RT_MEMCHECK_SIGNAL_HANDLER 0
#define WASM_RT_USE_STACK_DEPTH_COUNT 0
#include "swc.h"

// The imports' side; generated code passes it back to us. Its first and only member says whose it
// is.
struct Z___wbindgen_placeholder___instance_t {
  rt::typescript::SwcInstance::State* state;
};

struct rt::typescript::SwcInstance::State {
  State() { imports.state = this; }

  Z_swc_instance_t module = {};
  Z___wbindgen_placeholder___instance_t imports = {};
  SwcValues values;
  // The source is not copied into a value: its slot stands for it while a call runs.
  std::string_view source;
  uint32_t source_slot = 0;
  std::string panic;  // what __wbindgen_throw said
};
