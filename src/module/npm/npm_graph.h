// Which packages a program has: from what it asks for and what registries say, one version for each
// name in each place, as few versions as the ranges allow. Pure: it asks for what it has to know
// and goes on when it is told. Any thread. Copied before it is changed, so that what could not be
// resolved leaves nothing behind.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "src/base/result.h"
#include "src/module/npm/locked_packages.h"
#include "src/module/npm/overrides.h"
#include "src/module/npm/packument.h"

namespace rt {

struct NpmPackage {
  std::shared_ptr<const NpmRelease> release;
  // What its code finds under a name: the index of a package.
  std::map<std::string, size_t> links = {};
  std::vector<std::string> peers = {};  // the names in `links` that others chose
  std::optional<size_t> parent = {};    // who asked first
  std::string id = {};                  // in the lock file
};

// What is known of a registry's packages. By name; nothing: there is no such package.
struct KnownPackument {
  std::optional<Packument> packument;
  bool is_fresh = false;  // asked for in this run
};
using Packuments = std::unordered_map<std::string, KnownPackument>;

class NpmGraph {
 public:
  // `overrides`: of the project. May be null.
  explicit NpmGraph(std::shared_ptr<const NpmOverrides> overrides = nullptr)
      : overrides_(std::move(overrides)) {}

  struct Missing {
    std::string name;
    bool anew = false;  // what is known is too old
  };

  // What the lock file says. TypeError if it contradicts itself.
  Result<void> AddLocked(const LockedPackages& packages);
  // That `request` is the package of this id. False: there is no such.
  bool AddLockedRequest(const NpmRequest& request, const std::string& id);

  // Whether the packages so far are what the overrides say: a lock file may be older than they are.
  bool MeetsOverrides() const;

  // The package a program's request means; nothing: not resolved yet.
  std::optional<size_t> Find(const NpmRequest& request) const;
  void Want(const NpmRequest& request);
  // Resolves what is wanted, as far as it gets. Empty: it is done. Error: a package or version that
  // there is not.
  Result<std::vector<Missing>> Advance(const Packuments& packuments);

  const std::vector<NpmPackage>& packages() const { return packages_; }
  // `root` and all it needs on this machine, each once; or all it cannot do without.
  std::vector<size_t> Closure(size_t root, bool with_optional = true) const;
  LockedPackages ToLock() const;
  // In the lock file.
  std::string IdOf(size_t package) const;
  bool IsOptional(const NpmPackage& package, const std::string& name) const {
    return package.release->optional.contains(name);
  }

 private:
  enum class Need : uint8_t { kRequired, kOptional };
  // Asks for what Advance has to know about it.
  Result<void> Check(const NpmRequest& request, Need need, const std::string& who,
                     const Packuments& packuments, std::vector<Missing>& missing) const;
  // The package that fits best, perhaps a new one.
  std::optional<size_t> Take(const NpmRequest& request, std::optional<size_t> parent,
                             const Packuments& packuments);
  std::optional<size_t> FindPeer(size_t package, const std::string& name) const;
  std::vector<std::string> VersionsOf(const std::string& name) const;
  std::string MakeId(size_t package, int depth, std::vector<size_t>& path) const;
  std::string Who(size_t package) const;
  // What the package asks for under `name`, the project's overrides applied. Nothing: it comes from
  // no registry.
  std::optional<NpmRequest> RequestOf(size_t package, const std::string& name,
                                      const std::string& range) const;

  std::shared_ptr<const NpmOverrides> overrides_;

  std::vector<NpmPackage> packages_;
  std::map<std::string, size_t> by_id_;  // of the lock file
  std::multimap<std::string, size_t> by_name_;
  std::map<std::string, size_t> requests_;  // "name@range"
  std::map<std::string, size_t> roots_;     // by name, for peers
  std::vector<NpmRequest> wanted_;
  std::vector<size_t> level_;  // whose dependencies come next
};

}  // namespace rt
