// Modules that are part of the executable (rt compile): JavaScript already, resolved already. Made
// once, at start; any thread may read it.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "src/module/module_source.h"

namespace rt {

struct EmbeddedModule {
  std::string_view code;
  std::string_view map;         // JSON; empty: none
  std::string_view source;      // what was transpiled, for messages; empty: `code` is what it was
  std::string_view code_cache;  // V8's; empty: none
  bool is_common_js = false;
};

class EmbeddedModules {
 public:
  void Add(std::string url, ModuleType type, EmbeddedModule module) {
    modules_[{std::move(url), type}] = module;
  }
  void AddLink(std::string referrer, std::string specifier, std::string url) {
    links_[{std::move(referrer), std::move(specifier)}] = std::move(url);
  }

  void AddRequire(std::string referrer, std::string specifier, std::string url) {
    requires_[{std::move(referrer), std::move(specifier)}] = std::move(url);
  }

  // Null: it is not in the executable.
  const EmbeddedModule* Find(const std::string& url, ModuleType type) const {
    const auto found = modules_.find({url, type});
    return found == modules_.end() ? nullptr : &found->second;
  }
  // What an import turned out to be when the executable was made.
  const std::string* Resolve(std::string_view specifier, const std::string& referrer) const {
    const auto found = links_.find({referrer, std::string(specifier)});
    return found == links_.end() ? nullptr : &found->second;
  }
  // The same for require().
  const std::string* ResolveRequired(std::string_view specifier,
                                     const std::string& referrer) const {
    const auto found = requires_.find({referrer, std::string(specifier)});
    return found == requires_.end() ? nullptr : &found->second;
  }
  // The folder the modules are in, if it is on no disk: looking there is of no use.
  void SetVirtualRoot(std::string folder) { virtual_root_ = std::move(folder); }
  bool IsVirtual(std::string_view path) const {
    return !virtual_root_.empty() && path.starts_with(virtual_root_);
  }
  // What require() of the file or folder at `url` means: nothing, ".js", ".json" or an index is
  // added to it.
  std::optional<std::string> FindRequired(const std::string& url) const {
    const std::string file = url.ends_with('/') ? url.substr(0, url.size() - 1) : url;
    for (const char* end : {"", ".js", ".json", "/index.js", "/index.json"}) {
      if (Find(file + end, ModuleType::kJavaScript) || Find(file + end, ModuleType::kJson)) {
        return file + end;
      }
    }
    return std::nullopt;
  }

 private:
  std::map<std::pair<std::string, ModuleType>, EmbeddedModule> modules_;
  std::map<std::pair<std::string, std::string>, std::string> links_;
  std::map<std::pair<std::string, std::string>, std::string> requires_;
  std::string virtual_root_;
};

}  // namespace rt
