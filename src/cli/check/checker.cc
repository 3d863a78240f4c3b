#include "src/cli/check/checker.h"

#include <unistd.h>

#include "src/base/digest.h"
#include "src/base/output.h"
#include "src/config/json.h"
#include "src/engine/isolate.h"
#include "src/engine/strings.h"
#include "src/module/specifier.h"
#include "src/runtime/builtins.h"
#include "src/runtime/snapshot.h"
#include "src/typescript/fallback/fallback.h"
#include "src/typescript/files.h"
#include "src/typescript/wasm_runtime.h"

namespace rt::cli {
namespace {

constexpr size_t kMaxFile = size_t{64} << 20;
// Older ones do not know the types rt's declarations use.
constexpr int kOldestMajor = 5;
constexpr int kOldestMinor = 7;
// From here on `typescript` is a program, not a module.
constexpr int kFirstWithoutApi = 7;

using Arguments = v8::FunctionCallbackInfo<v8::Value>;

// What js/typescript/check calls. All of it is synchronous; strings that are no UTF-8 are repaired
// by V8.
class HostFunctions {
 public:
  HostFunctions(CheckWorld& world, Declarations own, Declarations language)
      : world_(world), own_(std::move(own)), language_(std::move(language)) {}

  v8::Local<v8::Object> Make(v8::Isolate* isolate, v8::Local<v8::Context> context) {
    v8::Local<v8::Object> object = v8::Object::New(isolate);
    const std::pair<const char*, v8::FunctionCallback> functions[] = {
        {"resolve", Call<&HostFunctions::Resolve>},
        {"load", Call<&HostFunctions::Load>},
        {"readFile", Call<&HostFunctions::ReadFile>},
        {"kindOf", Call<&HostFunctions::KindOf>},
        {"realPath", Call<&HostFunctions::RealPath>},
        {"packageOf", Call<&HostFunctions::PackageOf>},
        {"folderOf", Call<&HostFunctions::FolderOf>},
        {"pathOf", Call<&HostFunctions::PathOf>},
        {"urlOf", Call<&HostFunctions::UrlOf>},
        {"declarations", Call<&HostFunctions::DeclarationsOf>},
        {"declarationNames", Call<&HostFunctions::DeclarationNames>},
        {"nodeTypes", Call<&HostFunctions::NodeTypes>},
        {"print", Call<&HostFunctions::Print>},
    };
    v8::Local<v8::External> self = v8::External::New(isolate, this);
    for (const auto& [name, function] : functions) {
      v8::Local<v8::Function> made = v8::Function::New(context, function, self).ToLocalChecked();
      object->Set(context, ToInternalized(isolate, name), made).Check();
    }
    return object;
  }

  // Instead of the language's declarations in the executable, those beside the project's compiler.
  void UseLibrary(std::string folder) { library_ = std::move(folder); }

 private:
  template <void (HostFunctions::*method)(const Arguments&)>
  static void Call(const Arguments& arguments) {
    auto* self = static_cast<HostFunctions*>(arguments.Data().As<v8::External>()->Value());
    (self->*method)(arguments);
  }

  static std::string Text(const Arguments& arguments, int index) {
    v8::Local<v8::Value> value = arguments[index];
    return value->IsString() ? ToUtf8(arguments.GetIsolate(), value.As<v8::String>())
                             : std::string();
  }

  static v8::Local<v8::Value> String(v8::Isolate* isolate, std::string_view text) {
    v8::Local<v8::String> made;
    if (TryToV8String(isolate, text).ToLocal(&made)) return made;
    return v8::Undefined(isolate);
  }

  static void Return(const Arguments& arguments, const std::optional<std::string>& text) {
    if (text) arguments.GetReturnValue().Set(String(arguments.GetIsolate(), *text));
  }

  void Resolve(const Arguments& arguments) {
    v8::Isolate* isolate = arguments.GetIsolate();
    auto url = world_.Resolve(Text(arguments, 0), Text(arguments, 1));
    v8::Local<v8::Value> pair[] = {v8::Undefined(isolate), v8::Undefined(isolate)};
    pair[url.ok() ? 0 : 1] = String(isolate, url.ok() ? *url : url.error().message);
    arguments.GetReturnValue().Set(v8::Array::New(isolate, pair, 2));
  }

  void Load(const Arguments& arguments) {
    v8::Isolate* isolate = arguments.GetIsolate();
    v8::Local<v8::Context> context = isolate->GetCurrentContext();
    // The project's compiler shares these globals: what comes from there may be anything.
    if (!arguments[0]->IsArray()) return;
    v8::Local<v8::Array> list = arguments[0].As<v8::Array>();
    std::vector<std::string> urls;
    for (uint32_t i = 0; i < list->Length(); ++i) {
      v8::Local<v8::Value> url;
      if (!list->Get(context, i).ToLocal(&url)) return;
      if (url->IsString()) urls.push_back(ToUtf8(isolate, url.As<v8::String>()));
    }
    const auto found = world_.Load(urls);
    std::vector<v8::Local<v8::Value>> entries;
    for (size_t i = 0; i < found.size(); ++i) {
      const v8::Local<v8::Value> none = v8::Undefined(isolate);
      // [url, text, kind, extension, types, folder, subpath, error]
      v8::Local<v8::Value> entry[] = {
          String(isolate, urls[i]), none, none, none, none, none, none, none};
      if (!found[i].ok()) {
        entry[7] = String(isolate, found[i].error().message);
      } else {
        Describe(isolate, *found[i], entry);
      }
      entries.push_back(v8::Array::New(isolate, entry, std::size(entry)));
    }
    arguments.GetReturnValue().Set(v8::Array::New(isolate, entries.data(), entries.size()));
  }

  static void Describe(v8::Isolate* isolate, const SourceFinder::Source& source,
                       v8::Local<v8::Value> entry[]) {
    if (source.package) {
      entry[5] = String(isolate, source.package->folder);
      entry[6] = String(isolate, source.package->subpath);
      return;
    }
    entry[0] = String(isolate, source.url);
    int kind = 0;
    if (source.type == ModuleType::kJson) kind = 1;
    if (source.type == ModuleType::kWasm) kind = 2;
    entry[1] = kind == 2 ? Bytes(isolate, source.text) : String(isolate, source.text);
    if (entry[1]->IsUndefined()) entry[7] = String(isolate, "The module is too large");
    entry[2] = v8::Integer::New(isolate, kind);
    entry[3] = String(isolate, typescript::ExtensionOf(source.media));
    if (!source.types.empty()) entry[4] = String(isolate, source.types);
  }

  // A character a byte.
  static v8::Local<v8::Value> Bytes(v8::Isolate* isolate, const std::string& bytes) {
    v8::Local<v8::String> made;
    if (v8::String::NewFromOneByte(isolate, reinterpret_cast<const uint8_t*>(bytes.data()),
                                   v8::NewStringType::kNormal, static_cast<int>(bytes.size()))
            .ToLocal(&made)) {
      return made;
    }
    return v8::Undefined(isolate);
  }

  void ReadFile(const Arguments& arguments) {
    Return(arguments, world_.ReadFile(Text(arguments, 0)));
  }
  void KindOf(const Arguments& arguments) {
    arguments.GetReturnValue().Set(world_.KindOf(Text(arguments, 0)));
  }
  void RealPath(const Arguments& arguments) {
    Return(arguments, world_.RealPath(Text(arguments, 0)));
  }
  void PackageOf(const Arguments& arguments) {
    Return(arguments, world_.PackageOf(Text(arguments, 0)));
  }
  void FolderOf(const Arguments& arguments) {
    Return(arguments, world_.FolderOf(Text(arguments, 0), Text(arguments, 1)));
  }
  void PathOf(const Arguments& arguments) {
    auto path = FileUrlToPath(Text(arguments, 0));
    if (path.ok()) Return(arguments, *path);
  }
  void UrlOf(const Arguments& arguments) { Return(arguments, PathToFileUrl(Text(arguments, 0))); }

  void DeclarationsOf(const Arguments& arguments) {
    const std::string name = Text(arguments, 0);
    if (const auto own = own_.find(name); own != own_.end()) return Return(arguments, own->second);
    if (!library_.empty()) {
      const bool is_plain = name.find('/') == std::string::npos;
      if (is_plain) Return(arguments, world_.ReadFile(library_ + "/" + name));
      return;
    }
    const auto found = language_.find(name);
    if (found != language_.end()) Return(arguments, found->second);
  }
  void DeclarationNames(const Arguments& arguments) {
    v8::Isolate* isolate = arguments.GetIsolate();
    std::vector<v8::Local<v8::Value>> names;
    for (const auto& [name, text] : own_) names.push_back(String(isolate, name));
    arguments.GetReturnValue().Set(v8::Array::New(isolate, names.data(), names.size()));
  }
  void NodeTypes(const Arguments& arguments) {
    v8::Isolate* isolate = arguments.GetIsolate();
    auto folder = world_.NodeTypes();
    v8::Local<v8::Value> pair[] = {v8::Undefined(isolate), v8::Undefined(isolate)};
    pair[folder.ok() ? 0 : 1] = String(isolate, folder.ok() ? *folder : folder.error().message);
    arguments.GetReturnValue().Set(v8::Array::New(isolate, pair, 2));
  }
  void Print(const Arguments& arguments) { WriteFully(STDERR_FILENO, Text(arguments, 0)); }

  CheckWorld& world_;
  Declarations own_;
  Declarations language_;
  std::string library_;
};

std::string RequestJson(const CheckRequest& request) {
  std::string text = "{\"roots\":[";
  for (const std::string& root : request.roots) {
    if (!text.ends_with('[')) text += ',';
    text += QuoteJson(root);
  }
  text += "],\"cwd\":" + QuoteJson(request.cwd) + ",\"all\":" + (request.all ? "true" : "false") +
          ",\"color\":" + (request.color ? "true" : "false") + ",\"config\":" +
          (request.config.empty() ? std::string("null") : QuoteJson(request.config)) + "}";
  return text;
}

// The project's compiler: a CommonJS file that is given no require().
v8::MaybeLocal<v8::Value> RunProjectTypeScript(v8::Isolate* isolate, v8::Local<v8::Context> context,
                                               const std::string& file, const std::string& text) {
  v8::Local<v8::String> code;
  if (!TryToV8String(isolate, text).ToLocal(&code)) return {};
  v8::Local<v8::String> parameters[] = {ToV8String(isolate, "module"),
                                        ToV8String(isolate, "exports")};
  v8::ScriptCompiler::Source source(code, v8::ScriptOrigin(ToV8String(isolate, file)));
  v8::Local<v8::Function> function;
  v8::Local<v8::Object> module = v8::Object::New(isolate);
  v8::Local<v8::Object> exports = v8::Object::New(isolate);
  module->Set(context, ToInternalized(isolate, "exports"), exports).Check();
  v8::Local<v8::Value> arguments[] = {module, exports};
  if (!v8::ScriptCompiler::CompileFunction(context, &source, 2, parameters).ToLocal(&function) ||
      function->Call(context, v8::Undefined(isolate), 2, arguments).IsEmpty()) {
    return {};
  }
  return module->Get(context, ToInternalized(isolate, "exports"));
}

v8::MaybeLocal<v8::Value> RunText(v8::Local<v8::Context> context, std::string_view name,
                                  std::string_view text) {
  v8::Isolate* isolate = context->GetIsolate();
  v8::ScriptOrigin origin(ToV8String(isolate, name));
  v8::Local<v8::Script> script;
  if (!v8::Script::Compile(context, ToV8String(isolate, text), &origin).ToLocal(&script)) return {};
  return script->Run(context);
}

struct CheckRun {
  v8::Isolate* isolate;
  HostFunctions& functions;
  const CheckRequest& request;
  const std::string& project_code;  // empty: none

  // Empty: an exception is pending.
  v8::MaybeLocal<v8::Value> Run(v8::Local<v8::Context> context) {
    v8::Local<v8::Object> global = context->Global();
    v8::Local<v8::Value> compiler;
    if (!typescript::KeepOnlyLanguage(isolate, context)) return {};
    if (!project_code.empty()) {
      const std::string file = request.typescript_folder + "/lib/typescript.js";
      if (!RunProjectTypeScript(isolate, context, file, project_code).ToLocal(&compiler)) return {};
    } else if (typescript::RunBundle(isolate, context, *typescript::BuiltinTypeScript())
                   .IsEmpty() ||
               !global->Get(context, ToInternalized(isolate, "typescript")).ToLocal(&compiler)) {
      return {};
    }
    v8::Local<v8::Value> check;
    v8::Local<v8::Value> asked;
    if (RunText(context, "rt:typescript/check.js", CheckerText()).IsEmpty() ||
        !global->Get(context, ToInternalized(isolate, "check")).ToLocal(&check) ||
        !check->IsFunction() ||
        !v8::JSON::Parse(context, ToV8String(isolate, RequestJson(request))).ToLocal(&asked)) {
      return {};
    }
    v8::Local<v8::Value> arguments[] = {compiler, functions.Make(isolate, context), asked};
    return check.As<v8::Function>()->Call(context, v8::Undefined(isolate), 3, arguments);
  }
};

}  // namespace

Result<std::unique_ptr<TypeChecker>> TypeChecker::Make(CheckRequest request) {
  std::unique_ptr<TypeChecker> checker(new TypeChecker(std::move(request)));
  if (!checker->request_.typescript_folder.empty()) {
    const std::string file = checker->request_.typescript_folder + "/lib/typescript.js";
    auto text = typescript::ReadWholeFile(file, kMaxFile);
    if (!text) return Error::Type("cannot read \"" + file + "\"");
    checker->project_code_ = std::move(*text);
  }
  return checker;
}

std::string TypeChecker::Key() const {
  CheckRequest request = request_;
  request.color = false;
  return Sha256Hex(RequestJson(request) + "\n" RT_VERSION "\n" + Sha256Hex(project_code_) +
                   Sha256Hex(OwnTypesArchive()) + Sha256Hex(CheckerText()));
}

Result<int> TypeChecker::Run(OpHost& host, CheckWorld& world) {
  const CheckRequest& request = request_;
  RT_TRY(Declarations own, OwnDeclarations());
  Declarations language;
  if (project_code_.empty()) {
    RT_TRY(language, LanguageDeclarations());
  }
  HostFunctions functions(world, std::move(own), std::move(language));
  if (!request.typescript_folder.empty()) {
    functions.UseLibrary(request.typescript_folder + "/lib");
  }
  host.AddExternalReference(BuiltinSource());
  const UniqueIsolate owner = NewIsolate(
      {.snapshot = BuiltinSnapshot(), .external_references = host.external_references()});
  v8::Isolate* isolate = owner.get();
  // TypeScript descends recursively.
  isolate->SetStackLimit(typescript::StackLimit());
  const v8::Isolate::Scope in_isolate(isolate);
  const v8::HandleScope handles(isolate);
  v8::Local<v8::Context> context = v8::Context::New(isolate);
  const v8::Context::Scope in_context(context);
  v8::TryCatch caught(isolate);
  v8::Local<v8::Value> count;
  CheckRun run{isolate, functions, request, project_code_};
  if (!run.Run(context).ToLocal(&count) || !count->IsInt32()) {
    std::string why = "no result";
    v8::Local<v8::Value> stack;
    if (caught.StackTrace(context).ToLocal(&stack) && stack->IsString()) {
      why = ToUtf8(isolate, stack.As<v8::String>());
    }
    return Error::Make(ErrorClass::kError, "TypeScript failed: " + why);
  }
  return count.As<v8::Int32>()->Value();
}

std::string FindTypeScript(std::string folder, std::string* note) {
  for (;; folder = folder.substr(0, folder.rfind('/'))) {
    std::string found = folder + "/node_modules/typescript";
    const auto text = typescript::ReadWholeFile(found + "/package.json", kMaxFile);
    if (text) {
      const auto json = ParseJson(*text);
      const std::string* version = json.ok() ? json->FindString("version") : nullptr;
      const int major = version ? std::atoi(version->c_str()) : 0;
      const size_t dot = version ? version->find('.') : std::string::npos;
      const int minor = dot == std::string::npos ? 0 : std::atoi(version->c_str() + dot + 1);
      const bool is_old = major < kOldestMajor || (major == kOldestMajor && minor < kOldestMinor);
      if (!is_old && major < kFirstWithoutApi) return found;
      *note = found + " is " + (version ? "version " + *version : "of no version") +
              ", which rt check cannot use (5.7 to 6 it can); using its own TypeScript instead";
      return {};
    }
    if (folder.empty()) return {};
  }
}

}  // namespace rt::cli
