#include "src/resource/pipe.h"

#include <algorithm>

namespace rt {
namespace {

// The buffer begins small, since most pipes carry little, and doubles while reads fill it.
constexpr size_t kFirstBuffer = 64 * 1024;
constexpr size_t kLargestBuffer = 256 * 1024;

Error Stopped() {
  return Error::Make(ErrorClass::kInterrupted, "operation canceled", "ECANCELED");
}

}  // namespace

Task<Result<uint64_t>> Pipe::Run() {
  const Ref<Pipe> keep(this);  // the script may close the pipe meanwhile
  uint64_t moved = 0;
  Bytes buffer = Bytes::Allocate(kFirstBuffer);
  while (!closed_) {
    RT_CO_TRY(const size_t size, co_await from_->Read(buffer));
    if (size == 0) co_return moved;
    for (size_t at = 0; at < size;) {
      if (closed_) co_return Stopped();
      auto written = co_await to_->Write(buffer.Slice(at, size - at));
      if (!written.ok()) {
        sink_failed_ = true;
        co_return written.TakeError();
      }
      at += *written;
    }
    moved += size;
    if (size == buffer.size() && size < kLargestBuffer) {
      buffer = Bytes::Allocate(std::min(2 * size, kLargestBuffer));
    }
  }
  co_return Stopped();
}

}  // namespace rt
