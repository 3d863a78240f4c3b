// rt info: what a program is made of; or, without one, where rt keeps things.
#include <set>

#include "src/base/cache_names.h"
#include "src/base/output.h"
#include "src/cli/cache_folder.h"
#include "src/cli/cli.h"
#include "src/cli/commands.h"
#include "src/cli/graph.h"
#include "src/cli/messages.h"
#include "src/cli/sizes.h"
#include "src/permissions/prompt.h"

namespace rt::cli {
namespace {

constexpr size_t kLongestUrl = 4096;

std::string Shown(const std::string& url) {
  return EscapeForTerminal(url, kLongestUrl);
}

int PrintPlaces(bool json) {
  const std::string folder = CacheFolder();
  const auto below = [&](std::string_view name) { return cache::PathOf(folder, name); };
  // Names as in Deno where there is one.
  const std::pair<const char*, std::string> places[] = {
      {"rtDir", folder},
      {"modulesCache", below(cache::kRemote)},
      {"typescriptCache", below(cache::kTranspiled)},
      {"replHistory", below(cache::kReplHistory)},
  };
  if (json) {
    std::string text = "{\n  \"version\": 1";
    for (const auto& [name, place] : places) {
      text += ",\n  " + QuoteJson(name) + ": " + (place.empty() ? "null" : QuoteJson(place));
    }
    return PrintOutput(text + "\n}\n");
  }
  if (folder.empty()) {
    return PrintOutput("rt keeps nothing: none of RT_DIR, XDG_CACHE_HOME and HOME is set\n");
  }
  const char* labels[] = {"Cache folder (RT_DIR)", "Modules of other hosts", "Transpiled code",
                          "History of rt repl"};
  std::string text;
  for (size_t i = 0; i < std::size(labels); ++i) {
    text += std::string(labels[i]) + ": " + Shown(places[i].second) + "\n";
  }
  return PrintOutput(text);
}

std::string_view TypeName(ModuleType type) {
  constexpr std::string_view kNames[] = {"", "json", "text", "bytes"};
  return kNames[static_cast<size_t>(type)];
}

std::string LinkJson(const GraphModule::Link& link) {
  const std::string place = "{\"line\": " + std::to_string(link.line - 1) +
                            ", \"character\": " + std::to_string(link.column - 1) + "}";
  std::string text = "{\"specifier\": " + QuoteJson(link.specifier) + ", \"code\": {";
  if (link.missing) {
    text += "\"error\": \"it could not be loaded\", ";
  } else {
    text += "\"specifier\": " + QuoteJson(link.url) + ", ";
  }
  text += "\"span\": {\"start\": " + place + "}}";
  if (link.dynamic) text += ", \"isDynamic\": true";
  if (link.type != ModuleType::kJavaScript) {
    text += ", \"assertionType\": " + QuoteJson(TypeName(link.type));
  }
  return text + "}";
}

int PrintJson(const Graph& graph) {
  std::string text = "{\n  \"version\": 1,\n  \"roots\": [";
  for (const std::string& root : graph.roots) text += QuoteJson(root);
  text += "],\n  \"modules\": [";
  const char* separator = "\n";
  for (const GraphModule& module : graph.modules) {
    text += separator;
    separator = ",\n";
    if (module.url.starts_with("node:")) {
      text += "    {\"kind\": \"node\", \"specifier\": " + QuoteJson(module.url) +
              ", \"moduleName\": " + QuoteJson(module.url.substr(5)) + "}";
      continue;
    }
    const char* kind = module.type == ModuleType::kJavaScript ? "esm" : "asserted";
    text += "    {\"kind\": \"" + std::string(kind) + "\"";
    if (!module.links.empty()) {
      text += ", \"dependencies\": [";
      for (size_t i = 0; i < module.links.size(); ++i) {
        text += (i == 0 ? "" : ", ") + LinkJson(module.links[i]);
      }
      text += "]";
    }
    if (!module.local.empty()) text += ", \"local\": " + QuoteJson(module.local);
    text += ", \"size\": " + std::to_string(module.size) + ", \"mediaType\": \"" +
            std::string(MediaName(module)) + "\", \"specifier\": " + QuoteJson(module.url) + "}";
  }
  text += "\n  ],\n  \"redirects\": {";
  separator = "\n";
  for (const auto& [from, to] : graph.redirects) {
    text += separator + ("    " + QuoteJson(from) + ": " + QuoteJson(to));
    separator = ",\n";
  }
  return PrintOutput(text + (graph.redirects.empty() ? "}\n}\n" : "\n  }\n}\n"));
}

// What every module imports, below it; one that was shown already is marked "*", without what it
// imports.
std::string Tree(const Graph& graph, const GraphModule& root) {
  struct Level {
    const GraphModule* module;
    size_t next;
    std::string prefix;
  };
  std::set<const GraphModule*> shown = {&root};
  std::string text = Shown(root.url) + " (" + SizeText(root.size) + ")\n";
  std::vector<Level> levels = {{&root, 0, ""}};
  while (!levels.empty()) {
    Level& level = levels.back();
    if (level.next == level.module->links.size()) {
      levels.pop_back();
      continue;
    }
    const GraphModule::Link& link = level.module->links[level.next++];
    const bool is_last = level.next == level.module->links.size();
    const GraphModule* module = link.missing ? nullptr : graph.Find(link.url, link.type);
    const bool is_new = module != nullptr && shown.insert(module).second;
    const bool opens = is_new && !module->links.empty();
    text += level.prefix + (is_last ? "└─" : "├─") + (opens ? "┬ " : "─ ");
    if (module == nullptr) {
      text += Shown(link.url.empty() ? link.specifier : link.url) + " (missing)\n";
      continue;
    }
    text += Shown(module->url);
    if (!is_new) {
      text += " *";
    } else if (!module->url.starts_with("node:")) {
      text += " (" + SizeText(module->size) + ")";
    }
    text += "\n";
    if (opens) levels.push_back({module, 0, level.prefix + (is_last ? "  " : "│ ")});
  }
  return text;
}

int PrintText(const Graph& graph) {
  const GraphModule* root = graph.Find(graph.roots[0], ModuleType::kJavaScript);
  if (root == nullptr) return PrintError("the program is not in its graph", kExitError);
  uint64_t size = 0;
  for (const GraphModule& module : graph.modules) size += module.size;
  std::string text;
  if (!root->local.empty()) text += "local: " + Shown(root->local) + "\n";
  text += "type: " + std::string(MediaName(*root)) + "\n";
  text += "dependencies: " + std::to_string(graph.modules.size() - 1) + " unique\n";
  text += "size: " + SizeText(size) + "\n\n";
  return PrintOutput(text + Tree(graph, *root));
}

}  // namespace

int InfoCommand(const Invocation& invocation) {
  if (invocation.operand.empty()) return PrintPlaces(invocation.tool.json);
  std::vector<std::string> roots;
  if (auto failed = ResolveRoots({invocation.operand}, &roots)) return *failed;
  LoadedGraph loaded;
  if (auto failed = LoadGraph(invocation, roots, {}, &loaded)) {
    return loaded.runtime ? LeaveProcess(std::move(loaded.runtime), *failed) : *failed;
  }
  const int code = invocation.tool.json ? PrintJson(loaded.graph) : PrintText(loaded.graph);
  return LeaveProcess(std::move(loaded.runtime), code);
}

int CacheCommand(const Invocation& invocation) {
  if (invocation.tool.files.empty()) {
    return PrintError("no file given\nUsage: rt cache [flags] <files...>", kExitUsage);
  }
  std::vector<std::string> roots;
  if (auto failed = ResolveRoots(invocation.tool.files, &roots)) return *failed;
  LoadedGraph loaded;
  const auto failed = LoadGraph(invocation, roots, {}, &loaded);
  if (!loaded.runtime) return failed.value_or(kExitError);
  return LeaveProcess(std::move(loaded.runtime), failed.value_or(kExitOk));
}

}  // namespace rt::cli
