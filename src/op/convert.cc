#include "src/op/convert.h"

namespace rt {

void Converter::FailType(const char* expected, v8::Local<v8::Value> value) {
  Fail(Error::Type(std::string(decl_.name) + ": argument " + std::to_string(argument_ + 1) +
                   " must be " + expected + ", not " + DescribeValue(isolate(), value)));
}

std::optional<int64_t> FromJs<int64_t>::Get(Converter& converter, v8::Local<v8::Value> value) {
  if (value->IsNumber()) {
    const double number = value.As<v8::Number>()->Value();
    if (std::abs(number) <= 9007199254740992.0 && std::trunc(number) == number) {
      return static_cast<int64_t>(number);
    }
  } else if (value->IsBigInt()) {
    bool lossless = false;
    const int64_t number = value.As<v8::BigInt>()->Int64Value(&lossless);
    if (lossless) return number;
  }
  converter.FailType("a 64-bit integer", value);
  return std::nullopt;
}

// Shared memory is refused: another thread could change it between two looks of the op.
std::optional<std::span<uint8_t>> FromJs<std::span<uint8_t>>::Get(Converter& converter,
                                                                  v8::Local<v8::Value> value) {
  // Lengths come from V8, never from a property a script could have redefined.
  if (value->IsArrayBufferView()) {
    v8::Local<v8::ArrayBufferView> view = value.As<v8::ArrayBufferView>();
    const size_t length = view->ByteLength();
    if (length == 0) return std::span<uint8_t>();
    v8::Local<v8::ArrayBuffer> buffer = view->Buffer();
    // V8 says ArrayBuffer of either kind.
    if (v8::Local<v8::Value>(buffer)->IsSharedArrayBuffer()) {
      converter.FailType("a buffer that is not shared", value);
      return std::nullopt;
    }
    return std::span<uint8_t>(static_cast<uint8_t*>(buffer->Data()) + view->ByteOffset(), length);
  }
  if (value->IsArrayBuffer()) {
    v8::Local<v8::ArrayBuffer> buffer = value.As<v8::ArrayBuffer>();
    return std::span<uint8_t>(static_cast<uint8_t*>(buffer->Data()), buffer->ByteLength());
  }
  converter.FailType(value->IsSharedArrayBuffer() ? "a buffer that is not shared" : "a buffer",
                     value);
  return std::nullopt;
}

std::optional<Bytes> FromJs<Bytes>::Get(Converter& converter, v8::Local<v8::Value> value) {
  v8::Local<v8::ArrayBuffer> buffer;
  size_t offset = 0;
  size_t length = 0;
  if (value->IsArrayBufferView()) {
    v8::Local<v8::ArrayBufferView> view = value.As<v8::ArrayBufferView>();
    length = view->ByteLength();
    offset = view->ByteOffset();
    buffer = view->Buffer();
  } else if (value->IsArrayBuffer()) {
    buffer = value.As<v8::ArrayBuffer>();
    length = buffer->ByteLength();
  } else {
    converter.FailType("a buffer", value);
    return std::nullopt;
  }
  std::shared_ptr<v8::BackingStore> store = buffer->GetBackingStore();
  if (store->IsShared() || store->IsResizableByUserJavaScript()) {
    converter.FailType("a buffer that is neither shared nor resizable", value);
    return std::nullopt;
  }
  uint8_t* data = static_cast<uint8_t*>(store->Data());
  if (length == 0) return Bytes();
  return Bytes(std::move(store), data + offset, length);
}

v8::MaybeLocal<v8::Value> ToJs<Bytes>::Make(OpHost& host, Bytes value) {
  v8::Isolate* isolate = host.isolate();
  const size_t size = value.size();
  if (size == 0) return v8::Uint8Array::New(v8::ArrayBuffer::New(isolate, 0), 0, 0);
  if (size > v8::Uint8Array::kMaxLength) return {};
  uint8_t* data = value.data();
  // The backing store owns our reference to the memory.
  auto* keeper = new Bytes(std::move(value));
  std::unique_ptr<v8::BackingStore> store = v8::ArrayBuffer::NewBackingStore(
      data, size, [](void*, size_t, void* owner) { delete static_cast<Bytes*>(owner); }, keeper);
  return v8::Uint8Array::New(v8::ArrayBuffer::New(isolate, std::move(store)), 0, size);
}

}  // namespace rt
