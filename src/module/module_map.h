// The modules of one runtime: compiles, links and evaluates ES modules by URL, and answers V8's
// questions (import(), import.meta). Each (URL, type) is loaded once. Runs user code only in
// Evaluate and in RunDynamicImports. Runtime's thread only.
#pragma once

#include <v8.h>

#include <deque>
#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

#include "src/module/code_cache.h"
#include "src/module/common_js.h"
#include "src/module/embedded.h"
#include "src/module/module_source.h"
#include "src/module/remote/remote_modules.h"
#include "src/module/resolver.h"
#include "src/module/source_positions.h"
#include "src/op/op_host.h"
#include "src/typescript/transpiler.h"

namespace rt {

// A module as it was read and, if it is code, made JavaScript.
struct LoadedModule {
  const std::string& url;
  ModuleType type;
  typescript::MediaType media;
  const std::string& source;  // as read
  const std::string& code;    // what V8 gets
  const std::string& map;     // JSON; empty: places are those of the source
};

// A module of a graph that was loaded, for whoever wants to know rather than run.
struct ModuleInfo {
  struct Link {
    std::string specifier;
    std::string url;
    ModuleType type;
    int line = 0;  // of the statement, in the source, from 1
    int column = 0;
  };
  std::string url;
  ModuleType type;
  bool is_common_js = false;
  std::vector<Link> links;  // in the order of its import statements
};

// What a runtime's modules are told from outside.
struct ModuleOptions {
  ImportMap import_map = {};
  typescript::Transpiler::Options transpiler;
  RemoteOptions remote = {};
  std::optional<typescript::MediaType> main_media;  // the main module's language, whatever its name
  std::optional<WorkerModules> worker;              // of a worker
  std::string code_folder = {};  // where compiled code is kept between runs; "": nowhere
  // Told of each module before it is read; may be empty.
  std::function<void(const std::string& url)> on_module = {};
  // Told of each module that was read, built-ins excepted; may be empty.
  std::function<void(const LoadedModule&)> on_loaded = {};
  std::shared_ptr<const EmbeddedModules> embedded = {};  // of a compiled program
  // Code that was printed anew names its source map, for a debugger.
  bool inline_source_maps = false;
};

class ModuleMap {
 public:
  // Registers itself with the isolate. `host` outlives it.
  ModuleMap(OpHost& host, ModuleOptions options);
  ~ModuleMap();
  ModuleMap(const ModuleMap&) = delete;
  ModuleMap& operator=(const ModuleMap&) = delete;

  // The one of this isolate.
  static ModuleMap& From(v8::Isolate* isolate);
  ModuleResolver& resolver() { return resolver_; }
  SourcePositions& positions() { return positions_; }
  // Makes the error the pending exception. All errors of loading leave by here or ForPeople().
  void Throw(const Error& error);

  // Called, once, when the main module's graph is there and none of it has run.
  void BeforeMain(std::function<void()> callback) { before_main_ = std::move(callback); }

  // Loads the main module's whole graph and starts evaluating it. The promise settles when the
  // module, top-level awaits included, has run. Empty: it could not be loaded or linked; the
  // exception is pending in the caller's TryCatch. `text` stands in for the file (eval, standard
  // input).
  v8::MaybeLocal<v8::Promise> EvaluateMain(v8::Local<v8::Context> context, const std::string& url,
                                           const std::string* text);

  // A module that runs before the main module (`main_url`), and is as much the user's own.
  v8::MaybeLocal<v8::Promise> EvaluatePreload(v8::Local<v8::Context> context,
                                              const std::string& url, const std::string& main_url);

  // Loads and links it without running anything. False: an exception is pending.
  bool LinkMain(v8::Local<v8::Context> context, const std::string& url);
  // Loads a graph without linking or running it; what import() asks for later is judged as from
  // the first one. False: an exception is pending.
  bool LoadOnly(v8::Local<v8::Context> context, const std::string& url, ModuleType type);
  // Every module of the map, by URL; and what each URL of another host, or of a registry, led to.
  std::vector<ModuleInfo> Describe(v8::Local<v8::Context> context) const;
  // Whether a module of the map is a CommonJS file.
  bool IsCommonJs(const std::string& url) const;
  const std::unordered_map<std::string, std::string>& remote_urls() const { return remote_urls_; }
  // The text of the main module of a worker of this runtime, judged as import() would be.
  Result<ModuleSource> ReadWorkerModule(const std::string& url);
  // What a worker of this runtime inherits.
  const std::string& root() const { return sources_.root(); }
  bool has_foreign() const { return has_foreign_; }
  const ImportMap& import_map() const { return resolver_.import_map(); }
  // Whether the file at `path` is of a registry's package.
  bool IsStoredFile(const std::string& path) { return remote_.npm().PackageOf(path).has_value(); }

  // Keeps what is compiled by now for the next run. At the program's end.
  void SaveCode() {
    if (code_cache_) code_cache_->Save(isolate_);
  }
  // The namespace of the evaluated main module.
  v8::Local<v8::Object> MainNamespace();

  // What require() asks for (js/ext/module/common_js.js); `path` is the file's, links followed.
  // `own`: it is the require() of a CommonJS file. One that createRequire made may belong to code
  // of another host, as soon as there is such code.
  Result<std::string> ResolveRequired(const std::string& specifier, const std::string& path,
                                      bool own);
  // [kind, value, text]: what is in a file. Kind 0: CommonJS, its function and text; 1: JSON, its
  // text; 2: an ES module, its namespace if `evaluates`, else undefined. Empty: an exception is
  // pending.
  v8::MaybeLocal<v8::Array> LoadRequired(v8::Local<v8::Context> context, const std::string& path,
                                         bool evaluates, bool own);
  // Evaluates an ES module at once: its namespace. Empty: it threw, or its graph has a top-level
  // await (ERR_REQUIRE_ASYNC_MODULE).
  v8::MaybeLocal<v8::Value> RequireModule(v8::Local<v8::Context> context, const std::string& path,
                                          bool own);

  // import() calls wait here for the next turn, so that they are always asynchronous.
  bool HasDynamicImports() const {
    return !dynamic_imports_.empty() || (!loads_.empty() && (retry_loads_ || remote_.has_news()));
  }
  void RunDynamicImports(v8::Local<v8::Context> context);

  // Where top-level awaits that will never settle stand: "file:///a.js:3:1" each.
  std::vector<v8::Local<v8::Message>> StalledAwaits();

 private:
  struct Entry {
    std::string url;
    ModuleType type;
    v8::Global<v8::Module> module;
    // The default export of what is no JavaScript; a WebAssembly.Module.
    v8::Global<v8::Value> data;
    Entry* wasm = nullptr;  // of the JavaScript that links a WebAssembly file: that file's module
    // Of a CommonJS module or a built-in of Node: its file ("node:…"), and what import sees of it.
    std::string foreign;
    std::vector<v8::Global<v8::String>> export_names;
    // What its imports turned out to be, by Key(specifier, type).
    std::unordered_map<std::string, Entry*> links;
  };
  struct DynamicImport {
    v8::Global<v8::Promise::Resolver> resolver;
    std::string referrer;
    std::string specifier;
    ModuleType type;
    bool has_referrer;  // false: code without an address
  };
  // Where an import statement stands, for messages.
  struct Importer {
    const Entry* entry = nullptr;
    int line = 0;
    int column = 0;
  };

  static v8::MaybeLocal<v8::Module> OnResolve(v8::Local<v8::Context> context,
                                              v8::Local<v8::String> specifier,
                                              v8::Local<v8::FixedArray> attributes,
                                              v8::Local<v8::Module> referrer);
  static v8::MaybeLocal<v8::Promise> OnDynamicImport(v8::Local<v8::Context> context,
                                                     v8::Local<v8::Data> host_defined_options,
                                                     v8::Local<v8::Value> resource_name,
                                                     v8::Local<v8::String> specifier,
                                                     v8::Local<v8::FixedArray> attributes);
  // The same for `import source` and import.source().
  static v8::MaybeLocal<v8::Object> OnResolveSource(v8::Local<v8::Context> context,
                                                    v8::Local<v8::String> specifier,
                                                    v8::Local<v8::FixedArray> attributes,
                                                    v8::Local<v8::Module> referrer);
  static v8::MaybeLocal<v8::Promise> OnDynamicImportPhase(v8::Local<v8::Context> context,
                                                          v8::Local<v8::Data> host_defined_options,
                                                          v8::Local<v8::Value> resource_name,
                                                          v8::Local<v8::String> specifier,
                                                          v8::ModuleImportPhase phase,
                                                          v8::Local<v8::FixedArray> attributes);
  static void OnImportMeta(v8::Local<v8::Context> context, v8::Local<v8::Module> module,
                           v8::Local<v8::Object> meta);
  static v8::MaybeLocal<v8::Value> EvaluateData(v8::Local<v8::Context> context,
                                                v8::Local<v8::Module> module);

  // ---- graph_load.cc
  // A module and everything it imports, on its way. What is loaded of it is nobody else's until all
  // of it is: then it moves to entries_, or, after a failure, goes.
  struct GraphLoad {
    // A module that another host serves, and where a pointer to it goes.
    struct Waiting {
      std::string url;
      ModuleType type;
      ImportKind kind;
      Importer importer;
      Entry** slot;
    };
    std::string url;
    ModuleType type;
    ImportKind kind;
    const std::string* text = nullptr;                // stands in for the root's file
    v8::Global<v8::Promise::Resolver> resolver = {};  // that of import()
    bool started = false;
    Entry* root = nullptr;
    std::unordered_map<std::string, std::unique_ptr<Entry>> staged = {};  // by Key
    std::unordered_map<std::string, std::string> remote_urls = {};
    std::vector<Entry*> to_visit = {};
    std::vector<Waiting> waiting = {};
  };
  enum class GraphState : uint8_t {
    kLoaded,
    kWaiting,  // for other hosts
    kBlocked,  // another load has a module this one needs: to be started again when that has ended
    kFailed,   // an exception is pending
  };
  // One step further: as far as it gets without waiting.
  GraphState Advance(v8::Local<v8::Context> context, GraphLoad& load);
  GraphState Visit(v8::Local<v8::Context> context, GraphLoad& load, Entry* entry);
  GraphState Request(v8::Local<v8::Context> context, GraphLoad& load, GraphLoad::Waiting wanted);
  // Whether it is a file of a registry's package: another host's code.
  bool IsStored(const std::string& url);
  // The file that an npm: specifier means.
  Result<std::string> ResolveStored(const NpmSubpath& package, ImportKind kind);
  // What an import statement in another host's code may not do. False: an exception is pending.
  bool CheckReferrer(const std::string& url, const Importer& importer);
  void Commit(GraphLoad& load);
  void AfterLoads();
  // Waits, without running JavaScript, until all is there. Null: an exception is pending.
  Entry* LoadGraph(v8::Local<v8::Context> context, const std::string& url, ImportKind kind,
                   const std::string* text, ModuleType type = ModuleType::kJavaScript);
  // Evaluates what an import() loaded and settles its promise. False: JavaScript was terminated.
  bool FinishImport(v8::Local<v8::Context> context, GraphLoad& load);

  // TypeScript and JSX become JavaScript where they are loaded. False: an exception is pending.
  bool Transpile(const std::string& url, typescript::MediaType type, std::string* text,
                 std::string* map, const Importer& importer);
  // JavaScript text as a module, of whichever kind its file is.
  v8::MaybeLocal<v8::Module> MakeCodeModule(v8::Local<v8::Context> context, Entry& entry,
                                            const std::string& text, bool is_inline,
                                            const Importer& importer);
  // One that is part of the executable. Null: an exception is pending.
  Entry* LoadEmbedded(v8::Local<v8::Context> context, GraphLoad& load, const std::string& url,
                      ModuleType type, const EmbeddedModule& module, const Importer& importer);
  v8::MaybeLocal<v8::Function> CompileEmbedded(v8::Local<v8::Context> context,
                                               const std::string& url,
                                               const EmbeddedModule& module);
  v8::MaybeLocal<v8::Module> CompileModule(v8::Local<v8::Context> context, const Entry& entry,
                                           const std::string& text);
  // The text of a blob: URL of this runtime.
  Result<ModuleSource> ReadBlob(v8::Local<v8::Context> context, const std::string& url,
                                ModuleType wanted);
  // ---- special_modules.cc
  // The compiled form of a WebAssembly file, which its two modules share.
  Entry* LoadWasm(v8::Local<v8::Context> context, GraphLoad& load, const std::string& url,
                  const std::string& bytes, const Importer& importer);
  v8::MaybeLocal<v8::Module> MakeWasmModule(v8::Local<v8::Context> context, GraphLoad& load,
                                            Entry& entry, const std::string& bytes,
                                            const Importer& importer);
  static v8::MaybeLocal<v8::Value> EvaluateWasm(v8::Local<v8::Context> context,
                                                v8::Local<v8::Module> module);
  Entry* LoadBuiltin(v8::Local<v8::Context> context, GraphLoad& load, const std::string& url,
                     ModuleType type, const Importer& importer);
  Entry* AddEntry(GraphLoad& load, std::unique_ptr<Entry> entry, v8::Local<v8::Module> module);
  // Null: an exception is pending.
  Entry* LoadOne(v8::Local<v8::Context> context, GraphLoad& load, const std::string& url,
                 ModuleType type, ImportKind kind, std::optional<ModuleSource> given,
                 const Importer& importer);
  // A module whose exports JavaScript makes: `names` is the hook's answer, an array of strings.
  v8::MaybeLocal<v8::Module> MakeForeignModule(v8::Local<v8::Context> context, Entry& entry,
                                               std::string foreign, v8::Local<v8::Value> names);
  static v8::MaybeLocal<v8::Value> EvaluateForeign(v8::Local<v8::Context> context,
                                                   v8::Local<v8::Module> module);
  // CommonJS text as a module. Empty without a pending exception: it is an ES module after all.
  v8::MaybeLocal<v8::Module> MakeCommonJsModule(v8::Local<v8::Context> context, Entry& entry,
                                                const std::string& path, ModuleFormat format,
                                                const std::string& text);
  // The same of what is compiled; `real_path` is what require() knows it by.
  v8::MaybeLocal<v8::Module> MakeCommonJsModule(v8::Local<v8::Context> context, Entry& entry,
                                                const std::string& real_path,
                                                v8::Local<v8::Function> function,
                                                const std::string& text);
  v8::MaybeLocal<v8::Value> CallHook(v8::Local<v8::Context> context, const char* name,
                                     std::vector<v8::Local<v8::Value>> arguments);
  v8::MaybeLocal<v8::Module> MakeDataModule(v8::Local<v8::Context> context, Entry& entry,
                                            std::string data, const Importer& importer);
  v8::MaybeLocal<v8::Value> ParseJsonModule(v8::Local<v8::Context> context, const Entry& entry,
                                            const std::string& text, const Importer& importer);
  v8::MaybeLocal<v8::Promise> LinkAndEvaluate(v8::Local<v8::Context> context, Entry& entry);
  // The attributes of import statements are (key, value, source offset).
  static constexpr int kStaticStride = 3;
  // Reads `with {type: …}`. False: an unknown attribute or type; an exception is pending.
  bool ReadAttributes(v8::Local<v8::Context> context, v8::Local<v8::FixedArray> attributes,
                      int stride, ModuleType* type);
  void ThrowLoadError(Error error, const Importer& importer);
  // "<url>:<line>:<column>" in the source.
  std::string PlaceOf(const Importer& importer) const;
  // What it quotes of specifiers, package.json and registries may be of any length.
  static Error ForPeople(Error error);
  Entry* FindEntry(v8::Local<v8::Module> module);
  static std::string Key(const std::string& url, ModuleType type);

  OpHost& host_;
  v8::Isolate* isolate_;
  ModuleResolver resolver_;
  ModuleSources sources_;
  SourcePositions positions_;
  typescript::Transpiler transpiler_;
  std::optional<typescript::MediaType> main_media_;
  std::function<void(const std::string& url)> on_module_;
  std::function<void(const LoadedModule&)> on_loaded_;
  std::shared_ptr<const EmbeddedModules> embedded_;
  std::string code_folder_;
  std::unique_ptr<CodeCache> code_cache_;  // null: none
  bool is_worker_ = false;
  bool inline_source_maps_ = false;
  std::function<void()> before_main_;
  std::unordered_map<std::string, std::unique_ptr<Entry>> entries_;  // by Key
  std::unordered_multimap<int, Entry*> by_hash_;                     // by Module::GetIdentityHash
  std::deque<DynamicImport> dynamic_imports_;
  std::vector<std::unique_ptr<GraphLoad>> loads_;  // of import(), not finished
  bool retry_loads_ = false;
  RemoteModules remote_;
  // Where redirects and registries led, for what is in entries_.
  std::unordered_map<std::string, std::string> remote_urls_;
  Entry* main_ = nullptr;
  // Code of other hosts was loaded, or this is a worker it may have started: where it cannot be
  // told who asks, no file is its own.
  bool has_foreign_ = false;
  bool is_foreign_worker_ = false;
  bool loading_ = false;  // in Advance, which must not be entered again
};

}  // namespace rt
