#include "src/module/npm/npm_graph.h"

#include <algorithm>
#include <unordered_set>

namespace rt {
namespace {

// More than any program has; a registry that makes names up must not fill memory.
constexpr size_t kMaxPackages = 50'000;
constexpr int kMaxPeerDepth = 4;

std::string Key(const NpmRequest& request) {
  return request.name + "@" + request.range;
}

Error Elsewhere(const std::string& who, const std::string& name, const std::string& range) {
  return Error::Make(ErrorClass::kNotSupported, "not implemented: " + who + " depends on \"" +
                                                    name + "\" from \"" + range +
                                                    "\", which is no registry");
}

}  // namespace

std::string NpmGraph::Who(size_t package) const {
  const NpmRelease& release = *packages_[package].release;
  return "\"" + release.name + "@" + release.version + "\"";
}

std::optional<NpmRequest> NpmGraph::RequestOf(size_t package, const std::string& name,
                                              const std::string& range) const {
  const auto request = ParseNpmRequest(name, range);
  if (!overrides_ || overrides_->empty()) return request;
  std::vector<NpmOverrides::Ancestor> path;
  for (std::optional<size_t> at = package; at; at = packages_[*at].parent) {
    path.push_back({packages_[*at].release->name, packages_[*at].release->version});
  }
  // One from elsewhere may be overridden, too.
  const NpmRequest asked = request.value_or(NpmRequest{name, range});
  const NpmRequest wanted = overrides_->Apply(asked, path);
  const bool is_same = wanted.name == asked.name && wanted.range == asked.range;
  return is_same ? request : wanted;
}

bool NpmGraph::MeetsOverrides() const {
  if (!overrides_ || overrides_->empty()) return true;
  for (size_t i = 0; i < packages_.size(); ++i) {
    for (const auto& [name, target] : packages_[i].links) {
      const NpmRelease& release = *packages_[target].release;
      const NpmRequest locked{release.name, release.version};
      const auto wanted = RequestOf(i, name, release.version);
      if (!wanted || (wanted->name == locked.name && wanted->range == locked.range)) continue;
      const auto range = VersionRange::Parse(wanted->range);
      const auto version = Version::Parse(locked.range);
      if (wanted->name != locked.name || !range || !version || !range->Contains(*version)) {
        return false;
      }
    }
  }
  return true;
}

Result<void> NpmGraph::AddLocked(const LockedPackages& locked) {
  for (const auto& [id, entry] : locked) {
    const auto name = ParseLockedId(id);
    if (!name) return Error::Type("\"" + id + "\" is no package");
    auto release = std::make_shared<NpmRelease>(NpmRelease{.name = name->name,
                                                           .version = name->version,
                                                           .os = entry.os,
                                                           .cpu = entry.cpu,
                                                           .libc = entry.libc,
                                                           .tarball = entry.tarball,
                                                           .integrity = entry.integrity,
                                                           .has_scripts = entry.has_scripts,
                                                           .has_bin = entry.has_bin});
    if (entry.deprecated) release->deprecated = "deprecated";
    for (const auto& [alias, target] : entry.optional) release->optional[alias] = "*";
    for (const auto& [alias, target] : entry.optional_peers) {
      release->optional_peers.push_back(alias);
    }
    by_id_[id] = packages_.size();
    by_name_.emplace(name->name, packages_.size());
    packages_.push_back({.release = std::move(release), .id = id});
  }
  for (const auto& [id, entry] : locked) {
    NpmPackage& package = packages_[by_id_[id]];
    for (const auto* links : {&entry.dependencies, &entry.optional, &entry.optional_peers}) {
      for (const auto& [name, target] : *links) {
        const auto found = by_id_.find(target);
        if (found == by_id_.end()) return Error::Type("\"" + id + "\" needs what is not there");
        package.links[name] = found->second;
      }
    }
  }
  return {};
}

bool NpmGraph::AddLockedRequest(const NpmRequest& request, const std::string& id) {
  const auto found = by_id_.find(id);
  if (found == by_id_.end()) return false;
  requests_[Key(request)] = found->second;
  roots_.try_emplace(request.name, found->second);
  return true;
}

std::optional<size_t> NpmGraph::Find(const NpmRequest& request) const {
  const auto found = requests_.find(Key(request));
  return found == requests_.end() ? std::nullopt : std::optional<size_t>(found->second);
}

void NpmGraph::Want(const NpmRequest& request) {
  if (!Find(request)) wanted_.push_back(request);
}

std::vector<std::string> NpmGraph::VersionsOf(const std::string& name) const {
  std::vector<std::string> versions;
  auto [begin, end] = by_name_.equal_range(name);
  for (; begin != end; ++begin) versions.push_back(packages_[begin->second].release->version);
  return versions;
}

// Whoever uses a package gives it its peers: the one who asked for it, or who asked for that.
std::optional<size_t> NpmGraph::FindPeer(size_t package, const std::string& name) const {
  for (auto at = packages_[package].parent; at; at = packages_[*at].parent) {
    const auto link = packages_[*at].links.find(name);
    if (link != packages_[*at].links.end()) return link->second;
    if (packages_[*at].release->name == name) return *at;
  }
  const auto root = roots_.find(name);
  return root == roots_.end() ? std::nullopt : std::optional<size_t>(root->second);
}

Result<void> NpmGraph::Check(const NpmRequest& request, Need need, const std::string& who,
                             const Packuments& packuments, std::vector<Missing>& missing) const {
  const auto known = packuments.find(request.name);
  if (known == packuments.end()) {
    missing.push_back({request.name});
    return {};
  }
  const auto& packument = known->second.packument;
  if (packument && !packument->Choose(request.range, VersionsOf(request.name)).empty()) return {};
  if (!known->second.is_fresh) {
    missing.push_back({request.name, /*anew=*/true});
    return {};
  }
  if (need == Need::kOptional) return {};
  const std::string asker = who.empty() ? "" : ", which " + who + " needs";
  if (!packument) {
    return Error::Make(ErrorClass::kTypeError,
                       "npm package \"" + request.name + "\" does not exist" + asker,
                       "ERR_MODULE_NOT_FOUND");
  }
  return Error::Make(ErrorClass::kTypeError,
                     "Could not find npm package \"" + request.name + "\" matching \"" +
                         request.range + "\"" + asker,
                     "ERR_MODULE_NOT_FOUND");
}

std::optional<size_t> NpmGraph::Take(const NpmRequest& request, std::optional<size_t> parent,
                                     const Packuments& packuments) {
  const auto known = packuments.find(request.name);
  if (known == packuments.end() || !known->second.packument) return std::nullopt;
  const std::string version =
      known->second.packument->Choose(request.range, VersionsOf(request.name));
  if (version.empty()) return std::nullopt;
  auto [begin, end] = by_name_.equal_range(request.name);
  for (; begin != end; ++begin) {
    if (packages_[begin->second].release->version == version) return begin->second;
  }
  auto release = known->second.packument->Release(version);
  if (!release) return std::nullopt;
  const size_t index = packages_.size();
  by_name_.emplace(request.name, index);
  packages_.push_back({.release = std::move(release), .parent = parent});
  level_.push_back(index);
  return index;
}

Result<std::vector<NpmGraph::Missing>> NpmGraph::Advance(const Packuments& packuments) {
  while (!wanted_.empty() || !level_.empty()) {
    // First everything that has to be known, so that it can be loaded at once.
    std::vector<Missing> missing;
    for (const NpmRequest& request : wanted_) {
      RT_TRY_VOID(Check(request, Need::kRequired, "", packuments, missing));
    }
    for (const size_t index : level_) {
      const NpmRelease& release = *packages_[index].release;
      for (const auto* list : {&release.dependencies, &release.optional, &release.peers}) {
        const bool is_optional = list == &release.optional;
        for (const auto& [name, range] : *list) {
          if (list == &release.peers) {
            const auto& absent = release.optional_peers;
            if (std::find(absent.begin(), absent.end(), name) != absent.end() ||
                FindPeer(index, name)) {
              continue;
            }
          }
          const auto request = RequestOf(index, name, range);
          if (!request && is_optional) continue;
          if (!request) return Elsewhere(Who(index), name, range);
          RT_TRY_VOID(Check(*request, is_optional ? Need::kOptional : Need::kRequired, Who(index),
                            packuments, missing));
        }
      }
    }
    if (!missing.empty()) return missing;
    if (packages_.size() > kMaxPackages) {
      return Error::Range("More than " + std::to_string(kMaxPackages) + " npm packages are needed");
    }

    std::vector<size_t> level = std::move(level_);
    level_.clear();
    for (const NpmRequest& request : std::exchange(wanted_, {})) {
      if (const auto index = Take(request, std::nullopt, packuments)) {
        requests_[Key(request)] = *index;
        roots_.try_emplace(request.name, *index);
      }
    }
    for (const size_t index : level) {
      const std::shared_ptr<const NpmRelease> release = packages_[index].release;
      for (const auto* list : {&release->dependencies, &release->optional}) {
        for (const auto& [name, range] : *list) {
          const auto request = RequestOf(index, name, range);
          const auto target = request ? Take(*request, index, packuments) : std::nullopt;
          if (target) packages_[index].links[name] = *target;
        }
      }
      for (const auto& [name, range] : release->peers) {
        auto target = FindPeer(index, name);
        const auto& absent = release->optional_peers;
        if (!target && std::find(absent.begin(), absent.end(), name) == absent.end()) {
          const auto request = RequestOf(index, name, range);
          if (request) target = Take(*request, index, packuments);
        }
        if (!target) continue;
        packages_[index].links[name] = *target;
        packages_[index].peers.push_back(name);
      }
    }
  }
  return std::vector<Missing>();
}

std::vector<size_t> NpmGraph::Closure(size_t root, bool with_optional) const {
  std::vector<size_t> all = {root};
  std::unordered_set<size_t> seen = {root};
  for (size_t i = 0; i < all.size(); ++i) {
    const NpmPackage& package = packages_[all[i]];
    for (const auto& [name, target] : package.links) {
      if (IsOptional(package, name) &&
          (!with_optional || !packages_[target].release->FitsPlatform())) {
        continue;
      }
      if (seen.insert(target).second) all.push_back(target);
    }
  }
  return all;
}

// As Deno names them: peers behind "_", theirs behind "__", and so on.
std::string NpmGraph::MakeId(size_t index, int depth, std::vector<size_t>& path) const {
  const NpmPackage& package = packages_[index];
  if (!package.id.empty() && depth == 0) return package.id;
  std::string id = package.release->name + "@" + package.release->version;
  if (depth > 0) std::replace(id.begin(), id.end(), '/', '+');
  if (depth == kMaxPeerDepth) return id;
  path.push_back(index);
  for (const std::string& peer : package.peers) {
    const size_t target = package.links.at(peer);
    if (std::find(path.begin(), path.end(), target) != path.end()) continue;
    id += std::string(static_cast<size_t>(depth) + 1, '_') + MakeId(target, depth + 1, path);
  }
  path.pop_back();
  return id;
}

std::string NpmGraph::IdOf(size_t index) const {
  std::vector<size_t> path;
  return MakeId(index, 0, path);
}

LockedPackages NpmGraph::ToLock() const {
  std::vector<std::string> ids;
  for (size_t i = 0; i < packages_.size(); ++i) ids.push_back(IdOf(i));
  LockedPackages locked;
  for (size_t i = 0; i < packages_.size(); ++i) {
    const NpmPackage& package = packages_[i];
    const NpmRelease& release = *package.release;
    LockedPackage& entry = locked[ids[i]];
    entry.integrity = release.integrity;
    entry.os = release.os;
    entry.cpu = release.cpu;
    entry.libc = release.libc;
    entry.tarball = release.tarball;
    entry.deprecated = !release.deprecated.empty();
    entry.has_scripts = release.has_scripts;
    entry.has_bin = release.has_bin;
    for (const auto& [name, target] : package.links) {
      const auto& peers = release.optional_peers;
      auto& links = IsOptional(package, name) ? entry.optional
                    : std::find(peers.begin(), peers.end(), name) != peers.end()
                        ? entry.optional_peers
                        : entry.dependencies;
      links[name] = ids[target];
    }
  }
  return locked;
}

}  // namespace rt
