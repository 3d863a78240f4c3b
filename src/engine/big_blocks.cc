#include "src/engine/big_blocks.h"

#include <sys/mman.h>
#include <unistd.h>
#include <v8-platform.h>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "src/base/machine_limits.h"
#include "src/engine/platform.h"

namespace rt {
namespace {

constexpr size_t kSlab = size_t{2} << 20;  // a huge page
constexpr size_t kPage = 4096;
constexpr size_t kMostParts = kSlab / kLeastBigBlock;
// So much must have been freed before anything is kept: who makes buffers now and then, or makes
// them and keeps them, is better off with malloc.
constexpr size_t kChurn = size_t{64} << 20;
constexpr double kPeriod = 1;  // seconds

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kUsed = false;  // they watch malloc
#else
constexpr bool kUsed = true;
#endif

size_t PartsFor(size_t size) {
  return kSlab / ((size + kPage - 1) & ~(kPage - 1));
}

// A huge page, cut into `parts` equal blocks.
struct Slab {
  uint8_t* base = nullptr;
  uint8_t parts = 0;
  uint8_t free = 0;   // a bit for each block
  uint8_t fresh = 0;  // as well: never used, so all zeros

  uint8_t all() const { return static_cast<uint8_t>((1U << parts) - 1); }
  size_t block() const { return kSlab / parts & ~(kPage - 1); }
};
static_assert(kMostParts <= 8);

struct Block {
  void* data = nullptr;
  bool zeroed = false;
};

uint8_t* SlabOf(void* data) {
  return reinterpret_cast<uint8_t*>(reinterpret_cast<uintptr_t>(data) & ~(kSlab - 1));
}

// Null: no memory, or none on huge pages, of which malloc's is better.
uint8_t* MapSlab() {
  auto* const mapped = static_cast<uint8_t*>(
      mmap(nullptr, kSlab * 2, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
  if (mapped == MAP_FAILED) return nullptr;
  uint8_t* const base = SlabOf(mapped + kSlab - 1);
  if (base > mapped) munmap(mapped, static_cast<size_t>(base - mapped));
  munmap(base + kSlab, static_cast<size_t>(mapped + kSlab - base));
  unsigned char resident = 0;
  if (madvise(base, kSlab, MADV_HUGEPAGE) == 0) {
    // With the first byte of a huge page come all others.
    *static_cast<volatile uint8_t*>(base) = 0;
    if (mincore(base + kSlab - kPage, kPage, &resident) == 0 && (resident & 1) != 0) return base;
  }
  munmap(base, kSlab);
  return nullptr;
}

class Pool {
 public:
  // Never destroyed: other threads may still free when the process ends.
  static Pool& Get() {
    static auto* const pool = new Pool();
    return *pool;
  }

  Block Take(size_t size) {
    const std::lock_guard guard(mutex_);
    if (churn_ < kChurn) return {};
    const size_t parts = PartsFor(size);
    Slab* slab = nullptr;
    if (auto& usable = usable_[parts - 1]; !usable.empty()) {
      slab = usable.back();
    } else {
      slab = NewSlab(static_cast<uint8_t>(parts));
      if (slab == nullptr) return {};
      usable.push_back(slab);
    }
    const int at = std::countr_zero(slab->free);
    const auto bit = static_cast<uint8_t>(1U << at);
    slab->free &= static_cast<uint8_t>(~bit);
    const bool fresh = (slab->fresh & bit) != 0;
    slab->fresh &= static_cast<uint8_t>(~bit);
    if (slab->free == 0) usable_[parts - 1].pop_back();
    return {.data = slab->base + static_cast<size_t>(at) * slab->block(), .zeroed = fresh};
  }

  // False: it is not from here.
  bool Give(void* data, size_t size) {
    const std::lock_guard guard(mutex_);
    const auto found = slabs_.find(SlabOf(data));
    if (found == slabs_.end()) {
      churn_ += size;
      return false;
    }
    Slab& slab = *found->second;
    const auto at = static_cast<size_t>(static_cast<uint8_t*>(data) - slab.base) / slab.block();
    const bool was_full = slab.free == 0;
    slab.free |= static_cast<uint8_t>(1U << at);
    if (slab.free == slab.all()) {
      if (!was_full) std::erase(usable_[slab.parts - 1], &slab);
      empty_.push_back(&slab);
      Watch();
    } else if (was_full) {
      usable_[slab.parts - 1].push_back(&slab);
    }
    return true;
  }

  void Trim() {
    const std::lock_guard guard(mutex_);
    Release(empty_.size());
    churn_ = 0;
  }

 private:
  class PeriodTask final : public v8::Task {
   public:
    void Run() override { Get().EndPeriod(); }
  };

  // Gives back what was empty all the time.
  void EndPeriod() {
    const std::lock_guard guard(mutex_);
    watched_ = false;
    Release(least_empty_);
    least_empty_ = empty_.size();
    if (!empty_.empty()) Watch();
  }

  void Watch() {
    if (watched_) return;
    watched_ = true;
    GetPlatform()->CallDelayedOnWorkerThread(std::make_unique<PeriodTask>(), kPeriod);
  }

  void Release(size_t count) {
    for (; count > 0; --count) {
      uint8_t* const base = empty_.back()->base;
      empty_.pop_back();
      slabs_.erase(base);
      munmap(base, kSlab);
    }
    least_empty_ = std::min(least_empty_, empty_.size());
  }

  Slab* NewSlab(uint8_t parts) {
    Slab* slab = nullptr;
    if (!empty_.empty()) {
      slab = empty_.back();
      empty_.pop_back();
      least_empty_ = std::min(least_empty_, empty_.size());
      // What is left of it is used: whether it was all zeros is not known in parts of another size.
      slab->fresh = 0;
    } else {
      uint8_t* const base = MapSlab();
      if (base == nullptr) {
        churn_ = 0;  // not again for a while
        return nullptr;
      }
      slab = slabs_.emplace(base, std::make_unique<Slab>()).first->second.get();
      slab->base = base;
      slab->fresh = static_cast<uint8_t>((1U << parts) - 1);
    }
    slab->parts = parts;
    slab->free = slab->all();
    return slab;
  }

  std::mutex mutex_;
  std::unordered_map<uint8_t*, std::unique_ptr<Slab>> slabs_;
  std::vector<Slab*> usable_[kMostParts];  // by parts: those with a free block and one in use
  std::vector<Slab*> empty_;
  size_t churn_ = 0;        // bytes of malloc's that were freed
  size_t least_empty_ = 0;  // in this period
  bool watched_ = false;
};

bool IsPooled(size_t size) {
  // What a group's limit leaves is not for keeping.
  static const bool bounded = ProcessMemoryBound().of_group;
  return kUsed && size >= kLeastBigBlock && size <= kMostBigBlock && !bounded;
}

}  // namespace

void* AllocateBlock(size_t size) {
  if (IsPooled(size)) {
    if (const Block block = Pool::Get().Take(size); block.data != nullptr) return block.data;
  }
  return std::malloc(size);
}

void* AllocateZeroedBlock(size_t size) {
  if (IsPooled(size)) {
    if (const Block block = Pool::Get().Take(size); block.data != nullptr) {
      return block.zeroed ? block.data : std::memset(block.data, 0, size);
    }
  }
  return std::calloc(size, 1);
}

void FreeBlock(void* data, size_t size) {
  if (!IsPooled(size) || !Pool::Get().Give(data, size)) std::free(data);
}

void TrimBigBlocks() {
  Pool::Get().Trim();
}

}  // namespace rt
