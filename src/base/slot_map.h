// SlotMap: values under small integer keys that are never confused with an earlier owner of the
// same slot. A key is `slot + (generation << kSlotBits)`, so the first users get 0, 1, 2, … and a
// stale key finds nothing. Freed slots are reused oldest first, so a key repeats only after 2^32
// insertions at best.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <utility>
#include <vector>

namespace rt {

template <class T>
class SlotMap {
 public:
  static constexpr uint32_t kSlotBits = 20;
  static constexpr uint32_t kMaxSlots = 1u << kSlotBits;
  static constexpr uint32_t kMaxGeneration = (1u << (32 - kSlotBits)) - 1;

  // The new value's key, or nothing when all 2^20 slots are taken.
  std::optional<uint32_t> Insert(T value) {
    uint32_t slot;
    if (free_.size() >= kMinFree || (slots_.size() == kMaxSlots && !free_.empty())) {
      slot = free_.front();
      free_.pop_front();
    } else if (slots_.size() < kMaxSlots) {
      slot = static_cast<uint32_t>(slots_.size());
      slots_.emplace_back();
    } else {
      return std::nullopt;
    }
    slots_[slot].value.emplace(std::move(value));
    ++size_;
    return Key(slot);
  }

  // Valid until the next Insert or Remove; null for a stale or unknown key.
  T* Find(uint32_t key) {
    Slot* slot = FindSlot(key);
    return slot ? &*slot->value : nullptr;
  }

  std::optional<T> Remove(uint32_t key) {
    Slot* slot = FindSlot(key);
    if (!slot) return std::nullopt;
    std::optional<T> value = std::move(slot->value);
    slot->value.reset();
    slot->generation = slot->generation == kMaxGeneration ? 0 : slot->generation + 1;
    free_.push_back(key & (kMaxSlots - 1));
    --size_;
    return value;
  }

  // Calls f(key, value) in slot order. f must not insert or remove.
  template <class F>
  void ForEach(F&& f) {
    for (uint32_t slot = 0; slot < slots_.size(); ++slot) {
      if (slots_[slot].value) f(Key(slot), *slots_[slot].value);
    }
  }

  size_t size() const { return size_; }

 private:
  // Keep this many slots resting before reuse: a stale key is then far from its reincarnation.
  static constexpr size_t kMinFree = 64;

  struct Slot {
    std::optional<T> value;
    uint32_t generation = 0;
  };

  uint32_t Key(uint32_t slot) const { return slot | (slots_[slot].generation << kSlotBits); }
  Slot* FindSlot(uint32_t key) {
    const uint32_t slot = key & (kMaxSlots - 1);
    if (slot >= slots_.size()) return nullptr;
    Slot& found = slots_[slot];
    if (!found.value || found.generation != key >> kSlotBits) return nullptr;
    return &found;
  }

  std::vector<Slot> slots_;
  std::deque<uint32_t> free_;
  size_t size_ = 0;
};

}  // namespace rt
