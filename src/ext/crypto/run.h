// What the ops that use keys share: work at once or on the pool, and what becomes of its result.
#pragma once

#include <utility>

#include "src/ext/crypto/key_handle.h"
#include "src/loop/pool_task.h"

namespace rt {

// Below this, hashing or enciphering costs less than the way to another thread and back.
inline constexpr size_t kAtOnce = 64 * 1024;

inline Bytes CopyOf(const Bytes& bytes) {
  return Bytes::Copy(bytes.view());
}

template <class F>
Task<std::invoke_result_t<F&>> AtOnce(F function) {
  co_return function();
}

// `function(data)` with the caller's bytes as they are now.
template <class F>
auto Run(OpContext& cx, bool at_once, const Bytes& data, F function) {
  auto job = [function = std::move(function), data = at_once ? data : CopyOf(data)]() mutable {
    return function(data.span());
  };
  return at_once ? AtOnce(std::move(job)) : OnPool(cx.loop(), std::move(job));
}

inline Result<KeyOutput> BytesOutput(Result<Bytes> bytes) {
  if (!bytes.ok()) return bytes.TakeError();
  return KeyOutput{.state = nullptr, .key = nullptr, .bytes = std::move(bytes).value()};
}

// As a key with `state`, as bytes without.
inline Result<KeyOutput> SecretOutput(KeyState* state, Result<SecretBytes> secret) {
  if (!secret.ok()) return secret.TakeError();
  RT_TRY(KeyRef key, MakeSecretKey(std::move(secret).value()));
  if (state == nullptr) {
    return KeyOutput{.state = nullptr, .key = nullptr, .bytes = ShareSecret(std::move(key))};
  }
  return KeyOutput{.state = state, .key = std::move(key), .bytes = {}};
}

inline Result<KeyOutput> KeyOutputOf(KeyState* state, Result<KeyRef> key) {
  if (!key.ok()) return key.TakeError();
  return KeyOutput{.state = state, .key = std::move(key).value(), .bytes = {}};
}

// JavaScript's numbers come from its own tables; one that is unknown is a bug there.
template <class T>
Task<Result<T>> Refuse() {
  return AtOnce([]() -> Result<T> { return Error::Type("invalid argument"); });
}

}  // namespace rt
