// Proxies: where they are and which hosts go through them. Parsing and deciding only; connecting is
// connector.h. The environment's proxies are read by the command line before any script runs
// (src/op/proxy_settings.h).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "src/base/result.h"
#include "src/op/proxy_settings.h"

namespace rt {

struct Proxy {
  enum class Kind : uint8_t {
    kHttp,    // http: requests in absolute form, https: through CONNECT
    kHttps,   // the same over TLS to the proxy
    kSocks5,  // RFC 1928; the proxy looks names up
    kTcp,     // connects here instead of to the host, and that is all
    kUnix,    // the same with a unix socket
  };
  Kind kind = Kind::kHttp;
  std::string host;  // kUnix: the path
  uint16_t port = 0;
  std::string username;
  std::string password;

  // "http://user:password@host:port"; without a scheme it is http. TypeError, without credentials
  // in the message, for what is no proxy's URL.
  static Result<Proxy> Parse(std::string_view url);
  // The value of Proxy-Authorization; empty without credentials.
  std::string Authorization() const;
  // One for each proxy that must not share connections with another.
  std::string Key() const;
};

// The environment's proxy for a host; nothing: connect directly.
std::optional<Proxy> ProxyFor(const ProxySettings& settings, bool tls, std::string_view host,
                              uint16_t port);

// Whether an entry of NO_PROXY covers a host: "*", a domain and what is below it (with or without a
// leading dot), an address, a block in CIDR form; each with an optional port.
bool IsExcluded(std::string_view no_proxy, std::string_view host, uint16_t port);

}  // namespace rt
