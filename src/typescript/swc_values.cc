#include "src/typescript/swc_values.h"

namespace rt::typescript {
namespace {

constexpr uint32_t kFirstSlot = 128;
constexpr uint32_t kConstants = 4;

}  // namespace

SwcValue SwcValue::Object() {
  SwcValue value;
  value.kind = Kind::kObject;
  value.object = std::make_shared<SwcObject>();
  return value;
}

SwcValue SwcValue::Array(std::vector<SwcValue> items) {
  SwcValue value = Object();
  value.kind = Kind::kArray;
  value.object->items = std::move(items);
  return value;
}

const SwcValue* SwcObject::Find(std::string_view key) const {
  for (const auto& [name, value] : properties) {
    if (name == key) return &value;
  }
  return nullptr;
}

void SwcObject::Set(std::string key, SwcValue value) {
  for (auto& [name, old] : properties) {
    if (name == key) {
      old = std::move(value);
      return;
    }
  }
  properties.emplace_back(std::move(key), std::move(value));
}

SwcValues::SwcValues() {
  slots_.resize(kConstants);
  slots_[1] = SwcValue::Null();
  slots_[2] = SwcValue::Boolean(true);
  slots_[3] = SwcValue::Boolean(false);
}

uint32_t SwcValues::Add(SwcValue value) {
  if (!free_.empty()) {
    const uint32_t index = free_.back();
    free_.pop_back();
    slots_[index] = std::move(value);
    return index + kFirstSlot;
  }
  slots_.push_back(std::move(value));
  return static_cast<uint32_t>(slots_.size()) - 1 + kFirstSlot;
}

const SwcValue& SwcValues::Get(uint32_t index) const {
  // An index that is not ours reads as undefined: the other side is generated code we do not
  // control.
  const uint32_t slot = index - kFirstSlot;
  return slot < slots_.size() ? slots_[slot] : slots_[0];
}

SwcValue SwcValues::Take(uint32_t index) {
  SwcValue value = Get(index);
  Drop(index);
  return value;
}

void SwcValues::Drop(uint32_t index) {
  const uint32_t slot = index - kFirstSlot;
  if (slot < kConstants || slot >= slots_.size()) return;
  slots_[slot] = {};
  free_.push_back(slot);
}

}  // namespace rt::typescript
