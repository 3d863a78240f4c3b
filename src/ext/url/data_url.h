// data: URLs taken apart. https://fetch.spec.whatwg.org/#data-url-processor. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace rt::url {

struct DataUrl {
  std::string mime_type;  // as written, trimmed; "text/plain;charset=US-ASCII" if none was
  std::string body;       // bytes
};

// Nothing: no data: URL, no comma in it, or bad base64. A fragment does not belong to the body.
std::optional<DataUrl> ParseDataUrl(std::string_view url);

// https://infra.spec.whatwg.org/#forgiving-base64-decode. Nothing: no base64.
std::optional<std::string> DecodeForgivingBase64(std::string_view text);

}  // namespace rt::url
