#include "src/engine/isolate.h"

#include <v8-cppgc.h>

#include "src/base/machine_limits.h"
#include "src/engine/big_blocks.h"
#include "src/engine/platform.h"

namespace rt {
namespace {

class BufferAllocator final : public v8::ArrayBuffer::Allocator {
 public:
  void* Allocate(size_t size) override { return AllocateZeroedBlock(size); }
  void* AllocateUninitialized(size_t size) override { return AllocateBlock(size); }
  void Free(void* data, size_t size) override { FreeBlock(data, size); }
};

}  // namespace

// Up to here V8's own choice is half of it.
constexpr size_t kSmallMemory = size_t{512} << 20;

v8::Isolate::CreateParams MakeCreateParams(const IsolateOptions& options) {
  v8::Isolate::CreateParams params;
  params.array_buffer_allocator_shared =
      options.allocator ? options.allocator : std::make_shared<BufferAllocator>();
  params.snapshot_blob = options.snapshot;
  params.external_references = options.external_references;
  params.cpp_heap = v8::CppHeap::Create(GetPlatform(), v8::CppHeapCreateParams({})).release();
  if (options.max_heap_bytes != 0) {
    params.constraints.ConfigureDefaultsFromHeapSize(0, options.max_heap_bytes);
  } else if (const size_t memory = ProcessMemoryBound().bytes; memory > kSmallMemory) {
    params.constraints.ConfigureDefaults(memory, 0);
  } else if (memory != 0) {
    // V8 would take more than there is.
    params.constraints.ConfigureDefaultsFromHeapSize(0, memory / 2);
  }
  if (options.max_old_bytes != 0) {
    params.constraints.set_max_old_generation_size_in_bytes(options.max_old_bytes);
  }
  if (options.max_young_bytes != 0) {
    params.constraints.set_max_young_generation_size_in_bytes(options.max_young_bytes);
  }
  if (options.code_range_bytes != 0) {
    params.constraints.set_code_range_size_in_bytes(options.code_range_bytes);
  }
  return params;
}

void IsolateDisposer::operator()(v8::Isolate* isolate) const {
  DisposeIsolate(isolate);
}

UniqueIsolate NewIsolate(const IsolateOptions& options) {
  UniqueIsolate isolate(AllocateIsolate());
  v8::Isolate::Initialize(isolate.get(), MakeCreateParams(options));
  IsolateInitialized(isolate.get());
  ConfigureIsolate(isolate.get());
  return isolate;
}

void ConfigureIsolate(v8::Isolate* isolate) {
  isolate->SetMicrotasksPolicy(v8::MicrotasksPolicy::kExplicit);
  // For the places of errors thrown as non-Error values; Error objects carry their own stack.
  isolate->SetCaptureStackTraceForUncaughtExceptions(true, 64);
}

}  // namespace rt
