#include "src/module/path_mappings.h"

namespace rt {
namespace {

using typescript::PathMapping;

// What the "*" of a pattern stands for; nothing: it does not fit.
std::optional<std::string_view> Match(std::string_view pattern, std::string_view specifier) {
  const size_t star = pattern.find('*');
  if (star == std::string_view::npos) {
    return pattern == specifier ? std::optional<std::string_view>("") : std::nullopt;
  }
  const std::string_view before = pattern.substr(0, star);
  const std::string_view after = pattern.substr(star + 1);
  if (specifier.size() < before.size() + after.size() || !specifier.starts_with(before) ||
      !specifier.ends_with(after)) {
    return std::nullopt;
  }
  return specifier.substr(before.size(), specifier.size() - before.size() - after.size());
}

// The whole name wins, then the longest text before the "*".
const PathMapping* BestOf(const std::vector<PathMapping>& mappings, std::string_view specifier) {
  const PathMapping* best = nullptr;
  for (const PathMapping& mapping : mappings) {
    if (!Match(mapping.pattern, specifier)) continue;
    const size_t star = mapping.pattern.find('*');
    if (star == std::string::npos) return &mapping;
    if (!best || star > best->pattern.find('*')) best = &mapping;
  }
  return best;
}

}  // namespace

std::optional<std::string> PathMappings::FileAt(const std::string& target,
                                                const std::string& folder) {
  // Elsewhere nothing is looked for: it is what it says.
  if (!target.starts_with(folder + "/")) return target;
  const auto is_file = [this](const std::string& path) {
    return files_.KindOf(path) == PackageFiles::Kind::kFile;
  };
  for (const char* end :
       {"", ".ts", ".tsx", ".mts", ".js", ".jsx", ".mjs", ".cjs", ".cts", "/index.ts", "/index.tsx",
        "/index.mts", "/index.js", "/index.jsx", "/index.mjs"}) {
    if (is_file(target + end)) return target + end;
  }
  return std::nullopt;
}

std::optional<std::string> PathMappings::Resolve(std::string_view specifier,
                                                 const std::string& path) {
  // What is wrong with a configuration is said where it is needed to make JavaScript.
  auto found = given_ ? Result<typescript::CompilerOptions>(*given_) : configs_.OptionsFor(path);
  if (!found.ok() || found->paths.empty()) return std::nullopt;
  const PathMapping* mapping = BestOf(found->paths, specifier);
  if (!mapping) return std::nullopt;
  const std::string rest(*Match(mapping->pattern, specifier));
  if (("/" + rest + "/").find("/../") != std::string::npos) return std::nullopt;
  for (std::string target : mapping->targets) {
    if (const size_t star = target.find('*'); star != std::string::npos) {
      target.replace(star, 1, rest);
    }
    if (auto file = FileAt(target, found->paths_folder)) return file;
  }
  return std::nullopt;
}

}  // namespace rt
