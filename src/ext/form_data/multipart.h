// multipart/form-data (RFC 7578, RFC 2046 section 5.1): where in a whole body its parts are. Pure
// functions on bytes, for input of any kind: the time they take is linear in it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/result.h"

namespace rt {

struct MultipartPart {
  std::string name;
  std::optional<std::string> filename;
  std::string content_type;  // "text/plain" where a file's part says nothing; empty for other parts
  double start = 0;          // of the content, in the body
  double end = 0;
};

// RFC 2046 allows 70 characters; clients keep to it.
inline constexpr size_t kMaxBoundary = 256;
// All header lines of one part.
inline constexpr size_t kMaxPartHeader = 16 * 1024;
inline constexpr size_t kMaxParts = 65'536;

// TypeError for a body that does not keep to the format, or exceeds a limit.
Result<std::vector<MultipartPart>> ParseMultipart(std::span<const uint8_t> body,
                                                  std::string_view boundary);

}  // namespace rt
