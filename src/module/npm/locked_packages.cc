#include "src/module/npm/locked_packages.h"

#include "src/module/npm/package_folders.h"
#include "src/module/npm/packument.h"

namespace rt {
namespace {

// How many packages there are of each name.
using Counts = std::map<std::string, std::vector<std::string>, std::less<>>;

Counts CountNames(const LockedPackages& packages) {
  Counts counts;
  for (const auto& [id, package] : packages) {
    if (const auto parsed = ParseLockedId(id)) counts[parsed->name].push_back(id);
  }
  return counts;
}

// "name", "name@version…" or "alias@npm:name[@version…]"; a version only where a name has several.
std::optional<std::pair<std::string, std::string>> ReadLink(const std::string& text,
                                                            const Counts& counts,
                                                            const LockedPackages& packages) {
  const size_t at = text.find('@', 1);
  std::string name = text.substr(0, at);
  std::string target = text;
  if (at != std::string::npos && text.compare(at + 1, 4, "npm:") == 0) target = text.substr(at + 5);
  if (packages.contains(target)) return std::pair(std::move(name), std::move(target));
  const auto found = counts.find(target);
  if (found == counts.end() || found->second.size() != 1) return std::nullopt;
  return std::pair(std::move(name), found->second.front());
}

std::string WriteLink(const std::string& name, const std::string& id, const Counts& counts) {
  const auto target = ParseLockedId(id);
  if (!target) return id;
  const auto found = counts.find(target->name);
  const bool is_only = found != counts.end() && found->second.size() == 1;
  const std::string text = is_only ? target->name : id;
  return name == target->name ? text : name + "@npm:" + text;
}

bool ReadStrings(const Json& entry, std::string_view key, std::vector<std::string>& out) {
  const Json* list = entry.Find(key);
  if (!list) return true;
  if (!list->AsArray()) return false;
  for (const Json& item : *list->AsArray()) {
    if (!item.AsString()) return false;
    out.push_back(*item.AsString());
  }
  return true;
}

Json Strings(const std::vector<std::string>& list) {
  Json::Array array;
  for (const std::string& item : list) array.emplace_back(item);
  return Json(std::move(array));
}

}  // namespace

std::optional<LockedName> ParseLockedId(std::string_view id) {
  const size_t at = id.find('@', 1);
  if (at == std::string_view::npos) return std::nullopt;
  LockedName parsed{std::string(id.substr(0, at)), std::string(id.substr(at + 1))};
  parsed.version = parsed.version.substr(0, parsed.version.find('_'));
  // Both become names of folders.
  if (!IsNpmName(parsed.name) || !Version::Parse(parsed.version) ||
      parsed.version.find_first_of("/\\") != std::string::npos) {
    return std::nullopt;
  }
  return parsed;
}

Result<LockedPackages> ReadLockedPackages(const Json& section) {
  const auto damaged = [](const std::string& id) {
    return Error::Type("\"npm\" is not what it should be at \"" + id + "\"");
  };
  LockedPackages packages;
  if (!section.AsObject()) return damaged("");
  for (const auto& [id, entry] : *section.AsObject()) {
    if (!ParseLockedId(id) || !entry.AsObject()) return damaged(id);
    packages.try_emplace(id);
  }
  const Counts counts = CountNames(packages);
  for (const auto& [id, entry] : *section.AsObject()) {
    LockedPackage& package = packages[id];
    for (auto [key, member] :
         {std::pair("integrity", &package.integrity), std::pair("tarball", &package.tarball)}) {
      const Json* value = entry.Find(key);
      if (value && !value->AsString()) return damaged(id);
      if (value) *member = *value->AsString();
    }
    // What says nothing would let anything through.
    if (entry.Find("integrity") && !IsIntegrity(package.integrity)) {
      return Error::Type("the \"integrity\" of \"" + id + "\" is no hash rt knows: \"" +
                         package.integrity + "\"");
    }
    for (auto [key, links] : {std::pair("dependencies", &package.dependencies),
                              std::pair("optionalDependencies", &package.optional),
                              std::pair("optionalPeers", &package.optional_peers)}) {
      std::vector<std::string> texts;
      if (!ReadStrings(entry, key, texts)) return damaged(id);
      for (const std::string& text : texts) {
        auto link = ReadLink(text, counts, packages);
        // Of optional ones the lock file may not say what they are.
        if (!link && links != &package.dependencies) continue;
        if (!link) return damaged(id);
        links->insert(std::move(*link));
      }
    }
    if (!ReadStrings(entry, "os", package.os) || !ReadStrings(entry, "cpu", package.cpu) ||
        !ReadStrings(entry, "libc", package.libc)) {
      return damaged(id);
    }
    for (auto [key, flag] :
         {std::pair("deprecated", &package.deprecated), std::pair("scripts", &package.has_scripts),
          std::pair("bin", &package.has_bin)}) {
      const Json* value = entry.Find(key);
      *flag = value && value->AsBool() && *value->AsBool();
    }
  }
  return packages;
}

Json WriteLockedPackages(const LockedPackages& packages) {
  const Counts counts = CountNames(packages);
  Json::Object section;
  for (const auto& [id, package] : packages) {
    Json::Object entry;
    if (!package.integrity.empty()) entry.emplace_back("integrity", Json(package.integrity));
    for (const auto& [key, links] : {std::pair("dependencies", &package.dependencies),
                                     std::pair("optionalDependencies", &package.optional),
                                     std::pair("optionalPeers", &package.optional_peers)}) {
      std::vector<std::string> texts;
      for (const auto& [name, target] : *links) texts.push_back(WriteLink(name, target, counts));
      if (!texts.empty()) entry.emplace_back(key, Strings(texts));
    }
    for (const auto& [key, list] : {std::pair("os", &package.os), std::pair("cpu", &package.cpu),
                                    std::pair("libc", &package.libc)}) {
      if (!list->empty()) entry.emplace_back(key, Strings(*list));
    }
    if (!package.tarball.empty()) entry.emplace_back("tarball", Json(package.tarball));
    for (const auto& [key, flag] :
         {std::pair("deprecated", package.deprecated), std::pair("scripts", package.has_scripts),
          std::pair("bin", package.has_bin)}) {
      if (flag) entry.emplace_back(key, Json(true));
    }
    section.emplace_back(id, Json(std::move(entry)));
  }
  return Json(std::move(section));
}

}  // namespace rt
