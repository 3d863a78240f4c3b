// The URL parser of the URL Standard (https://url.spec.whatwg.org/#url-parsing), for the URL class
// and for C++ that handles URLs (module specifiers, fetch). Any thread; runs no JavaScript; touches
// nothing outside.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "src/ext/url/url_record.h"

namespace rt::url {

// The basic URL parser. `input` is UTF-8 without lone surrogates; `base` may be null and must
// outlive only the call. Nothing on failure: the standard gives a failure no reason, callers make
// the Error they need.
std::optional<UrlRecord> ParseUrl(std::string_view input, const UrlRecord* base = nullptr);

// The same for callers that have seen ScanSerialized refuse `input` already.
std::optional<UrlRecord> ParseUnscannedUrl(std::string_view input, const UrlRecord* base);

// If `input` is an absolute special URL that is its own serialization, sets `offsets` and `scheme`
// and returns true; never allocates. False means only that ParseUrl has to decide. The common case,
// and the reason `new URL(s)` can keep `s` as its href. Independent of any base URL.
bool ScanSerialized(std::string_view input, UrlOffsets& offsets, Scheme& scheme);

// https://url.spec.whatwg.org/#concept-url-origin, serialized; "null" for an opaque origin. The
// origin of a blob URL is that of the URL in its path.
std::string Origin(const UrlRecord& url);

}  // namespace rt::url
