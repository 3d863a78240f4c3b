#include "src/module/import_meta.h"

#include "src/engine/isolate.h"
#include "src/engine/strings.h"
#include "src/module/module_map.h"
#include "src/module/specifier.h"

namespace rt {
namespace {

// import.meta.resolve(specifier): the URL, as a string. Its data is the module's own URL.
void Resolve(const v8::FunctionCallbackInfo<v8::Value>& info) {
  v8::Isolate* isolate = info.GetIsolate();
  v8::Local<v8::String> specifier;
  if (info.Length() == 0) {
    isolate->ThrowException(
        v8::Exception::TypeError(ToV8String(isolate, "import.meta.resolve needs a specifier")));
    return;
  }
  if (!info[0]->ToString(isolate->GetCurrentContext()).ToLocal(&specifier)) return;
  auto resolved = ModuleMap::From(isolate).resolver().Resolve(
      ToUtf8(isolate, specifier), ToUtf8(isolate, info.Data().As<v8::String>()));
  if (!resolved.ok()) {
    ModuleMap::From(isolate).Throw(resolved.error());
    return;
  }
  info.GetReturnValue().Set(ToV8String(isolate, *resolved));
}

}  // namespace

void FillImportMeta(v8::Local<v8::Context> context, v8::Local<v8::Object> meta,
                    const std::string& url, bool is_main, OpHost& host) {
  v8::Isolate* isolate = host.isolate();
  auto define = [&](const char* name, v8::Local<v8::Value> value) {
    meta->CreateDataProperty(context, ToInternalized(isolate, name), value).Check();
  };
  v8::Local<v8::String> url_string = ToV8String(isolate, url);
  if (auto path = FileUrlToPath(url); path.ok()) {
    const size_t slash = path->rfind('/');
    define("dirname", ToV8String(isolate, slash == 0 ? "/" : path->substr(0, slash)));
    define("filename", ToV8String(isolate, *path));
  }
  define("main", v8::Boolean::New(isolate, is_main));
  v8::Local<v8::Function> resolve;
  if (v8::Function::New(context, Resolve, url_string, 1, v8::ConstructorBehavior::kThrow)
          .ToLocal(&resolve)) {
    resolve->SetName(ToInternalized(isolate, "resolve"));
    define("resolve", resolve);
  }
  define("url", url_string);
}

}  // namespace rt
