// Internationalised domain names: UTS #46 non-transitional processing through the ICU inside the V8
// archive. Thread-safe, never runs JavaScript. Only for names the ASCII fast path of host.cc cannot
// decide.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace rt::url {

// https://unicode.org/reports/tr46/#ToASCII with CheckHyphens, UseSTD3ASCIIRules and
// VerifyDnsLength false, CheckBidi and CheckJoiners true (the URL Standard's beStrict = false).
// `domain` is UTF-8; ill-formed sequences fail. Returns nothing on failure; does not check
// forbidden domain code points.
std::optional<std::string> DomainToAscii(std::string_view domain);

// https://url.spec.whatwg.org/#concept-domain-to-unicode. For display only: the result must not be
// parsed or compared again. A domain that UTS #46 rejects is returned unchanged.
std::string DomainToUnicode(std::string_view domain);

}  // namespace rt::url
