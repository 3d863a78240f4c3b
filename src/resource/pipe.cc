#include "src/resource/pipe.h"

namespace rt {
namespace {

Error Stopped() {
  return Error::Make(ErrorClass::kInterrupted, "operation canceled", "ECANCELED");
}

}  // namespace

Task<Result<uint64_t>> Pipe::Run() {
  const Ref<Pipe> keep(this);  // the script may close the pipe meanwhile
  uint64_t moved = 0;
  PipeBuffer buffer;
  while (!closed_) {
    auto read = co_await from_->ReadForPipe(&buffer);
    if (!read.ok()) co_return read.TakeError();
    const size_t size = buffer.filled.size();
    if (size == 0) co_return moved;
    for (size_t at = 0; at < size;) {
      if (closed_) co_return Stopped();
      auto written = co_await to_->Write(buffer.filled.Slice(at, size - at));
      if (!written.ok()) {
        sink_failed_ = true;
        co_return written.TakeError();
      }
      at += *written;
    }
    moved += size;
  }
  co_return Stopped();
}

}  // namespace rt
