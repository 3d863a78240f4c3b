// TypeScript (and JSX) to JavaScript. Stripping first, since it keeps lines and columns and costs a
// fraction of a millisecond; printing anew with a source map where types are not all there is;
// TypeScript's own transpiler for JSX and decorators. One for each runtime, on its thread; makes
// its parts when first needed. Runs no code of the program.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "src/base/result.h"
#include "src/typescript/config_finder.h"
#include "src/typescript/media_type.h"
#include "src/typescript/output_cache.h"
#include "src/typescript/swc_instance.h"

namespace rt::typescript {

// What is wrong with a source, as the fallback finds it.
struct SyntaxProblem {
  std::string message;
  int line = 0;    // from 1; 0: unknown
  int column = 0;  // from 1
  int length = 0;  // of the part that is wrong, at least 1 when known
};

// TypeScript's own transpiler (src/typescript/fallback); slow to start, so made only when needed.
class FallbackTranspiler {
 public:
  virtual ~FallbackTranspiler() = default;
  struct Input {
    std::string_view source;
    std::string_view file_name;     // its extension says what it is
    std::string_view options_json;  // as CompilerOptions::ToJson has it
    // TypeScript's transpiler takes, and drops, much that is wrong. Strictly: its checker has to
    // find the grammar right, and V8 what comes out.
    bool strictly = false;
  };
  // On a syntax error `problem` is filled, and the error returned has no use beyond its class.
  virtual Result<TranspiledCode> Transpile(const Input& input, SyntaxProblem* problem) = 0;
};

class Transpiler {
 public:
  struct Options {
    std::string cache_folder;  // "": nothing is kept
    // For every file, whatever configuration is near it (--config, --no-config).
    std::optional<CompilerOptions> compiler_options = {};
    // May return null: this executable has none.
    std::function<std::unique_ptr<FallbackTranspiler>()> make_fallback = {};
    // Whether TypeScript is asked what it thinks of a syntax error: not if V8 is, anyway.
    bool second_opinion = true;
  };
  explicit Transpiler(Options options);
  ~Transpiler();

  struct Input {
    std::string_view url;          // for messages
    std::string_view config_path;  // the file whose folder decides about compilerOptions; "": none
    MediaType type = MediaType::kTypeScript;
    std::string_view source;  // invalid UTF-8 reads as U+FFFD, as V8 has it
  };

  // SyntaxError with place and source line, in Deno's words; TypeError for an unusable
  // configuration.
  Result<TranspiledCode> Transpile(const Input& input);

  // Those for every file, if there are such.
  const std::optional<CompilerOptions>& compiler_options() const {
    return options_.compiler_options;
  }

  // Gives the fallback's memory back; the next file that needs it pays for a new one. For when a
  // graph has been loaded.
  void ReleaseFallback() { fallback_.reset(); }

 private:
  Result<TranspiledCode> Print(const Input& input, const CompilerOptions& options);
  Result<TranspiledCode> UseFallback(const Input& input, const CompilerOptions& options,
                                     bool strictly = false);
  // Of what the fast parser refuses: TypeScript's, if it takes it, else the error for `failure`.
  Result<TranspiledCode> SecondOpinion(const Input& input, const CompilerOptions& options,
                                       const SwcFailure& failure);

  Options options_;
  OutputCache cache_;
  ConfigFinder configs_;
  SwcInstance swc_;
  std::unique_ptr<FallbackTranspiler> fallback_;
};

}  // namespace rt::typescript
