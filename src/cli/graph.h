// A program's modules, loaded but not run: for info, cache, check and compile. Runs once a process,
// on the main thread.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "src/cli/args/invocation.h"
#include "src/cli/program.h"

namespace rt::cli {

struct GraphModule {
  struct Link : ModuleInfo::Link {
    bool dynamic = false;
    bool missing = false;   // an import() of what is not there: `url` may be empty
    bool required = false;  // by require()
  };
  std::string url;
  ModuleType type = ModuleType::kJavaScript;
  typescript::MediaType media = typescript::MediaType::kJavaScript;
  bool is_common_js = false;
  uint64_t size = 0;   // of the source
  std::string local;   // the file it is in; empty: none (data:, node:)
  std::string source;  // these three only if asked for
  std::string code;
  std::string map;
  std::vector<Link> links;
};

struct Graph {
  std::vector<std::string> roots;                // as they were named
  std::vector<GraphModule> modules;              // by URL
  std::map<std::string, std::string> redirects;  // of other hosts and registries

  // Null: not in the graph. Follows redirects.
  const GraphModule* Find(const std::string& url, ModuleType type) const;
};

struct GraphOptions {
  bool keep_text = false;
  bool follow_requires = false;  // of CommonJS files, and of those that call createRequire()
};

struct LoadedGraph {
  Graph graph;
  ProgramSetup setup;
  std::unique_ptr<Runtime> runtime;
};

// Static imports, and import() of what stands there as text; an import() that finds nothing is no
// error until it runs. An exit code: something went wrong, and was said.
std::optional<int> LoadGraph(const Invocation& invocation, const std::vector<std::string>& roots,
                             const GraphOptions& options, LoadedGraph* loaded);

// What a user typed, as addresses. An exit code: one is not there.
std::optional<int> ResolveRoots(const std::vector<std::string>& files,
                                std::vector<std::string>* urls);

// "TypeScript", "Mjs", "Json", ... as Deno calls them.
std::string_view MediaName(const GraphModule& module);

}  // namespace rt::cli
