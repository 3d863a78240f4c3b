#include "src/engine/heap_snapshot.h"

#include <v8-profiler.h>

#include <cerrno>
#include <string_view>

#include "src/base/output.h"

namespace rt {
namespace {

class SnapshotFile final : public v8::OutputStream {
 public:
  explicit SnapshotFile(int fd) : fd_(fd) {}
  int GetChunkSize() override { return 1 << 16; }
  void EndOfStream() override {}
  WriteResult WriteAsciiChunk(char* data, int size) override {
    errno = 0;
    if (WriteFully(fd_, std::string_view(data, static_cast<size_t>(size)))) return kContinue;
    failed = errno != 0 ? errno : EIO;
    return kAbort;
  }
  int failed = 0;

 private:
  const int fd_;
};

}  // namespace

Result<void> WriteHeapSnapshot(v8::Isolate* isolate, int fd) {
  SnapshotFile stream(fd);
  const v8::HeapSnapshot* snapshot = isolate->GetHeapProfiler()->TakeHeapSnapshot();
  snapshot->Serialize(&stream, v8::HeapSnapshot::kJSON);
  const_cast<v8::HeapSnapshot*>(snapshot)->Delete();
  if (stream.failed != 0) return Error::FromErrno(stream.failed, "write");
  return {};
}

}  // namespace rt
