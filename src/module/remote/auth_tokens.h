// DENO_AUTH_TOKENS: who we are to the hosts of modules, "token@host[:port]" or
// "name:password@host[:port]", several separated by ";". Pure text.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace rt {

class AuthTokens {
 public:
  AuthTokens() = default;
  // What is none of the two forms is left out.
  static AuthTokens Parse(std::string_view text);

  // The value of the Authorization header for requests to this host; empty: none. `port`: the
  // URL's, 0 if it names none.
  std::string For(std::string_view hostname, uint16_t port) const;

 private:
  struct Entry {
    std::string host;  // "example.com", "example.com:8080"
    std::string authorization;
  };
  std::vector<Entry> entries_;
};

// "Basic …".
std::string BasicAuthorization(std::string_view name, std::string_view password);

}  // namespace rt
