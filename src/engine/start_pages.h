// Memory for the first pages of V8's heap. Reading the snapshot touches some 500 pages of the
// kernel's, and the faults are a tenth of a start: so the first heap pages come from one region
// that the kernel may back with two huge pages. Everything else, and all that comes after the
// region is used up, is the allocator's below. The region's addresses are used once.
#pragma once

#include <v8-platform.h>

#include <atomic>
#include <cstdint>
#include <memory>

namespace rt {

class StartPages final : public v8::PageAllocator {
 public:
  // What V8's heap asks for, length and alignment; only such requests are served here.
  static constexpr size_t kHeapPage = size_t{256} << 10;
  // The first isolate asks for fifteen heap pages before it runs a program.
  static constexpr size_t kSize = 16 * kHeapPage;

  // `base` does everything else and outlives this. Any thread.
  explicit StartPages(v8::PageAllocator* base);

  void* AllocatePages(void* hint, size_t length, size_t alignment, Permission access) override;
  bool FreePages(void* address, size_t length) override;
  bool ReleasePages(void* address, size_t length, size_t new_length) override;

  size_t AllocatePageSize() override { return base_->AllocatePageSize(); }
  size_t CommitPageSize() override { return base_->CommitPageSize(); }
  void SetRandomMmapSeed(int64_t seed) override { base_->SetRandomMmapSeed(seed); }
  void* GetRandomMmapAddr() override { return base_->GetRandomMmapAddr(); }
  bool SetPermissions(void* address, size_t length, Permission access) override {
    return base_->SetPermissions(address, length, access);
  }
  bool RecommitPages(void* address, size_t length, Permission access) override {
    return base_->RecommitPages(address, length, access);
  }
  bool DiscardSystemPages(void* address, size_t size) override {
    return base_->DiscardSystemPages(address, size);
  }
  bool DecommitPages(void* address, size_t size) override {
    return base_->DecommitPages(address, size);
  }
  bool SealPages(void* address, size_t length) override {
    return base_->SealPages(address, length);
  }
  bool ReserveForSharedMemoryMapping(void* address, size_t size) override {
    return base_->ReserveForSharedMemoryMapping(address, size);
  }
  std::unique_ptr<SharedMemory> AllocateSharedPages(size_t length, const void* original) override {
    return base_->AllocateSharedPages(length, original);
  }
  bool CanAllocateSharedPages() override { return base_->CanAllocateSharedPages(); }

 private:
  bool Owns(const void* address) const {
    const auto at = reinterpret_cast<uintptr_t>(address);
    return at >= begin_ && at < end_;
  }

  v8::PageAllocator* const base_;
  uintptr_t begin_ = 0;
  uintptr_t end_ = 0;  // begin_ where there is no region
  std::atomic<uintptr_t> next_ = 0;
};

}  // namespace rt
