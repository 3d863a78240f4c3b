#include "src/module/remote/npm_packages.h"

#include "src/base/cache_names.h"
#include "src/base/redact.h"
#include "src/config/package_name.h"
#include "src/config/project.h"
#include "src/ext/url/parser.h"
#include "src/ext/url/percent.h"
#include "src/loop/all_of.h"
#include "src/loop/co_try.h"
#include "src/loop/pool_task.h"
#include "src/typescript/files.h"

namespace rt {
namespace {

constexpr size_t kAtOnce = 24;
constexpr int kMaxRedirects = 5;
constexpr size_t kMaxRepaired = size_t{512} << 20;
constexpr const char* kNotCachedCode = "ERR_NOT_CACHED";
// The abbreviated form, where a registry has it.
constexpr const char* kAccept =
    "application/vnd.npm.install-v1+json; q=1.0, application/json; q=0.8, */*";

std::string EncodedName(const std::string& name) {
  const size_t slash = name.find('/');
  return slash == std::string::npos ? name : name.substr(0, slash) + "%2f" + name.substr(slash + 1);
}

std::string UsualTarball(const std::string& registry, const NpmRelease& release) {
  const std::string& name = release.name;
  const size_t slash = name.find('/');
  const std::string base = slash == std::string::npos ? name : name.substr(slash + 1);
  return registry + name + "/-/" + base + "-" + release.version + ".tgz";
}

std::string Named(const NpmRelease& release) {
  return "\"" + release.name + "@" + release.version + "\"";
}

}  // namespace

NpmPackages::NpmPackages(OpHost& host, RemoteClient& client, NpmOptions options,
                         std::shared_ptr<LockFile> lock, const std::string& folder)
    : host_(host),
      client_(client),
      options_(std::move(options)),
      lock_(std::move(lock)),
      folders_(folder),
      store_(folder.empty() ? "" : cache::PathOf(folder, cache::kNpm) + "/.registry"),
      has_folder_(!folder.empty()) {}

Error NpmPackages::NotCached(const std::string& what) const {
  return Error::Make(
      ErrorClass::kTypeError,
      "npm package not found in cache: \"" + what + "\", --cached-only is specified.",
      kNotCachedCode);
}

std::string NpmPackages::TarballOf(const NpmRelease& release) const {
  return release.tarball.empty() ? UsualTarball(options_.config.RegistryOf(release.name), release)
                                 : release.tarball;
}

std::string NpmPackages::FolderOf(const NpmRelease& release) const {
  return folders_.PathOf(options_.config.RegistryOf(release.name), release.name, release.version);
}

Result<void> NpmPackages::LoadOverrides() {
  if (overrides_loaded_ || options_.package_json.empty()) return {};
  RT_TRY(const std::optional<std::string> text, ReadConfigText(options_.package_json));
  overrides_loaded_ = true;
  const auto json = text ? ParseJson(*text) : Result<Json>(Json());
  // What else is wrong with it is told by whoever needs more of it.
  if (!json.ok() || !json->AsObject()) return {};
  auto overrides = NpmOverrides::Parse(*json);
  if (!overrides.ok()) {
    overrides_loaded_ = false;
    Error error = overrides.TakeError();
    error.message += " (" + options_.package_json + ")";
    return error;
  }
  graph_ = NpmGraph(std::make_shared<const NpmOverrides>(std::move(*overrides)));
  return {};
}

Result<void> NpmPackages::LoadLock() {
  RT_TRY_VOID(LoadOverrides());
  if (lock_loaded_ || !lock_) return {};
  NpmGraph graph = graph_;
  if (auto added = graph.AddLocked(lock_->Npm()); !added.ok()) {
    return Error::Type("The lock file is damaged: " + added.error().message);
  }
  lock_loaded_ = true;
  if (graph.MeetsOverrides()) {
    graph_ = std::move(graph);
    is_lock_current_ = true;
  }
  return {};
}

Task<Result<NpmSubpath>> NpmPackages::Resolve(std::string specifier) {
  // As a URL it has "^" and the like percent-encoded.
  const std::string decoded = url::PercentDecode(std::string_view(specifier).substr(4));
  std::string_view text = decoded;
  if (text.starts_with('/')) text.remove_prefix(1);
  const auto package = ParsePackageName(text);
  if (!package || !IsNpmName(package->name)) {
    co_return Error::Type("\"" + specifier + "\" is no npm: specifier (npm:name[@version][/path])");
  }
  if (options_.no_npm) {
    co_return Error::Type("Following npm specifiers were requested: \"" + decoded +
                          "\"; but --no-npm is specified.");
  }
  if (!has_folder_) {
    co_return Error::Type(
        "npm packages need a folder to be kept in, and there is none: set RT_DIR");
  }
  // Asked also for what is on the disk.
  const auto allowed = client_.CheckHost(options_.config.RegistryOf(package->name));
  if (!allowed.ok()) co_return Error(allowed.error());
  RT_CO_TRY_VOID(folders_.Prepare());
  const NpmRequest request{package->name, package->range.empty() ? "*" : package->range};
  {
    // One at a time, so that what is resolved does not depend on how fast a registry answers.
    const Turnstile::Pass pass = co_await resolving_.Enter();
    if (!graph_.Find(request)) RT_CO_TRY_VOID(co_await ResolveRequest(request));
  }
  const size_t root = *graph_.Find(request);
  {
    // All that is known to be needed by now goes at once, whoever needs it.
    wanted_.insert(root);
    const Turnstile::Pass pass = co_await installing_.Enter();
    std::set<size_t> packages;
    for (const size_t each : std::exchange(wanted_, {})) {
      const std::vector<size_t> closure = graph_.Closure(each);
      packages.insert(closure.begin(), closure.end());
    }
    std::vector<size_t> list(packages.begin(), packages.end());
    RT_CO_TRY_VOID(co_await InstallAll(std::move(list)));
  }
  // What is optional may fail.
  for (const size_t index : graph_.Closure(root, /*with_optional=*/false)) {
    const std::string folder = FolderOf(*graph_.packages()[index].release);
    if (installed_.contains(folder)) continue;
    const auto failure = failures_.find(folder);
    if (failure == failures_.end())
      co_return Error::Type("npm package is not installed: " + folder);
    co_return Error(failure->second);
  }
  co_return NpmSubpath{FolderOf(*graph_.packages()[root].release), package->subpath};
}

Task<Result<void>> NpmPackages::ResolveRequest(NpmRequest request) {
  RT_CO_TRY_VOID(LoadLock());
  const std::string specifier = "npm:" + request.name + "@" + request.range;
  if (lock_ && is_lock_current_) {
    const auto version = lock_->VersionOf(specifier);
    if (version && graph_.AddLockedRequest(request, request.name + "@" + *version)) co_return {};
  }
  NpmGraph graph = graph_;
  graph.Want(request);
  for (;;) {
    RT_CO_TRY(std::vector<NpmGraph::Missing> missing, graph.Advance(packuments_));
    if (missing.empty()) break;
    auto load = [this](NpmGraph::Missing each) { return LoadPackument(std::move(each)); };
    RT_CO_TRY_VOID(co_await EachOf(std::move(missing), kAtOnce, std::move(load)));
  }
  if (lock_) {
    LockedPackages packages = graph.ToLock();
    for (auto& [id, package] : packages) {
      const auto name = ParseLockedId(id);
      if (!name) continue;
      const NpmRelease release{.name = name->name, .version = name->version};
      const std::string& registry = options_.config.RegistryOf(name->name);
      if (package.tarball == UsualTarball(registry, release)) package.tarball.clear();
    }
    const std::string id = graph.IdOf(*graph.Find(request));
    RT_CO_TRY_VOID(lock_->AddNpm(packages, specifier, id.substr(request.name.size() + 1),
                                 /*replace=*/!is_lock_current_));
  }
  graph_ = std::move(graph);
  co_return {};
}

Task<Result<void>> NpmPackages::LoadPackument(NpmGraph::Missing missing) {
  const std::string name = std::move(missing.name);
  if (const auto known = packuments_.find(name); known != packuments_.end() && !missing.anew) {
    co_return {};
  }
  const std::string url = options_.config.RegistryOf(name) + EncodedName(name);
  const bool cached_only = client_.access().cached_only;
  if (cached_only && !store_.Get(url)) co_return NotCached(name);
  RemoteRequest request{.url = url,
                        .store = &store_,
                        .accept = kAccept,
                        .reload_as = "npm:" + name,
                        .anew = missing.anew};
  auto response = co_await Download(std::move(request));
  // With --cached-only there is nothing newer to be had.
  KnownPackument known{.packument = {}, .is_fresh = cached_only || client_.IsFresh(url)};
  if (response.ok()) {
    RT_CO_TRY(known.packument, Packument::Parse(response->body, name));
  } else if (response.error().code == "ERR_MODULE_NOT_FOUND") {
    known.is_fresh = true;
  } else {
    co_return response.TakeError();
  }
  packuments_.insert_or_assign(name, std::move(known));
  co_return {};
}

// With the login for wherever it is, along redirects.
Task<Result<StoredResponse>> NpmPackages::Download(RemoteRequest request) {
  for (int hop = 0; hop <= kMaxRedirects; ++hop) {
    RemoteRequest sent = request;
    sent.authorization = options_.config.AuthorizationFor(sent.url);
    sent.timeout_ms = options_.config.fetch_timeout_ms();
    auto response = co_await client_.Get(std::move(sent));
    if (!response.ok()) co_return response.TakeError();
    if (response->redirect.empty()) co_return std::move(response).value();
    if (request.url.starts_with("https:") && !response->redirect.starts_with("https:")) {
      co_return Error::Type("\"" + request.url + "\" redirects from https to \"" +
                            RedactCredentials(response->redirect) + "\", which is not allowed");
    }
    request.url = response->redirect;
  }
  co_return Error::Make(ErrorClass::kHttp,
                        "Too many redirects while loading \"" + request.url + "\"");
}

Task<Result<void>> NpmPackages::InstallAll(std::vector<size_t> packages, bool anew) {
  std::vector<Fetched> fetched;
  auto fetch = [this, &fetched, anew](size_t index) { return FetchPackage(index, fetched, anew); };
  RT_CO_TRY_VOID(co_await EachOf(std::move(packages), kAtOnce, std::move(fetch)));
  if (fetched.empty()) co_return {};
  std::vector<std::shared_ptr<PackageFolders::Unpacked>> unpacked;
  for (const Fetched& each : fetched) unpacked.push_back(each.unpacked);
  auto commit = [folders = folders_, unpacked] { return folders.Commit(unpacked); };
  unpacked.clear();
  std::vector<Result<void>> results = co_await OnPool(host_.loop(), std::move(commit));
  for (size_t i = 0; i < fetched.size(); ++i) {
    if (results[i].ok()) {
      Installed(fetched[i].index);
    } else {
      Failed(fetched[i].index, results[i].TakeError());
    }
  }
  co_return {};
}

void NpmPackages::Installed(size_t index) {
  const NpmRelease& release = *graph_.packages()[index].release;
  const std::string folder = FolderOf(release);
  failures_.erase(folder);
  installed_.emplace(folder, index);
  if (!lock_ || !release.integrity.empty()) return;
  const auto kept = folders_.InstalledFrom(folder);
  if (!kept) return;
  auto locked = lock_->SetNpmIntegrity(graph_.IdOf(index), kept->sha512);
  if (locked.ok()) return;
  installed_.erase(folder);
  Failed(index, locked.TakeError());
}

void NpmPackages::Failed(size_t index, Error error) {
  const NpmRelease& release = *graph_.packages()[index].release;
  if (error.code != kNotCachedCode)
    error.message = "npm package " + Named(release) + ": " + error.message;
  failures_.insert_or_assign(FolderOf(release), std::move(error));
}

// Errors go to failures_: they concern those who need the package.
Task<Result<void>> NpmPackages::FetchPackage(size_t index, std::vector<Fetched>& fetched,
                                             bool anew) {
  const std::shared_ptr<const NpmRelease> release = graph_.packages()[index].release;
  const std::string folder = FolderOf(*release);
  if (installed_.contains(folder) && !anew) co_return {};
  const std::string url = TarballOf(*release);
  const auto kept = folders_.InstalledFrom(folder);
  const bool is_right =
      kept && (release->integrity.empty() || CheckIntegrity(*kept, release->integrity).ok());
  if (is_right && !anew && !client_.MustReload(url, "npm:" + release->name)) {
    Installed(index);
    co_return {};
  }
  if (client_.access().cached_only) {
    Failed(index, NotCached(release->name + "@" + release->version));
    co_return {};
  }
  if (options_.config.RegistryOf(release->name).starts_with("https:") &&
      !url.starts_with("https:")) {
    Failed(index, Error::Type("its registry is served by https, but its tarball is not: \"" +
                              RedactCredentials(url) + "\""));
    co_return {};
  }
  RemoteRequest request{.url = url};
  auto response = co_await Download(std::move(request));
  if (!response.ok()) {
    Failed(index, response.TakeError());
    co_return {};
  }
  auto unpack = [folders = folders_, folder, tarball = std::move(response->body),
                 integrity = release->integrity] {
    return folders.Unpack(folder, tarball, integrity);
  };
  auto unpacked = co_await OnPool(host_.loop(), std::move(unpack));
  if (unpacked.ok()) {
    fetched.push_back({index, *unpacked});
  } else {
    Failed(index, unpacked.TakeError());
  }
  co_return {};
}

const PackageManifest* NpmPackages::ManifestOf(const std::string& folder) {
  const auto [place, is_new] = manifests_.try_emplace(folder);
  if (is_new) place->second = folders_.ManifestOf(folder);
  return place->second.get();
}

Task<Result<void>> NpmPackages::Repair(size_t index) {
  const Turnstile::Pass pass = co_await installing_.Enter();
  const std::string folder = FolderOf(*graph_.packages()[index].release);
  failures_.erase(folder);
  std::vector<size_t> packages = {index};
  RT_CO_TRY_VOID(co_await InstallAll(std::move(packages), /*anew=*/true));
  const auto failure = failures_.find(folder);
  if (failure != failures_.end()) co_return Error(failure->second);
  co_return {};
}

bool NpmPackages::HasFile(const std::string& path) {
  const auto folder = PackageOf(path);
  if (!folder || path.size() <= folder->size() + 1) return false;
  const PackageManifest* manifest = ManifestOf(*folder);
  return manifest != nullptr && manifest->Has(std::string_view(path).substr(folder->size() + 1));
}

Result<std::optional<std::string>> NpmPackages::Published(const std::string& path,
                                                          std::optional<std::string> content) {
  const auto folder = PackageOf(path);
  if (!folder || path.size() <= folder->size() + 1) return content;
  const std::string name = path.substr(folder->size() + 1);
  const auto is_right = [&](const PackageManifest* manifest) {
    if (manifest == nullptr) return false;
    return content ? manifest->Matches(name, *content) : !manifest->Has(name);
  };
  if (is_right(ManifestOf(*folder))) return content;
  const size_t index = installed_.at(*folder);
  const NpmRelease& release = *graph_.packages()[index].release;
  const std::string damaged = "npm package " + Named(release) + " is damaged in the cache: \"" +
                              path + "\" is not what was published";
  if (client_.access().cached_only) {
    return Error::Make(ErrorClass::kError, damaged + ", and --cached-only is specified",
                       kNotCachedCode);
  }
  if (!repaired_.insert(*folder).second) return Error::Make(ErrorClass::kError, damaged);
  struct Listener final : Task<Result<void>>::Listener {
    void OnTaskDone() override {}
  } listener;
  auto repair = Repair(index);
  repair.Start(&listener);
  while (!repair.done()) host_.loop().Poll(true);
  auto repaired = repair.TakeValue();
  if (!repaired.ok()) {
    Error error = repaired.TakeError();
    error.message = damaged + ", and it cannot be loaded again: " + error.message;
    return error;
  }
  manifests_.erase(*folder);
  content = typescript::ReadWholeFile(path, kMaxRepaired);
  if (!is_right(ManifestOf(*folder))) return Error::Make(ErrorClass::kError, damaged);
  return content;
}

std::optional<std::string> NpmPackages::PackageOf(const std::string& path) const {
  const std::string& root = folders_.root();
  if (installed_.empty() || !path.starts_with(root) || path.size() <= root.size() ||
      path[root.size()] != '/') {
    return std::nullopt;
  }
  // <root>/<registry>/[@scope/]<name>/<version>
  size_t at = root.size();
  const auto next = [&] {
    if (at == path.size()) return false;
    at = std::min(path.find('/', at + 1), path.size());
    return true;
  };
  if (!next()) return std::nullopt;
  for (int left = path.compare(at, 2, "/@") == 0 ? 3 : 2; left > 0; --left) {
    if (!next()) return std::nullopt;
  }
  std::string folder = path.substr(0, at);
  if (!installed_.contains(folder)) return std::nullopt;
  return folder;
}

std::optional<std::string> NpmPackages::FolderOf(const std::string& name,
                                                 const std::string& folder) const {
  const auto found = installed_.find(folder);
  if (found == installed_.end()) return std::nullopt;
  const NpmPackage& package = graph_.packages()[found->second];
  if (package.release->name == name) return folder;
  const auto link = package.links.find(name);
  if (link == package.links.end()) return std::nullopt;
  std::string target = FolderOf(*graph_.packages()[link->second].release);
  if (!installed_.contains(target)) return std::nullopt;
  return target;
}

}  // namespace rt
