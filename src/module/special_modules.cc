// Modules of ModuleMap whose text is nowhere: WebAssembly files, which JavaScript links, and blobs.
#include <cstring>

#include "src/engine/strings.h"
#include "src/module/evaluated.h"
#include "src/module/module_map.h"
#include "src/module/wasm_module.h"

namespace rt {

Result<ModuleSource> ModuleMap::ReadBlob(v8::Local<v8::Context> context, const std::string& url,
                                         ModuleType wanted) {
  const Error absent = Error::Make(ErrorClass::kTypeError, "Module not found \"" + url + "\"",
                                   "ERR_MODULE_NOT_FOUND");
  v8::TryCatch caught(isolate_);
  v8::Local<v8::Value> answer;
  if (!CallHook(context, "blobModule", {ToV8String(isolate_, url)}).ToLocal(&answer) ||
      !answer->IsArray()) {
    return absent;
  }
  v8::Local<v8::Value> bytes;
  v8::Local<v8::Value> type;
  if (!answer.As<v8::Array>()->Get(context, 0).ToLocal(&bytes) ||
      !answer.As<v8::Array>()->Get(context, 1).ToLocal(&type) || !bytes->IsUint8Array() ||
      !type->IsString()) {
    return absent;
  }
  ModuleSource source;
  source.text.resize(bytes.As<v8::Uint8Array>()->ByteLength());
  bytes.As<v8::Uint8Array>()->CopyContents(source.text.data(), source.text.size());
  const std::string mime = ToUtf8(isolate_, type.As<v8::String>());
  const std::string essence = mime.substr(0, mime.find_first_of("; \t"));
  if (wanted == ModuleType::kText || wanted == ModuleType::kBytes) {
    source.type = wanted;
  } else if (essence == "application/json" || essence == "text/json" ||
             essence.ends_with("+json")) {
    source.type = ModuleType::kJson;
  } else if (essence == "application/wasm") {
    source.type = ModuleType::kWasm;
  } else if (source.media = MediaTypeOfMime(mime); !source.media) {
    return Error::Type("Expected a JavaScript or JSON module, but the blob's media type is \"" +
                       essence + "\": " + url);
  }
  return source;
}

ModuleMap::Entry* ModuleMap::LoadWasm(v8::Local<v8::Context> context, GraphLoad& load,
                                      const std::string& url, const std::string& bytes,
                                      const Importer& importer) {
  const std::string key = Key(url, ModuleType::kWasm);
  if (const auto found = entries_.find(key); found != entries_.end()) return found->second.get();
  if (const auto found = load.staged.find(key); found != load.staged.end()) {
    return found->second.get();
  }
  v8::TryCatch caught(isolate_);
  v8::Local<v8::WasmModuleObject> compiled;
  const auto* data = reinterpret_cast<const uint8_t*>(bytes.data());
  if (!v8::WasmModuleObject::Compile(isolate_, v8::MemorySpan<const uint8_t>(data, bytes.size()))
           .ToLocal(&compiled)) {
    if (!caught.HasTerminated() && !caught.Message().IsEmpty()) {
      // What is wrong with the bytes: the class stays WebAssembly.CompileError, the file is said.
      std::string message = ToUtf8(isolate_, caught.Message()->Get());
      if (caught.Exception()->IsObject()) {
        const std::string prefix = "Uncaught ";
        if (message.starts_with(prefix)) message = message.substr(prefix.size());
        const size_t colon = message.find("CompileError: ");
        if (colon != std::string::npos) message = message.substr(colon + 14);
        std::ignore = caught.Exception().As<v8::Object>()->CreateDataProperty(
            context, ToInternalized(isolate_, "message"),
            ToV8String(isolate_, url + ": " + message));
      }
    }
    caught.ReThrow();
    return nullptr;
  }
  auto entry = std::make_unique<Entry>();
  entry->url = url;
  entry->type = ModuleType::kWasm;
  entry->data.Reset(isolate_, compiled);
  v8::Local<v8::String> names[] = {ToInternalized(isolate_, "Instance"),
                                   ToInternalized(isolate_, "module")};
  v8::Local<v8::Module> module = v8::Module::CreateSyntheticModule(
      isolate_, ToV8String(isolate_, url),
      v8::MemorySpan<const v8::Local<v8::String>>(names, std::size(names)), EvaluateWasm);
  return AddEntry(load, std::move(entry), module);
}

v8::MaybeLocal<v8::Value> ModuleMap::EvaluateWasm(v8::Local<v8::Context> context,
                                                  v8::Local<v8::Module> module) {
  v8::Isolate* isolate = context->GetIsolate();
  const Entry* entry = From(isolate).FindEntry(module);
  v8::Local<v8::Value> space;
  v8::Local<v8::Value> instance;
  if (!context->Global()->Get(context, ToInternalized(isolate, "WebAssembly")).ToLocal(&space) ||
      !space->IsObject() ||
      !space.As<v8::Object>()
           ->Get(context, ToInternalized(isolate, "Instance"))
           .ToLocal(&instance) ||
      !module->SetSyntheticModuleExport(isolate, ToInternalized(isolate, "Instance"), instance)
           .FromMaybe(false) ||
      !module
           ->SetSyntheticModuleExport(isolate, ToInternalized(isolate, "module"),
                                      entry->data.Get(isolate))
           .FromMaybe(false)) {
    return {};
  }
  return Evaluated(context);
}

v8::MaybeLocal<v8::Module> ModuleMap::MakeWasmModule(v8::Local<v8::Context> context,
                                                     GraphLoad& load, Entry& entry,
                                                     const std::string& bytes,
                                                     const Importer& importer) {
  entry.wasm = LoadWasm(context, load, entry.url, bytes, importer);
  if (!entry.wasm) return {};
  const auto* data = reinterpret_cast<const uint8_t*>(bytes.data());
  auto interface = ReadWasmInterface({data, bytes.size()});
  if (!interface.ok()) {
    ThrowLoadError(interface.TakeError(), importer);
    return {};
  }
  positions_.AddMade(entry.url, importer.entry ? PlaceOf(importer) : "");
  return CompileModule(context, entry, WasmWrapper(*interface));
}

}  // namespace rt
