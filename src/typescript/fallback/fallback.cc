#include "src/typescript/fallback/fallback.h"

#include <vector>

#include "src/engine/isolate.h"
#include "src/engine/patience.h"
#include "src/engine/strings.h"
#include "src/typescript/wasm_runtime.h"

namespace rt::typescript {
namespace {

// The bundle stays where the linker put it.
class BundleText : public v8::String::ExternalOneByteStringResource {
 public:
  explicit BundleText(std::string_view text) : text_(text) {}
  const char* data() const override { return text_.data(); }
  size_t length() const override { return text_.size(); }

 private:
  std::string_view text_;
};

// The ECMAScript globals TypeScript uses. All others go: behind them are ops, which belong to
// another isolate.
constexpr std::string_view kGlobals =
    " Object Function Array Number parseFloat parseInt Infinity NaN undefined Boolean String "
    "Symbol Date "
    "Promise RegExp Error AggregateError EvalError RangeError ReferenceError SyntaxError TypeError "
    "URIError "
    "globalThis JSON Math Intl ArrayBuffer Uint8Array Int8Array Uint16Array Int16Array Uint32Array "
    "Int32Array "
    "Float32Array Float64Array Uint8ClampedArray BigUint64Array BigInt64Array DataView Map BigInt "
    "Set "
    "Iterator WeakMap WeakSet WeakRef Proxy Reflect decodeURI decodeURIComponent encodeURI "
    "encodeURIComponent escape unescape isFinite isNaN ";

// TypeScript takes 1.5 s for a megabyte. Some nonsense costs it the square or the cube of its
// length
// ("declare declare …"), and no bound on sizes knows all of that.
std::chrono::seconds PatienceFor(size_t source_bytes) {
  return std::chrono::seconds(20 + 10 * (source_bytes >> 20));
}

class TypeScriptIsolate final : public FallbackTranspiler {
 public:
  TypeScriptIsolate(EmbeddedTypeScript data, const FallbackIsolate& params)
      : data_(data),
        isolate_(NewIsolate(
            {.snapshot = params.snapshot, .external_references = params.external_references})) {
    // TypeScript descends recursively: give it what this thread's stack has left.
    isolate_->SetStackLimit(StackLimit());
  }

  ~TypeScriptIsolate() override {
    v8::Isolate::Scope in_isolate(isolate_.get());
    transpile_.Reset();
    script_.Reset();
    context_.Reset();
  }

  Result<void> Load() {
    v8::Isolate* isolate = isolate_.get();
    v8::Isolate::Scope in_isolate(isolate);
    v8::HandleScope handles(isolate);
    v8::Local<v8::Context> context = v8::Context::New(isolate);
    v8::Context::Scope in_context(context);
    v8::TryCatch caught(isolate);
    v8::Local<v8::UnboundScript> script;
    v8::Local<v8::Value> value;
    if (!KeepOnlyLanguage(isolate, context) ||
        !RunBundle(isolate, context, data_).ToLocal(&script) ||
        !context->Global()->Get(context, ToInternalized(isolate, "transpile")).ToLocal(&value) ||
        !value->IsFunction()) {
      return Failed(caught);
    }
    context_.Reset(isolate, context);
    script_.Reset(isolate, script);
    transpile_.Reset(isolate, value.As<v8::Function>());
    return {};
  }

  Result<TranspiledCode> Transpile(const Input& input, SyntaxProblem* problem) override {
    if (transpile_.IsEmpty()) RT_TRY_VOID(Load());
    v8::Isolate* isolate = isolate_.get();
    v8::Isolate::Scope in_isolate(isolate);
    v8::HandleScope handles(isolate);
    v8::Local<v8::Context> context = context_.Get(isolate);
    v8::Context::Scope in_context(context);
    v8::TryCatch caught(isolate);
    v8::Local<v8::String> text;
    if (!TryToV8String(isolate, input.source).ToLocal(&text)) return Failed(caught);
    v8::Local<v8::Value> arguments[] = {text, ToV8String(isolate, input.file_name),
                                        ToV8String(isolate, input.options_json),
                                        v8::Boolean::New(isolate, input.strictly)};
    v8::Local<v8::Value> result;
    const Patience patience(isolate, PatienceFor(input.source.size()));
    if (!transpile_.Get(isolate)
             ->Call(context, v8::Undefined(isolate), 4, arguments)
             .ToLocal(&result)) {
      if (caught.HasTerminated()) {
        problem->message = "TypeScript's transpiler takes too long for it";
        return Error::Make(ErrorClass::kSyntaxError, problem->message);
      }
      v8::Local<v8::Value> exception = caught.Exception();
      const std::string what =
          ToUtf8(isolate, exception->ToDetailString(context).FromMaybe(v8::String::Empty(isolate)));
      problem->message = what.starts_with("RangeError: Maximum call stack")
                             ? "It is nested too deeply"
                             : "TypeScript gave up (" + what + ")";
      return Error::Make(ErrorClass::kSyntaxError, problem->message);
    }
    v8::Local<v8::Array> list = result.As<v8::Array>();
    auto at = [&](uint32_t i) { return list->Get(context, i).ToLocalChecked(); };
    auto string_at = [&](uint32_t i) { return ToUtf8(isolate, at(i).As<v8::String>()); };
    auto number_at = [&](uint32_t i) { return at(i).As<v8::Int32>()->Value(); };
    if (list->Length() == 6) {
      *problem = {string_at(2), number_at(3), number_at(4), number_at(5)};
      return Error::Make(ErrorClass::kSyntaxError, problem->message);
    }
    if (input.strictly && !IsModule(at(0).As<v8::String>())) {
      problem->message = "It is no JavaScript module";
      return Error::Make(ErrorClass::kSyntaxError, problem->message);
    }
    return TranspiledCode{string_at(0), string_at(1)};
  }

  std::string CodeCache() {
    v8::Isolate::Scope in_isolate(isolate_.get());
    v8::HandleScope handles(isolate_.get());
    std::unique_ptr<v8::ScriptCompiler::CachedData> cache(
        v8::ScriptCompiler::CreateCodeCache(script_.Get(isolate_.get())));
    return std::string(reinterpret_cast<const char*>(cache->data),
                       static_cast<size_t>(cache->length));
  }

 private:
  // Whether V8 compiles it; nothing runs.
  bool IsModule(v8::Local<v8::String> code) {
    v8::Isolate* isolate = isolate_.get();
    v8::TryCatch caught(isolate);
    v8::ScriptCompiler::Source source(
        code, v8::ScriptOrigin(v8::String::Empty(isolate), 0, 0, false, -1, {}, false, false,
                               /*is_module=*/true));
    return !v8::ScriptCompiler::CompileModule(isolate, &source).IsEmpty();
  }

  Error Failed(const v8::TryCatch& caught) {
    std::string message = "TypeScript's transpiler does not start";
    if (caught.HasCaught()) {
      message += ": " + ToUtf8(isolate_.get(), caught.Exception()
                                                   ->ToDetailString(isolate_->GetCurrentContext())
                                                   .FromMaybe(v8::String::Empty(isolate_.get())));
    }
    return Error::Make(ErrorClass::kError, std::move(message));
  }

  EmbeddedTypeScript data_;
  UniqueIsolate isolate_;
  v8::Global<v8::Context> context_;
  v8::Global<v8::UnboundScript> script_;
  v8::Global<v8::Function> transpile_;
};

}  // namespace

bool KeepOnlyLanguage(v8::Isolate* isolate, v8::Local<v8::Context> context) {
  v8::Local<v8::Object> global = context->Global();
  v8::Local<v8::Array> names;
  if (!global->GetOwnPropertyNames(context, v8::ALL_PROPERTIES).ToLocal(&names)) return false;
  for (uint32_t i = 0; i < names->Length(); ++i) {
    v8::Local<v8::Value> name;
    if (!names->Get(context, i).ToLocal(&name)) return false;
    if (name->IsString() && kGlobals.find(" " + ToUtf8(isolate, name.As<v8::String>()) + " ") !=
                                std::string_view::npos) {
      continue;
    }
    if (global->Delete(context, name).IsNothing()) return false;
  }
  return true;
}

v8::MaybeLocal<v8::UnboundScript> RunBundle(v8::Isolate* isolate, v8::Local<v8::Context> context,
                                            const EmbeddedTypeScript& typescript) {
  v8::Local<v8::String> text;
  // V8 frees the resource with the string.
  if (!v8::String::NewExternalOneByte(isolate, new BundleText(typescript.bundle)).ToLocal(&text)) {
    return {};
  }
  auto* cache = typescript.code_cache.empty()
                    ? nullptr
                    : new v8::ScriptCompiler::CachedData(
                          reinterpret_cast<const uint8_t*>(typescript.code_cache.data()),
                          static_cast<int>(typescript.code_cache.size()));
  v8::ScriptCompiler::Source source(
      text, v8::ScriptOrigin(ToV8String(isolate, "rt:typescript/transpile.js")), cache);
  v8::Local<v8::UnboundScript> script;
  if (!v8::ScriptCompiler::CompileUnboundScript(
           isolate, &source,
           cache ? v8::ScriptCompiler::kConsumeCodeCache : v8::ScriptCompiler::kNoCompileOptions)
           .ToLocal(&script) ||
      script->BindToCurrentContext()->Run(context).IsEmpty()) {
    return {};
  }
  return script;
}

std::unique_ptr<FallbackTranspiler> MakeFallback(const FallbackIsolate& isolate) {
  if (!BuiltinTypeScript) return nullptr;
  return std::make_unique<TypeScriptIsolate>(*BuiltinTypeScript(), isolate);
}

Result<std::string> MakeTypeScriptCodeCache(std::string_view bundle,
                                            const FallbackIsolate& isolate) {
  TypeScriptIsolate typescript({bundle, {}}, isolate);
  // What files of this kind use: their functions are compiled, and so in the cache.
  constexpr std::string_view kTraining = R"(
import React, { type FC } from "react";
import { a, b as c } from "./x.ts";
enum Colour { Red, Green = "green" }
namespace Space { export const one = 1; export function two(): number { return one; } }
interface Props { name: string; onClick?: () => void }
@dec("x") class Model<T> extends Base implements I {
  @field() accessor count: number = 0;
  @prop name?: string; #secret = 1; static s = 2; declare d: string;
  constructor(private readonly x: number, public y = 2) { super(); }
  @method() async run(@arg p: string, ...rest: unknown[]): Promise<void> {
    for (const [k, v] of Object.entries(rest)) { if (k) continue; else break; }
    try { await this.x?.(`t${k}`); } catch (e: unknown) { throw new Error("x", { cause: e }); } finally {}
  }
  get value() { return this.#secret ?? 1; } set value(v) { this.#secret = v as number; }
}
export const View: FC<Props> = ({ name, ...rest }) => (
  <><div className="a" key={name} {...rest}>Hello {name}{list.map((i) => <li key={i}>{i}</li>)}</div></>
);
export function* gen<T>(x: T): Generator<T> { yield x; switch (x) { case 1: break; default: } }
export default async function main(this: Window) { using r = make(); const { q = 1, ...s } = <any>null!; label: do {} while (0); }
)";
  SyntaxProblem problem;
  for (const bool legacy : {false, true}) {
    for (const auto jsx : {CompilerOptions::Jsx::kReact, CompilerOptions::Jsx::kReactJsx}) {
      CompilerOptions options;
      options.jsx = jsx;
      options.experimental_decorators = legacy;
      options.emit_decorator_metadata = legacy;
      std::string text(kTraining);
      // A type assertion in angle brackets is JSX here.
      text.replace(text.find("<any>null!"), 10, "null! as any");
      // Only the old decorators stand on parameters.
      if (!legacy) text.replace(text.find("@arg p"), 6, "p");
      auto made = typescript.Transpile({text, "module.tsx", options.ToJson()}, &problem);
      if (!made.ok()) return made.TakeError();
    }
  }
  auto plain = typescript.Transpile(
      {"export const a: number = <b />;", "module.tsx", CompilerOptions().ToJson()}, &problem);
  if (!plain.ok()) return plain.TakeError();
  return typescript.CodeCache();
}

}  // namespace rt::typescript
