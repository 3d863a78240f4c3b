#include "src/typescript/wasm_runtime.h"

#include <pthread.h>
#include <setjmp.h>
#include <sys/mman.h>

#include <cstdarg>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "src/base/check.h"

#define WASM_RT_MEMCHECK_SIGNAL_HANDLER 0
#define WASM_RT_USE_STACK_DEPTH_COUNT 0
#include <wasm-rt.h>

namespace rt::typescript {
namespace {

constexpr size_t kPageSize = 65536;
// 65536 pages would not fit into wasm_rt_memory_t::size.
constexpr uint32_t kMaxPages = 65535;
// What an instruction can address: 32 bits and an offset, of which generate.py makes sure that it
// is at most this. Loads and stores are not checked, so all of it belongs to the memory: readable
// and writable, of which the kernel gives only the pages that are used. An access behind the
// memory's size, which only a bug in the parser could make, reads zeros or is lost, and reaches
// nothing else.
constexpr size_t kMaxOffset = size_t{16} << 20;
constexpr size_t kReserved = (size_t{1} << 32) + kMaxOffset + kPageSize;
constexpr size_t kStackReserve = 256 * 1024;

// Generated code reports a trap without saying whose it is, so the way back is the thread's.
thread_local jmp_buf* g_way_back = nullptr;

}  // namespace

TrapKind RunGuarded(void (*body)(void* data), void* data) {
  RT_CHECK(g_way_back == nullptr);
  jmp_buf here;
  g_way_back = &here;
  const int code = setjmp(here);
  if (code == 0) body(data);
  g_way_back = nullptr;
  switch (code) {
    case WASM_RT_TRAP_NONE:
      return TrapKind::kNone;
    case WASM_RT_TRAP_EXHAUSTION:
      return TrapKind::kStack;
    case WASM_RT_TRAP_OOB:
      return TrapKind::kMemory;
    case WASM_RT_TRAP_UNREACHABLE:
      return TrapKind::kUnreachable;
    default:
      return TrapKind::kOther;
  }
}

void Trap() {
  wasm_rt_trap(WASM_RT_TRAP_UNREACHABLE);
}

uintptr_t StackLimit() {
  pthread_attr_t attributes;
  if (pthread_getattr_np(pthread_self(), &attributes) != 0) {
    return reinterpret_cast<uintptr_t>(__builtin_frame_address(0)) - 512 * 1024;
  }
  void* lowest = nullptr;
  size_t size = 0;
  pthread_attr_getstack(&attributes, &lowest, &size);
  pthread_attr_destroy(&attributes);
  return reinterpret_cast<uintptr_t>(lowest) + kStackReserve;
}

}  // namespace rt::typescript

extern "C" {

void wasm_rt_trap(wasm_rt_trap_t code) {
  RT_CHECK(rt::typescript::g_way_back != nullptr);  // generated code runs in RunGuarded only
  longjmp(*rt::typescript::g_way_back, code);
}

bool wasm_rt_is_initialized(void) {
  return true;
}

// Only called while the module is initialised, once a process (SwcInstance sees to it).
uint32_t wasm_rt_register_func_type(uint32_t params, uint32_t results, ...) {
  static std::vector<std::string> types;
  std::string type = std::to_string(params) + ":";
  va_list arguments;
  va_start(arguments, results);
  for (uint32_t i = 0; i < params + results; ++i) {
    type += static_cast<char>('a' + va_arg(arguments, int));
  }
  va_end(arguments);
  for (size_t i = 0; i < types.size(); ++i) {
    if (types[i] == type) return static_cast<uint32_t>(i + 1);
  }
  types.push_back(type);
  return static_cast<uint32_t>(types.size());
}

void wasm_rt_allocate_memory(wasm_rt_memory_t* memory, uint32_t initial_pages, uint32_t max_pages) {
  void* data = mmap(nullptr, rt::typescript::kReserved, PROT_READ | PROT_WRITE,
                    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (data == MAP_FAILED) wasm_rt_trap(WASM_RT_TRAP_OOB);
  memory->data = static_cast<uint8_t*>(data);
  memory->pages = initial_pages;
  memory->max_pages = max_pages < rt::typescript::kMaxPages ? max_pages : rt::typescript::kMaxPages;
  memory->size = static_cast<uint32_t>(initial_pages * rt::typescript::kPageSize);
}

uint32_t wasm_rt_grow_memory(wasm_rt_memory_t* memory, uint32_t delta) {
  constexpr uint32_t kFailed = 0xffffffffu;
  if (delta > memory->max_pages - memory->pages) return kFailed;
  const uint32_t old_pages = memory->pages;
  memory->pages += delta;
  memory->size = static_cast<uint32_t>(memory->pages * rt::typescript::kPageSize);
  return old_pages;
}

void wasm_rt_free_memory(wasm_rt_memory_t* memory) {
  if (memory->data) munmap(memory->data, rt::typescript::kReserved);
  memory->data = nullptr;
}

void wasm_rt_allocate_funcref_table(wasm_rt_funcref_table_t* table, uint32_t elements,
                                    uint32_t max_elements) {
  table->size = elements;
  table->max_size = max_elements;
  table->data = static_cast<wasm_rt_funcref_t*>(calloc(elements, sizeof(wasm_rt_funcref_t)));
  if (table->data == nullptr) wasm_rt_trap(WASM_RT_TRAP_UNREACHABLE);
}

void wasm_rt_free_funcref_table(wasm_rt_funcref_table_t* table) {
  free(table->data);
  table->data = nullptr;
}

}  // extern "C"
