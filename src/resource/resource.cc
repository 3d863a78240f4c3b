#include "src/resource/resource.h"

namespace rt {
namespace {

Error Unsupported(const Resource& resource, const char* what) {
  return Error::Make(ErrorClass::kNotSupported,
                     "Resource '" + std::string(resource.name()) + "' can not be " + what);
}

}  // namespace

Task<Result<size_t>> Resource::Read(Bytes) { co_return Unsupported(*this, "read"); }
Task<Result<size_t>> Resource::Write(Bytes) { co_return Unsupported(*this, "written"); }
Task<Result<void>> Resource::CloseWrite() { co_return Unsupported(*this, "shut down"); }
Result<size_t> Resource::ReadSync(std::span<uint8_t>) { return Unsupported(*this, "read"); }
Result<size_t> Resource::WriteSync(std::span<const uint8_t>) {
  return Unsupported(*this, "written");
}

}  // namespace rt
