// What wasm2c's output needs from its host (the functions wasm-rt.h declares): linear memory,
// tables, traps. No signal handler: no access can leave the memory's reservation (4 GiB of address
// space, of which only what is used takes memory), and both stacks are checked. A trap jumps back
// to RunGuarded.
#pragma once

#include <cstddef>
#include <cstdint>

namespace rt::typescript {

enum class TrapKind : uint8_t {
  kNone,
  kStack,        // the native stack, or the one in linear memory, is exhausted
  kMemory,       // no address space for a memory (`ulimit -v`), or a data segment that does not fit
  kUnreachable,  // a Rust panic, or out of memory
  kOther,
};

// Calls `body(data)` and says how it ended. After a trap the frames below are gone without their
// destructors having run, so `body` and what it calls may own nothing across calls into generated
// code; and the instance that trapped must be thrown away. Per thread; does not nest.
TrapKind RunGuarded(void (*body)(void* data), void* data);

// Ends the running RunGuarded with kUnreachable. Only below one.
[[noreturn]] void Trap();

// The lowest stack address generated code may still call from: the end of this thread's stack, and
// some room for what it calls that does not check.
uintptr_t StackLimit();

}  // namespace rt::typescript
