// What ModuleMap does for require() and for imports of CommonJS modules and of Node's built-ins:
// modules whose exports come from JavaScript (js/ext/module/common_js.js, the hooks).
#include "src/engine/strings.h"
#include "src/module/evaluated.h"
#include "src/module/module_map.h"
#include "src/module/specifier.h"

namespace rt {
namespace {

enum RequiredKind { kCommonJsCode = 0, kJsonText = 1, kEsModule = 2 };

}  // namespace

v8::MaybeLocal<v8::Value> ModuleMap::CallHook(v8::Local<v8::Context> context, const char* name,
                                              std::vector<v8::Local<v8::Value>> arguments) {
  v8::Local<v8::Value> hook;
  if (!host_.hooks()->Get(context, ToInternalized(isolate_, name)).ToLocal(&hook)) return {};
  RT_CHECK(hook->IsFunction());
  return hook.As<v8::Function>()->Call(context, v8::Undefined(isolate_),
                                       static_cast<int>(arguments.size()), arguments.data());
}

Result<std::string> ModuleMap::ResolveRequired(const std::string& specifier,
                                               const std::string& path, bool own) {
  const bool foreign = (!own && has_foreign_) || IsStoredFile(path);
  auto resolved = resolver_.ResolveRequired(
      specifier, path,
      [&](const std::string& target) {
        return sources_.CheckProbe(host_.permissions(), target, foreign);
      },
      [&](const std::string& target) {
        return sources_.IsNear(host_.permissions(), target, foreign);
      });
  if (!resolved.ok()) return ForPeople(resolved.TakeError());
  return resolved;
}

v8::MaybeLocal<v8::Array> ModuleMap::LoadRequired(v8::Local<v8::Context> context,
                                                  const std::string& path, bool evaluates,
                                                  bool own) {
  const std::string url = PathToFileUrl(path);
  const auto answer = [&](RequiredKind kind, v8::Local<v8::Value> value,
                          v8::Local<v8::Value> text) {
    v8::Local<v8::Value> items[] = {v8::Integer::New(isolate_, kind), value, text};
    return v8::Array::New(isolate_, items, std::size(items));
  };
  const v8::Local<v8::Value> nothing = v8::Undefined(isolate_);
  const auto answer_module = [&]() -> v8::MaybeLocal<v8::Array> {
    v8::Local<v8::Value> exports = nothing;
    if (evaluates && !RequireModule(context, path, own).ToLocal(&exports)) return {};
    return answer(kEsModule, exports, nothing);
  };
  if (embedded_) {
    if (const EmbeddedModule* module = embedded_->Find(url, ModuleType::kJson)) {
      v8::Local<v8::String> text;
      if (!TryToV8String(isolate_, module->code).ToLocal(&text)) return {};
      return answer(kJsonText, text, nothing);
    }
    if (const EmbeddedModule* module = embedded_->Find(url, ModuleType::kJavaScript)) {
      if (!module->is_common_js) return answer_module();
      if (!module->map.empty()) positions_.Add(url, std::string(module->source), module->map);
      v8::Local<v8::Function> function;
      v8::Local<v8::String> text;
      if (!CompileEmbedded(context, url, *module).ToLocal(&function) ||
          !TryToV8String(isolate_, module->code).ToLocal(&text)) {
        return {};
      }
      return answer(kCommonJsCode, function, text);
    }
  }
  auto format = FormatOf(resolver_.packages(), path);
  if (!format.ok()) {
    Throw(format.error());
    return {};
  }
  const bool is_json = path.ends_with(".json");
  if (path.ends_with(".node")) {
    Throw(Error::Make(ErrorClass::kNotSupported, "not implemented: native addons (" + path + ")"));
    return {};
  }
  // Without an extension that says something, require() takes CommonJS.
  const bool has_extension = path.find('.', path.rfind('/') + 1) != std::string::npos;
  if (!has_extension) format = ModuleFormat::kCommonJs;
  auto loaded =
      sources_.Load(host_.permissions(), url, is_json ? ModuleType::kJson : ModuleType::kJavaScript,
                    !own && has_foreign_ ? ImportKind::kForeign : ImportKind::kDynamic);
  if (!loaded.ok()) {
    Throw(loaded.error());
    return {};
  }
  std::string text = std::move(loaded->text);
  if (text.starts_with("\xEF\xBB\xBF")) text.erase(0, 3);
  const typescript::MediaType media = typescript::MediaTypeOf(path);
  std::string map;
  if (!is_json && *format != ModuleFormat::kModule && media != typescript::MediaType::kJavaScript &&
      !Transpile(url, media, &text, &map, {})) {
    return {};
  }
  if (*format == ModuleFormat::kModule && !is_json) {
    return answer_module();
  }
  v8::Local<v8::String> text_value;
  if (!TryToV8String(isolate_, text).ToLocal(&text_value)) {
    Throw(Error::Range("Module is too large: " + path));
    return {};
  }
  if (is_json) return answer(kJsonText, text_value, nothing);
  {
    v8::TryCatch caught(isolate_);
    v8::Local<v8::Function> function;
    if (CompileCommonJs(context, url, text, code_cache_.get()).ToLocal(&function)) {
      return answer(kCommonJsCode, function, text_value);
    }
    if (*format != ModuleFormat::kUnset || !IsModuleSyntaxError(isolate_, caught.Message())) {
      caught.ReThrow();
      return {};
    }
  }
  return answer_module();
}

v8::MaybeLocal<v8::Value> ModuleMap::RequireModule(v8::Local<v8::Context> context,
                                                   const std::string& path, bool own) {
  const std::string url = PathToFileUrl(path);
  Entry* entry = LoadGraph(
      context, url, !own && has_foreign_ ? ImportKind::kForeign : ImportKind::kDynamic, nullptr);
  if (!entry) return {};
  v8::Local<v8::Module> module = entry->module.Get(isolate_);
  if (module->GetStatus() == v8::Module::kUninstantiated &&
      !module->InstantiateModule(context, OnResolve, OnResolveSource).FromMaybe(false)) {
    return {};
  }
  if (module->GetStatus() == v8::Module::kErrored) {
    isolate_->ThrowException(module->GetException());
    return {};
  }
  if (module->GetStatus() == v8::Module::kEvaluating ||
      module->GetStatus() == v8::Module::kInstantiating) {
    Throw(Error::Make(ErrorClass::kError, "Cannot require() ES Module " + path + " in a cycle.",
                      "ERR_REQUIRE_CYCLE_MODULE"));
    return {};
  }
  if (module->IsGraphAsync()) {
    Throw(Error::Make(ErrorClass::kError,
                      "require() cannot be used on an ESM graph with top-level await. Use import() "
                      "instead: " +
                          path,
                      "ERR_REQUIRE_ASYNC_MODULE"));
    return {};
  }
  if (module->GetStatus() == v8::Module::kInstantiated) {
    v8::Local<v8::Value> promise;
    if (!module->Evaluate(context).ToLocal(&promise)) return {};
    if (promise.As<v8::Promise>()->State() == v8::Promise::kRejected) {
      promise.As<v8::Promise>()->MarkAsHandled();
      isolate_->ThrowException(promise.As<v8::Promise>()->Result());
      return {};
    }
  }
  return module->GetModuleNamespace();
}

v8::MaybeLocal<v8::Module> ModuleMap::MakeCommonJsModule(v8::Local<v8::Context> context,
                                                         Entry& entry, const std::string& path,
                                                         ModuleFormat format,
                                                         const std::string& text) {
  v8::Local<v8::Function> function;
  {
    v8::TryCatch caught(isolate_);
    if (!CompileCommonJs(context, entry.url, text, code_cache_.get()).ToLocal(&function)) {
      if (format == ModuleFormat::kUnset && IsModuleSyntaxError(isolate_, caught.Message())) {
        return {};
      }
      caught.ReThrow();
      return {};
    }
  }
  return MakeCommonJsModule(context, entry, resolver_.RealPath(path), function, text);
}

v8::MaybeLocal<v8::Module> ModuleMap::MakeCommonJsModule(v8::Local<v8::Context> context,
                                                         Entry& entry, const std::string& real_path,
                                                         v8::Local<v8::Function> function,
                                                         const std::string& text) {
  v8::Local<v8::Value> names;
  if (!CallHook(context, "importCommonJs",
                {ToV8String(isolate_, real_path), function, ToV8String(isolate_, text)})
           .ToLocal(&names)) {
    return {};
  }
  return MakeForeignModule(context, entry, real_path, names);
}

ModuleMap::Entry* ModuleMap::LoadBuiltin(v8::Local<v8::Context> context, GraphLoad& load,
                                         const std::string& url, ModuleType type,
                                         const Importer& importer) {
  if (type != ModuleType::kJavaScript) {
    ThrowLoadError(Error::Type("A built-in module takes no attribute \"type\": " + url), importer);
    return nullptr;
  }
  v8::Local<v8::Value> names;
  if (!CallHook(context, "builtinNames", {ToV8String(isolate_, url)}).ToLocal(&names)) {
    return nullptr;
  }
  if (!names->IsArray()) {
    const bool is_node = IsNodeBuiltin(url.substr(5)) || url == "node:sqlite" ||
                         url == "node:test" || url == "node:test/reporters" || url == "node:sea";
    ThrowLoadError(is_node ? Error::Make(ErrorClass::kNotSupported, "not implemented: " + url)
                           : Error::Make(ErrorClass::kTypeError, "No such built-in module: " + url,
                                         "ERR_UNKNOWN_BUILTIN_MODULE"),
                   importer);
    return nullptr;
  }
  auto entry = std::make_unique<Entry>();
  entry->url = url;
  entry->type = type;
  v8::Local<v8::Module> module;
  if (!MakeForeignModule(context, *entry, url, names).ToLocal(&module)) return nullptr;
  return AddEntry(load, std::move(entry), module);
}

v8::MaybeLocal<v8::Module> ModuleMap::MakeForeignModule(v8::Local<v8::Context> context,
                                                        Entry& entry, std::string foreign,
                                                        v8::Local<v8::Value> names) {
  RT_CHECK(names->IsArray());  // our own JavaScript made it
  v8::Local<v8::Array> list = names.As<v8::Array>();
  std::vector<v8::Local<v8::String>> strings;
  strings.reserve(list->Length());
  entry.export_names.reserve(list->Length());
  for (uint32_t i = 0; i < list->Length(); ++i) {
    v8::Local<v8::Value> name;
    if (!list->Get(context, i).ToLocal(&name)) return {};
    RT_CHECK(name->IsString());
    strings.push_back(name.As<v8::String>());
    entry.export_names.emplace_back(isolate_, strings.back());
  }
  entry.foreign = std::move(foreign);
  return v8::Module::CreateSyntheticModule(
      isolate_, ToV8String(isolate_, entry.url),
      v8::MemorySpan<const v8::Local<v8::String>>(strings.data(), strings.size()), EvaluateForeign);
}

v8::MaybeLocal<v8::Value> ModuleMap::EvaluateForeign(v8::Local<v8::Context> context,
                                                     v8::Local<v8::Module> module) {
  v8::Isolate* isolate = context->GetIsolate();
  ModuleMap& map = From(isolate);
  Entry* entry = map.FindEntry(module);
  const bool is_builtin = entry->foreign.starts_with("node:");
  std::vector<v8::Local<v8::Value>> names;
  for (const auto& name : entry->export_names) names.push_back(name.Get(isolate));
  v8::Local<v8::Value> values;
  if (!map.CallHook(context, is_builtin ? "builtinValues" : "evaluateCommonJs",
                    {ToV8String(isolate, entry->foreign),
                     v8::Array::New(isolate, names.data(), names.size()),
                     v8::Boolean::New(isolate, entry == map.main_)})
           .ToLocal(&values)) {
    return {};
  }
  RT_CHECK(values->IsArray() && values.As<v8::Array>()->Length() == entry->export_names.size());
  for (uint32_t i = 0; i < entry->export_names.size(); ++i) {
    v8::Local<v8::Value> value;
    if (!values.As<v8::Array>()->Get(context, i).ToLocal(&value) ||
        !module->SetSyntheticModuleExport(isolate, entry->export_names[i].Get(isolate), value)
             .FromMaybe(false)) {
      return {};
    }
  }
  return Evaluated(context);
}

}  // namespace rt
