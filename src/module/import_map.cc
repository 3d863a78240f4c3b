#include "src/module/import_map.h"

#include "src/ext/url/parser.h"

namespace rt {
namespace {

// https://html.spec.whatwg.org/multipage/webappapis.html#resolving-a-url-like-module-specifier
std::optional<url::UrlRecord> ParseUrlLike(std::string_view specifier,
                                           const std::string& base_url) {
  if (specifier.starts_with("/") || specifier.starts_with("./") || specifier.starts_with("../")) {
    const std::optional<url::UrlRecord> base = url::ParseUrl(base_url);
    if (!base) return std::nullopt;
    return url::ParseUrl(specifier, &*base);
  }
  return url::ParseUrl(specifier);
}

Error Wrong(std::string_view member, const Json& value) {
  return Error::Type("Import map: \"" + std::string(member) + "\" must be an object, not " +
                     std::string(value.KindName()));
}

bool IsPackage(std::string_view address) {
  return address.starts_with("jsr:") || address.starts_with("npm:");
}

}  // namespace

// https://html.spec.whatwg.org/multipage/webappapis.html#sorting-and-normalizing-a-module-specifier-map
Result<ImportMap::SpecifierMap> ImportMap::MakeSpecifierMap(const Json& json,
                                                            const std::string& base_url,
                                                            std::vector<std::string>& warnings) {
  SpecifierMap map;
  for (const auto& [key, value] : *json.AsObject()) {
    if (key.empty()) {
      warnings.push_back("Import map: a specifier is empty; ignored");
      continue;
    }
    const std::optional<url::UrlRecord> key_url = ParseUrlLike(key, base_url);
    std::optional<std::string>& address = map[key_url ? key_url->href : key];
    address.reset();
    const std::string* text = value.AsString();
    if (!text) {
      warnings.push_back("Import map: the address of \"" + key + "\" is no string; it is blocked");
      continue;
    }
    const std::optional<url::UrlRecord> address_url = ParseUrlLike(*text, base_url);
    if (!address_url) {
      warnings.push_back("Import map: \"" + *text + "\" of \"" + key +
                         "\" is neither a URL nor begins with /, ./ or ../; it is blocked");
      continue;
    }
    if (key.ends_with('/') && !address_url->href.ends_with('/')) {
      warnings.push_back("Import map: \"" + *text + "\" of \"" + key +
                         "\" must end with / as it does; it is blocked");
      continue;
    }
    address = address_url->href;
  }
  return map;
}

Result<ImportMap> ImportMap::Make(const Json& json, const std::string& base_url,
                                  std::vector<std::string>& warnings) {
  ImportMap map;
  if (!json.AsObject()) {
    return Error::Type("Import map: must be an object, not " + std::string(json.KindName()));
  }
  if (const Json* imports = json.Find("imports")) {
    if (!imports->AsObject()) return Wrong("imports", *imports);
    RT_TRY(map.imports_, MakeSpecifierMap(*imports, base_url, warnings));
  }
  if (const Json* scopes = json.Find("scopes")) {
    if (!scopes->AsObject()) return Wrong("scopes", *scopes);
    const std::optional<url::UrlRecord> base = url::ParseUrl(base_url);
    for (const auto& [prefix, value] : *scopes->AsObject()) {
      if (!value.AsObject()) return Wrong("scopes\".\"" + prefix, value);
      const auto prefix_url = url::ParseUrl(prefix, base ? &*base : nullptr);
      if (!prefix_url) {
        warnings.push_back("Import map: the scope \"" + prefix + "\" is no URL; ignored");
        continue;
      }
      RT_TRY(map.scopes_[prefix_url->href], MakeSpecifierMap(value, base_url, warnings));
    }
  }
  return map;
}

void ImportMap::ExpandPackages() {
  const auto expand = [](SpecifierMap& map) {
    SpecifierMap added;
    for (const auto& [key, address] : map) {
      if (key.ends_with('/') || !address || !IsPackage(*address)) continue;
      // "npm:/name@1/" parses as a URL with a path, below which names can be resolved.
      const size_t name = address->find_first_not_of('/', 4);
      if (name == std::string::npos) continue;
      added.emplace(key + "/", address->substr(0, 4) + "/" + address->substr(name) + "/");
    }
    map.merge(added);
  };
  expand(imports_);
  for (auto& [prefix, map] : scopes_) expand(map);
}

// https://html.spec.whatwg.org/multipage/webappapis.html#resolving-an-imports-match
Result<std::optional<std::string>> ImportMap::Match(const std::string& specifier, bool is_url,
                                                    bool is_special, const SpecifierMap& map) {
  const auto blocked = [&] {
    return Error::Type("Import of \"" + specifier + "\" is blocked by the import map");
  };
  if (const auto exact = map.find(specifier); exact != map.end()) {
    if (!exact->second) return blocked();
    return exact->second;
  }
  if (is_url && !is_special) return std::optional<std::string>();
  // The longest key that ends with "/" and begins the specifier.
  for (size_t slash = specifier.rfind('/'); slash != std::string::npos;
       slash = slash == 0 ? std::string::npos : specifier.rfind('/', slash - 1)) {
    const auto prefix = map.find(specifier.substr(0, slash + 1));
    if (prefix == map.end()) continue;
    if (!prefix->second) return blocked();
    const std::optional<url::UrlRecord> base = url::ParseUrl(*prefix->second);
    const auto resolved = base ? url::ParseUrl(specifier.substr(slash + 1), &*base) : std::nullopt;
    if (!resolved) {
      return Error::Type("Import of \"" + specifier + "\" by the import map's \"" + prefix->first +
                         "\" is no URL");
    }
    if (!resolved->href.starts_with(*prefix->second)) {
      return Error::Type("Import of \"" + specifier + "\" climbs above the import map's \"" +
                         prefix->first + "\"");
    }
    return std::optional<std::string>(resolved->href);
  }
  return std::optional<std::string>();
}

// https://html.spec.whatwg.org/multipage/webappapis.html#resolve-a-module-specifier
Result<std::optional<std::string>> ImportMap::Resolve(std::string_view specifier,
                                                      const std::string& referrer) const {
  if (empty()) return std::optional<std::string>();
  const std::optional<url::UrlRecord> as_url = ParseUrlLike(specifier, referrer);
  const std::string normalized = as_url ? as_url->href : std::string(specifier);
  const bool is_special = as_url && as_url->IsSpecial();
  for (const auto& [prefix, map] : scopes_) {
    if (referrer != prefix && !(prefix.ends_with('/') && referrer.starts_with(prefix))) continue;
    RT_TRY(std::optional<std::string> match,
           Match(normalized, as_url.has_value(), is_special, map));
    if (match) return match;
  }
  return Match(normalized, as_url.has_value(), is_special, imports_);
}

}  // namespace rt
