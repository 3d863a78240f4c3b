// NpmPackages: the packages of npm registries that a program has: resolved (npm_graph.h), loaded,
// checked and unpacked (package_folders.h), and what their code finds under a name. Runs no
// JavaScript and none of the packages' scripts. Runtime's thread only.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>

#include "src/loop/turnstile.h"
#include "src/module/npm/npm_graph.h"
#include "src/module/npm/package_folders.h"
#include "src/module/package_store.h"
#include "src/module/remote/lock_file.h"
#include "src/module/remote/npm_options.h"
#include "src/module/remote/remote_client.h"

namespace rt {

class NpmPackages final : public PackageStore {
 public:
  // `client` outlives it. `folder`: of the cache; "" means that nothing can be kept.
  NpmPackages(OpHost& host, RemoteClient& client, NpmOptions options,
              std::shared_ptr<LockFile> lock, const std::string& folder);

  // Has the package and all it needs on the disk when it ends. Errors in Deno's words.
  Task<Result<NpmSubpath>> Resolve(std::string specifier);

  // PackageStore: of the packages this program resolved, no others.
  std::optional<std::string> PackageOf(const std::string& path) const override;
  std::optional<std::string> FolderOf(const std::string& name,
                                      const std::string& folder) const override;
  bool HasFile(const std::string& path) override;
  Result<std::optional<std::string>> Published(const std::string& path,
                                               std::optional<std::string> content) override;

 private:
  Result<void> LoadOverrides();
  Result<void> LoadLock();
  Task<Result<void>> ResolveRequest(NpmRequest request);
  Task<Result<void>> LoadPackument(NpmGraph::Missing missing);
  struct Fetched {
    size_t index;
    std::shared_ptr<PackageFolders::Unpacked> unpacked;
  };
  // What goes wrong with one of them is in failures_.
  // `anew`: whether or not they are there.
  Task<Result<void>> InstallAll(std::vector<size_t> packages, bool anew = false);
  Task<Result<void>> FetchPackage(size_t index, std::vector<Fetched>& fetched, bool anew);
  Task<Result<void>> Repair(size_t index);
  const PackageManifest* ManifestOf(const std::string& folder);
  void Installed(size_t index);
  void Failed(size_t index, Error error);
  Task<Result<StoredResponse>> Download(RemoteRequest request);
  std::string TarballOf(const NpmRelease& release) const;
  std::string FolderOf(const NpmRelease& release) const;
  Error NotCached(const std::string& what) const;

  OpHost& host_;
  RemoteClient& client_;
  NpmOptions options_;
  std::shared_ptr<LockFile> lock_;
  PackageFolders folders_;
  RemoteStore store_;  // what registries say about packages
  bool has_folder_;
  bool overrides_loaded_ = false;
  bool lock_loaded_ = false;
  bool is_lock_current_ = false;  // it says what the overrides say
  NpmGraph graph_;
  Packuments packuments_;
  Turnstile resolving_;
  Turnstile installing_;
  std::set<size_t> wanted_;                            // roots that nobody has installed yet
  std::unordered_map<std::string, Error> failures_;    // by folder
  std::unordered_map<std::string, size_t> installed_;  // by folder
  // By folder; null where it is damaged.
  std::unordered_map<std::string, std::shared_ptr<const PackageManifest>> manifests_;
  std::set<std::string> repaired_;  // folders
};

}  // namespace rt
