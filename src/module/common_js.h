// CommonJS: which files are CommonJS modules, and the function a file's text becomes. The module
// objects themselves (require, module, their cache) are js/ext/module/common_js.js.
// https://nodejs.org/api/modules.html,
// https://nodejs.org/api/packages.html#determining-module-system Runs no user code. Runtime's
// thread only.
#pragma once

#include <v8.h>

#include <string>

#include "src/module/code_cache.h"
#include "src/module/package_resolution.h"

namespace rt {

enum class ModuleFormat : uint8_t {
  kModule,
  kCommonJs,
  // A file of a package that does not say: CommonJS unless it has the syntax of an ES module.
  kUnset,
};

// What a file of code is, by its name and the package.json that governs it. Outside packages a
// file is an ES module unless a package.json says "type": "commonjs", as in Deno.
Result<ModuleFormat> FormatOf(PackageResolver& packages, const std::string& path);

// (`cache` may be null.) The file's text as the body of a function (exports, require, module,
// __filename, __dirname), with `url` as its name in stacks. Empty: an exception is pending.
v8::MaybeLocal<v8::Function> CompileCommonJs(v8::Local<v8::Context> context, const std::string& url,
                                             const std::string& text, CodeCache* cache);

// The same with what V8 left of an earlier compilation (may be null; V8 takes it), or, with
// kEagerCompile, with all functions compiled. `accepted`: whether V8 took what was left.
v8::MaybeLocal<v8::Function> CompileCommonJsWith(v8::Local<v8::Context> context,
                                                 const std::string& url, const std::string& text,
                                                 v8::ScriptCompiler::CachedData* kept,
                                                 v8::ScriptCompiler::CompileOptions options,
                                                 bool* accepted = nullptr);

// Whether compiling as CommonJS failed only because the text is an ES module's.
bool IsModuleSyntaxError(v8::Isolate* isolate, v8::Local<v8::Message> message);

// Whether Node has a built-in module of this name ("fs", "fs/promises"; without "node:").
bool IsNodeBuiltin(std::string_view name);

}  // namespace rt
