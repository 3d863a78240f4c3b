// The few JavaScript values amaro's WebAssembly deals with through wasm-bindgen: an input string,
// an options object, a result object, an error. They live in numbered slots; no V8.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rt::typescript {

struct SwcObject;

struct SwcValue {
  enum class Kind : uint8_t {
    kUndefined,
    kNull,
    kBoolean,
    kNumber,
    kString,
    kObject,
    kArray,
    kError
  };
  Kind kind = Kind::kUndefined;
  double number = 0;  // also a boolean's 0 or 1
  std::string text;   // a string's, or an error's message
  std::shared_ptr<SwcObject> object;

  static SwcValue Null() { return {.kind = Kind::kNull, .text = {}, .object = {}}; }
  static SwcValue Boolean(bool value) {
    return {.kind = Kind::kBoolean, .number = value ? 1.0 : 0.0, .text = {}, .object = {}};
  }
  static SwcValue Number(double value) {
    return {.kind = Kind::kNumber, .number = value, .text = {}, .object = {}};
  }
  static SwcValue String(std::string value) {
    return {.kind = Kind::kString, .text = std::move(value), .object = {}};
  }
  static SwcValue MakeError(std::string message) {
    return {.kind = Kind::kError, .text = std::move(message), .object = {}};
  }
  static SwcValue Object();
  static SwcValue Array(std::vector<SwcValue> items);
};

// Properties in the order they were set, or an array's items.
struct SwcObject {
  std::vector<std::pair<std::string, SwcValue>> properties;
  std::vector<SwcValue> items;

  // Null: no such property.
  const SwcValue* Find(std::string_view key) const;
  void Set(std::string key, SwcValue value);
};

// wasm-bindgen's table of references: 128 unused slots, four constants, then what is alive.
class SwcValues {
 public:
  static constexpr uint32_t kUndefined = 128;
  static constexpr uint32_t kNull = 129;

  SwcValues();
  uint32_t Add(SwcValue value);
  const SwcValue& Get(uint32_t index) const;
  SwcValue Take(uint32_t index);
  void Drop(uint32_t index);

 private:
  std::vector<SwcValue> slots_;
  std::vector<uint32_t> free_;
};

}  // namespace rt::typescript
