// The host parser of the URL Standard (https://url.spec.whatwg.org/#host-parsing): domains, IPv4,
// IPv6 and opaque hosts. Must never resolve a name.
#pragma once

#include <string>
#include <string_view>

namespace rt::url {

enum class HostKind {
  kDomain,  // of a special URL: domain, IPv4 or [IPv6]
  kOpaque,  // of any other URL: opaque host or [IPv6]
};

// Parses `input` (UTF-8) and appends its serialization to `out`. Returns false on failure; `out`
// may then end in a part of the host, so the caller must drop it. An empty domain fails, an empty
// opaque host is one.
bool AppendHost(std::string& out, std::string_view input, HostKind kind);

}  // namespace rt::url
