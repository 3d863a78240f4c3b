#include "src/engine/start_pages.h"

#include <sys/mman.h>

namespace rt {
namespace {

constexpr size_t kHugePage = size_t{2} << 20;

}  // namespace

StartPages::StartPages(v8::PageAllocator* base) : base_(base) {
  // One huge page more than is used, to have them aligned; what stays untouched costs nothing.
  void* mapped = mmap(nullptr, kSize + kHugePage, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (mapped == MAP_FAILED) return;
  begin_ = (reinterpret_cast<uintptr_t>(mapped) + kHugePage - 1) & ~(kHugePage - 1);
  end_ = begin_ + kSize;
  next_ = begin_;
  // A kernel without huge pages, or without one at hand, gives small ones.
  madvise(reinterpret_cast<void*>(begin_), kSize, MADV_HUGEPAGE);
}

void* StartPages::AllocatePages(void* hint, size_t length, size_t alignment, Permission access) {
  if (length == kHeapPage && alignment == kHeapPage && access == kReadWrite) {
    uintptr_t at = next_.load(std::memory_order_relaxed);
    while (at < end_) {
      if (next_.compare_exchange_weak(at, at + kHeapPage, std::memory_order_relaxed)) {
        return reinterpret_cast<void*>(at);
      }
    }
  }
  return base_->AllocatePages(hint, length, alignment, access);
}

bool StartPages::FreePages(void* address, size_t length) {
  if (!Owns(address)) return base_->FreePages(address, length);
  // All of it, also what ReleasePages left. The memory goes back, the addresses do not: who got
  // them next would be taken for a page of the region.
  return base_->DecommitPages(address, kHeapPage);
}

bool StartPages::ReleasePages(void* address, size_t length, size_t new_length) {
  // Giving back the untouched end of a page would break up the huge page around it.
  return Owns(address) || base_->ReleasePages(address, length, new_length);
}

}  // namespace rt
