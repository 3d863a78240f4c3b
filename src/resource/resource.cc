#include "src/resource/resource.h"

#include <algorithm>

namespace rt {
namespace {

// A pipe's memory begins small, since most pipes carry little.
constexpr size_t kFirstPipeBuffer = 64 * 1024;
constexpr size_t kLargestPipeBuffer = 512 * 1024;

Error Unsupported(const Resource& resource, const char* what) {
  return Error::Make(ErrorClass::kNotSupported,
                     "Resource '" + std::string(resource.name()) + "' can not be " + what);
}

}  // namespace

Task<Result<size_t>> Resource::Read(Bytes) {
  co_return Unsupported(*this, "read");
}
Task<Result<void>> Resource::ReadForPipe(PipeBuffer* buffer) {
  const size_t before = buffer->memory.size();
  if (before == 0) {
    buffer->memory = Bytes::Allocate(kFirstPipeBuffer);
  } else if (buffer->filled.size() == before && before < kLargestPipeBuffer) {
    buffer->memory = Bytes::Allocate(std::min(2 * before, kLargestPipeBuffer));
  }
  RT_CO_TRY(const size_t size, co_await Read(buffer->memory));
  buffer->filled = buffer->memory.Slice(0, size);
  co_return {};
}
Task<Result<size_t>> Resource::Write(Bytes) {
  co_return Unsupported(*this, "written");
}
Task<Result<void>> Resource::CloseWrite() {
  co_return Unsupported(*this, "shut down");
}
Result<size_t> Resource::ReadSync(std::span<uint8_t>) {
  return Unsupported(*this, "read");
}
Result<size_t> Resource::WriteSync(std::span<const uint8_t>) {
  return Unsupported(*this, "written");
}

}  // namespace rt
