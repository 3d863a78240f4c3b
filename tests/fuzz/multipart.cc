// Fuzz target: bodies of forms. Parts lie within the body, one after the other, and no name holds a
// line break that could be another header.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "src/ext/form_data/multipart.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 2) return 0;
  // The boundary is that of the corpus or a short one of the input's own.
  std::string boundary = "B";
  size_t skip = 1;
  if ((data[0] & 1) != 0) {
    const size_t length = std::min<size_t>(data[0] >> 4, size - 1);
    boundary.assign(reinterpret_cast<const char*>(data) + 1, length);
    skip += length;
  }
  const std::vector<uint8_t> body(data + skip, data + size);
  const auto parts = rt::ParseMultipart(body, boundary);
  if (!parts.ok()) return 0;
  if (parts->size() > rt::kMaxParts) std::abort();
  double before = 0;
  for (const rt::MultipartPart& part : *parts) {
    if (part.start < before || part.end < part.start) std::abort();
    if (part.end > static_cast<double>(body.size())) std::abort();
    if (part.filename.has_value() == part.content_type.empty()) std::abort();
    before = part.end;
  }
  return 0;
}
