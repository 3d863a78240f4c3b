// The text of a response, by the `charset` of its media type. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

#include "src/base/result.h"

namespace rt {

// `bytes` as UTF-8. `content_type`: the whole header; without a charset a byte order mark decides,
// and what has none is UTF-8 already. All encodings of TextDecoder under all their labels
// (https://encoding.spec.whatwg.org/#names-and-labels); TypeError for another charset.
Result<std::string> DecodeBody(std::string_view bytes, std::string_view content_type);

}  // namespace rt
