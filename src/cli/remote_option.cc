#include "src/cli/remote_option.h"

#include <unistd.h>

#include <cstdlib>

#include "src/cli/cache_folder.h"
#include "src/ext/url/url.h"
#include "src/module/specifier.h"

namespace rt::cli {
namespace {

// https://docs.deno.com/runtime/fundamentals/security/#importing-from-the-web
constexpr const char* kUsualHosts[] = {
    "deno.land:443",
    "jsr.io:443",
    "esm.sh:443",
    "cdn.jsdelivr.net:443",
    "raw.githubusercontent.com:443",
    "gist.githubusercontent.com:443",
};

constexpr const char* kUsualNpmRegistry = "https://registry.npmjs.org/";

// "example.com:443" of an http or https URL; empty for others.
std::string HostAndPort(const std::string& url) {
  const auto record = url::ParseUrl(url);
  if (!record || (record->scheme != url::Scheme::kHttp && record->scheme != url::Scheme::kHttps)) {
    return {};
  }
  const uint32_t port =
      record->at.port == url::kNoPort ? url::DefaultPort(record->scheme) : record->at.port;
  return std::string(record->Hostname()) + ":" + std::to_string(port);
}

// The path of the lock file; empty: none. `frozen` may come from deno.json too.
Result<std::string> LockPath(const Invocation& invocation, const Project& project,
                             const std::string& package_json, bool& frozen) {
  if (invocation.no_lock) return std::string();
  if (invocation.lock && !invocation.lock->empty()) return AbsolutePath(*invocation.lock);
  if (!project.config) {
    // A project is also what has only a package.json; those of installed packages are none.
    const bool is_project = !invocation.no_config && !package_json.empty() &&
                            package_json.find("/node_modules/") == std::string::npos;
    if (is_project) return package_json.substr(0, package_json.rfind('/')) + "/deno.lock";
    return invocation.lock || frozen ? AbsolutePath("deno.lock")
                                     : Result<std::string>(std::string());
  }
  const std::string& folder = project.config->folder;
  const Json* setting = project.config->json.Find("lock");
  if (setting && setting->AsBool() && !*setting->AsBool() && !invocation.lock) return std::string();
  std::string name = "deno.lock";
  if (setting && setting->AsString()) name = *setting->AsString();
  if (setting && setting->AsObject()) {
    if (const std::string* path = setting->FindString("path")) name = *path;
    const Json* flag = setting->Find("frozen");
    if (flag && flag->AsBool() && *flag->AsBool()) frozen = true;
  }
  return name.starts_with('/') ? name : folder + "/" + name;
}

std::optional<std::string> Variable(const std::string& name) {
  const char* value = secure_getenv(name.c_str());
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

// The package.json nearest to the main module, above it; empty: there is none.
std::string FindPackageJson(const std::string& main_url) {
  auto start = ProjectFolder(main_url);
  if (!start) return {};
  for (std::string folder = std::move(*start);; folder = folder.substr(0, folder.rfind('/'))) {
    std::string file = folder + "/package.json";
    if (access(file.c_str(), F_OK) == 0) return file;
    if (folder.empty()) return {};
  }
}

// Where the project's .npmrc would be: beside its deno.json or package.json, else the main module.
std::string NpmrcFolder(const Project& project, const std::string& main_url,
                        const std::string& package_json) {
  if (project.config) return project.config->folder;
  if (!package_json.empty()) return package_json.substr(0, package_json.rfind('/'));
  return ProjectFolder(main_url).value_or("");
}

// The environment, the project's .npmrc, the user's, and what there is without any.
Result<void> ReadNpmConfig(const Project& project, const std::string& main_url,
                           NpmOptions& options) {
  NpmConfig& config = options.config;
  options.package_json = FindPackageJson(main_url);
  for (const char* name : {"NPM_CONFIG_REGISTRY", "npm_config_registry"}) {
    const auto url = Variable(name);
    if (!url || url->empty()) continue;
    RT_TRY_VOID(config.SetRegistry(*url, name));
    break;
  }
  for (const char* name : {"NPM_CONFIG_FETCH_TIMEOUT", "npm_config_fetch_timeout"}) {
    const auto timeout = Variable(name);
    if (!timeout || timeout->empty()) continue;
    RT_TRY_VOID(config.SetFetchTimeout(*timeout, name));
    break;
  }
  std::vector<std::string> files;
  if (const std::string folder = NpmrcFolder(project, main_url, options.package_json);
      !folder.empty() || project.config) {
    files.push_back(folder + "/.npmrc");
  }
  const auto user = Variable("NPM_CONFIG_USERCONFIG");
  const auto home = Variable("HOME");
  if (user && user->starts_with('/')) {
    files.push_back(*user);
  } else if (home && home->starts_with('/')) {
    files.push_back(*home + "/.npmrc");
  }
  for (const std::string& file : files) {
    // One that may not be read is as good as none: it is another user's.
    auto text = ReadConfigText(file);
    if (!text.ok() || !*text) continue;
    RT_TRY_VOID(config.Add(**text, file, Variable));
  }
  config.SetDefault(kUsualNpmRegistry);
  return {};
}

}  // namespace

Result<RemoteOptions> MakeRemoteOptions(const Invocation& invocation, const Project& project,
                                        const std::string& main_url) {
  RemoteOptions options;
  options.folder = CacheFolder();
  options.access.cached_only = invocation.cached_only;
  options.access.reload = invocation.reload;
  options.access.tokens = AuthTokens::Parse(Variable("DENO_AUTH_TOKENS").value_or(""));
  options.no_remote = invocation.no_remote;
  options.npm.no_npm = invocation.no_npm;
  RT_TRY_VOID(ReadNpmConfig(project, main_url, options.npm));
  options.progress = !invocation.quiet && isatty(STDERR_FILENO);
  if (const char* jsr_url = secure_getenv("JSR_URL"); jsr_url != nullptr && *jsr_url != '\0') {
    const auto record = url::ParseUrl(jsr_url);
    if (!record || HostAndPort(record->href).empty()) {
      return Error::Type(std::string("JSR_URL=") + jsr_url + ": not an http or https URL");
    }
    options.jsr_url = record->href;
    if (!options.jsr_url.ends_with('/')) options.jsr_url += '/';
  }
  bool frozen = invocation.frozen;
  RT_TRY(std::string lock_path, LockPath(invocation, project, options.npm.package_json, frozen));
  if (!lock_path.empty()) {
    RT_TRY(LockFile lock, LockFile::Read(std::move(lock_path), frozen));
    options.lock = std::make_shared<LockFile>(std::move(lock));
  }
  return options;
}

void AllowUsualImports(const Invocation& invocation, const std::string& main_url,
                       const RemoteOptions& remote, PermissionOptions& permissions) {
  PermRules& rules = permissions[Perm::kImport];
  if (rules.allow_all) return;
  const bool is_said = !rules.allow_list.empty();
  if (const std::string own = HostAndPort(main_url); !own.empty()) rules.allow_list.push_back(own);
  if (is_said || invocation.os_sandbox) return;
  for (const char* host : kUsualHosts) rules.allow_list.emplace_back(host);
  rules.allow_list.push_back(HostAndPort(remote.jsr_url));
  for (const std::string& url : remote.npm.config.Registries()) {
    rules.allow_list.push_back(HostAndPort(url));
  }
}

}  // namespace rt::cli
