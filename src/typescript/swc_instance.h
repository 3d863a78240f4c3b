// One instance of amaro's WebAssembly, compiled to machine code: strips or transforms TypeScript.
// It is made for the first file (0.4 ms), thrown away after a trap, and given back when a big file
// made it grow. No V8. One thread at a time; an instance for each runtime.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

#include "src/typescript/swc_values.h"
#include "src/typescript/wasm_runtime.h"

namespace rt::typescript {

struct SwcOutput {
  std::string code;
  std::string map;  // JSON; empty when not asked for
};

struct SwcFailure {
  enum class Kind : uint8_t {
    kSyntax,       // the source is wrong
    kUnsupported,  // stripping is not enough: an enum, a namespace, a parameter property, …
    kTooDeep,      // nested too deeply for its stack
    kTooSlow,      // it took longer than Options::patience
    kInternal,     // a panic, or no memory
  };
  Kind kind = Kind::kInternal;
  std::string message;
  int start_line = 0;    // from 1; 0: unknown
  int start_column = 0;  // from 0; a tab counts four, see FromDisplayed
  int end_line = 0;
  int end_column = 0;
};

class SwcInstance {
 public:
  enum class Mode : uint8_t { kStrip, kTransform };
  struct Options {
    Mode mode = Mode::kStrip;
    std::string filename;
    bool source_map = false;
    // Of processor time; none: no limit. For what is large: a thread watches.
    std::chrono::nanoseconds patience = {};
    bool keep_unused_imports = false;  // verbatimModuleSyntax; stripping always keeps them
  };

  SwcInstance();
  ~SwcInstance();
  SwcInstance(const SwcInstance&) = delete;
  SwcInstance& operator=(const SwcInstance&) = delete;

  // `source` is UTF-8 and outlives the call.
  std::variant<SwcOutput, SwcFailure> Transform(std::string_view source, const Options& options);

  // Of its linear memory now; 0 before the first call and after it was given back.
  size_t memory_bytes() const;

  struct State;  // swc_state.h

 private:
  void Reset();

  std::unique_ptr<State> state_;
};

}  // namespace rt::typescript
