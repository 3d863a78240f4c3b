// How keys cross between JavaScript and ops: a garbage-collected object without properties that
// js/ext/crypto/crypto_key.js keeps in a private field. Must never hand out bytes by itself.
#pragma once

#include <v8-external-memory-accounter.h>

#include <memory>

#include "src/ext/crypto/key_material.h"
#include "src/op/op.h"

namespace rt {

class KeyHandle final : public GcObject {
 public:
  KeyHandle(v8::Isolate* isolate, KeyRef key)
      : GcObject(GcTypeIdOf<KeyHandle>()), isolate_(isolate), key_(std::move(key)) {
    memory_.Increase(isolate_, Size());
  }
  ~KeyHandle() override { memory_.Decrease(isolate_, Size()); }
  const char* GetHumanReadableName() const override { return "rt::KeyHandle"; }

  const KeyRef& key() const { return key_; }

 private:
  // About what the key occupies: the collector would not hurry for an object it takes for small.
  size_t Size() const { return key_->secret().size() + (key_->pkey() || key_->akp() ? 4096 : 64); }

  v8::Isolate* isolate_;
  KeyRef key_;
  v8::ExternalMemoryAccounter memory_;
};

// The state of the extensions that make handles.
class KeyState final : public ExtensionState {
 public:
  void Shutdown() override { wrapper_template_.Reset(); }
  // Empty: not enough memory.
  v8::MaybeLocal<v8::Object> Wrap(v8::Isolate* isolate, KeyRef key);

 private:
  v8::Global<v8::FunctionTemplate> wrapper_template_;
};

// What an op gives back: a key handle, or bytes as an ArrayBuffer. Derived and decrypted bytes that
// become a key stay a handle, so that no script can see them on their way.
struct KeyOutput {
  KeyState* state = nullptr;
  KeyRef key;
  Bytes bytes;
};

// The bytes of a secret as an op's result, without another copy.
Bytes ShareSecret(KeyRef key);

template <>
struct FromJs<KeyRef> {
  static constexpr const char* kName = "key";
  static constexpr bool kOwned = true;
  static std::optional<KeyRef> Get(Converter& converter, v8::Local<v8::Value> value) {
    if (KeyHandle* handle = UnwrapGc<KeyHandle>(converter.isolate(), value)) return handle->key();
    converter.FailType("a key", value);
    return std::nullopt;
  }
};

template <>
struct ToJs<KeyOutput> {
  static constexpr const char* kName = "key or ArrayBuffer";
  static v8::MaybeLocal<v8::Value> Make(OpHost& host, KeyOutput output);
};

}  // namespace rt
