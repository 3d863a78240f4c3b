// Base64url without padding, as JSON Web Keys hold numbers (RFC 7515 section 2). Pure.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "src/base/bytes.h"

namespace rt {

std::string EncodeBase64Url(std::span<const uint8_t> bytes);

// Nothing for any other character, padding, an impossible length, or stray bits at the end.
std::optional<Bytes> DecodeBase64Url(std::string_view text);

}  // namespace rt
