// WebAssembly files as ES modules (https://github.com/WebAssembly/esm-integration): which names one
// imports and exports, and the JavaScript that links it into a graph. Pure; runs nothing.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "src/base/result.h"

namespace rt {

struct WasmInterface {
  struct Import {
    std::string module;
    std::string name;
  };
  std::vector<Import> imports;
  std::vector<std::string> exports;
};

// Of a module that V8 has found valid; WebAssembly core specification, section 5.5. NotSupported
// for a form that came after this was written.
Result<WasmInterface> ReadWasmInterface(std::span<const uint8_t> bytes);

// What the wrapper imports the compiled module from.
inline constexpr const char* kWasmSelf = "rt:the WebAssembly of this module";

// JavaScript that imports what the module imports, makes an instance of it (`module` and `Instance`
// come from kWasmSelf), and exports what that exports.
std::string WasmWrapper(const WasmInterface& interface);

}  // namespace rt
