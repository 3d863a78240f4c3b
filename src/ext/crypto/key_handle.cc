// See the header.
#include "src/ext/crypto/key_handle.h"

namespace rt {

v8::MaybeLocal<v8::Object> KeyState::Wrap(v8::Isolate* isolate, KeyRef key) {
  if (wrapper_template_.IsEmpty()) {
    wrapper_template_.Reset(isolate, GcWrapperTemplate(isolate, "KeyHandle"));
  }
  v8::Local<v8::Object> wrapper;
  if (!wrapper_template_.Get(isolate)
           ->InstanceTemplate()
           ->NewInstance(isolate->GetCurrentContext())
           .ToLocal(&wrapper) ||
      // A promise is resolved with it: no `then` of Object.prototype's may see it.
      !wrapper->SetPrototypeV2(isolate->GetCurrentContext(), v8::Null(isolate)).FromMaybe(false)) {
    return {};
  }
  WrapGc(isolate, wrapper, MakeGc<KeyHandle>(isolate, isolate, std::move(key)));
  return wrapper;
}

Bytes ShareSecret(KeyRef key) {
  const std::span<const uint8_t> secret = key->secret();
  if (secret.empty()) return Bytes();
  auto* data = const_cast<uint8_t*>(secret.data());
  const size_t size = secret.size();
  return Bytes(std::const_pointer_cast<KeyMaterial>(std::move(key)), data, size);
}

v8::MaybeLocal<v8::Value> ToJs<KeyOutput>::Make(OpHost& host, KeyOutput output) {
  if (output.state != nullptr) {
    v8::Local<v8::Object> wrapper;
    if (!output.state->Wrap(host.isolate(), std::move(output.key)).ToLocal(&wrapper)) return {};
    return wrapper;
  }
  v8::Local<v8::Value> view;
  if (!ToJs<Bytes>::Make(host, std::move(output.bytes)).ToLocal(&view)) return {};
  return view.As<v8::Uint8Array>()->Buffer();
}

}  // namespace rt
