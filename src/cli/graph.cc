#include "src/cli/graph.h"

#include <algorithm>
#include <deque>
#include <set>

#include "src/base/cache_names.h"
#include "src/cli/cli.h"
#include "src/cli/messages.h"
#include "src/module/remote/store.h"
#include "src/module/specifier.h"
#include "src/typescript/dynamic_imports.h"

namespace rt::cli {
namespace {

using Key = std::pair<std::string, ModuleType>;

ModuleType TypeNamed(std::string_view name) {
  if (name == "json") return ModuleType::kJson;
  if (name == "text") return ModuleType::kText;
  if (name == "bytes") return ModuleType::kBytes;
  return ModuleType::kJavaScript;
}

class Loader {
 public:
  Loader(const Invocation& invocation, const GraphOptions& options, LoadedGraph& loaded)
      : invocation_(invocation), options_(options), loaded_(loaded) {
    // Nothing runs: reading is the user's own, and nobody is asked.
    invocation_.permissions[Perm::kRead] = {.allow_all = true};
    invocation_.permissions.no_prompt = true;
  }

  std::optional<int> Run(const std::vector<std::string>& roots) {
    Program program;
    program.url = roots[0];
    if (auto failed = SetUpProgram(invocation_, program, &loaded_.setup)) return failed;
    RuntimeOptions& options = loaded_.setup.options;
    options.on_loaded = [this](const LoadedModule& module) { Take(module); };
    remote_folder_ = cache::PathOf(options.remote.folder, cache::kRemote);
    auto runtime = Runtime::Create(std::move(options));
    if (!runtime.ok()) return PrintError(runtime.error().message, kExitError);
    loaded_.runtime = std::move(*runtime);
    loaded_.graph.roots = roots;
    for (const std::string& root : roots) {
      if (!loaded_.runtime->LoadGraph(root)) return kExitError;
    }
    FollowDynamicImports();
    Describe();
    return std::nullopt;
  }

 private:
  void Take(const LoadedModule& module) {
    GraphModule& made = modules_[{module.url, module.type}];
    made.url = module.url;
    made.type = module.type;
    made.media = module.media;
    made.size = module.source.size();
    if (module.type == ModuleType::kJavaScript) {
      for (auto& import : typescript::FindDynamicImports(module.code)) {
        GraphModule::Link link;
        link.specifier = std::move(import.specifier);
        link.type = TypeNamed(import.type);
        link.dynamic = true;
        link.line = import.line;
        link.column = import.column;
        made.links.push_back(std::move(link));
      }
      const bool may_require = options_.follow_requires && module.url.starts_with("file:");
      if (may_require) requires_[module.url] = typescript::FindRequires(module.code);
      const bool calls_create = module.code.find("createRequire") != std::string::npos;
      if (may_require && calls_create) creates_require_.insert(module.url);
      if (!made.links.empty() || may_require) waiting_.push_back({module.url, module.type});
    }
    if (!options_.keep_text) return;
    made.source = module.source;
    made.code = module.code;
    made.map = module.map;
  }

  void FollowDynamicImports() {
    while (!waiting_.empty()) {
      const Key key = waiting_.front();
      waiting_.pop_front();
      // Loading adds modules, but moves none.
      for (GraphModule::Link& link : modules_.at(key).links) {
        auto url = loaded_.runtime->modules().resolver().Resolve(link.specifier, key.first);
        if (url.ok()) link.url = std::move(*url);
        link.missing =
            link.url.empty() || !loaded_.runtime->LoadGraph(link.url, link.type, /*quiet=*/true);
      }
      FollowRequires(key);
    }
  }

  // What is not there may never be asked for: no link, and require() will say so if it runs.
  void FollowRequires(const Key& key) {
    const auto found = requires_.find(key.first);
    if (found == requires_.end()) return;
    ModuleMap& modules = loaded_.runtime->modules();
    if (!creates_require_.contains(key.first) && !modules.IsCommonJs(key.first)) return;
    const std::vector<std::string> specifiers = std::move(found->second);
    requires_.erase(found);
    auto path = FileUrlToPath(key.first);
    if (!path.ok()) return;
    for (const std::string& specifier : specifiers) {
      auto target = modules.ResolveRequired(specifier, *path, /*own=*/true);
      if (!target.ok() || target->starts_with("node:") || target->ends_with(".node")) continue;
      GraphModule::Link link;
      link.specifier = specifier;
      link.url = PathToFileUrl(*target);
      link.type = target->ends_with(".json") ? ModuleType::kJson : ModuleType::kJavaScript;
      link.required = true;
      if (!loaded_.runtime->LoadGraph(link.url, link.type, /*quiet=*/true)) continue;
      modules_.at(key).links.push_back(std::move(link));
    }
  }

  void Describe() {
    Runtime& runtime = *loaded_.runtime;
    const RemoteStore store(remote_folder_);
    const v8::HandleScope handles(runtime.isolate());
    for (ModuleInfo& info : runtime.modules().Describe(runtime.v8_context())) {
      GraphModule module;
      if (auto found = modules_.find({info.url, info.type}); found != modules_.end()) {
        module = std::move(found->second);
      }
      std::vector<GraphModule::Link> dynamic = std::move(module.links);
      module.links.clear();
      module.url = info.url;
      module.type = info.type;
      module.is_common_js = info.is_common_js;
      for (ModuleInfo::Link& link : info.links) {
        GraphModule::Link made;
        static_cast<ModuleInfo::Link&>(made) = std::move(link);
        module.links.push_back(std::move(made));
      }
      for (GraphModule::Link& link : dynamic) {
        const auto place = runtime.positions().Original(info.url, {link.line, link.column});
        link.line = place.line;
        link.column = place.column;
        module.links.push_back(std::move(link));
      }
      if (auto path = FileUrlToPath(info.url); path.ok()) {
        module.local = *path;
      } else if (RemoteModules::IsRemote(info.url) && !remote_folder_.empty()) {
        module.local = store.PathOf(info.url);
      }
      loaded_.graph.modules.push_back(std::move(module));
    }
    for (const auto& [from, to] : runtime.modules().remote_urls()) {
      if (from != to) loaded_.graph.redirects.emplace(from, to);
    }
  }

  Invocation invocation_;
  GraphOptions options_;
  LoadedGraph& loaded_;
  std::string remote_folder_;
  std::map<Key, GraphModule> modules_;
  std::deque<Key> waiting_;  // those with import() calls, or that may call require()
  std::map<std::string, std::vector<std::string>> requires_;  // by URL
  std::set<std::string> creates_require_;
};

}  // namespace

const GraphModule* Graph::Find(const std::string& url, ModuleType type) const {
  const auto redirect = redirects.find(url);
  const std::string& wanted = redirect == redirects.end() ? url : redirect->second;
  const auto found = std::lower_bound(modules.begin(), modules.end(), std::tie(wanted, type),
                                      [](const GraphModule& module, const auto& key) {
                                        return std::tie(module.url, module.type) < key;
                                      });
  return found != modules.end() && found->url == wanted && found->type == type ? &*found : nullptr;
}

std::optional<int> LoadGraph(const Invocation& invocation, const std::vector<std::string>& roots,
                             const GraphOptions& options, LoadedGraph* loaded) {
  return Loader(invocation, options, *loaded).Run(roots);
}

std::optional<int> ResolveRoots(const std::vector<std::string>& files,
                                std::vector<std::string>* urls) {
  for (const std::string& file : files) {
    auto program = FileProgram(file);
    if (!program.ok()) return PrintError(program.error().message, kExitError);
    urls->push_back(std::move(program->url));
  }
  return std::nullopt;
}

std::string_view MediaName(const GraphModule& module) {
  using typescript::MediaType;
  const std::string path = module.url.substr(0, module.url.find_first_of("?#"));
  if (module.type == ModuleType::kJson) return "Json";
  if (module.type != ModuleType::kJavaScript) return "Unknown";
  switch (module.media) {
    case MediaType::kTypeScript:
      return path.ends_with(".d.ts") ? "Dts" : "TypeScript";
    case MediaType::kMts:
      return path.ends_with(".d.mts") ? "Dmts" : "Mts";
    case MediaType::kCts:
      return path.ends_with(".d.cts") ? "Dcts" : "Cts";
    case MediaType::kTsx:
      return "TSX";
    case MediaType::kJsx:
      return "JSX";
    case MediaType::kJavaScript:
      break;
  }
  if (path.ends_with(".mjs")) return "Mjs";
  return path.ends_with(".cjs") ? "Cjs" : "JavaScript";
}

}  // namespace rt::cli
