#include "src/runtime/builtins.h"

#include <fstream>
#include <map>
#include <sstream>

#include "src/engine/strings.h"

namespace rt {
namespace {

constexpr std::string_view kOpsPrefix = "rt:ops/";

// All state of one load; V8's callbacks find it through `g_loader`, which is set only while LoadBuiltins
// runs (a build-time program, or a test, with one thread).
class BuiltinLoader {
 public:
  BuiltinLoader(OpHost& host, v8::Local<v8::Context> context, const std::string& js_root)
      : host_(host), isolate_(host.isolate()), context_(context), js_root_(js_root) {}

  Result<v8::Local<v8::Module>> Load(const std::string& specifier) {
    if (auto found = modules_.find(specifier); found != modules_.end()) return found->second;
    v8::Local<v8::Module> module;
    if (specifier.starts_with(kOpsPrefix)) {
      RT_TRY(module, MakeOpsModule(specifier));
    } else {
      RT_TRY(module, Compile(specifier));
    }
    modules_[specifier] = module;
    names_.emplace(module->GetIdentityHash(), std::pair(module, specifier));
    v8::Local<v8::FixedArray> requests = module->IsSourceTextModule()
                                             ? module->GetModuleRequests()
                                             : v8::Local<v8::FixedArray>();
    for (int i = 0; !requests.IsEmpty() && i < requests->Length(); ++i) {
      auto request = requests->Get(context_, i).As<v8::ModuleRequest>();
      RT_TRY_VOID(Load(Resolve(ToUtf8(isolate_, request->GetSpecifier()), specifier)));
    }
    return module;
  }

  Result<v8::Local<v8::Value>> Evaluate(v8::Local<v8::Module> module, const std::string& name) {
    v8::TryCatch caught(isolate_);
    v8::Local<v8::Value> result;
    if (!module->InstantiateModule(context_, ResolveCallback).FromMaybe(false) ||
        !module->Evaluate(context_).ToLocal(&result)) {
      return Describe(name, caught.Exception(), caught.Message());
    }
    isolate_->PerformMicrotaskCheckpoint();
    if (module->GetStatus() == v8::Module::kErrored) {
      return Describe(name, module->GetException(),
                      v8::Exception::CreateMessage(isolate_, module->GetException()));
    }
    return module->GetModuleNamespace();
  }

  void set_make_async_op(v8::Local<v8::Function> function) { make_async_op_ = function; }

 private:
  static std::string Resolve(const std::string& specifier, const std::string& referrer) {
    if (!specifier.starts_with("./") && !specifier.starts_with("../")) return specifier;
    std::string folder = referrer.substr(3, referrer.rfind('/') - 3);  // without "rt:"
    std::string rest = specifier;
    for (;;) {
      if (rest.starts_with("./")) {
        rest = rest.substr(2);
      } else if (rest.starts_with("../")) {
        rest = rest.substr(3);
        const size_t slash = folder.rfind('/');
        folder = slash == std::string::npos ? "" : folder.substr(0, slash);
      } else {
        break;
      }
    }
    return "rt:" + (folder.empty() ? rest : folder + "/" + rest);
  }

  Result<v8::Local<v8::Module>> Compile(const std::string& specifier) {
    if (!specifier.starts_with("rt:")) {
      return Error::Make(ErrorClass::kError, "built-ins import only built-ins, not " + specifier);
    }
    std::ifstream file(js_root_ + "/" + specifier.substr(3), std::ios::binary);
    if (!file) return Error::Make(ErrorClass::kNotFound, "no built-in module " + specifier);
    std::stringstream text;
    text << file.rdbuf();
    v8::TryCatch caught(isolate_);
    v8::ScriptOrigin origin(ToV8String(isolate_, specifier), 0, 0, false, -1, {}, false, false, true);
    v8::ScriptCompiler::Source source(ToV8String(isolate_, text.str()), origin);
    v8::Local<v8::Module> module;
    if (!v8::ScriptCompiler::CompileModule(isolate_, &source).ToLocal(&module)) {
      return Describe(specifier, caught.Exception(), caught.Message());
    }
    return module;
  }

  Result<v8::Local<v8::Module>> MakeOpsModule(const std::string& specifier) {
    const std::string name = specifier.substr(kOpsPrefix.size());
    for (const Extension& extension : host_.extensions()) {
      if (extension.name != name) continue;
      std::vector<v8::Local<v8::String>> exports;
      for (const OpDecl& decl : extension.ops) {
        exports.push_back(ToInternalized(isolate_, decl.name));
      }
      return v8::Module::CreateSyntheticModule(
          isolate_, ToInternalized(isolate_, specifier),
          v8::MemorySpan<const v8::Local<v8::String>>(exports.data(), exports.size()),
          EvaluateOpsModule);
    }
    return Error::Make(ErrorClass::kNotFound, "no extension for " + specifier);
  }

  static v8::MaybeLocal<v8::Value> EvaluateOpsModule(v8::Local<v8::Context> context,
                                                     v8::Local<v8::Module> module);
  static v8::MaybeLocal<v8::Module> ResolveCallback(v8::Local<v8::Context> context,
                                                    v8::Local<v8::String> specifier,
                                                    v8::Local<v8::FixedArray>,
                                                    v8::Local<v8::Module> referrer);

  const std::string& NameOf(v8::Local<v8::Module> module) const {
    auto [begin, end] = names_.equal_range(module->GetIdentityHash());
    for (; begin != end; ++begin) {
      if (begin->second.first == module) return begin->second.second;
    }
    RT_UNREACHABLE();
  }

  Error Describe(const std::string& specifier, v8::Local<v8::Value> exception,
                 v8::Local<v8::Message> message) {
    std::string text = specifier;
    if (!message.IsEmpty()) {
      text += ":" + std::to_string(message->GetLineNumber(context_).FromMaybe(0));
    }
    v8::String::Utf8Value shown(isolate_, exception);
    text += std::string(": ") + (*shown ? *shown : "exception");
    v8::Local<v8::Value> stack;
    if (v8::TryCatch::StackTrace(context_, exception).ToLocal(&stack) && stack->IsString()) {
      text += "\n" + ToUtf8(isolate_, stack.As<v8::String>());
    }
    return Error::Make(ErrorClass::kError, std::move(text));
  }

  OpHost& host_;
  v8::Isolate* isolate_;
  v8::Local<v8::Context> context_;
  const std::string& js_root_;
  std::map<std::string, v8::Local<v8::Module>> modules_;
  std::multimap<int, std::pair<v8::Local<v8::Module>, std::string>> names_;
  v8::Local<v8::Function> make_async_op_;
};

thread_local BuiltinLoader* g_loader = nullptr;

v8::MaybeLocal<v8::Module> BuiltinLoader::ResolveCallback(v8::Local<v8::Context>,
                                                          v8::Local<v8::String> specifier,
                                                          v8::Local<v8::FixedArray>,
                                                          v8::Local<v8::Module> referrer) {
  BuiltinLoader& loader = *g_loader;
  return loader.modules_.at(
      Resolve(ToUtf8(loader.isolate_, specifier), loader.NameOf(referrer)));
}

v8::MaybeLocal<v8::Value> BuiltinLoader::EvaluateOpsModule(v8::Local<v8::Context> context,
                                                           v8::Local<v8::Module> module) {
  BuiltinLoader& loader = *g_loader;
  v8::Isolate* isolate = loader.isolate_;
  const std::string name = loader.NameOf(module).substr(kOpsPrefix.size());
  for (const Extension& extension : loader.host_.extensions()) {
    if (extension.name != name) continue;
    v8::Local<v8::Object> functions = loader.host_.InstallOps(context, extension);
    for (const OpDecl& decl : extension.ops) {
      v8::Local<v8::String> op_name = ToInternalized(isolate, decl.name);
      v8::Local<v8::Value> function;
      if (!functions->Get(context, op_name).ToLocal(&function)) return {};
      if (decl.kind == OpKind::kAsync && !loader.make_async_op_.IsEmpty()) {
        v8::Local<v8::Value> arguments[] = {function, v8::Integer::New(isolate, decl.arity)};
        if (!loader.make_async_op_->Call(context, v8::Undefined(isolate), 2, arguments)
                 .ToLocal(&function)) {
          return {};
        }
      }
      if (!module->SetSyntheticModuleExport(isolate, op_name, function).FromMaybe(false)) return {};
    }
  }
  v8::Local<v8::Promise::Resolver> done;
  if (!v8::Promise::Resolver::New(context).ToLocal(&done)) return {};
  done->Resolve(context, v8::Undefined(isolate)).Check();
  return done->GetPromise();
}

}  // namespace

Result<void> LoadBuiltins(OpHost& host, v8::Local<v8::Context> context,
                          const std::string& js_root) {
  BuiltinLoader loader(host, context, js_root);
  g_loader = &loader;
  struct Reset {
    ~Reset() { g_loader = nullptr; }
  } reset;
  // The ring that async ops' promises wait in comes first: the stubs of all other ops are made by it. It
  // may import only sync ops.
  const std::string ring_name = "rt:bootstrap/ring.js";
  RT_TRY(v8::Local<v8::Module> ring, loader.Load(ring_name));
  RT_TRY(v8::Local<v8::Value> ring_namespace, loader.Evaluate(ring, ring_name));
  v8::Local<v8::Value> make_async_op;
  if (!ring_namespace.As<v8::Object>()
           ->Get(context, ToInternalized(host.isolate(), "makeAsyncOp"))
           .ToLocal(&make_async_op) ||
      !make_async_op->IsFunction()) {
    return Error::Make(ErrorClass::kError, ring_name + " exports no makeAsyncOp");
  }
  loader.set_make_async_op(make_async_op.As<v8::Function>());

  const std::string main_name = "rt:bootstrap/main.js";
  RT_TRY(v8::Local<v8::Module> main, loader.Load(main_name));
  RT_TRY(v8::Local<v8::Value> main_namespace, loader.Evaluate(main, main_name));
  (void)main_namespace;
  return {};
}

}  // namespace rt
