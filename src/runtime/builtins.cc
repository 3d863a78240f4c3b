#include "src/runtime/builtins.h"

#include <fstream>
#include <sstream>
#include <unordered_set>

#include "src/engine/strings.h"
#include "src/ext/core/core.h"
#include "src/runtime/report.h"

namespace rt {
namespace {

// A bundle is a function body; this is its parameter: (extension) => {op_x: function}.
constexpr char kOpsParameter[] = "__rt_ops";

}  // namespace

Result<void> EmitOpModules(std::span<const Extension> extensions, const std::string& folder) {
  std::unordered_set<std::string_view> names;
  for (const Extension& extension : extensions) {
    for (const OpDecl& decl : extension.ops) {
      if (!names.insert(decl.name).second) {
        return Error::Make(ErrorClass::kError, "two ops are named " + std::string(decl.name));
      }
    }
    std::ostringstream text;
    text << "// Generated from the op table of the extension \"" << extension.name << "\".\n";
    bool has_async = false;
    for (const OpDecl& decl : extension.ops) has_async |= decl.kind == OpKind::kAsync;
    if (has_async) text << "import { makeAsyncOp } from \"rt:bootstrap/ring.js\";\n";
    text << "const ops = " << kOpsParameter << "(\"" << extension.name << "\");\n";
    for (const OpDecl& decl : extension.ops) {
      text << "export const " << decl.name << " = ";
      if (decl.kind == OpKind::kAsync) {
        text << "makeAsyncOp(ops." << decl.name << ", " << static_cast<int>(decl.arity) << ");\n";
      } else {
        text << "ops." << decl.name << ";\n";
      }
    }
    const std::string path = folder + "/" + std::string(extension.name) + ".js";
    // An unchanged file keeps its time, so that nothing is rebuilt for it.
    std::ifstream before(path, std::ios::binary);
    std::stringstream old_text;
    old_text << before.rdbuf();
    if (before && old_text.str() == text.str()) continue;
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file << text.str();
    file.close();
    if (!file) return Error::Make(ErrorClass::kError, "cannot write " + path);
  }
  return {};
}

Result<void> LoadBuiltins(OpHost& host, v8::Local<v8::Context> context,
                          v8::String::ExternalOneByteStringResource* bundle) {
  v8::Isolate* isolate = host.isolate();
  v8::TryCatch caught(isolate);
  v8::ScriptOrigin origin(ToV8String(isolate, "rt:builtins.js"));
  v8::ScriptCompiler::Source source(
      v8::String::NewExternalOneByte(isolate, bundle).ToLocalChecked(), origin);
  v8::Local<v8::String> parameter = ToInternalized(isolate, kOpsParameter);
  v8::Local<v8::Function> give_ops;
  v8::Local<v8::Function> run;
  if (!v8::Function::New(context, GiveOps).ToLocal(&give_ops)) {
    return Error::Make(ErrorClass::kError, DescribeException(isolate, caught.Exception()));
  }
  v8::Local<v8::Value> arguments[] = {give_ops};
  if (!v8::ScriptCompiler::CompileFunction(context, &source, 1, &parameter, 0, nullptr,
                                           v8::ScriptCompiler::kNoCompileOptions)
           .ToLocal(&run) ||
      run->Call(context, v8::Undefined(isolate), 1, arguments).IsEmpty()) {
    return Error::Make(ErrorClass::kError, DescribeException(isolate, caught.Exception()));
  }
  isolate->PerformMicrotaskCheckpoint();
  return {};
}

Result<v8::Local<v8::Object>> LoadLazyBundle(OpHost& host, v8::Local<v8::Context> context,
                                             const LazyBundle& bundle) {
  v8::Isolate* isolate = host.isolate();
  v8::EscapableHandleScope handles(isolate);
  v8::TryCatch caught(isolate);
  v8::Local<v8::Object> made = v8::Object::New(isolate);
  v8::Local<v8::Value> internals;
  v8::Local<v8::String> text;
  v8::Local<v8::Function> give_ops;
  if (!v8::Function::New(context, GiveOps).ToLocal(&give_ops) ||
      !host.hooks()->Get(context, ToInternalized(isolate, "internals")).ToLocal(&internals) ||
      !v8::String::NewFromOneByte(isolate, reinterpret_cast<const uint8_t*>(bundle.text.data()),
                                  v8::NewStringType::kNormal, static_cast<int>(bundle.text.size()))
           .ToLocal(&text)) {
    return Error::Make(ErrorClass::kError, DescribeException(isolate, caught.Exception()));
  }
  v8::ScriptOrigin origin(ToV8String(isolate, "rt:" + std::string(bundle.extension) + ".js"));
  v8::ScriptCompiler::Source source(text, origin);
  v8::Local<v8::String> parameters[] = {ToInternalized(isolate, kOpsParameter),
                                        ToInternalized(isolate, "__rt_internals"),
                                        ToInternalized(isolate, "__rt_hooks")};
  v8::Local<v8::Value> arguments[] = {give_ops, internals, made};
  v8::Local<v8::Function> run;
  if (!v8::ScriptCompiler::CompileFunction(context, &source, 3, parameters, 0, nullptr,
                                           v8::ScriptCompiler::kNoCompileOptions)
           .ToLocal(&run) ||
      run->Call(context, v8::Undefined(isolate), 3, arguments).IsEmpty()) {
    return Error::Make(ErrorClass::kError, DescribeException(isolate, caught.Exception()));
  }
  return handles.Escape(made);
}

}  // namespace rt
