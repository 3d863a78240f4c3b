// TypeScript's own transpiler, in an isolate beside the program's: no ops, no permissions, nothing
// of the program's reaches it but the source text. Takes 70 ms and 60 MB, so it is made late and
// dropped early.
#pragma once

#include <v8-snapshot.h>
#include <v8.h>

#include <memory>
#include <string>
#include <string_view>

#include "src/typescript/transpiler.h"

namespace rt::typescript {

// js/typescript/transpile.js bundled with TypeScript, and V8's code cache for it.
struct EmbeddedTypeScript {
  std::string_view bundle;      // ASCII, as long as the process lives
  std::string_view code_cache;  // may be empty, or refused by V8: then starting takes longer
};

// Defined by the executable that has it (src/tools/linked_snapshot.cc); null elsewhere.
[[gnu::weak]] const EmbeddedTypeScript* BuiltinTypeScript();

// The isolate must come from the process's one snapshot: V8 shares its read-only heap.
struct FallbackIsolate {
  const v8::StartupData* snapshot = nullptr;
  const intptr_t* external_references = nullptr;
};

// Null: this executable has no TypeScript. Errors come with the first use.
std::unique_ptr<FallbackTranspiler> MakeFallback(const FallbackIsolate& isolate);

// Leaves of the global object what ECMAScript has and TypeScript uses. False: an exception is
// pending. For isolates that run TypeScript, and nothing of a program's.
bool KeepOnlyLanguage(v8::Isolate* isolate, v8::Local<v8::Context> context);

// Runs the bundle, in an isolate made from the process's snapshot. Empty: an exception is pending.
v8::MaybeLocal<v8::UnboundScript> RunBundle(v8::Isolate* isolate, v8::Local<v8::Context> context,
                                            const EmbeddedTypeScript& typescript);

// For the build: V8's code cache for the bundle, after it has transpiled a few things.
Result<std::string> MakeTypeScriptCodeCache(std::string_view bundle,
                                            const FallbackIsolate& isolate);

}  // namespace rt::typescript
