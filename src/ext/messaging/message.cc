// Serialized values; see message.h. Must never detach a buffer before all of the value could be
// serialized.
#include "src/ext/messaging/message.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstring>

#include "src/engine/strings.h"
#include "src/ext/messaging/port.h"

// GCC 12 with -fsanitize=address takes the unset value of v8::Nothing for an uninitialised read.
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"

namespace rt {
namespace {

// The tag of message ports; other tags are the delegate's own.
constexpr uint32_t kPortTag = 0;

// From here on a buffer is copied once, by us, instead of twice, by V8, when a message is nothing
// but buffers and a few primitive values beside them.
constexpr size_t kLargeBuffer = 1024 * 1024;
constexpr uint32_t kFewProperties = 16;

// malloc() takes what is larger than this from the kernel, and gives it back.
constexpr size_t kFreshMemory = 32 * 1024 * 1024;
constexpr uintptr_t kHugePage = 2 * 1024 * 1024;

// Memory nobody has touched costs a page fault for every 4 KiB, which takes longer than to copy as
// much; with huge pages there are 512 times fewer. Only advice: the kernel may have none.
void AdviseHugePages(void* data, size_t size) {
  if (size < kFreshMemory) return;
  const uintptr_t begin = reinterpret_cast<uintptr_t>(data);
  const uintptr_t from = (begin + kHugePage - 1) & ~(kHugePage - 1);
  const uintptr_t to = (begin + size) & ~(kHugePage - 1);
  madvise(reinterpret_cast<void*>(from), to - from, MADV_HUGEPAGE);
}

// The JavaScript half: functions of cloneDelegate.
class Delegate {
 public:
  Delegate(v8::Local<v8::Context> context, v8::Local<v8::Object> object)
      : context_(context),
        isolate_(context->GetIsolate()),
        object_(object),
        // Here and not when it is first needed: V8 asks from within scopes of its own.
        plain_prototype_(v8::Object::New(isolate_)->GetPrototypeV2()) {}

  v8::Local<v8::Context> context() const { return context_; }
  v8::Isolate* isolate() const { return isolate_; }
  v8::Local<v8::Object> object() const { return object_; }

  v8::MaybeLocal<v8::Value> Call(const char* name, int argc, v8::Local<v8::Value>* argv) {
    v8::Local<v8::Value> function;
    if (!object_->Get(context_, ToInternalized(isolate_, name)).ToLocal(&function)) return {};
    return function.As<v8::Function>()->Call(context_, object_, argc, argv);
  }
  // The elements of the array a function returned; false: an exception is pending.
  template <size_t N>
  bool CallForList(const char* name, v8::Local<v8::Value> argument,
                   std::array<v8::Local<v8::Value>, N>& list) {
    v8::Local<v8::Value> result;
    if (!Call(name, 1, &argument).ToLocal(&result)) return false;
    for (uint32_t i = 0; i < N; ++i) {
      if (!result.As<v8::Object>()->Get(context_, i).ToLocal(&list[i])) return false;
    }
    return true;
  }

  // Plain objects are recognised without a call: nearly every object is one. False: an exception is
  // pending.
  bool IsPlatformObject(v8::Local<v8::Object> object, bool* answer) {
    *answer = false;
    if (IsPlain(object)) return true;
    v8::Local<v8::Value> argv[] = {object};
    v8::Local<v8::Value> result;
    if (!Call("isPlatformObject", 1, argv).ToLocal(&result)) return false;
    *answer = result->IsTrue();
    return true;
  }

  bool IsPlain(v8::Local<v8::Object> object) {
    v8::Local<v8::Value> prototype = object->GetPrototypeV2();
    return prototype->IsNull() || prototype == plain_prototype_;
  }

 private:
  v8::Local<v8::Context> context_;
  v8::Isolate* isolate_;
  v8::Local<v8::Object> object_;
  v8::Local<v8::Value> plain_prototype_;
};

// The elements of an array made by our own JavaScript; nothing: an exception is pending.
template <class T>
std::optional<std::vector<v8::Local<T>>> Elements(v8::Local<v8::Context> context,
                                                  v8::Local<v8::Array> array) {
  std::vector<v8::Local<T>> list;
  for (uint32_t i = 0; i < array->Length(); ++i) {
    v8::Local<v8::Value> item;
    if (!array->Get(context, i).ToLocal(&item)) return std::nullopt;
    list.push_back(item.As<T>());
  }
  return list;
}

// The large buffers in a message whose other parts are primitive values: then no getter runs that
// could tell when they were copied. Nothing for any other message. Runs no JavaScript.
class LargeBuffers {
 public:
  explicit LargeBuffers(Delegate& delegate)
      : delegate_(delegate), context_(delegate.context()), isolate_(delegate.isolate()) {}

  std::vector<v8::Local<v8::ArrayBuffer>> Find(v8::Local<v8::Value> message) {
    if (!message->IsObject() || Add(message)) return std::move(found_);
    // Most messages are small, and most isolates have no large buffer.
    if (isolate_->AdjustAmountOfExternalAllocatedMemory(0) < static_cast<int64_t>(kLargeBuffer)) {
      return {};
    }
    v8::TryCatch caught(isolate_);
    if (message->IsProxy() || !AddProperties(message.As<v8::Object>())) return {};
    return std::move(found_);
  }

 private:
  // False: it is no buffer.
  bool Add(v8::Local<v8::Value> value) {
    v8::Local<v8::ArrayBuffer> buffer;
    if (value->IsArrayBufferView()) {
      if (!value.As<v8::ArrayBufferView>()->HasBuffer()) return true;  // a few bytes
      v8::Local<v8::Value> any = value.As<v8::ArrayBufferView>()->Buffer();
      if (!any->IsArrayBuffer()) return false;  // a shared one
      buffer = any.As<v8::ArrayBuffer>();
    } else if (value->IsArrayBuffer()) {
      buffer = value.As<v8::ArrayBuffer>();
    } else {
      return false;
    }
    if (buffer->ByteLength() < kLargeBuffer || buffer->IsResizableByUserJavaScript()) return true;
    if (std::find(found_.begin(), found_.end(), buffer) == found_.end()) found_.push_back(buffer);
    return true;
  }

  bool AddProperties(v8::Local<v8::Object> object) {
    v8::Local<v8::Array> names;
    if (!object->IsArray() && !delegate_.IsPlain(object)) return false;
    if (object->IsArray() && object.As<v8::Array>()->Length() > kFewProperties) return false;
    const auto filter = static_cast<v8::PropertyFilter>(v8::ONLY_ENUMERABLE | v8::SKIP_SYMBOLS);
    if (!object->GetOwnPropertyNames(context_, filter, v8::KeyConversionMode::kConvertToString)
             .ToLocal(&names)) {
      return false;
    }
    if (names->Length() > kFewProperties) return false;
    v8::Local<v8::String> value_name = ToInternalized(isolate_, "value");
    for (uint32_t i = 0; i < names->Length(); ++i) {
      v8::Local<v8::Value> name;
      v8::Local<v8::Value> descriptor;
      v8::Local<v8::Value> value;
      if (!names->Get(context_, i).ToLocal(&name) || !name->IsName()) return false;
      if (!object->GetOwnPropertyDescriptor(context_, name.As<v8::Name>()).ToLocal(&descriptor) ||
          !descriptor->IsObject()) {
        return false;
      }
      v8::Local<v8::Object> parts = descriptor.As<v8::Object>();
      if (!parts->HasRealNamedProperty(context_, value_name).FromMaybe(false)) return false;
      if (!parts->Get(context_, value_name).ToLocal(&value)) return false;
      if (value->IsObject() && !Add(value)) return false;
    }
    return true;
  }

  Delegate& delegate_;
  v8::Local<v8::Context> context_;
  v8::Isolate* isolate_;
  std::vector<v8::Local<v8::ArrayBuffer>> found_;
};

}  // namespace

Message::Message() = default;
Message::~Message() = default;
Message::Message(Message&&) noexcept = default;
Message& Message::operator=(Message&&) noexcept = default;

void Message::TakePorts(std::vector<std::unique_ptr<PortEnd>>& ports) {
  for (std::vector<PlatformObject>* objects : {&transferred_, &cloned_}) {
    for (PlatformObject& object : *objects) {
      if (object.port) ports.push_back(std::move(object.port));
      if (object.data) object.data->TakePorts(ports);
    }
  }
}

class MessageWriter final : public v8::ValueSerializer::Delegate {
 public:
  MessageWriter(OpHost& host, rt::Delegate& delegate, PortNames& ports)
      : host_(host), delegate_(delegate), ports_(ports), serializer_(delegate.isolate(), this) {}

  std::optional<Message> Write(v8::Local<v8::Value> value, v8::Local<v8::Array> buffer_list,
                               v8::Local<v8::Array> object_list, v8::Local<v8::Array> shared,
                               Readers readers = Readers::kMany) {
    v8::Local<v8::Context> context = delegate_.context();
    auto buffers = Elements<v8::ArrayBuffer>(context, buffer_list);
    auto objects = Elements<v8::Object>(context, object_list);
    std::optional<std::vector<v8::Local<v8::ArrayBuffer>>> shared_buffers(std::in_place);
    if (!shared.IsEmpty()) shared_buffers = Elements<v8::ArrayBuffer>(context, shared);
    if (!buffers || !objects || !shared_buffers) return std::nullopt;
    objects_ = std::move(*objects);

    serializer_.WriteHeader();
    uint32_t id = 0;
    for (v8::Local<v8::ArrayBuffer> buffer : *buffers)
      serializer_.TransferArrayBuffer(id++, buffer);
    for (v8::Local<v8::ArrayBuffer> buffer : *shared_buffers) {
      serializer_.TransferArrayBuffer(id++, buffer);
      message_.shared_buffers_.push_back(buffer->GetBackingStore());
    }
    if (readers == Readers::kOne) CopyLargeBuffers(value, *buffers, id);
    if (!serializer_.WriteValue(context, value).FromMaybe(false)) return std::nullopt;
    const auto [data, size] = serializer_.Release();
    message_.bytes_.reset(data);
    message_.size_ = size;
    if (!Detach(*buffers) || !Transfer()) return std::nullopt;
    return std::move(message_);
  }

  void* ReallocateBufferMemory(void* old_bytes, size_t size, size_t* actual_size) override {
    void* const bytes = realloc(old_bytes, size);
    *actual_size = bytes == nullptr ? 0 : size;
    if (bytes != nullptr) AdviseHugePages(bytes, size);
    return bytes;
  }
  void FreeBufferMemory(void* bytes) override { free(bytes); }

  void ThrowDataCloneError(v8::Local<v8::String> message) override {
    ThrowCloneError(ToUtf8(host_.isolate(), message));
  }

  bool HasCustomHostObject(v8::Isolate*) override { return true; }
  v8::Maybe<bool> IsHostObject(v8::Isolate*, v8::Local<v8::Object> object) override {
    // Objects of native classes have no other way to be written.
    if (object->InternalFieldCount() > 0) return v8::Just(true);
    bool is_platform_object = false;
    if (!delegate_.IsPlatformObject(object, &is_platform_object)) return v8::Nothing<bool>();
    return v8::Just(is_platform_object);
  }

  // Written as a number: odd for a transferred object, even for a cloned one.
  v8::Maybe<bool> WriteHostObject(v8::Isolate* isolate, v8::Local<v8::Object> object) override {
    for (uint32_t i = 0; i < objects_.size(); ++i) {
      if (objects_[i] == object) {
        serializer_.WriteUint32(2 * i + 1);
        return v8::Just(true);
      }
    }
    std::array<v8::Local<v8::Value>, 3> parts;  // tag, data, buffers to share
    if (!delegate_.CallForList("write", object, parts)) return v8::Nothing<bool>();
    MessageWriter writer(host_, delegate_, ports_);
    std::optional<Message> data = writer.Write(parts[1], v8::Array::New(isolate),
                                               v8::Array::New(isolate), parts[2].As<v8::Array>());
    if (!data) return v8::Nothing<bool>();
    serializer_.WriteUint32(static_cast<uint32_t>(2 * message_.cloned_.size()));
    message_.cloned_.push_back({.tag = parts[0].As<v8::Uint32>()->Value(),
                                .port = nullptr,
                                .data = std::make_unique<Message>(std::move(*data))});
    return v8::Just(true);
  }

  v8::Maybe<uint32_t> GetSharedArrayBufferId(v8::Isolate*,
                                             v8::Local<v8::SharedArrayBuffer> buffer) override {
    std::shared_ptr<v8::BackingStore> store = buffer->GetBackingStore();
    for (uint32_t i = 0; i < message_.buffers_.size(); ++i) {
      if (message_.buffers_[i] == store) return v8::Just(i);
    }
    message_.buffers_.push_back(std::move(store));
    return v8::Just(static_cast<uint32_t>(message_.buffers_.size() - 1));
  }

  v8::Maybe<uint32_t> GetWasmModuleTransferId(v8::Isolate*,
                                              v8::Local<v8::WasmModuleObject> module) override {
    message_.modules_.push_back(module->GetCompiledModule());
    return v8::Just(static_cast<uint32_t>(message_.modules_.size() - 1));
  }

 private:
  void ThrowCloneError(std::string message) {
    host_.errors().Throw(host_.isolate(), Error::Dom("DataCloneError", std::move(message)));
  }

  // What has no room is left to V8, which says so.
  void CopyLargeBuffers(v8::Local<v8::Value> value,
                        const std::vector<v8::Local<v8::ArrayBuffer>>& moved, uint32_t id) {
    for (v8::Local<v8::ArrayBuffer> buffer : LargeBuffers(delegate_).Find(value)) {
      if (std::find(moved.begin(), moved.end(), buffer) != moved.end()) continue;
      std::shared_ptr<v8::BackingStore> copy =
          v8::ArrayBuffer::NewBackingStore(delegate_.isolate(), buffer->ByteLength(),
                                           v8::BackingStoreInitializationMode::kUninitialized,
                                           v8::BackingStoreOnFailureMode::kReturnNull);
      if (!copy) continue;
      AdviseHugePages(copy->Data(), copy->ByteLength());
      std::memcpy(copy->Data(), buffer->Data(), copy->ByteLength());
      serializer_.TransferArrayBuffer(id++, buffer);
      message_.copied_buffers_.push_back(std::move(copy));
    }
  }

  bool Detach(const std::vector<v8::Local<v8::ArrayBuffer>>& buffers) {
    // A getter may have detached one of them meanwhile.
    for (v8::Local<v8::ArrayBuffer> buffer : buffers) {
      if (!buffer->IsDetachable() || buffer->WasDetached()) {
        ThrowCloneError("An ArrayBuffer could not be transferred.");
        return false;
      }
    }
    for (v8::Local<v8::ArrayBuffer> buffer : buffers) {
      message_.moved_buffers_.push_back(buffer->GetBackingStore());
      if (!buffer->Detach(v8::Local<v8::Value>()).FromMaybe(false)) return false;
    }
    return true;
  }

  bool Transfer() {
    for (v8::Local<v8::Object> object : objects_) {
      std::array<v8::Local<v8::Value>, 4> parts;  // tag, data or port, buffers, objects
      if (!delegate_.CallForList("transfer", object, parts)) return false;
      Message::PlatformObject moved{
          .tag = parts[0].As<v8::Uint32>()->Value(), .port = nullptr, .data = nullptr};
      if (moved.tag == kPortTag) {
        moved.port = ports_.Take(parts[1].As<v8::Uint32>()->Value());
        if (!moved.port) {
          ThrowCloneError("A MessagePort could not be transferred.");
          return false;
        }
      } else {
        MessageWriter writer(host_, delegate_, ports_);
        std::optional<Message> data =
            writer.Write(parts[1], parts[2].As<v8::Array>(), parts[3].As<v8::Array>(), {});
        if (!data) return false;
        moved.data = std::make_unique<Message>(std::move(*data));
      }
      message_.transferred_.push_back(std::move(moved));
    }
    return true;
  }

  OpHost& host_;
  rt::Delegate& delegate_;
  PortNames& ports_;
  v8::ValueSerializer serializer_;
  std::vector<v8::Local<v8::Object>> objects_;
  Message message_;
};

class MessageReader final : public v8::ValueDeserializer::Delegate {
 public:
  MessageReader(OpHost& host, rt::Delegate& delegate, PortNames& ports, Message& message)
      : host_(host),
        delegate_(delegate),
        ports_(ports),
        message_(message),
        deserializer_(delegate.isolate(), message.bytes_.get(), message.size_, this) {}

  v8::MaybeLocal<v8::Value> Read(std::vector<v8::Local<v8::Value>>* port_list) {
    v8::Isolate* isolate = delegate_.isolate();
    // No JavaScript may run while V8 reads, so platform objects are made before.
    if (!Make(message_.transferred_, "receive", transferred_, port_list) ||
        !Make(message_.cloned_, "read", cloned_, nullptr)) {
      return {};
    }
    if (!deserializer_.ReadHeader(delegate_.context()).FromMaybe(false)) return {};
    uint32_t id = 0;
    for (const auto* stores :
         {&message_.moved_buffers_, &message_.shared_buffers_, &message_.copied_buffers_}) {
      for (const auto& store : *stores) {
        deserializer_.TransferArrayBuffer(id++, v8::ArrayBuffer::New(isolate, store));
      }
    }
    return deserializer_.ReadValue(delegate_.context());
  }

  v8::MaybeLocal<v8::Object> ReadHostObject(v8::Isolate*) override {
    uint32_t number = 0;
    if (!deserializer_.ReadUint32(&number)) return {};
    return (number % 2 == 1 ? transferred_ : cloned_)[number / 2].As<v8::Object>();
  }

  v8::MaybeLocal<v8::SharedArrayBuffer> GetSharedArrayBufferFromId(v8::Isolate* isolate,
                                                                   uint32_t id) override {
    return v8::SharedArrayBuffer::New(isolate, message_.buffers_[id]);
  }

  v8::MaybeLocal<v8::WasmModuleObject> GetWasmModuleFromId(v8::Isolate* isolate,
                                                           uint32_t id) override {
    return v8::WasmModuleObject::FromCompiledModule(isolate, message_.modules_[id]);
  }

 private:
  bool Make(std::vector<Message::PlatformObject>& objects, const char* function,
            std::vector<v8::Local<v8::Value>>& made, std::vector<v8::Local<v8::Value>>* port_list) {
    v8::Isolate* isolate = delegate_.isolate();
    for (Message::PlatformObject& object : objects) {
      v8::Local<v8::Value> data;
      const bool is_port = object.data == nullptr;
      if (is_port) {
        if (!object.port) return false;
        data = v8::Integer::NewFromUnsigned(isolate, ports_.Adopt(std::move(object.port)));
      } else {
        MessageReader reader(host_, delegate_, ports_, *object.data);
        if (!reader.Read(nullptr).ToLocal(&data)) return false;
      }
      v8::Local<v8::Value> argv[] = {v8::Integer::NewFromUnsigned(isolate, object.tag), data};
      v8::Local<v8::Value> result;
      if (!delegate_.Call(function, 2, argv).ToLocal(&result)) return false;
      if (is_port && port_list) port_list->push_back(result);
      made.push_back(result);
    }
    return true;
  }

  OpHost& host_;
  rt::Delegate& delegate_;
  PortNames& ports_;
  Message& message_;
  std::vector<v8::Local<v8::Value>> transferred_;
  std::vector<v8::Local<v8::Value>> cloned_;
  v8::ValueDeserializer deserializer_;
};

std::optional<Message> WriteMessage(OpHost& host, v8::Local<v8::Context> context, PortNames& ports,
                                    v8::Local<v8::Object> delegate_object,
                                    v8::Local<v8::Value> value, v8::Local<v8::Array> buffers,
                                    v8::Local<v8::Array> objects, Readers readers) {
  Delegate delegate(context, delegate_object);
  MessageWriter writer(host, delegate, ports);
  return writer.Write(value, buffers, objects, {}, readers);
}

v8::MaybeLocal<v8::Value> ReadMessage(OpHost& host, v8::Local<v8::Context> context,
                                      PortNames& ports, v8::Local<v8::Object> delegate_object,
                                      Message& message,
                                      std::vector<v8::Local<v8::Value>>* port_list) {
  Delegate delegate(context, delegate_object);
  MessageReader reader(host, delegate, ports, message);
  return reader.Read(port_list);
}

}  // namespace rt
