#include "src/module/npm/packument.h"

#include <algorithm>

#include "src/config/package_name.h"

namespace rt {
namespace {

NpmDependencies ReadDependencies(const Json& about, std::string_view key) {
  NpmDependencies out;
  const Json* members = about.Find(key);
  if (!members || !members->AsObject()) return out;
  for (const auto& [name, value] : *members->AsObject()) {
    if (value.AsString() && IsNpmName(name)) out[name] = *value.AsString();
  }
  return out;
}

// A list of strings, or one string.
std::vector<std::string> ReadList(const Json& about, std::string_view key) {
  std::vector<std::string> out;
  const Json* value = about.Find(key);
  if (!value) return out;
  if (value->AsString()) out.push_back(*value->AsString());
  if (value->AsArray()) {
    for (const Json& item : *value->AsArray()) {
      if (item.AsString()) out.push_back(*item.AsString());
    }
  }
  return out;
}

// "linux", "!win32", "any": as npm reads the lists.
bool Accepts(const std::vector<std::string>& list, std::string_view own) {
  bool names_any = false;
  for (const std::string& item : list) {
    if (item.starts_with('!')) {
      if (std::string_view(item).substr(1) == own) return false;
      continue;
    }
    if (item == own || item == "any") return true;
    names_any = true;
  }
  return !names_any;
}

#if defined(__x86_64__)
constexpr std::string_view kCpu = "x64";
#elif defined(__aarch64__)
constexpr std::string_view kCpu = "arm64";
#else
constexpr std::string_view kCpu = "unknown";
#endif

}  // namespace

bool NpmRelease::FitsPlatform() const {
  return Accepts(os, "linux") && Accepts(cpu, kCpu) && Accepts(libc, "glibc");
}

Result<Packument> Packument::Parse(std::string_view text, const std::string& name) {
  auto json = ParseJson(text);
  const Json* versions = json.ok() ? json->Find("versions") : nullptr;
  if (!versions || !versions->AsObject()) {
    return Error::Type("What the npm registry says about \"" + name +
                       "\" is not the description of a package" +
                       (json.ok() ? "" : ": " + json.error().message));
  }
  Packument packument;
  packument.name_ = name;
  packument.json_ = std::make_unique<Json>(std::move(json).value());
  for (const auto& [version, about] : *packument.json_->Find("versions")->AsObject()) {
    auto parsed = Version::Parse(version);
    // The text becomes the name of a folder.
    const bool is_plain = version.find_first_of("/\\_") == std::string::npos;
    if (!parsed || !is_plain || !about.AsObject()) continue;
    packument.versions_.push_back({std::move(*parsed), version, &about});
  }
  // The newest first.
  std::sort(packument.versions_.begin(), packument.versions_.end(),
            [](const Listed& a, const Listed& b) { return b.version < a.version; });
  return packument;
}

std::string Packument::Choose(std::string_view range_text,
                              const std::vector<std::string>& known) const {
  const Json* tags = json_->Find("dist-tags");
  const auto listed = [&](std::string_view text) {
    const auto found = std::find_if(versions_.begin(), versions_.end(),
                                    [&](const Listed& each) { return each.text == text; });
    return found == versions_.end() ? nullptr : &*found;
  };
  const auto range = VersionRange::Parse(range_text);
  if (!range) {
    const std::string* tagged = tags ? tags->FindString(range_text) : nullptr;
    const Listed* found = tagged ? listed(*tagged) : nullptr;
    return found ? found->text : std::string();
  }
  std::optional<Version> best;
  std::string best_text;
  for (const std::string& text : known) {
    auto version = Version::Parse(text);
    if (!version || !range->Contains(*version) || (best && *version < *best)) continue;
    best = std::move(version);
    best_text = text;
  }
  if (best) return best_text;
  const auto is_deprecated = [](const Listed& each) {
    const Json* said = each.about->Find("deprecated");
    return said && !(said->AsBool() && !*said->AsBool()) && !said->IsNull();
  };
  const std::string* latest_text = tags ? tags->FindString("latest") : nullptr;
  const Listed* latest = latest_text ? listed(*latest_text) : nullptr;
  const bool is_any = range_text.empty() || range_text == "*";
  if (latest && (is_any || range->Contains(latest->version))) return latest->text;
  const Listed* fallback = nullptr;
  for (const Listed& each : versions_) {
    if (!range->Contains(each.version)) continue;
    if (!is_deprecated(each)) return each.text;
    if (!fallback) fallback = &each;
  }
  return fallback ? fallback->text : std::string();
}

std::unique_ptr<NpmRelease> Packument::Release(const std::string& version) const {
  const auto found = std::find_if(versions_.begin(), versions_.end(),
                                  [&](const Listed& each) { return each.text == version; });
  if (found == versions_.end()) return nullptr;
  const Json& about = *found->about;
  auto release = std::make_unique<NpmRelease>(NpmRelease{.name = name_, .version = found->text});
  release->dependencies = ReadDependencies(about, "dependencies");
  release->optional = ReadDependencies(about, "optionalDependencies");
  release->peers = ReadDependencies(about, "peerDependencies");
  // Some registries list optional dependencies in both places.
  for (const auto& [name, range] : release->optional) release->dependencies.erase(name);
  for (const auto& [name, range] : release->dependencies) release->peers.erase(name);
  // These are in the package itself.
  for (const char* key : {"bundleDependencies", "bundledDependencies"}) {
    for (const std::string& name : ReadList(about, key)) {
      release->dependencies.erase(name);
      release->optional.erase(name);
    }
    const Json* all = about.Find(key);
    if (all && all->AsBool() && *all->AsBool()) release->dependencies.clear();
  }
  if (const Json* meta = about.Find("peerDependenciesMeta"); meta && meta->AsObject()) {
    for (const auto& [name, value] : *meta->AsObject()) {
      const Json* optional = value.Find("optional");
      if (!optional || !optional->AsBool() || !*optional->AsBool()) continue;
      release->optional_peers.push_back(name);
      release->peers.try_emplace(name, "*");
    }
    std::sort(release->optional_peers.begin(), release->optional_peers.end());
  }
  release->os = ReadList(about, "os");
  release->cpu = ReadList(about, "cpu");
  release->libc = ReadList(about, "libc");
  if (const std::string* text = about.FindString("deprecated")) release->deprecated = *text;
  const Json* flag = about.Find("hasInstallScript");
  release->has_scripts = flag && flag->AsBool() && *flag->AsBool();
  const Json* bin = about.Find("bin");
  release->has_bin = bin && (bin->AsString() || (bin->AsObject() && !bin->AsObject()->empty()));
  if (const Json* dist = about.Find("dist")) {
    if (const std::string* url = dist->FindString("tarball")) release->tarball = *url;
    const std::string* hash = dist->FindString("integrity");
    if (!hash) hash = dist->FindString("shasum");
    if (hash) release->integrity = *hash;
  }
  return release;
}

bool IsNpmName(std::string_view name) {
  if (name.size() > 214) return false;
  const bool has_scope = name.starts_with('@');
  const size_t slash = name.find('/');
  if (has_scope != (slash != std::string_view::npos)) return false;
  const auto is_part = [](std::string_view part) {
    if (part.empty() || part.starts_with('.') || part == "node_modules") return false;
    return std::all_of(part.begin(), part.end(), [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
             std::string_view("-_.!~*'()").find(c) != std::string_view::npos;
    });
  };
  return has_scope ? is_part(name.substr(1, slash - 1)) && is_part(name.substr(slash + 1))
                   : is_part(name);
}

std::optional<NpmRequest> ParseNpmRequest(const std::string& name, std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  if (text.starts_with("npm:")) {
    const auto parsed = ParsePackageName(text.substr(4));
    if (!parsed || parsed->subpath != "." || !IsNpmName(parsed->name)) return std::nullopt;
    return NpmRequest{parsed->name, parsed->range.empty() ? "*" : parsed->range};
  }
  if (text.find(':') != std::string_view::npos || text.find('/') != std::string_view::npos) {
    return std::nullopt;
  }
  return NpmRequest{name, text.empty() ? "*" : std::string(text)};
}

}  // namespace rt
