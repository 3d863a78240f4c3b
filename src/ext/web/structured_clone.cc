// Structured cloning; see structured_clone.h. Must never detach a buffer before all of the value
// could be serialised.
#include "src/ext/web/structured_clone.h"

#include <vector>

#include "src/engine/strings.h"

// GCC 12 with -fsanitize=address takes the unset value of v8::Nothing for an uninitialised read.
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"

namespace rt {
namespace {

// The JavaScript half: functions of cloneDelegate.
class Delegate {
 public:
  Delegate(v8::Local<v8::Context> context, v8::Local<v8::Object> object)
      : context_(context), isolate_(context->GetIsolate()), object_(object) {
    plain_prototype_ = v8::Object::New(isolate_)->GetPrototypeV2();
  }

  v8::Local<v8::Context> context() const { return context_; }
  v8::Isolate* isolate() const { return isolate_; }

  v8::MaybeLocal<v8::Value> Call(const char* name, int argc, v8::Local<v8::Value>* argv) {
    v8::Local<v8::Value> function;
    if (!object_->Get(context_, ToInternalized(isolate_, name)).ToLocal(&function)) return {};
    return function.As<v8::Function>()->Call(context_, object_, argc, argv);
  }

  // Plain objects are recognised without a call: nearly every object is one. False: an exception is
  // pending.
  bool IsPlatformObject(v8::Local<v8::Object> object, bool* answer) {
    *answer = false;
    v8::Local<v8::Value> prototype = object->GetPrototypeV2();
    if (prototype->IsNull() || prototype == plain_prototype_) return true;
    v8::Local<v8::Value> argv[] = {object};
    v8::Local<v8::Value> result;
    if (!Call("isPlatformObject", 1, argv).ToLocal(&result)) return false;
    *answer = result->IsTrue();
    return true;
  }

 private:
  v8::Local<v8::Context> context_;
  v8::Isolate* isolate_;
  v8::Local<v8::Object> object_;
  v8::Local<v8::Value> plain_prototype_;
};

// What cannot be written as bytes and is handed over beside them.
struct Attachments {
  // [tag, value] of each platform object, then the object made of it: no JavaScript may run while
  // V8 reads, so they are made before.
  std::vector<v8::Local<v8::Value>> platform_objects;
  std::vector<std::shared_ptr<v8::BackingStore>> shared;
  std::vector<v8::CompiledWasmModule> modules;
};

class Writer final : public v8::ValueSerializer::Delegate {
 public:
  Writer(OpHost& host, rt::Delegate& delegate, Attachments& attachments)
      : host_(host),
        delegate_(delegate),
        attachments_(attachments),
        serializer_(delegate.isolate(), this) {}

  v8::ValueSerializer& serializer() { return serializer_; }

  void ThrowDataCloneError(v8::Local<v8::String> message) override {
    host_.errors().Throw(host_.isolate(),
                         Error::Dom("DataCloneError", ToUtf8(host_.isolate(), message)));
  }

  bool HasCustomHostObject(v8::Isolate*) override { return true; }
  v8::Maybe<bool> IsHostObject(v8::Isolate*, v8::Local<v8::Object> object) override {
    // Objects of native classes have no other way to be written.
    if (object->InternalFieldCount() > 0) return v8::Just(true);
    bool is_platform_object = false;
    if (!delegate_.IsPlatformObject(object, &is_platform_object)) return v8::Nothing<bool>();
    return v8::Just(is_platform_object);
  }

  v8::Maybe<bool> WriteHostObject(v8::Isolate* isolate, v8::Local<v8::Object> object) override {
    v8::Local<v8::Value> argv[] = {object};
    v8::Local<v8::Value> pair;
    if (!delegate_.Call("write", 1, argv).ToLocal(&pair)) return v8::Nothing<bool>();
    serializer_.WriteUint32(static_cast<uint32_t>(attachments_.platform_objects.size()));
    attachments_.platform_objects.push_back(pair);
    return v8::Just(true);
  }

  v8::Maybe<uint32_t> GetSharedArrayBufferId(v8::Isolate*,
                                             v8::Local<v8::SharedArrayBuffer> buffer) override {
    std::shared_ptr<v8::BackingStore> store = buffer->GetBackingStore();
    for (uint32_t i = 0; i < attachments_.shared.size(); ++i) {
      if (attachments_.shared[i] == store) return v8::Just(i);
    }
    attachments_.shared.push_back(std::move(store));
    return v8::Just(static_cast<uint32_t>(attachments_.shared.size() - 1));
  }

  v8::Maybe<uint32_t> GetWasmModuleTransferId(v8::Isolate*,
                                              v8::Local<v8::WasmModuleObject> module) override {
    attachments_.modules.push_back(module->GetCompiledModule());
    return v8::Just(static_cast<uint32_t>(attachments_.modules.size() - 1));
  }

 private:
  OpHost& host_;
  rt::Delegate& delegate_;
  Attachments& attachments_;
  v8::ValueSerializer serializer_;
};

class Reader final : public v8::ValueDeserializer::Delegate {
 public:
  Reader(v8::Isolate* isolate, Attachments& attachments, const uint8_t* data, size_t size)
      : attachments_(attachments), deserializer_(isolate, data, size, this) {}

  v8::ValueDeserializer& deserializer() { return deserializer_; }

  v8::MaybeLocal<v8::Object> ReadHostObject(v8::Isolate*) override {
    uint32_t index = 0;
    if (!deserializer_.ReadUint32(&index)) return {};
    return attachments_.platform_objects[index].As<v8::Object>();
  }

  v8::MaybeLocal<v8::SharedArrayBuffer> GetSharedArrayBufferFromId(v8::Isolate* isolate,
                                                                   uint32_t id) override {
    return v8::SharedArrayBuffer::New(isolate, attachments_.shared[id]);
  }

  v8::MaybeLocal<v8::WasmModuleObject> GetWasmModuleFromId(v8::Isolate* isolate,
                                                           uint32_t id) override {
    return v8::WasmModuleObject::FromCompiledModule(isolate, attachments_.modules[id]);
  }

 private:
  Attachments& attachments_;
  v8::ValueDeserializer deserializer_;
};

struct FreeBytes {
  void operator()(uint8_t* bytes) const { free(bytes); }
};

}  // namespace

v8::MaybeLocal<v8::Value> StructuredClone(OpHost& host, v8::Local<v8::Context> context,
                                          v8::Local<v8::Value> value, v8::Local<v8::Array> transfer,
                                          v8::Local<v8::Object> delegate_object) {
  v8::Isolate* isolate = host.isolate();
  Delegate delegate(context, delegate_object);
  Attachments attachments;

  std::vector<v8::Local<v8::ArrayBuffer>> buffers;
  for (uint32_t i = 0; i < transfer->Length(); ++i) {
    v8::Local<v8::Value> item;
    if (!transfer->Get(context, i).ToLocal(&item)) return {};
    buffers.push_back(item.As<v8::ArrayBuffer>());
  }

  Writer writer(host, delegate, attachments);
  v8::ValueSerializer& serializer = writer.serializer();
  serializer.WriteHeader();
  for (uint32_t i = 0; i < buffers.size(); ++i) serializer.TransferArrayBuffer(i, buffers[i]);
  if (!serializer.WriteValue(context, value).FromMaybe(false)) return {};
  const auto [data, size] = serializer.Release();
  const std::unique_ptr<uint8_t, FreeBytes> bytes(data);

  // A getter may have detached one of them meanwhile.
  for (const v8::Local<v8::ArrayBuffer>& buffer : buffers) {
    if (!buffer->IsDetachable() || buffer->WasDetached()) {
      writer.ThrowDataCloneError(ToV8String(isolate, "An ArrayBuffer could not be transferred."));
      return {};
    }
  }
  for (v8::Local<v8::Value>& object : attachments.platform_objects) {
    v8::Local<v8::Value> argv[] = {object};
    if (!delegate.Call("read", 1, argv).ToLocal(&object)) return {};
  }
  Reader reader(isolate, attachments, data, size);
  v8::ValueDeserializer& deserializer = reader.deserializer();
  if (!deserializer.ReadHeader(context).FromMaybe(false)) return {};
  for (uint32_t i = 0; i < buffers.size(); ++i) {
    std::shared_ptr<v8::BackingStore> store = buffers[i]->GetBackingStore();
    if (!buffers[i]->Detach(v8::Local<v8::Value>()).FromMaybe(false)) return {};
    deserializer.TransferArrayBuffer(i, v8::ArrayBuffer::New(isolate, std::move(store)));
  }
  return deserializer.ReadValue(context);
}

}  // namespace rt
