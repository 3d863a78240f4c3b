// The setters of the URL class (https://url.spec.whatwg.org/#urlutils-members), on a UrlRecord. A
// value the standard ignores leaves the record as it was; `value` is UTF-8 without lone surrogates.
#pragma once

#include <cstdint>
#include <string_view>

#include "src/ext/url/url_record.h"

namespace rt::url {

// In the order js/ext/url/url.js numbers them.
enum class Setter : uint8_t {
  kHref,
  kProtocol,
  kUsername,
  kPassword,
  kHost,
  kHostname,
  kPort,
  kPathname,
  kSearch,
  kHash,
};
inline constexpr uint32_t kSetterCount = 10;

// False only for kHref with a value that does not parse, and where the serialization would become
// longer than kMaxHrefLength; `url` is unchanged then.
bool SetComponent(UrlRecord& url, Setter setter, std::string_view value);

}  // namespace rt::url
