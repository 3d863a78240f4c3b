// Memory for the frames of coroutines. An async op is several tasks deep, each with a frame that
// lives as long as one system call: a thread keeps those it gave up for the next ones, in place of
// a walk through the allocator for each. Sanitizers see every frame for itself.
#pragma once

#include <cstddef>

namespace rt {

// Never null: the process ends where there is no memory, as with operator new. Any thread.
void* AllocateFrame(size_t size);
// `size` as it was asked for. Any thread, not only the one that asked.
void FreeFrame(void* frame, size_t size) noexcept;

}  // namespace rt
