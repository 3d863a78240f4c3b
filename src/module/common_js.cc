#include "src/module/common_js.h"

#include <algorithm>
#include <array>

#include "src/engine/strings.h"

namespace rt {
namespace {

// https://nodejs.org/api/module.html#modulebuiltinmodules, without the ones only "node:" reaches.
constexpr std::array kBuiltins = {
    "assert",
    "assert/strict",
    "async_hooks",
    "buffer",
    "child_process",
    "cluster",
    "console",
    "constants",
    "crypto",
    "dgram",
    "diagnostics_channel",
    "dns",
    "dns/promises",
    "domain",
    "events",
    "fs",
    "fs/promises",
    "http",
    "http2",
    "https",
    "inspector",
    "inspector/promises",
    "module",
    "net",
    "os",
    "path",
    "path/posix",
    "path/win32",
    "perf_hooks",
    "process",
    "punycode",
    "querystring",
    "readline",
    "readline/promises",
    "repl",
    "stream",
    "stream/consumers",
    "stream/promises",
    "stream/web",
    "string_decoder",
    "sys",
    "timers",
    "timers/promises",
    "tls",
    "trace_events",
    "tty",
    "url",
    "util",
    "util/types",
    "v8",
    "vm",
    "wasi",
    "worker_threads",
    "zlib",
};

}  // namespace

bool IsNodeBuiltin(std::string_view name) {
  return std::find(kBuiltins.begin(), kBuiltins.end(), name) != kBuiltins.end();
}

Result<ModuleFormat> FormatOf(PackageResolver& packages, const std::string& path) {
  if (path.ends_with(".cjs")) return ModuleFormat::kCommonJs;
  // TypeScript's `export` in such a file would become `exports.x =`: an ES module does as well, for
  // import and for require().
  if (path.ends_with(".cts")) return ModuleFormat::kUnset;
  if (!path.ends_with(".js") && !path.ends_with(".ts") && !path.ends_with(".jsx") &&
      !path.ends_with(".tsx")) {
    return ModuleFormat::kModule;
  }
  RT_TRY(const PackageJson* package, packages.ScopeOf(path));
  if (package && package->type == PackageJson::Type::kModule) return ModuleFormat::kModule;
  if (package && package->type == PackageJson::Type::kCommonJs) return ModuleFormat::kCommonJs;
  return packages.IsOfPackage(path) ? ModuleFormat::kUnset : ModuleFormat::kModule;
}

v8::MaybeLocal<v8::Function> CompileCommonJsWith(v8::Local<v8::Context> context,
                                                 const std::string& url, const std::string& text,
                                                 v8::ScriptCompiler::CachedData* kept,
                                                 v8::ScriptCompiler::CompileOptions options,
                                                 bool* accepted) {
  v8::Isolate* isolate = context->GetIsolate();
  // A function's body has no hashbang line.
  const bool has_hashbang = text.starts_with("#!");
  const std::string commented = has_hashbang ? "//" + text.substr(2) : std::string();
  v8::Local<v8::String> code;
  if (!TryToV8String(isolate, has_hashbang ? commented : text).ToLocal(&code)) {
    delete kept;
    isolate->ThrowException(
        v8::Exception::RangeError(ToV8String(isolate, "Module is too large: " + url)));
    return {};
  }
  v8::ScriptOrigin origin(ToV8String(isolate, url));
  v8::ScriptCompiler::Source source(code, origin, kept);
  v8::Local<v8::String> parameters[] = {
      ToInternalized(isolate, "exports"), ToInternalized(isolate, "require"),
      ToInternalized(isolate, "module"), ToInternalized(isolate, "__filename"),
      ToInternalized(isolate, "__dirname")};
  v8::Local<v8::Function> function;
  if (!v8::ScriptCompiler::CompileFunction(context, &source, std::size(parameters), parameters, 0,
                                           nullptr, options)
           .ToLocal(&function)) {
    return {};
  }
  if (accepted) *accepted = kept && !kept->rejected;
  return function;
}

v8::MaybeLocal<v8::Function> CompileCommonJs(v8::Local<v8::Context> context, const std::string& url,
                                             const std::string& text, CodeCache* cache) {
  v8::ScriptCompiler::CachedData* const kept =
      cache ? cache->Find(CodeCache::Kind::kFunction, text) : nullptr;
  bool accepted = false;
  v8::Local<v8::Function> function;
  if (!CompileCommonJsWith(
           context, url, text, kept,
           kept ? v8::ScriptCompiler::kConsumeCodeCache : v8::ScriptCompiler::kNoCompileOptions,
           &accepted)
           .ToLocal(&function)) {
    return {};
  }
  if (cache) cache->AddFunction(context->GetIsolate(), text, accepted, function);
  return function;
}

bool IsModuleSyntaxError(v8::Isolate* isolate, v8::Local<v8::Message> message) {
  if (message.IsEmpty()) return false;
  const std::string text = ToUtf8(isolate, message->Get());
  for (const char* sign : {"Cannot use import statement outside a module",
                           "Unexpected token 'export'", "Cannot use 'import.meta' outside a module",
                           "await is only valid in async functions and the top level bodies of"}) {
    if (text.find(sign) != std::string::npos) return true;
  }
  return false;
}

}  // namespace rt
