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
};

class EmbeddedModules {
 public:
  void Add(std::string url, ModuleType type, EmbeddedModule module) {
    modules_[{std::move(url), type}] = module;
  }
  void AddLink(std::string referrer, std::string specifier, std::string url) {
    links_[{std::move(referrer), std::move(specifier)}] = std::move(url);
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

 private:
  std::map<std::pair<std::string, ModuleType>, EmbeddedModule> modules_;
  std::map<std::pair<std::string, std::string>, std::string> links_;
};

}  // namespace rt
