#include "src/engine/big_blocks.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <random>
#include <span>
#include <thread>
#include <utility>
#include <vector>

namespace rt {
namespace {

constexpr size_t kMiB = size_t{1} << 20;

class BigBlocks : public testing::Test {
 protected:
  // Frees so much that the blocks after it come from huge pages, where the machine has them.
  static void Churn() {
    for (int i = 0; i < 80; ++i) FreeBlock(AllocateBlock(kMiB), kMiB);
  }
  ~BigBlocks() override { TrimBigBlocks(); }
};

bool IsAll(const void* data, size_t size, uint8_t value) {
  const std::span bytes(static_cast<const uint8_t*>(data), size);
  return std::all_of(bytes.begin(), bytes.end(), [value](uint8_t byte) { return byte == value; });
}

TEST_F(BigBlocks, ZeroedBlocksAreAllZerosHoweverOftenTheyWereUsed) {
  Churn();
  for (const size_t size : {kLeastBigBlock, kMiB - 1, kMiB, kMiB + 1, kMostBigBlock}) {
    std::vector<void*> blocks;
    for (int round = 0; round < 3; ++round) {
      for (int i = 0; i < 5; ++i) {
        void* const block = AllocateZeroedBlock(size);
        ASSERT_TRUE(IsAll(block, size, 0)) << size;
        std::memset(block, 0xA5, size);
        blocks.push_back(block);
      }
      for (void* block : std::exchange(blocks, {})) FreeBlock(block, size);
    }
  }
}

TEST_F(BigBlocks, NoTwoBlocksOverlap) {
  Churn();
  std::mt19937 random(1);
  std::vector<std::pair<uint8_t*, size_t>> live;
  for (int step = 0; step < 2000; ++step) {
    if (live.size() < 20 && random() % 2 == 0) {
      const size_t size = kLeastBigBlock / 2 + random() % (kMostBigBlock + kMiB);
      auto* const block = static_cast<uint8_t*>(AllocateBlock(size));
      // The ends tell as well as all of it.
      std::memset(block, static_cast<int>(live.size()), 64);
      std::memset(block + size - 64, static_cast<int>(live.size()), 64);
      live.emplace_back(block, size);
    } else if (!live.empty()) {
      const auto [block, size] = live.back();
      const auto value = static_cast<uint8_t>(live.size() - 1);
      ASSERT_TRUE(IsAll(block, 64, value));
      ASSERT_TRUE(IsAll(block + size - 64, 64, value));
      FreeBlock(block, size);
      live.pop_back();
    }
  }
  for (const auto& [block, size] : live) FreeBlock(block, size);
}

TEST_F(BigBlocks, TrimmingLeavesWhatIsInUse) {
  Churn();
  void* const kept = AllocateBlock(kMiB);
  void* const beside = AllocateBlock(kMiB);
  std::memset(kept, 7, kMiB);
  FreeBlock(beside, kMiB);
  TrimBigBlocks();
  EXPECT_TRUE(IsAll(kept, kMiB, 7));
  FreeBlock(kept, kMiB);
}

TEST_F(BigBlocks, ThreadsMayFreeWhatOthersTook) {
  Churn();
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([] {
      for (int round = 0; round < 200; ++round) {
        void* const block = AllocateZeroedBlock(kMiB / 2);
        ASSERT_TRUE(IsAll(block, 4096, 0));
        std::memset(block, 0xFF, 4096);
        std::thread([block] { FreeBlock(block, kMiB / 2); }).join();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

TEST_F(BigBlocks, ThereMayBeNoMemory) {
  EXPECT_EQ(AllocateBlock(SIZE_MAX / 2), nullptr);
  EXPECT_EQ(AllocateZeroedBlock(SIZE_MAX / 2), nullptr);
  FreeBlock(nullptr, kMiB);
}

}  // namespace
}  // namespace rt
