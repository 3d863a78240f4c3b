// The JavaScript built-ins (js/): ES modules named `rt:<path under js/>`, which import each other
// and, by name, ops from `rt:ops/<extension>`. At build time esbuild joins them into one script (an
// import of an op that does not exist fails there), which mksnapshot evaluates once. They are
// joined because V8 cannot rehash a snapshot that holds modules or classes made in one, and an
// unrehashed snapshot would give every process the same string hash seed (security case S45).
#pragma once

#include <v8.h>

#include <string>

#include "src/base/result.h"
#include "src/op/op_host.h"

namespace rt {

// Writes `<folder>/<extension>.js` for each extension: a module that exports its ops. They take the
// raw functions from the bundle's parameter, and turn async ones into what js/bootstrap/ring.js
// makes of them.
Result<void> EmitOpModules(std::span<const Extension> extensions, const std::string& folder);

// A bundle that is not in the snapshot: ASCII text of a function body, with the ops of lazy
// extensions of its own: the one of this name, and those whose name begins with it and "_".
struct LazyBundle {
  std::string_view extension;
  std::string_view text;
};

// Compiles and runs it in a runtime that has started: gives it `internals` of js/bootstrap/main.js,
// and returns the object it put its own hooks on.
Result<v8::Local<v8::Object>> LoadLazyBundle(OpHost& host, v8::Local<v8::Context> context,
                                             const LazyBundle& bundle);

// The bundle of this name, where it is linked in; else one without text.
LazyBundle FindLazyBundle(std::string_view name);

// js/testing, where it is linked in.
LazyBundle TestingBundle();
// js/repl, likewise.
LazyBundle ReplBundle();

// The type declarations of rt's own API (js/types) and of the language (TypeScript's lib.*.d.ts),
// as tar archives compressed with zstd.
std::string_view OwnTypesArchive();
std::string_view LanguageTypesArchive();

// js/typescript/check, joined.
std::string_view CheckerText();

// Compiles and runs the bundle, which V8 goes on using where it is. Errors carry the stack.
Result<void> LoadBuiltins(OpHost& host, v8::Local<v8::Context> context,
                          v8::String::ExternalOneByteStringResource* bundle);

}  // namespace rt
