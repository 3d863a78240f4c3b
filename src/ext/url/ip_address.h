// IPv4 and IPv6 address parsing and serializing of the URL Standard, which also accepts what
// inet_aton did (0x7f.1, 0177.0.0.1). Pure functions; must never touch the resolver.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace rt::url {

using Ipv6Pieces = std::array<uint16_t, 8>;

// https://url.spec.whatwg.org/#ends-in-a-number-checker; `host` is ASCII and not empty.
bool EndsInNumber(std::string_view host);

// https://url.spec.whatwg.org/#concept-ipv4-parser; nothing on failure.
std::optional<uint32_t> ParseIpv4(std::string_view text);

// https://url.spec.whatwg.org/#concept-ipv6-parser, without the brackets; nothing on failure.
std::optional<Ipv6Pieces> ParseIpv6(std::string_view text);

// Dotted decimal; compressed lower-case hex without brackets.
void AppendIpv4(std::string& out, uint32_t address);
void AppendIpv6(std::string& out, const Ipv6Pieces& pieces);

}  // namespace rt::url
