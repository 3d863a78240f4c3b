// The proxies that whoever started this process named in the environment, read once by the command
// line before any script runs: a script that changes its environment sends nothing elsewhere.
#pragma once

#include <string>

namespace rt {

struct ProxySettings {
  std::string http;      // HTTP_PROXY, http_proxy
  std::string https;     // HTTPS_PROXY, https_proxy
  std::string all;       // ALL_PROXY, all_proxy: where the one above says nothing
  std::string no_proxy;  // NO_PROXY, no_proxy
};

}  // namespace rt
