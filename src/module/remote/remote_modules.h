// RemoteModules: the modules that other hosts serve (http:, https:, jsr:, npm:), from the cache on
// disk or loaded now, several at once. Every host, redirects included, needs the import permission,
// and so does the address it has. Runs no JavaScript. Runtime's thread only.
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <unordered_map>

#include "src/loop/loop_timer.h"
#include "src/module/package_store.h"
#include "src/module/remote/lock_file.h"
#include "src/module/remote/npm_options.h"
#include "src/module/remote/remote_client.h"
#include "src/module/remote/store.h"
#include "src/typescript/media_type.h"

namespace rt {

struct RemoteOptions {
  std::string folder = {};  // of the cache; "" keeps nothing
  RemoteAccess access = {};
  bool no_remote = false;
  std::string jsr_url = "https://jsr.io/";  // ends with "/"
  NpmOptions npm = {};
  std::shared_ptr<LockFile> lock = {};  // null: none
  bool progress = false;                // a line on stderr while something is slow
};

struct RemoteModule {
  std::string url;           // where redirects ended; the module's identity
  std::string text;          // as it was sent
  std::string content_type;  // with its charset
  bool is_json = false;
  bool is_wasm = false;
  typescript::MediaType media = typescript::MediaType::kJavaScript;
  std::string types = {};  // the URL of its declarations (x-typescript-types); empty: none
  // Of an npm: specifier, instead of all this: it is a file on the disk.
  std::optional<NpmSubpath> package = {};

  // `text` as UTF-8. Error: of a charset that rt does not know.
  Result<std::string> Decoded() const;
};

class NpmPackages;

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
  // The packages of registries that this program has.
  PackageStore& npm();
  const PackageStore& npm() const;
  // No more is wanted for now: the lock file is written if it changed. An error to be told, not to
  // stop for.
  Result<void> Settle();

 private:
  struct Download;

  Task<Result<RemoteModule>> Load(std::string url);
  // One answer, from the cache or the network: a body or a redirect.
  Task<Result<StoredResponse>> Get(std::string url, bool anew);
  // The URL of the file that a jsr: specifier means.
  Task<Result<std::string>> ResolveJsr(std::string specifier);
  Task<Result<std::string>> ChooseJsrVersion(std::string name, std::string range);
  // Whether a file of a JSR package is the one that was published.
  Task<Result<void>> CheckJsrFile(const std::string& url, const std::string& body);
  Task<Result<const Json*>> LoadJson(std::string url, bool anew);
  void StartNext();
  void Ended(Download* download);
  void ShowProgress();
  void HideProgress();

  OpHost& host_;
  RemoteOptions options_;
  RemoteStore store_;
  RemoteClient client_;
  std::unique_ptr<NpmPackages> npm_;
  std::unordered_map<std::string, std::unique_ptr<Download>> downloads_;
  std::deque<Download*> waiting_;
  size_t active_ = 0;
  bool news_ = false;
  std::unordered_map<std::string, std::unique_ptr<Json>> json_;
  LoopTimer progress_timer_;
  bool progress_shown_ = false;
  std::string latest_;  // what the progress line names
};

}  // namespace rt
