// RemoteClient: what a URL answers, from the cache on disk or asked for now. Every host needs the
// import permission, whether or not the answer is in the cache, and so does the address it has.
// Follows no redirect by itself unless told to. Runs no JavaScript. Runtime's thread only.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "src/base/result.h"
#include "src/loop/task.h"
#include "src/module/remote/auth_tokens.h"
#include "src/module/remote/store.h"

namespace rt {

// Named only: half of the command line's files see this header, and the client's cost them a second
// each.
class GrantedConnect;
class HttpClient;
class OpHost;

struct RemoteAccess {
  bool cached_only = false;
  // Given: what is cached is asked for again, once a run; all of it, or what begins with one of
  // these.
  std::optional<std::vector<std::string>> reload = {};
  AuthTokens tokens = {};
};

struct RemoteRequest {
  std::string url;
  const RemoteStore* store = nullptr;  // null: kept nowhere
  std::string accept = "*/*";
  std::string authorization = {};  // instead of what URL and tokens say
  std::string reload_as = {};      // what --reload's prefixes are compared with; empty: the URL
  bool anew = false;               // ask, whatever is cached
  uint64_t timeout_ms = 0;         // for the answer, and again for its body; 0: the usual
};

class RemoteClient {
 public:
  RemoteClient(OpHost& host, RemoteAccess access);
  ~RemoteClient();

  // One answer: a body or a redirect. TypeError with the code ERR_MODULE_NOT_FOUND if there is
  // nothing at the URL.
  Task<Result<StoredResponse>> Get(RemoteRequest request);

  const RemoteAccess& access() const { return access_; }
  // That it was asked for in this run: it is not again.
  bool IsFresh(const std::string& url) const { return fresh_.contains(url); }
  bool MustReload(const std::string& url, const std::string& reload_as) const;
  // Whether `host` (of an http or https URL) may be imported from.
  Result<GrantedConnect> CheckHost(const std::string& url);

 private:
  Task<Result<StoredResponse>> Fetch(RemoteRequest request, GrantedConnect host,
                                     std::optional<StoredResponse> stored);

  OpHost& host_;
  RemoteAccess access_;
  std::unique_ptr<HttpClient> client_;  // made when first needed
  std::unordered_set<std::string> fresh_;
};

}  // namespace rt
