#include "src/module/module_map.h"

#include <algorithm>
#include <cstring>

#include "src/base/cut_text.h"
#include "src/base/digest.h"
#include "src/engine/isolate.h"
#include "src/engine/strings.h"
#include "src/module/evaluated.h"
#include "src/module/import_meta.h"
#include "src/module/specifier.h"
#include "src/permissions/prompt.h"
#include "src/permissions/wall_helper.h"

namespace rt {
namespace {

// The attributes of import() calls are (key, value).
constexpr int kDynamicStride = 2;

typescript::MediaType MediaTypeOfUrl(std::string_view url) {
  return typescript::MediaTypeOf(url.substr(0, url.find_first_of("?#")));
}

// Whether a syntax error is that V8 does not know `import defer * as x from` or `import.defer(`.
bool NamesDeferredImport(v8::Local<v8::Context> context, v8::Local<v8::Message> message) {
  v8::Local<v8::String> line;
  if (message.IsEmpty() || !message->GetSourceLine(context).ToLocal(&line)) return false;
  std::string text = ToUtf8(context->GetIsolate(), line);
  std::erase_if(text, [](char c) { return c == ' ' || c == '\t'; });
  return text.find("importdefer*as") != std::string::npos ||
         text.find("import.defer(") != std::string::npos;
}

// What V8 left when the executable was made; null: nothing.
v8::ScriptCompiler::CachedData* CodeOf(const EmbeddedModule& module) {
  if (module.code_cache.empty()) return nullptr;
  return new v8::ScriptCompiler::CachedData(
      reinterpret_cast<const uint8_t*>(module.code_cache.data()),
      static_cast<int>(module.code_cache.size()));
}

}  // namespace

ModuleMap::ModuleMap(OpHost& host, ModuleOptions options)
    : host_(host),
      isolate_(host.isolate()),
      resolver_(std::move(options.import_map)),
      positions_(host),
      transpiler_(std::move(options.transpiler)),
      main_media_(options.main_media),
      on_module_(std::move(options.on_module)),
      on_loaded_(std::move(options.on_loaded)),
      embedded_(std::move(options.embedded)),
      code_folder_(std::move(options.code_folder)),
      inline_source_maps_(options.inline_source_maps),
      remote_(host, std::move(options.remote)) {
  resolver_.SetEmbedded(embedded_.get());
  resolver_.SetCompilerOptions(transpiler_.compiler_options());
  resolver_.SetStore(&remote_.npm());
  sources_.SetStore(&remote_.npm());
  if (options.worker) {
    is_worker_ = true;
    has_foreign_ = is_foreign_worker_ = options.worker->foreign;
    sources_.SetWorker(std::move(*options.worker));
  }
  isolate_->SetData(kIsolateModuleMap, this);
  isolate_->SetHostImportModuleDynamicallyCallback(OnDynamicImport);
  isolate_->SetHostImportModuleWithPhaseDynamicallyCallback(OnDynamicImportPhase);
  isolate_->SetHostInitializeImportMetaObjectCallback(OnImportMeta);
}

ModuleMap::~ModuleMap() {
  const size_t imports = dynamic_imports_.size() + loads_.size();
  for (size_t i = 0; i < imports; ++i) host_.loop().ReleaseRef();
  isolate_->SetData(kIsolateModuleMap, nullptr);
}

ModuleMap& ModuleMap::From(v8::Isolate* isolate) {
  return *static_cast<ModuleMap*>(isolate->GetData(kIsolateModuleMap));
}

std::string ModuleMap::Key(const std::string& url, ModuleType type) {
  static constexpr const char* kPrefixes[] = {"js ", "json ", "text ", "bytes ", "wasm "};
  return kPrefixes[static_cast<size_t>(type)] + url;
}

ModuleMap::Entry* ModuleMap::FindEntry(v8::Local<v8::Module> module) {
  auto [begin, end] = by_hash_.equal_range(module->GetIdentityHash());
  for (; begin != end; ++begin) {
    if (begin->second->module == module) return begin->second;
  }
  return nullptr;
}

void ModuleMap::ThrowLoadError(Error error, const Importer& importer) {
  if (importer.entry) error.message += "\n    at " + PlaceOf(importer);
  Throw(error);
}

std::string ModuleMap::PlaceOf(const Importer& importer) const {
  const std::string& url = importer.entry->url;
  if (const std::string* made = positions_.MadeFor(url)) return *made;
  const auto place = positions_.Original(url, {importer.line, importer.column});
  return url + ":" + std::to_string(place.line) + ":" + std::to_string(place.column);
}

void ModuleMap::Throw(const Error& error) {
  host_.errors().Throw(isolate_, ForPeople(error));
}

Error ModuleMap::ForPeople(Error error) {
  const std::string message = CutLongMessage(std::move(error.message));
  error.message.clear();
  // Code frames have lines and tabs; what else steers a terminal is not ours.
  for (size_t start = 0; start < message.size();) {
    const size_t end = std::min(message.find_first_of("\n\t", start), message.size());
    error.message += EscapeForTerminal(message.substr(start, end - start), message.size());
    error.message += message.substr(end, 1);
    start = end + 1;
  }
  return error;
}

bool ModuleMap::ReadAttributes(v8::Local<v8::Context> context, v8::Local<v8::FixedArray> attributes,
                               int stride, ModuleType* type) {
  *type = ModuleType::kJavaScript;
  for (int i = 0; i + 1 < attributes->Length(); i += stride) {
    const std::string key = ToUtf8(isolate_, attributes->Get(context, i).As<v8::String>());
    const std::string value = ToUtf8(isolate_, attributes->Get(context, i + 1).As<v8::String>());
    if (key != "type") {
      Throw(Error::Type("Import attribute \"" + key + "\" is not supported"));
      return false;
    }
    if (value == "json") {
      *type = ModuleType::kJson;
    } else if (value == "text") {
      *type = ModuleType::kText;
    } else if (value == "bytes") {
      *type = ModuleType::kBytes;
    } else {
      Throw(Error::Type("\"" + value + "\" is not a valid import attribute type"));
      return false;
    }
  }
  return true;
}

bool ModuleMap::Transpile(const std::string& url, typescript::MediaType type, std::string* text,
                          std::string* map, const Importer& importer) {
  auto path = FileUrlToPath(url);
  auto made = transpiler_.Transpile(
      {.url = url, .config_path = path.ok() ? *path : "", .type = type, .source = *text});
  if (!made.ok()) {
    ThrowLoadError(made.TakeError(), importer);
    return false;
  }
  positions_.Add(url, std::move(*text), made->map);
  *text = std::move(made->code);
  positions_.AddGenerated(url, *text);
  if (inline_source_maps_ && !made->map.empty()) {
    *text += "\n//# sourceMappingURL=data:application/json;base64," + Base64Of(made->map);
  }
  *map = std::move(made->map);
  return true;
}

v8::MaybeLocal<v8::Module> ModuleMap::MakeCodeModule(v8::Local<v8::Context> context, Entry& entry,
                                                     const std::string& text, bool is_inline,
                                                     const Importer& importer) {
  v8::Local<v8::Module> module;
  if (auto path = FileUrlToPath(entry.url); path.ok() && !is_inline) {
    auto format = FormatOf(resolver_.packages(), *path);
    if (!format.ok()) {
      ThrowLoadError(format.TakeError(), importer);
      return {};
    }
    if (*format != ModuleFormat::kModule) {
      v8::TryCatch caught(isolate_);
      if (MakeCommonJsModule(context, entry, *path, *format, text).ToLocal(&module)) return module;
      if (caught.HasCaught()) {
        caught.ReThrow();
        return {};
      }
    }
  }
  return CompileModule(context, entry, text);
}

v8::MaybeLocal<v8::Module> ModuleMap::CompileModule(v8::Local<v8::Context> context,
                                                    const Entry& entry, const std::string& text) {
  v8::Local<v8::String> code;
  if (!TryToV8String(isolate_, text).ToLocal(&code)) {
    Throw(Error::Range("Module is too large: " + entry.url));
    return {};
  }
  v8::ScriptOrigin origin(ToV8String(isolate_, entry.url), 0, 0, false, -1, {}, false, false, true);
  v8::ScriptCompiler::CachedData* const kept =
      code_cache_ ? code_cache_->Find(CodeCache::Kind::kModule, text) : nullptr;
  v8::ScriptCompiler::Source compiled(code, origin, kept);
  v8::Local<v8::Module> module;
  v8::TryCatch caught(isolate_);
  if (v8::ScriptCompiler::CompileModule(
          isolate_, &compiled,
          kept ? v8::ScriptCompiler::kConsumeCodeCache : v8::ScriptCompiler::kNoCompileOptions)
          .ToLocal(&module)) {
    if (code_cache_) code_cache_->AddModule(isolate_, text, kept && !kept->rejected, module);
    return module;
  }
  if (NamesDeferredImport(context, caught.Message())) {
    const v8::Local<v8::Message> message = caught.Message();
    Error error = Error::Make(ErrorClass::kNotSupported,
                              "not implemented: \"import defer\", which this version of V8 lacks");
    const Importer here{&entry, message->GetLineNumber(context).FromMaybe(0),
                        message->GetStartColumn(context).FromMaybe(0) + 1};
    caught.Reset();
    ThrowLoadError(std::move(error), here);
  }
  caught.ReThrow();
  return {};
}

ModuleMap::Entry* ModuleMap::LoadOne(v8::Local<v8::Context> context, GraphLoad& load,
                                     const std::string& url, ModuleType type, ImportKind kind,
                                     std::optional<ModuleSource> given, const Importer& importer) {
  if (url.starts_with("node:")) return LoadBuiltin(context, load, url, type, importer);
  if (const EmbeddedModule* module = embedded_ ? embedded_->Find(url, type) : nullptr) {
    return LoadEmbedded(context, load, url, type, *module, importer);
  }
  // The text of a worker's main module was read by its parent, and is what the file says.
  const bool is_worker_main = given && kind == ImportKind::kWorker && !RemoteModules::IsRemote(url);
  const bool is_inline = given && !RemoteModules::IsRemote(url) && !is_worker_main;
  if (!given && url.starts_with("blob:")) {
    auto blob = ReadBlob(context, url, type);
    if (!blob.ok()) {
      ThrowLoadError(blob.TakeError(), importer);
      return nullptr;
    }
    given = std::move(blob).value();
  }
  if (!given) {
    if (on_module_) on_module_(url);
    auto loaded = sources_.Load(host_.permissions(), url, type, kind);
    if (!loaded.ok()) {
      ThrowLoadError(loaded.TakeError(), importer);
      return nullptr;
    }
    given = std::move(loaded).value();
  }
  ModuleSource source = std::move(*given);
  if (source.type == ModuleType::kJson && type == ModuleType::kJavaScript) {
    ThrowLoadError(
        Error::Type("Attempted to load JSON module without specifying \"type\": \"json\" "
                    "attribute in the import statement: " +
                    url),
        importer);
    return nullptr;
  }
  if (type == ModuleType::kWasm && source.type != ModuleType::kWasm) {
    ThrowLoadError(Error::Make(ErrorClass::kSyntaxError,
                               "Source phase import object is not defined for module: " + url),
                   importer);
    return nullptr;
  }
  if (type == ModuleType::kWasm) return LoadWasm(context, load, url, source.text, importer);
  const bool is_code = source.type == ModuleType::kJavaScript || source.type == ModuleType::kWasm;
  if (is_code && type == ModuleType::kJson) {
    ThrowLoadError(Error::Type("Expected a JSON module, but the file is not named .json: " + url),
                   importer);
    return nullptr;
  }

  auto entry = std::make_unique<Entry>();
  entry->url = url;
  entry->type = type;
  v8::Local<v8::Module> module;
  const bool is_text = type != ModuleType::kBytes && source.type != ModuleType::kWasm;
  if (is_text && source.text.starts_with("\xEF\xBB\xBF")) source.text.erase(0, 3);
  if (type != ModuleType::kJavaScript) {
    if (on_loaded_) {
      const auto none = typescript::MediaType::kJavaScript;
      on_loaded_({url, type, none, source.text, source.text, ""});
    }
    if (!MakeDataModule(context, *entry, std::move(source.text), importer).ToLocal(&module))
      return nullptr;
  } else if (source.type == ModuleType::kWasm) {
    if (on_loaded_) {
      const auto none = typescript::MediaType::kJavaScript;
      on_loaded_({url, type, none, source.text, source.text, ""});
    }
    if (!MakeWasmModule(context, load, *entry, source.text, importer).ToLocal(&module)) {
      return nullptr;
    }
  } else {
    typescript::MediaType media = source.media.value_or(MediaTypeOfUrl(url));
    if ((kind == ImportKind::kMain || is_inline || is_worker_main) && main_media_) {
      media = *main_media_;
    }
    std::string original = on_loaded_ ? source.text : std::string();
    std::string map;
    if (media != typescript::MediaType::kJavaScript &&
        !Transpile(url, media, &source.text, &map, importer)) {
      return nullptr;
    }
    if (on_loaded_) on_loaded_({url, type, media, original, source.text, map});
    v8::TryCatch caught(isolate_);
    if (!MakeCodeModule(context, *entry, source.text, is_inline, importer).ToLocal(&module)) {
      // Code without a file's name that is no JavaScript may be TypeScript, as in Deno. If it is
      // neither, V8's words are about what was probably meant.
      const bool may_be_typed = is_inline && kind == ImportKind::kMain && !main_media_ &&
                                media == typescript::MediaType::kJavaScript &&
                                !caught.HasTerminated();
      v8::TryCatch again(isolate_);
      if (!may_be_typed ||
          !Transpile(url, typescript::MediaType::kTypeScript, &source.text, &map, importer) ||
          !MakeCodeModule(context, *entry, source.text, is_inline, importer).ToLocal(&module)) {
        again.Reset();
        caught.ReThrow();
        return nullptr;
      }
    }
  }
  return AddEntry(load, std::move(entry), module);
}

ModuleMap::Entry* ModuleMap::LoadEmbedded(v8::Local<v8::Context> context, GraphLoad& load,
                                          const std::string& url, ModuleType type,
                                          const EmbeddedModule& module, const Importer& importer) {
  auto entry = std::make_unique<Entry>();
  entry->url = url;
  entry->type = type;
  v8::Local<v8::Module> made;
  if (type != ModuleType::kJavaScript) {
    if (!MakeDataModule(context, *entry, std::string(module.code), importer).ToLocal(&made)) {
      return nullptr;
    }
    return AddEntry(load, std::move(entry), made);
  }
  if (!module.map.empty()) positions_.Add(url, std::string(module.source), module.map);
  if (module.is_common_js) {
    auto path = FileUrlToPath(url);
    if (!path.ok()) {
      ThrowLoadError(path.TakeError(), importer);
      return nullptr;
    }
    v8::Local<v8::Function> function;
    if (!CompileEmbedded(context, url, module).ToLocal(&function) ||
        !MakeCommonJsModule(context, *entry, *path, function, std::string(module.code))
             .ToLocal(&made)) {
      return nullptr;
    }
    return AddEntry(load, std::move(entry), made);
  }
  v8::Local<v8::String> code;
  if (!TryToV8String(isolate_, module.code).ToLocal(&code)) {
    ThrowLoadError(Error::Range("Module is too large: " + url), importer);
    return nullptr;
  }
  v8::ScriptOrigin origin(ToV8String(isolate_, url), 0, 0, false, -1, {}, false, false, true);
  // V8 looks whether the cache fits, and compiles if it does not. The source owns the wrapper.
  v8::ScriptCompiler::CachedData* const cache = CodeOf(module);
  v8::ScriptCompiler::Source source(code, origin, cache);
  const auto options =
      cache ? v8::ScriptCompiler::kConsumeCodeCache : v8::ScriptCompiler::kNoCompileOptions;
  if (!v8::ScriptCompiler::CompileModule(isolate_, &source, options).ToLocal(&made)) return nullptr;
  return AddEntry(load, std::move(entry), made);
}

v8::MaybeLocal<v8::Function> ModuleMap::CompileEmbedded(v8::Local<v8::Context> context,
                                                        const std::string& url,
                                                        const EmbeddedModule& module) {
  v8::ScriptCompiler::CachedData* const cache = CodeOf(module);
  return CompileCommonJsWith(
      context, url, std::string(module.code), cache,
      cache ? v8::ScriptCompiler::kConsumeCodeCache : v8::ScriptCompiler::kNoCompileOptions);
}

ModuleMap::Entry* ModuleMap::AddEntry(GraphLoad& load, std::unique_ptr<Entry> entry,
                                      v8::Local<v8::Module> module) {
  Entry* made = entry.get();
  made->module.Reset(isolate_, module);
  load.staged[Key(made->url, made->type)] = std::move(entry);
  return made;
}

v8::MaybeLocal<v8::Module> ModuleMap::OnResolve(v8::Local<v8::Context> context,
                                                v8::Local<v8::String> specifier,
                                                v8::Local<v8::FixedArray> attributes,
                                                v8::Local<v8::Module> referrer) {
  v8::Isolate* isolate = context->GetIsolate();
  ModuleMap& map = From(isolate);
  Entry* importer = map.FindEntry(referrer);
  ModuleType type;
  if (!map.ReadAttributes(context, attributes, kStaticStride, &type)) return {};
  RT_CHECK(importer != nullptr);  // only modules of the map are linked
  // Not resolved again: packages on the disk may have changed since the graph was loaded.
  auto link = importer->links.find(Key(ToUtf8(isolate, specifier), type));
  RT_CHECK(link != importer->links.end());
  return link->second->module.Get(isolate);
}

v8::MaybeLocal<v8::Promise> ModuleMap::LinkAndEvaluate(v8::Local<v8::Context> context,
                                                       Entry& entry) {
  v8::Local<v8::Module> module = entry.module.Get(isolate_);
  if (!module->InstantiateModule(context, OnResolve, OnResolveSource).FromMaybe(false)) return {};
  if (&entry == main_ && before_main_) std::exchange(before_main_, nullptr)();
  v8::Local<v8::Value> result;
  if (!module->Evaluate(context).ToLocal(&result)) return {};
  // A CommonJS program is the only code that Node does not run in a microtask.
  if (&entry != main_ || !IsCommonJs(entry.url)) host_.NoteModulesRan();
  return result.As<v8::Promise>();
}

v8::MaybeLocal<v8::Promise> ModuleMap::EvaluateMain(v8::Local<v8::Context> context,
                                                    const std::string& url,
                                                    const std::string* text) {
  if (!is_worker_) sources_.SetMainModule(url);
  if (!code_folder_.empty()) code_cache_ = std::make_unique<CodeCache>(code_folder_, url);
  const ImportKind kind = is_worker_ ? ImportKind::kWorker : ImportKind::kMain;
  main_ = LoadGraph(context, url, kind, text);
  // From here on scripts run; what they import is judged by their permissions.
  if (WallHelper* helper = is_worker_ ? nullptr : WallHelper::Get()) helper->Seal();
  if (!main_) return {};
  return LinkAndEvaluate(context, *main_);
}

v8::MaybeLocal<v8::Promise> ModuleMap::EvaluatePreload(v8::Local<v8::Context> context,
                                                       const std::string& url,
                                                       const std::string& main_url) {
  sources_.SetMainModule(main_url);
  Entry* entry = LoadGraph(context, url, ImportKind::kMain, nullptr);
  if (WallHelper* helper = WallHelper::Get()) helper->AwaitReady();
  if (!entry) return {};
  return LinkAndEvaluate(context, *entry);
}

bool ModuleMap::LinkMain(v8::Local<v8::Context> context, const std::string& url) {
  sources_.SetMainModule(url);
  main_ = LoadGraph(context, url, ImportKind::kMain, nullptr);
  return main_ && main_->module.Get(isolate_)
                      ->InstantiateModule(context, OnResolve, OnResolveSource)
                      .FromMaybe(false);
}

Result<ModuleSource> ModuleMap::ReadWorkerModule(const std::string& url) {
  // The worker has the same modules, and looks there first.
  if (embedded_ && embedded_->Find(url, ModuleType::kJavaScript)) return ModuleSource();
  RT_TRY(ModuleSource source,
         sources_.Load(host_.permissions(), url, ModuleType::kJavaScript,
                       has_foreign_ ? ImportKind::kForeign : ImportKind::kDynamic));
  if (source.type != ModuleType::kJavaScript) {
    return Error::Type("Expected a JavaScript or TypeScript module, but it is JSON: " + url);
  }
  return source;
}

v8::Local<v8::Object> ModuleMap::MainNamespace() {
  return main_->module.Get(isolate_)->GetModuleNamespace().As<v8::Object>();
}

v8::MaybeLocal<v8::Object> ModuleMap::OnResolveSource(v8::Local<v8::Context> context,
                                                      v8::Local<v8::String> specifier,
                                                      v8::Local<v8::FixedArray>,
                                                      v8::Local<v8::Module> referrer) {
  v8::Isolate* isolate = context->GetIsolate();
  const Entry* importer = From(isolate).FindEntry(referrer);
  RT_CHECK(importer != nullptr);
  const auto link = importer->links.find(Key(ToUtf8(isolate, specifier), ModuleType::kWasm));
  RT_CHECK(link != importer->links.end());
  return link->second->data.Get(isolate).As<v8::Object>();
}

v8::MaybeLocal<v8::Promise> ModuleMap::OnDynamicImport(v8::Local<v8::Context> context,
                                                       v8::Local<v8::Data> host_defined_options,
                                                       v8::Local<v8::Value> resource_name,
                                                       v8::Local<v8::String> specifier,
                                                       v8::Local<v8::FixedArray> attributes) {
  return OnDynamicImportPhase(context, host_defined_options, resource_name, specifier,
                              v8::ModuleImportPhase::kEvaluation, attributes);
}

v8::MaybeLocal<v8::Promise> ModuleMap::OnDynamicImportPhase(v8::Local<v8::Context> context,
                                                            v8::Local<v8::Data>,
                                                            v8::Local<v8::Value> resource_name,
                                                            v8::Local<v8::String> specifier,
                                                            v8::ModuleImportPhase phase,
                                                            v8::Local<v8::FixedArray> attributes) {
  v8::Isolate* isolate = context->GetIsolate();
  ModuleMap& map = From(isolate);
  v8::Local<v8::Promise::Resolver> resolver;
  if (!v8::Promise::Resolver::New(context).ToLocal(&resolver)) return {};
  v8::TryCatch caught(isolate);
  ModuleType type;
  if (!map.ReadAttributes(context, attributes, kDynamicStride, &type)) {
    resolver->Reject(context, caught.Exception()).Check();
    return resolver->GetPromise();
  }
  if (phase == v8::ModuleImportPhase::kSource) type = ModuleType::kWasm;
  // Code without an address (new Function, eval of one) counts as the main module's.
  std::string referrer =
      resource_name->IsString() ? ToUtf8(isolate, resource_name.As<v8::String>()) : std::string();
  const bool has_referrer = !referrer.empty();
  if (!has_referrer && map.main_) referrer = map.main_->url;
  map.dynamic_imports_.push_back(DynamicImport{v8::Global<v8::Promise::Resolver>(isolate, resolver),
                                               std::move(referrer), ToUtf8(isolate, specifier),
                                               type, has_referrer});
  map.host_.loop().AddRef();
  return resolver->GetPromise();
}

v8::MaybeLocal<v8::Value> ModuleMap::ParseJsonModule(v8::Local<v8::Context> context,
                                                     const Entry& entry, const std::string& text,
                                                     const Importer& importer) {
  v8::Local<v8::String> source;
  if (!TryToV8String(isolate_, text).ToLocal(&source)) return {};
  v8::TryCatch caught(isolate_);
  v8::Local<v8::Value> value;
  if (v8::JSON::Parse(context, source).ToLocal(&value)) return value;
  std::string message = "invalid JSON";
  if (caught.Exception()->IsObject()) message = ToUtf8(isolate_, caught.Message()->Get());
  if (message.starts_with("Uncaught SyntaxError: ")) message = message.substr(22);
  caught.Reset();
  ThrowLoadError(Error::Make(ErrorClass::kSyntaxError, entry.url + ": " + message), importer);
  caught.ReThrow();
  return {};
}

v8::MaybeLocal<v8::Module> ModuleMap::MakeDataModule(v8::Local<v8::Context> context, Entry& entry,
                                                     std::string data, const Importer& importer) {
  v8::Local<v8::Value> value;
  if (entry.type == ModuleType::kJson) {
    if (!ParseJsonModule(context, entry, data, importer).ToLocal(&value)) return {};
  } else if (entry.type == ModuleType::kText) {
    v8::Local<v8::String> text;
    if (!TryToV8String(isolate_, data).ToLocal(&text)) return {};
    value = text;
  } else {
    auto store = v8::ArrayBuffer::NewBackingStore(isolate_, data.size());
    if (!data.empty()) memcpy(store->Data(), data.data(), data.size());
    const size_t size = data.size();
    value = v8::Uint8Array::New(v8::ArrayBuffer::New(isolate_, std::move(store)), 0, size);
  }
  entry.data.Reset(isolate_, value);
  v8::Local<v8::String> names[] = {ToInternalized(isolate_, "default")};
  return v8::Module::CreateSyntheticModule(isolate_, ToV8String(isolate_, entry.url),
                                           v8::MemorySpan<const v8::Local<v8::String>>(names, 1),
                                           EvaluateData);
}

v8::MaybeLocal<v8::Value> ModuleMap::EvaluateData(v8::Local<v8::Context> context,
                                                  v8::Local<v8::Module> module) {
  v8::Isolate* isolate = context->GetIsolate();
  Entry* entry = From(isolate).FindEntry(module);
  if (!module
           ->SetSyntheticModuleExport(isolate, ToInternalized(isolate, "default"),
                                      entry->data.Get(isolate))
           .FromMaybe(false)) {
    return {};
  }
  return Evaluated(context);
}

void ModuleMap::OnImportMeta(v8::Local<v8::Context> context, v8::Local<v8::Module> module,
                             v8::Local<v8::Object> meta) {
  ModuleMap& map = From(context->GetIsolate());
  Entry* entry = map.FindEntry(module);
  if (entry) FillImportMeta(context, meta, entry->url, entry == map.main_, map.host_);
}

std::vector<v8::Local<v8::Message>> ModuleMap::StalledAwaits() {
  std::vector<v8::Local<v8::Message>> messages;
  if (!main_) return messages;
  auto [modules, stalled] = main_->module.Get(isolate_)->GetStalledTopLevelAwaitMessages(isolate_);
  for (auto message : stalled) messages.push_back(message);
  return messages;
}

}  // namespace rt
