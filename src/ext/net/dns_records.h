// Reading a DNS answer (RFC 1035 section 4): the records of one type, as texts. Everything is the
// peer's, so every length is checked; names are expanded with a bound on pointers (by c-ares).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/result.h"

namespace rt {

// The number of a record type Deno.resolveDns knows ("A", "MX", …); nothing for another name.
std::optional<uint16_t> DnsTypeNumber(std::string_view name);

// The fields of one record, in the order of its type's RFC; numbers in decimal, names with a final
// dot. A and AAAA: the address. TXT: its strings.
using DnsRecord = std::vector<std::string>;

// Records of `type` in the answer section. InvalidData for a malformed answer.
Result<std::vector<DnsRecord>> ParseDnsAnswer(std::span<const uint8_t> answer, uint16_t type);

}  // namespace rt
