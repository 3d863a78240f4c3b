// See the header.
#include "src/ext/fetch/http_message.h"

namespace rt {

const std::string* FindHeader(const HeaderFields& headers, std::string_view name) {
  for (const HeaderField& field : headers) {
    if (field.name == name) return &field.value;
  }
  return nullptr;
}

Task<Result<std::string>> ReadAll(HttpBody& body, size_t limit) {
  std::string all;
  const Bytes buffer = Bytes::Allocate(64 * 1024);
  for (;;) {
    RT_CO_TRY(const size_t size, co_await body.Read(buffer));
    if (size == 0) co_return all;
    if (size > limit - all.size()) co_return Error::Range("The body is too large");
    all.append(buffer.view().substr(0, size));
  }
}

}  // namespace rt
