// SlotMap: a stale key never finds a later value, whatever the order of insertions and removals.
#include "src/base/slot_map.h"

#include <gtest/gtest.h>

#include <memory>
#include <random>
#include <string>
#include <unordered_map>
#include <unordered_set>

namespace rt {
namespace {

using Map = SlotMap<int>;

TEST(SlotMap, FirstKeysAreSmallAndInOrder) {
  Map map;
  for (uint32_t i = 0; i < 10; ++i) EXPECT_EQ(*map.Insert(static_cast<int>(i)), i);
  EXPECT_EQ(map.size(), 10u);
  EXPECT_EQ(*map.Find(7), 7);
}

TEST(SlotMap, UnknownAndStaleKeysFindNothing) {
  Map map;
  EXPECT_EQ(map.Find(0), nullptr);
  EXPECT_EQ(map.Find(UINT32_MAX), nullptr);
  const uint32_t key = *map.Insert(1);
  EXPECT_EQ(map.Find(key + (1u << Map::kSlotBits)), nullptr);  // a generation to come
  EXPECT_EQ(*map.Remove(key), 1);
  EXPECT_EQ(map.Find(key), nullptr);
  EXPECT_EQ(map.Remove(key), std::nullopt);
  EXPECT_EQ(map.size(), 0u);
}

TEST(SlotMap, FreedSlotsRestThenComeBackOldestFirstUnderANewKey) {
  Map map;
  std::vector<uint32_t> keys;
  for (int i = 0; i < 64; ++i) keys.push_back(*map.Insert(i));
  // 63 free slots are too few to reuse one.
  for (int i = 0; i < 63; ++i) map.Remove(keys[static_cast<size_t>(i)]);
  EXPECT_EQ(*map.Insert(100), 64u);
  map.Remove(keys[63]);
  const uint32_t again = *map.Insert(200);
  EXPECT_EQ(again, keys[0] + (1u << Map::kSlotBits));
  EXPECT_EQ(map.Find(keys[0]), nullptr);
  EXPECT_EQ(*map.Find(again), 200);
}

TEST(SlotMap, GenerationsWrapWithoutTouchingTheSlot) {
  Map map;
  std::unordered_set<uint32_t> keys_of_slot_0;
  uint32_t inserted = 0;
  // Each slot comes round every 64 insertions; all 4096 generations of it are distinct keys.
  while (keys_of_slot_0.size() < Map::kMaxGeneration + 1) {
    const uint32_t key = *map.Insert(1);
    map.Remove(key);
    ++inserted;
    if ((key & (Map::kMaxSlots - 1)) == 0) {
      EXPECT_TRUE(keys_of_slot_0.insert(key).second) << inserted;
    }
  }
  EXPECT_GE(inserted, 64u * Map::kMaxGeneration);
  for (;;) {  // and after the last one, the first again
    const uint32_t key = *map.Insert(1);
    map.Remove(key);
    if ((key & (Map::kMaxSlots - 1)) == 0) {
      EXPECT_EQ(key, 0u);
      break;
    }
  }
}

TEST(SlotMap, FullMapRefusesThenUsesTheOnlyFreeSlot) {
  SlotMap<uint8_t> map;
  for (uint32_t i = 0; i < Map::kMaxSlots; ++i) ASSERT_TRUE(map.Insert(0));
  EXPECT_EQ(map.Insert(1), std::nullopt);
  EXPECT_EQ(map.size(), size_t{Map::kMaxSlots});
  map.Remove(12345);
  const auto key = map.Insert(7);
  ASSERT_TRUE(key);
  EXPECT_EQ(*key & (Map::kMaxSlots - 1), 12345u);
  EXPECT_EQ(map.Insert(1), std::nullopt);
}

TEST(SlotMap, ForEachGivesLiveOnesInSlotOrder) {
  SlotMap<std::string> map;
  map.Insert("a");
  const uint32_t b = *map.Insert("b");
  map.Insert("c");
  map.Remove(b);
  std::string seen;
  map.ForEach([&](uint32_t key, std::string& value) { seen += value + std::to_string(key); });
  EXPECT_EQ(seen, "a0c2");
}

TEST(SlotMap, OwnsItsValues) {
  auto value = std::make_shared<int>(1);
  {
    SlotMap<std::shared_ptr<int>> map;
    const uint32_t key = *map.Insert(value);
    map.Insert(value);
    EXPECT_EQ(value.use_count(), 3);
    map.Remove(key);
    EXPECT_EQ(value.use_count(), 2);
  }
  EXPECT_EQ(value.use_count(), 1);
}

TEST(SlotMap, AgreesWithAModelUnderRandomUse) {
  Map map;
  std::unordered_map<uint32_t, int> model;
  std::vector<uint32_t> ever;
  std::mt19937 random(20);
  for (int step = 0; step < 20000; ++step) {
    if (model.size() < 200 && random() % 2 == 0) {
      const uint32_t key = *map.Insert(step);
      ASSERT_TRUE(model.emplace(key, step).second);
      ever.push_back(key);
    } else if (!ever.empty()) {
      const uint32_t key = ever[random() % ever.size()];
      const auto removed = map.Remove(key);
      const auto expected = model.find(key);
      ASSERT_EQ(removed.has_value(), expected != model.end());
      if (removed) {
        ASSERT_EQ(*removed, expected->second);
        model.erase(expected);
      }
    }
    ASSERT_EQ(map.size(), model.size());
  }
}

}  // namespace
}  // namespace rt
