// What the map knows of its modules, for commands that look at a graph instead of running it.
#include <algorithm>
#include <tuple>

#include "src/engine/strings.h"
#include "src/module/module_map.h"

namespace rt {

bool ModuleMap::LoadOnly(v8::Local<v8::Context> context, const std::string& url, ModuleType type) {
  if (!main_) sources_.SetMainModule(url);
  const ImportKind kind = main_ ? ImportKind::kStatic : ImportKind::kMain;
  Entry* loaded = LoadGraph(context, url, kind, nullptr, type);
  if (!main_) main_ = loaded;
  return loaded != nullptr;
}

bool ModuleMap::IsCommonJs(const std::string& url) const {
  const auto found = entries_.find(Key(url, ModuleType::kJavaScript));
  return found != entries_.end() && !found->second->foreign.empty() && !url.starts_with("node:");
}

std::vector<ModuleInfo> ModuleMap::Describe(v8::Local<v8::Context> context) const {
  std::vector<ModuleInfo> infos;
  infos.reserve(entries_.size());
  for (const auto& [key, entry] : entries_) {
    // The other half of a WebAssembly file.
    if (entry->type == ModuleType::kWasm) continue;
    v8::HandleScope handles(isolate_);
    ModuleInfo info{.url = entry->url,
                    .type = entry->type,
                    .is_common_js = !entry->foreign.empty() && !entry->url.starts_with("node:"),
                    .links = {}};
    v8::Local<v8::Module> module = entry->module.Get(isolate_);
    if (!module->IsSyntheticModule()) {
      v8::Local<v8::FixedArray> requests = module->GetModuleRequests();
      for (int i = 0; i < requests->Length(); ++i) {
        auto request = requests->Get(context, i).As<v8::ModuleRequest>();
        const std::string specifier = ToUtf8(isolate_, request->GetSpecifier());
        v8::Location at = module->SourceOffsetToLocation(request->GetSourceOffset());
        const auto place =
            positions_.Original(entry->url, {at.GetLineNumber() + 1, at.GetColumnNumber() + 1});
        // Of one specifier with two types there are two links.
        for (const ModuleType type :
             {ModuleType::kJavaScript, ModuleType::kJson, ModuleType::kText, ModuleType::kBytes}) {
          const auto link = entry->links.find(Key(specifier, type));
          if (link == entry->links.end() || link->second == entry->wasm) continue;
          const bool is_known =
              std::any_of(info.links.begin(), info.links.end(), [&](const ModuleInfo::Link& other) {
                return other.specifier == specifier && other.type == type;
              });
          if (is_known) continue;
          info.links.push_back({.specifier = specifier,
                                .url = link->second->url,
                                .type = type,
                                .line = place.line,
                                .column = place.column});
        }
      }
    }
    infos.push_back(std::move(info));
  }
  std::sort(infos.begin(), infos.end(), [](const ModuleInfo& a, const ModuleInfo& b) {
    return std::tie(a.url, a.type) < std::tie(b.url, b.type);
  });
  return infos;
}

}  // namespace rt
