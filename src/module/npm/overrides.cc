#include "src/module/npm/overrides.h"

#include <algorithm>

#include "src/config/package_name.h"
#include "src/module/npm/semver.h"

namespace rt {
namespace {

constexpr int kMaxDepth = 16;

Error Bad(const std::string& key, const std::string& why) {
  return Error::Type("package.json: \"overrides\": \"" + key + "\" " + why);
}

}  // namespace

Result<NpmOverrides> NpmOverrides::Parse(const Json& package) {
  NpmOverrides overrides;
  const Json* rules = package.Find("overrides");
  if (!rules) return overrides;
  if (!rules->AsObject()) return Error::Type("package.json: \"overrides\" must be an object");
  RT_TRY(overrides.rules_, ParseRules(*rules, package, 0));
  return overrides;
}

Result<NpmRequest> NpmOverrides::ParseTarget(const std::string& name, const std::string& text,
                                             const Json& package) {
  std::string target = text;
  if (text.starts_with('$')) {
    // What the project itself asks for.
    const std::string* said = nullptr;
    for (const char* key : {"dependencies", "devDependencies", "optionalDependencies"}) {
      const Json* list = package.Find(key);
      if (!said && list) said = list->FindString(text.substr(1));
    }
    if (!said) return Bad(name, "refers to \"" + text + "\", which is no dependency");
    target = *said;
  }
  auto request = ParseNpmRequest(name, target);
  if (!request) {
    return Error::Make(ErrorClass::kNotSupported,
                       "not implemented: package.json: \"overrides\": \"" + name + "\" from \"" +
                           target + "\", which is no registry");
  }
  return *request;
}

Result<std::vector<NpmOverrides::Rule>> NpmOverrides::ParseRules(const Json& rules,
                                                                 const Json& package, int depth) {
  std::vector<Rule> parsed;
  if (depth == kMaxDepth) return Error::Type("package.json: \"overrides\" is nested too deeply");
  for (const auto& [key, value] : *rules.AsObject()) {
    if (key == ".") continue;
    const auto name = ParsePackageName(key);
    if (!name || name->subpath != "." || !IsNpmName(name->name)) {
      return Bad(key, "is no package's name");
    }
    Rule rule{.name = name->name, .range = name->range, .target = {}, .inner = {}};
    const std::string* target = value.AsString();
    if (value.AsObject()) {
      RT_TRY(rule.inner, ParseRules(value, package, depth + 1));
      target = value.FindString(".");
    } else if (!target) {
      return Bad(key, "must be a string or an object");
    }
    if (target) {
      RT_TRY(rule.target, ParseTarget(rule.name, *target, package));
    }
    parsed.push_back(std::move(rule));
  }
  return parsed;
}

// Whether what a package asks for may be a version the rule is about.
bool NpmOverrides::Meets(const Rule& rule, std::string_view asked) {
  if (rule.range.empty() || rule.range == asked) return true;
  const auto range = VersionRange::Parse(rule.range);
  const auto version = Version::Parse(asked);
  if (range && version) return range->Contains(*version);
  // A range against a range: by the lowest version the one asked for names.
  size_t digit = asked.find_first_of("0123456789");
  if (!range || digit == std::string_view::npos) return false;
  const size_t end = std::min(asked.find_first_of(" |", digit), asked.size());
  std::string lowest(asked.substr(digit, end - digit));
  while (std::count(lowest.begin(), lowest.end(), '.') < 2) lowest += ".0";
  const auto first = Version::Parse(lowest);
  return first && range->Contains(*first);
}

NpmRequest NpmOverrides::Apply(const NpmRequest& request, const std::vector<Ancestor>& path) const {
  // The rules that hold here, those of the nearest ancestor last.
  std::vector<const std::vector<Rule>*> lists = {&rules_};
  for (auto ancestor = path.rbegin(); ancestor != path.rend(); ++ancestor) {
    const size_t count = lists.size();
    for (size_t i = 0; i < count; ++i) {
      for (const Rule& rule : *lists[i]) {
        const bool is_there = rule.name == ancestor->name && Meets(rule, ancestor->version);
        if (is_there && !rule.inner.empty()) lists.push_back(&rule.inner);
      }
    }
  }
  for (auto list = lists.rbegin(); list != lists.rend(); ++list) {
    for (const Rule& rule : **list) {
      if (rule.target && rule.name == request.name && Meets(rule, request.range)) {
        return *rule.target;
      }
    }
  }
  return request;
}

}  // namespace rt
