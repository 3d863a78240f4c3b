// How ModuleMap loads graphs: files at once, modules of other hosts as they arrive, several at a
// time. import() runs from here, and never within the call.
#include "src/engine/strings.h"
#include "src/module/module_map.h"
#include "src/module/specifier.h"
#include "src/module/wasm_module.h"

namespace rt {
namespace {

bool IsHttp(std::string_view url) {
  return url.starts_with("https:") || url.starts_with("http:");
}

// Settles import()'s promise; data is [its resolver, the namespace].
void SettleImport(const v8::FunctionCallbackInfo<v8::Value>& info, bool fulfilled) {
  v8::Local<v8::Context> context = info.GetIsolate()->GetCurrentContext();
  v8::Local<v8::Array> both = info.Data().As<v8::Array>();
  auto waiting = both->Get(context, 0).ToLocalChecked().As<v8::Promise::Resolver>();
  if (fulfilled) {
    std::ignore = waiting->Resolve(context, both->Get(context, 1).ToLocalChecked());
  } else {
    std::ignore = waiting->Reject(context, info[0]);
  }
}

// Rejects import()'s promise. What failed before a module ran failed in nobody's code: such an
// error gets the places that wait for the promise. V8 knows those only in the job that is about to
// settle it.
void RejectImport(v8::Local<v8::Context> context, v8::Local<v8::Promise::Resolver> import,
                  const v8::TryCatch& caught) {
  v8::Isolate* const isolate = context->GetIsolate();
  v8::Local<v8::Value> error = caught.Exception();
  // Text that does not parse has a place.
  const bool has_place =
      !caught.Message().IsEmpty() && caught.Message()->GetLineNumber(context).FromMaybe(0) > 0;
  const auto give_places = [](const v8::FunctionCallbackInfo<v8::Value>& info) {
    std::ignore = v8::Exception::CaptureStackTrace(info.GetIsolate()->GetCurrentContext(),
                                                   info[0].As<v8::Object>());
    info.GetIsolate()->ThrowException(info[0]);
  };
  v8::Local<v8::Promise::Resolver> failing;
  v8::Local<v8::Function> handler;
  if (has_place || !error->IsNativeError() ||
      !v8::Promise::Resolver::New(context).ToLocal(&failing) ||
      !v8::Function::New(context, give_places).ToLocal(&handler)) {
    std::ignore = import->Reject(context, error);
    return;
  }
  v8::TryCatch hostile(isolate);
  v8::Local<v8::Promise> failed;
  // What a script made Promise[Symbol.species] need not make promises.
  if (!failing->GetPromise()->Then(context, handler, handler).ToLocal(&failed) ||
      !failed.As<v8::Value>()->IsPromise()) {
    if (!hostile.HasTerminated()) std::ignore = import->Reject(context, error);
    return;
  }
  failed->MarkAsHandled();  // import()'s promise is the one to be told about
  std::ignore = import->Resolve(context, failed);
  std::ignore = failing->Reject(context, error);
}

}  // namespace

bool ModuleMap::IsStored(const std::string& url) {
  if (!url.starts_with("file:")) return false;
  auto path = FileUrlToPath(url);
  return path.ok() && remote_.npm().PackageOf(*path).has_value();
}

bool ModuleMap::CheckReferrer(const std::string& url, const Importer& importer) {
  if (!importer.entry) return true;
  const bool is_package = IsStored(importer.entry->url);
  if (!is_package && !IsHttp(importer.entry->url)) return true;
  if (url.starts_with("file:") && !(is_package && IsStored(url))) {
    ThrowLoadError(Error::Type("Remote modules are not allowed to import local modules. Consider "
                               "using a dynamic import instead.\n  Importing: " +
                               url),
                   importer);
    return false;
  }
  if (importer.entry->url.starts_with("https:") && url.starts_with("http:")) {
    ThrowLoadError(Error::Type("Modules imported via https are not allowed to import http "
                               "modules.\n  Importing: " +
                               url),
                   importer);
    return false;
  }
  return true;
}

Result<std::string> ModuleMap::ResolveStored(const NpmSubpath& package, ImportKind kind) {
  if (kind == ImportKind::kMain) {
    // `rt run npm:x`: the package's program, if it has one.
    RT_TRY(auto program, resolver_.packages().ProgramOf(package.folder, package.subpath));
    if (program) return std::move(*program);
  }
  return resolver_.packages().ResolveInPackage(package.folder, package.subpath,
                                               ResolveFor::kImport);
}

ModuleMap::GraphState ModuleMap::Request(v8::Local<v8::Context> context, GraphLoad& load,
                                         GraphLoad::Waiting wanted) {
  std::string url = wanted.url;
  std::optional<ModuleSource> source;
  if (!load.started && load.text) source = ModuleSource{.text = *load.text};
  const bool is_embedded = embedded_ && embedded_->Find(url, wanted.type);
  if (RemoteModules::IsRemote(url) && !source && !is_embedded) {
    const auto known = remote_urls_.find(url);
    if (known != remote_urls_.end() && entries_.contains(Key(known->second, wanted.type))) {
      url = known->second;
    } else {
      remote_.Want(wanted.url);
      Result<RemoteModule>* loaded = remote_.Find(wanted.url);
      if (!loaded) {
        load.waiting.push_back(std::move(wanted));
        return GraphState::kWaiting;
      }
      if (!loaded->ok()) {
        ThrowLoadError(loaded->error(), wanted.importer);
        return GraphState::kFailed;
      }
      const RemoteModule& module = **loaded;
      has_foreign_ = true;
      if (module.package) {
        auto path = ResolveStored(*module.package, wanted.kind);
        if (!path.ok()) {
          ThrowLoadError(path.TakeError(), wanted.importer);
          return GraphState::kFailed;
        }
        url = PathToFileUrl(*path);
      } else {
        url = module.url;
      }
      load.remote_urls.emplace(wanted.url, url);
      if (!module.package) {
        const bool is_binary = wanted.type == ModuleType::kBytes ||
                               (module.is_wasm && wanted.type != ModuleType::kText);
        auto text = is_binary ? Result<std::string>(module.text) : module.Decoded();
        if (!text.ok()) {
          ThrowLoadError(text.TakeError(), wanted.importer);
          return GraphState::kFailed;
        }
        source = ModuleSource{.text = std::move(*text),
                              .type = module.is_json   ? ModuleType::kJson
                                      : module.is_wasm ? ModuleType::kWasm
                                                       : ModuleType::kJavaScript,
                              .media = module.media};
      }
      if (wanted.type == ModuleType::kText || wanted.type == ModuleType::kBytes) {
        if (source) source->type = wanted.type;
      }
    }
  }
  const std::string key = Key(url, wanted.type);
  if (auto found = entries_.find(key); found != entries_.end()) {
    *wanted.slot = found->second.get();
    return GraphState::kLoaded;
  }
  if (auto found = load.staged.find(key); found != load.staged.end()) {
    *wanted.slot = found->second.get();
    return GraphState::kLoaded;
  }
  for (const auto& other : loads_) {
    // A WebAssembly file is two modules.
    if (other.get() != &load &&
        (other->staged.contains(key) || other->staged.contains(Key(url, ModuleType::kWasm)))) {
      return GraphState::kBlocked;
    }
  }
  Entry* made =
      LoadOne(context, load, url, wanted.type, wanted.kind, std::move(source), wanted.importer);
  if (!made) return GraphState::kFailed;
  *wanted.slot = made;
  load.to_visit.push_back(made);
  return GraphState::kLoaded;
}

ModuleMap::GraphState ModuleMap::Visit(v8::Local<v8::Context> context, GraphLoad& load,
                                       Entry* entry) {
  if (entry->type != ModuleType::kJavaScript) return GraphState::kLoaded;
  v8::HandleScope handles(isolate_);
  v8::Local<v8::Module> module = entry->module.Get(isolate_);
  if (module->IsSyntheticModule()) return GraphState::kLoaded;
  v8::Local<v8::FixedArray> requests = module->GetModuleRequests();
  const size_t before = load.to_visit.size();
  for (int i = 0; i < requests->Length(); ++i) {
    auto request = requests->Get(context, i).As<v8::ModuleRequest>();
    v8::Location at = module->SourceOffsetToLocation(request->GetSourceOffset());
    const Importer here{entry, at.GetLineNumber() + 1, at.GetColumnNumber() + 1};
    ModuleType type;
    if (!ReadAttributes(context, request->GetImportAttributes(), kStaticStride, &type)) {
      return GraphState::kFailed;
    }
    if (request->GetPhase() == v8::ModuleImportPhase::kSource) {
      if (type != ModuleType::kJavaScript) {
        ThrowLoadError(Error::Type("\"import source\" takes no attribute \"type\""), here);
        return GraphState::kFailed;
      }
      type = ModuleType::kWasm;
    }
    const std::string specifier = ToUtf8(isolate_, request->GetSpecifier());
    if (entry->wasm && specifier == kWasmSelf) {
      entry->links[Key(specifier, type)] = entry->wasm;
      continue;
    }
    auto url = resolver_.Resolve(specifier, entry->url);
    if (!url.ok()) {
      ThrowLoadError(url.TakeError(), here);
      return GraphState::kFailed;
    }
    if (!CheckReferrer(*url, here)) return GraphState::kFailed;
    // What a dynamically imported module imports in turn is no more trusted than itself.
    const ImportKind kind = load.kind != ImportKind::kMain ? load.kind
                            : is_foreign_worker_           ? ImportKind::kForeign
                                                           : ImportKind::kStatic;
    Entry** slot = &entry->links[Key(specifier, type)];
    const GraphState state = Request(
        context, load,
        {.url = std::move(*url), .type = type, .kind = kind, .importer = here, .slot = slot});
    if (state == GraphState::kBlocked || state == GraphState::kFailed) return state;
  }
  // The first import first: files are read in the order in which they will run.
  std::reverse(load.to_visit.begin() + static_cast<std::ptrdiff_t>(before), load.to_visit.end());
  return GraphState::kLoaded;
}

ModuleMap::GraphState ModuleMap::Advance(v8::Local<v8::Context> context, GraphLoad& load) {
  RT_CHECK(!loading_);
  loading_ = true;
  const auto end = [&](GraphState state) {
    loading_ = false;
    if (state == GraphState::kFailed || state == GraphState::kBlocked) {
      // Nothing half-loaded stays: a later import() of the same graph must fail the same way.
      load.staged.clear();
      load.remote_urls.clear();
      load.to_visit.clear();
      load.waiting.clear();
      load.root = nullptr;
      load.started = false;
    }
    return state;
  };
  if (!load.started) {
    const GraphState state = Request(context, load,
                                     {.url = load.url,
                                      .type = load.type,
                                      .kind = load.kind,
                                      .importer = {},
                                      .slot = &load.root});
    load.started = true;
    if (state == GraphState::kBlocked || state == GraphState::kFailed) return end(state);
  } else {
    std::vector<GraphLoad::Waiting> waiting = std::move(load.waiting);
    load.waiting.clear();
    for (GraphLoad::Waiting& wanted : waiting) {
      const GraphState state = Request(context, load, std::move(wanted));
      if (state == GraphState::kBlocked || state == GraphState::kFailed) return end(state);
    }
  }
  // Not recursive: a chain of imports may be long.
  while (!load.to_visit.empty()) {
    Entry* entry = load.to_visit.back();
    load.to_visit.pop_back();
    const GraphState state = Visit(context, load, entry);
    if (state != GraphState::kLoaded) return end(state);
  }
  return end(load.waiting.empty() ? GraphState::kLoaded : GraphState::kWaiting);
}

void ModuleMap::Commit(GraphLoad& load) {
  for (auto& [key, entry] : load.staged) {
    by_hash_.emplace(entry->module.Get(isolate_)->GetIdentityHash(), entry.get());
  }
  entries_.merge(load.staged);
  remote_urls_.merge(load.remote_urls);
}

void ModuleMap::AfterLoads() {
  retry_loads_ = !loads_.empty();
  if (!loads_.empty()) return;
  transpiler_.ReleaseFallback();
  remote_.ForgetEnded();
  if (auto settled = remote_.Settle(); !settled.ok()) {
    std::fprintf(stderr, "warning: %s\n", settled.error().message.c_str());
  }
}

ModuleMap::Entry* ModuleMap::LoadGraph(v8::Local<v8::Context> context, const std::string& url,
                                       ImportKind kind, const std::string* text, ModuleType type) {
  if (auto found = entries_.find(Key(url, type)); found != entries_.end()) {
    return found->second.get();
  }
  GraphLoad load{.url = url, .type = type, .kind = kind, .text = text};
  GraphState state = Advance(context, load);
  while (state == GraphState::kWaiting) {
    host_.loop().Poll(true);
    if (host_.exit_requested()) return nullptr;  // somebody ends this worker
    // A load of an import() may wait for the same.
    if (!remote_.TakeNews()) continue;
    retry_loads_ = true;
    state = Advance(context, load);
  }
  if (state == GraphState::kBlocked) {
    Throw(Error::Make(ErrorClass::kError, "An import() of the same modules is under way: " + url,
                      "ERR_REQUIRE_CYCLE_MODULE"));
    return nullptr;
  }
  if (state == GraphState::kFailed) {
    if (loads_.empty()) AfterLoads();
    return nullptr;
  }
  Entry* root = load.root;
  Commit(load);
  if (loads_.empty()) AfterLoads();
  return root;
}

bool ModuleMap::FinishImport(v8::Local<v8::Context> context, GraphLoad& load) {
  v8::TryCatch caught(isolate_);
  v8::Local<v8::Promise::Resolver> resolver = load.resolver.Get(isolate_);
  Entry& entry = *load.root;
  Commit(load);
  if (load.type == ModuleType::kWasm) {
    std::ignore = resolver->Resolve(context, entry.data.Get(isolate_));
    return true;
  }
  v8::Local<v8::Promise> evaluated;
  if (!LinkAndEvaluate(context, entry).ToLocal(&evaluated)) {
    if (caught.HasTerminated()) return false;
    std::ignore = resolver->Reject(context, caught.Exception());
    return true;
  }
  // When it has run: the namespace, or its error. Promise::Then is V8's own, whatever a script did
  // to Promise.prototype.
  v8::Local<v8::Value> pair[] = {resolver, entry.module.Get(isolate_)->GetModuleNamespace()};
  v8::Local<v8::Array> data = v8::Array::New(isolate_, pair, 2);
  v8::Local<v8::Function> on_fulfilled;
  v8::Local<v8::Function> on_rejected;
  const auto fulfilled = [](const v8::FunctionCallbackInfo<v8::Value>& info) {
    SettleImport(info, true);
  };
  const auto rejected = [](const v8::FunctionCallbackInfo<v8::Value>& info) {
    SettleImport(info, false);
  };
  return v8::Function::New(context, fulfilled, data).ToLocal(&on_fulfilled) &&
         v8::Function::New(context, rejected, data).ToLocal(&on_rejected) &&
         !evaluated->Then(context, on_fulfilled, on_rejected).IsEmpty();
}

void ModuleMap::RunDynamicImports(v8::Local<v8::Context> context) {
  remote_.TakeNews();
  retry_loads_ = false;
  std::deque<DynamicImport> imports = std::move(dynamic_imports_);
  dynamic_imports_.clear();
  for (DynamicImport& import : imports) {
    v8::HandleScope handles(isolate_);
    v8::TryCatch caught(isolate_);
    auto url = resolver_.Resolve(import.specifier, import.referrer);
    const bool is_downgrade =
        url.ok() && import.referrer.starts_with("https:") && url->starts_with("http:");
    // Code in data: and blob: URLs, and code without an address, may be that of another host.
    const bool is_foreign =
        IsHttp(import.referrer) || IsStored(import.referrer) ||
        (has_foreign_ && (!import.has_referrer || !import.referrer.starts_with("file:")));
    if (url.ok() && !is_downgrade) {
      loads_.push_back(std::make_unique<GraphLoad>(
          GraphLoad{.url = std::move(*url),
                    .type = import.type,
                    .kind = is_foreign ? ImportKind::kForeign : ImportKind::kDynamic,
                    .resolver = std::move(import.resolver)}));
      continue;
    }
    Throw(url.ok() ? Error::Type("Modules imported via https are not allowed to import http "
                                 "modules.\n  Importing: " +
                                 *url)
                   : url.error());
    host_.loop().ReleaseRef();
    RejectImport(context, import.resolver.Get(isolate_), caught);
  }
  bool ended = false;
  for (size_t i = 0; i < loads_.size();) {
    v8::HandleScope handles(isolate_);
    v8::TryCatch caught(isolate_);
    const GraphState state = Advance(context, *loads_[i]);
    if (state == GraphState::kWaiting || state == GraphState::kBlocked) {
      ++i;
      continue;
    }
    // Out of the list first: evaluating it may start other loads.
    const std::unique_ptr<GraphLoad> load = std::move(loads_[i]);
    loads_.erase(loads_.begin() + static_cast<std::ptrdiff_t>(i));
    host_.loop().ReleaseRef();
    ended = true;
    if (state == GraphState::kLoaded) {
      if (!FinishImport(context, *load)) return;
    } else {
      if (caught.HasTerminated()) return;
      RejectImport(context, load->resolver.Get(isolate_), caught);
    }
  }
  if (ended || loads_.empty()) AfterLoads();
  if (retry_loads_) host_.loop().NoteWork();
}

}  // namespace rt
