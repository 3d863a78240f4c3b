// RemoteModules: the modules that other hosts serve (http:, https:, jsr:), from the cache on disk
// or loaded now, several at once. Every host, redirects included, needs the import permission, and
// so does the address it has. Runs no JavaScript. Runtime's thread only.
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <unordered_map>
#include <unordered_set>

#include "src/ext/fetch/fetch.h"
#include "src/loop/loop_timer.h"
#include "src/module/remote/lock_file.h"
#include "src/module/remote/store.h"
#include "src/typescript/media_type.h"

namespace rt {

struct RemoteOptions {
  std::string folder = {};  // of the cache; "" keeps nothing
  bool cached_only = false;
  bool no_remote = false;
  // Given: what is cached is asked for again, once a run; all of it, or what begins with one of
  // these.
  std::optional<std::vector<std::string>> reload = {};
  std::string jsr_url = "https://jsr.io/";  // ends with "/"
  std::shared_ptr<LockFile> lock = {};      // null: none
  bool progress = false;                    // a line on stderr while something is slow
};

struct RemoteModule {
  std::string url;  // where redirects ended; the module's identity
  std::string text;
  bool is_json = false;
  typescript::MediaType media = typescript::MediaType::kJavaScript;
};

class RemoteModules {
 public:
  RemoteModules(OpHost& host, RemoteOptions options);
  ~RemoteModules();
  RemoteModules(const RemoteModules&) = delete;
  RemoteModules& operator=(const RemoteModules&) = delete;

  static bool IsRemote(std::string_view url);

  // Starts loading, unless that has been done. Errors come out of Find().
  void Want(const std::string& url);
  // Null: still loading, or not wanted. Valid until ForgetEnded.
  Result<RemoteModule>* Find(const std::string& url);
  // Lets go of what ended: texts that are compiled, failures (the next import tries again).
  void ForgetEnded();
  // Something has ended since the last call.
  bool TakeNews() { return std::exchange(news_, false); }
  bool has_news() const { return news_; }
  // No more is wanted for now: the lock file is written if it changed. An error to be told, not to
  // stop for.
  Result<void> Settle();

 private:
  struct Download;

  Task<Result<RemoteModule>> Load(std::string url);
  // One answer, from the cache or the network: a body or a redirect.
  Task<Result<StoredResponse>> Get(std::string url, bool may_be_absent);
  Task<Result<StoredResponse>> Fetch(std::string url, GrantedConnect host,
                                     std::optional<StoredResponse> stored);
  // The URL of the file that a jsr: specifier means.
  Task<Result<std::string>> ResolveJsr(std::string specifier);
  Task<Result<std::string>> ChooseJsrVersion(std::string name, std::string range);
  // Whether a file of a JSR package is the one that was published.
  Task<Result<void>> CheckJsrFile(const std::string& url, const std::string& body);
  Task<Result<const Json*>> LoadJson(std::string url, bool reload_once);
  bool MustReload(const std::string& url) const;
  void StartNext();
  void Ended(Download* download);
  void ShowProgress();
  void HideProgress();

  OpHost& host_;
  RemoteOptions options_;
  RemoteStore store_;
  std::unique_ptr<HttpClient> client_;  // made when first needed
  std::unordered_map<std::string, std::unique_ptr<Download>> downloads_;
  std::deque<Download*> waiting_;
  size_t active_ = 0;
  bool news_ = false;
  std::unordered_set<std::string> reloaded_;  // asked for anew in this run
  std::unordered_set<std::string> outdated_;  // cached, but too old for what is wanted
  std::unordered_map<std::string, std::unique_ptr<Json>> json_;
  LoopTimer progress_timer_;
  bool progress_shown_ = false;
  std::string latest_;  // what the progress line names
};

}  // namespace rt
