#include "src/module/remote/remote_modules.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>
#include <vector>

#include "src/base/cache_names.h"
#include "src/base/digest.h"
#include "src/base/redact.h"
#include "src/config/package_name.h"
#include "src/ext/url/parser.h"
#include "src/ext/url/percent.h"
#include "src/module/npm/semver.h"
#include "src/module/remote/charset.h"
#include "src/module/remote/npm_packages.h"

namespace rt {
namespace {

constexpr size_t kMaxDownloads = 32;
constexpr int kMaxRedirects = 10;
constexpr uint64_t kProgressAfterMs = 400;

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
  return lower;
}

std::string_view PathnameOf(std::string_view url) {
  return url.substr(0, url.find_first_of("?#"));
}

// What may stand in a file that people share.
std::string WithoutCredentials(const std::string& url) {
  const auto record = url::ParseUrl(url);
  if (!record || !record->HasCredentials()) return url;
  return url.substr(0, record->at.protocol_end + 2) + url.substr(record->at.host_start);
}

// What a response is: by its media type where that says something, else by the URL's path.
void Classify(const StoredResponse& response, RemoteModule& module) {
  const std::string type = Lower(response.content_type.substr(0, response.content_type.find(';')));
  const auto is = [&](std::initializer_list<std::string_view> names) {
    return std::find(names.begin(), names.end(), type) != names.end();
  };
  using typescript::MediaType;
  const MediaType by_path = typescript::MediaTypeOf(PathnameOf(response.url));
  if (is({"application/json", "text/json"}) || type.ends_with("+json")) {
    module.is_json = true;
  } else if (is({"application/typescript", "text/typescript", "video/vnd.dlna.mpeg-tts",
                 "video/mp2t", "application/x-typescript"})) {
    const bool is_typescript =
        by_path == MediaType::kMts || by_path == MediaType::kCts || by_path == MediaType::kTsx;
    module.media = is_typescript ? by_path : MediaType::kTypeScript;
  } else if (is({"application/javascript", "text/javascript", "application/ecmascript",
                 "text/ecmascript", "application/x-javascript", "application/node"})) {
    module.media = by_path == MediaType::kJsx ? by_path : MediaType::kJavaScript;
  } else if (is({"application/wasm"})) {
    module.is_wasm = true;
  } else if (is({"text/jsx"})) {
    module.media = MediaType::kJsx;
  } else if (is({"text/tsx"})) {
    module.media = MediaType::kTsx;
  } else {
    module.media = by_path;
    module.is_json = PathnameOf(response.url).ends_with(".json");
    module.is_wasm = PathnameOf(response.url).ends_with(".wasm");
  }
}

}  // namespace

Result<std::string> RemoteModule::Decoded() const {
  auto decoded = DecodeBody(text, content_type);
  if (!decoded.ok()) {
    Error error = decoded.TakeError();
    error.message += " (" + RedactCredentials(url) + ")";
    return error;
  }
  return decoded;
}

struct RemoteModules::Download final : Task<Result<RemoteModule>>::Listener {
  Download(RemoteModules& owner_in, std::string url_in) : owner(owner_in), url(std::move(url_in)) {}
  void OnTaskDone() override { owner.Ended(this); }

  RemoteModules& owner;
  std::string url;
  std::optional<Task<Result<RemoteModule>>> task;
  std::optional<Result<RemoteModule>> result;
};

RemoteModules::RemoteModules(OpHost& host, RemoteOptions options)
    : host_(host),
      options_(std::move(options)),
      store_(cache::PathOf(options_.folder, cache::kRemote)),
      client_(host, options_.access),
      npm_(std::make_unique<NpmPackages>(host, client_, options_.npm, options_.lock,
                                         options_.folder)),
      progress_timer_(host.loop()) {}

RemoteModules::~RemoteModules() {
  HideProgress();
  for (size_t i = 0; i < waiting_.size(); ++i) host_.loop().ReleaseRef();
  waiting_.clear();
  // Here, while all that they use is there: one that goes may let another go on, which then ends.
  downloads_.clear();
  for (size_t i = 0; i < active_; ++i) host_.loop().ReleaseRef();
}

PackageStore& RemoteModules::npm() {
  return *npm_;
}

const PackageStore& RemoteModules::npm() const {
  return *npm_;
}

bool RemoteModules::IsRemote(std::string_view url) {
  return url.starts_with("https:") || url.starts_with("http:") || url.starts_with("jsr:") ||
         url.starts_with("npm:");
}

void RemoteModules::Want(const std::string& url) {
  auto [place, is_new] = downloads_.try_emplace(url);
  if (!is_new) return;
  place->second = std::make_unique<Download>(*this, url);
  host_.loop().AddRef();
  waiting_.push_back(place->second.get());
  StartNext();
}

void RemoteModules::StartNext() {
  while (active_ < kMaxDownloads && !waiting_.empty()) {
    Download* download = waiting_.front();
    waiting_.pop_front();
    ++active_;
    if (options_.progress && active_ == 1 && !progress_shown_) {
      progress_timer_.Start(kProgressAfterMs, [this] { ShowProgress(); });
    }
    latest_ = download->url;
    download->task.emplace(Load(download->url));
    download->task->Start(download);
    // Told by the listener only if it had to wait.
    if (download->task->done()) Ended(download);
  }
}

void RemoteModules::Ended(Download* download) {
  download->result.emplace(download->task->TakeValue());
  download->task.reset();
  --active_;
  host_.loop().ReleaseRef();
  news_ = true;
  host_.loop().NoteWork();
  if (active_ == 0 && waiting_.empty()) HideProgress();
  StartNext();
}

Result<RemoteModule>* RemoteModules::Find(const std::string& url) {
  const auto found = downloads_.find(url);
  return found == downloads_.end() || !found->second->result ? nullptr : &*found->second->result;
}

void RemoteModules::ForgetEnded() {
  std::erase_if(downloads_, [](const auto& each) { return each.second->result.has_value(); });
}

Result<void> RemoteModules::Settle() {
  return options_.lock ? options_.lock->Save() : Result<void>();
}

void RemoteModules::ShowProgress() {
  progress_shown_ = true;
  const size_t total = active_ + waiting_.size();
  if (total == 0) return;
  std::string line = "Downloading " + std::to_string(total) +
                     (total == 1 ? " module: " : " modules: ") + RedactCredentials(latest_);
  for (char& c : line) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
  }
  if (line.size() > 78) line.replace(75, std::string::npos, "...");
  std::fprintf(stderr, "\r\x1b[K%s", line.c_str());
  std::fflush(stderr);
  progress_timer_.Start(kProgressAfterMs, [this] { ShowProgress(); });
}

void RemoteModules::HideProgress() {
  progress_timer_.Stop();
  if (!progress_shown_) return;
  progress_shown_ = false;
  std::fprintf(stderr, "\r\x1b[K");
  std::fflush(stderr);
}

Task<Result<StoredResponse>> RemoteModules::Get(std::string url, bool anew) {
  return client_.Get({.url = std::move(url), .store = &store_, .anew = anew});
}

Task<Result<RemoteModule>> RemoteModules::Load(std::string url) {
  if (url.starts_with("npm:")) {
    RemoteModule module;
    RT_CO_TRY(module.package, co_await npm_->Resolve(url));
    co_return module;
  }
  if (options_.no_remote) {
    co_return Error::Make(ErrorClass::kTypeError, "A remote specifier was requested: \"" +
                                                      RedactCredentials(url) +
                                                      "\", but --no-remote is specified");
  }
  if (url.starts_with("jsr:")) {
    std::string specifier = url;
    RT_CO_TRY(url, co_await ResolveJsr(std::move(specifier)));
  }
  // Locked once they have led to a module.
  std::vector<std::pair<std::string, std::string>> redirects;
  for (int hop = 0; hop <= kMaxRedirects; ++hop) {
    RT_CO_TRY(StoredResponse response, co_await Get(url, /*anew=*/false));
    if (response.redirect.empty()) {
      if (url.starts_with(options_.jsr_url + "@")) {
        auto checked = co_await CheckJsrFile(url, response.body);
        if (!checked.ok()) co_return checked.TakeError();
      } else if (options_.lock) {
        auto checked = options_.lock->CheckRemote(WithoutCredentials(url), response.body);
        if (!checked.ok()) co_return checked.TakeError();
      }
      for (const auto& [from, to] : redirects) {
        auto added = options_.lock->AddRedirect(from, to);
        if (!added.ok()) co_return added.TakeError();
      }
      RemoteModule module;
      module.url = std::move(url);
      Classify(response, module);
      if (!response.types.empty()) {
        const auto base = url::ParseUrl(module.url);
        const auto types = url::ParseUrl(response.types, base ? &*base : nullptr);
        if (types) module.types = types->href;
      }
      module.content_type = std::move(response.content_type);
      module.text = std::move(response.body);
      co_return module;
    }
    if (url.starts_with("https:") && !response.redirect.starts_with("https:")) {
      co_return Error::Make(ErrorClass::kTypeError, "\"" + url + "\" redirects from https to \"" +
                                                        RedactCredentials(response.redirect) +
                                                        "\", which is not allowed");
    }
    if (options_.lock) {
      const auto& [from, to] =
          redirects.emplace_back(WithoutCredentials(url), WithoutCredentials(response.redirect));
      auto held = options_.lock->CheckRedirect(from, to);
      if (!held.ok()) co_return held.TakeError();
    }
    url = std::move(response.redirect);
  }
  co_return Error::Make(ErrorClass::kHttp,
                        "Too many redirects while loading \"" + RedactCredentials(url) + "\"");
}

// ---- JSR ----------------------------------------------------------------------------------------
// https://jsr.io/docs/api: <registry>/@scope/name/meta.json names the versions,
// <registry>/@scope/name/<version>_meta.json the exports and the hash of every file.

Task<Result<const Json*>> RemoteModules::LoadJson(std::string url, bool anew) {
  if (auto known = json_.find(url); known != json_.end() && !anew) {
    co_return known->second.get();
  }
  RT_CO_TRY(StoredResponse response, co_await Get(url, anew));
  if (!response.redirect.empty()) {
    co_return Error::Type("The registry's \"" + url + "\" is a redirect");
  }
  auto json = ParseJson(response.body);
  if (!json.ok() || !json->AsObject()) {
    co_return Error::Type("The registry's \"" + url + "\" is no JSON object");
  }
  auto& place = json_[url];
  place = std::make_unique<Json>(std::move(json).value());
  co_return place.get();
}

Task<Result<std::string>> RemoteModules::ChooseJsrVersion(std::string name, std::string range) {
  const std::string specifier = "jsr:" + name + "@" + (range.empty() ? "*" : range);
  if (options_.lock) {
    if (auto locked = options_.lock->VersionOf(specifier)) co_return std::move(*locked);
  }
  const std::string url = options_.jsr_url + name + "/meta.json";
  const auto wanted = VersionRange::Parse(range);
  if (!wanted)
    co_return Error::Type("\"" + range + "\" is no range of versions (" + specifier + ")");
  // What is cached may be older than the version that is asked for.
  for (const bool again : {false, true}) {
    if (again && (options_.access.cached_only || client_.IsFresh(url))) break;
    RT_CO_TRY(const Json* meta, co_await LoadJson(url, again));
    const Json* versions = meta->Find("versions");
    const Json::Object* members = versions ? versions->AsObject() : nullptr;
    if (!members) co_return Error::Type("The registry's \"" + url + "\" names no versions");
    std::optional<Version> best;
    for (const auto& [text, about] : *members) {
      auto version = Version::Parse(text);
      const Json* yanked = about.Find("yanked");
      if (!version || (yanked && yanked->AsBool() && *yanked->AsBool())) continue;
      if (wanted->Contains(*version) && (!best || *best < *version)) best = std::move(version);
    }
    if (best) {
      const std::string text = best->ToString();
      if (options_.lock) {
        auto added = options_.lock->AddSpecifier(specifier, text);
        if (!added.ok()) co_return added.TakeError();
      }
      co_return text;
    }
  }
  co_return Error::Make(ErrorClass::kTypeError,
                        "Could not find a version of \"" + name + "\" that matches \"" +
                            (range.empty() ? "*" : range) + "\"",
                        "ERR_MODULE_NOT_FOUND");
}

Task<Result<std::string>> RemoteModules::ResolveJsr(std::string specifier) {
  // As a URL it has "^" and the like percent-encoded.
  const std::string decoded = url::PercentDecode(std::string_view(specifier).substr(4));
  std::string_view text = decoded;
  if (text.starts_with('/')) text.remove_prefix(1);
  const auto package = ParsePackageName(text);
  if (!package || !package->name.starts_with('@')) {
    co_return Error::Type("\"" + specifier +
                          "\" is no jsr: specifier (jsr:@scope/name[@version][/path])");
  }
  std::string range = package->range;
  RT_CO_TRY(const std::string version, co_await ChooseJsrVersion(package->name, std::move(range)));
  const std::string base = options_.jsr_url + package->name + "/" + version;
  RT_CO_TRY(const Json* meta, co_await LoadJson(base + "_meta.json", false));
  const Json* exports = meta->Find("exports");
  const std::string* path = exports ? exports->FindString(package->subpath) : nullptr;
  if (exports && !path && package->subpath == ".") path = exports->AsString();
  if (!path || !path->starts_with("./") || path->find("/../") != std::string::npos) {
    co_return Error::Make(
        ErrorClass::kTypeError,
        "Unknown export '" + package->subpath + "' for '" + package->name + "@" + version + "'",
        "ERR_PACKAGE_PATH_NOT_EXPORTED");
  }
  co_return base + path->substr(1);
}

Task<Result<void>> RemoteModules::CheckJsrFile(const std::string& url, const std::string& body) {
  // <registry>/@scope/name/version/path
  const std::string file = url;
  size_t slash = options_.jsr_url.size();
  for (int i = 0; i < 2 && slash != std::string::npos; ++i) slash = file.find('/', slash + 1);
  const size_t version_end = slash == std::string::npos ? slash : file.find('/', slash + 1);
  if (version_end == std::string::npos) co_return {};
  const std::string base = file.substr(0, version_end);
  const std::string hash = Sha256Hex(body);
  const size_t name_start = options_.jsr_url.size();
  const std::string package = file.substr(name_start, slash - name_start) + "@" +
                              file.substr(slash + 1, version_end - slash - 1);
  RT_CO_TRY(const Json* meta, co_await LoadJson(base + "_meta.json", false));
  if (options_.lock) {
    const auto stored = store_.Get(base + "_meta.json");
    auto checked = stored ? options_.lock->CheckJsr(package, stored->body) : Result<void>();
    if (!checked.ok()) co_return checked.TakeError();
  }
  const Json* manifest = meta->Find("manifest");
  const Json* entry = manifest ? manifest->Find(file.substr(version_end)) : nullptr;
  const std::string* expected = entry ? entry->FindString("checksum") : nullptr;
  if (!expected || *expected != "sha256-" + hash) {
    co_return Error::Make(ErrorClass::kError, "Integrity check failed for \"" + file +
                                                  "\": it is not the file that was published");
  }
  co_return {};
}

}  // namespace rt
