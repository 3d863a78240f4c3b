// Memory for big buffers, on the kernel's huge pages and used again instead of being given back at
// once. V8 frees buffers only every 64 MiB or so, in whatever order: with malloc a program that
// makes a buffer a request spends a good part of its time on page faults and on the TLB
// (docs/performance.md). What nobody uses for two seconds goes back to the system.
#pragma once

#include <cstddef>

namespace rt {

// Sizes that are worth it; what is smaller or larger is malloc's.
constexpr size_t kLeastBigBlock = size_t{256} << 10;
constexpr size_t kMostBigBlock = size_t{2} << 20;

// As malloc, calloc and free, for any size; FreeBlock also takes what those gave. Any thread.
void* AllocateBlock(size_t size);
void* AllocateZeroedBlock(size_t size);
void FreeBlock(void* data, size_t size);

// Gives back to the system what is in no use now.
void TrimBigBlocks();

}  // namespace rt
