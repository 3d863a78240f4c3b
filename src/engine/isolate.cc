#include "src/engine/isolate.h"

#include <unistd.h>
#include <v8-cppgc.h>

#include "src/engine/platform.h"

namespace rt {
namespace {

size_t PhysicalMemory() {
  const long pages = sysconf(_SC_PHYS_PAGES);
  const long page_size = sysconf(_SC_PAGESIZE);
  return pages > 0 && page_size > 0 ? static_cast<size_t>(pages) * static_cast<size_t>(page_size)
                                    : 0;
}

}  // namespace

v8::Isolate::CreateParams MakeCreateParams(const IsolateOptions& options) {
  v8::Isolate::CreateParams params;
  params.array_buffer_allocator_shared =
      std::shared_ptr<v8::ArrayBuffer::Allocator>(v8::ArrayBuffer::Allocator::NewDefaultAllocator());
  params.snapshot_blob = options.snapshot;
  params.external_references = options.external_references;
  params.cpp_heap = v8::CppHeap::Create(GetPlatform(), v8::CppHeapCreateParams({})).release();
  if (options.max_heap_bytes != 0) {
    params.constraints.ConfigureDefaultsFromHeapSize(0, options.max_heap_bytes);
  } else if (size_t memory = PhysicalMemory(); memory != 0) {
    params.constraints.ConfigureDefaults(memory, 0);
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
