// What .npmrc files and the environment say about registries: where they are, and who we are there.
// https://docs.npmjs.com/cli/configuring-npm/npmrc. Pure text; reads no file itself. Secrets stay
// in here and in the one header that carries them.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/result.h"

namespace rt {

class NpmConfig {
 public:
  using Variables = std::function<std::optional<std::string>(const std::string& name)>;

  // The text of an .npmrc. What an earlier one said stays: the nearest comes first. `${NAME}` is
  // replaced by what `variables` says. TypeError if a registry is no http or https URL.
  Result<void> Add(std::string_view text, const std::string& path, const Variables& variables);
  // Wins over every file (NPM_CONFIG_REGISTRY). `name` is for the message.
  Result<void> SetRegistry(const std::string& url, const std::string& name);
  // As `fetch-timeout` of a file, but wins over all (NPM_CONFIG_FETCH_TIMEOUT): how long a registry
  // may take to answer, and again to send what it answers. TypeError: no number of milliseconds.
  Result<void> SetFetchTimeout(std::string_view text, const std::string& name);
  // Where nothing is said.
  void SetDefault(const std::string& url) {
    if (default_.empty()) default_ = url;
  }

  // Ends with "/".
  const std::string& RegistryOf(std::string_view package) const;
  std::vector<std::string> Registries() const;
  uint64_t fetch_timeout_ms() const { return fetch_timeout_ms_; }  // 0: nothing is said
  // The value of the Authorization header for a request to `url`; empty: none.
  std::string AuthorizationFor(std::string_view url) const;

 private:
  struct Login {
    std::string token;     // _authToken
    std::string basic;     // _auth: base64 of "name:password"
    std::string username;  // with
    std::string password;  // _password: base64
  };

  std::string default_;
  uint64_t fetch_timeout_ms_ = 0;
  std::map<std::string, std::string, std::less<>> scopes_;  // "@scope" to URL
  std::map<std::string, Login, std::less<>> logins_;        // by "//host:port/path/"
};

}  // namespace rt
