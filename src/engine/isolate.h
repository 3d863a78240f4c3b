// Creating an isolate the way rt needs it: explicit microtasks, a C++ heap, the built-ins'
// snapshot.
#pragma once

#include <v8-snapshot.h>
#include <v8.h>

#include <cstdint>
#include <memory>

namespace rt {

// What Isolate::GetData holds, for callbacks V8 gives no other data.
enum IsolateSlot : uint32_t {
  kIsolateOpHost = 0,
  kIsolateModuleMap = 1,
  kIsolateRuntime = 2,
  kIsolateSourcePositions = 3,
};

struct IsolateOptions {
  const v8::StartupData* snapshot = nullptr;  // null: an empty heap
  // Addresses the snapshot refers to, zero-terminated; must outlive the isolate.
  const intptr_t* external_references = nullptr;
  size_t max_heap_bytes = 0;  // 0: V8's choice from the memory this process may use
  // The same for parts of the heap; they go before the above.
  size_t max_old_bytes = 0;
  size_t max_young_bytes = 0;
  size_t code_range_bytes = 0;
  std::shared_ptr<v8::ArrayBuffer::Allocator> allocator{};  // null: V8's own
};

// Fills the parameters common to a runtime's isolate and to the snapshot's creator.
v8::Isolate::CreateParams MakeCreateParams(const IsolateOptions& options);

struct IsolateDisposer {
  void operator()(v8::Isolate* isolate) const;
};
using UniqueIsolate = std::unique_ptr<v8::Isolate, IsolateDisposer>;

UniqueIsolate NewIsolate(const IsolateOptions& options);

// Settings every isolate of rt has, however it was made.
void ConfigureIsolate(v8::Isolate* isolate);

}  // namespace rt
