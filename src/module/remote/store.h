// Downloads on disk: what each URL answered, for good. An entry is found by its URL and checked
// against its own hash when it is read; one that is torn or changed counts as not there, and is
// loaded anew. Touches only rt's cache folder. Any thread.
#pragma once

#include <optional>
#include <string>

namespace rt {

struct StoredResponse {
  std::string url;
  // Not empty: the URL is a redirect to this one, and there is no body.
  std::string redirect = {};
  std::string content_type = {};
  std::string etag = {};
  std::string last_modified = {};
  std::string types = {};  // x-typescript-types
  std::string body = {};
};

class RemoteStore {
 public:
  // `folder`: absolute; "" keeps nothing.
  explicit RemoteStore(std::string folder) : folder_(std::move(folder)) {}

  std::optional<StoredResponse> Get(const std::string& url) const;
  // Written under another name, synced, renamed. False: it could not be kept (a folder that is
  // read-only or full); what was there before still is.
  bool Put(const StoredResponse& response) const;
  // Where the entry of a URL is, or would be.
  std::string PathOf(const std::string& url) const;

 private:
  std::string folder_;
};

}  // namespace rt
