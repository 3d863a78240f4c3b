// Resource: an open OS handle that scripts name by number. Owned by the resource table and by
// whoever holds a Ref; its memory goes with the last of them. Single-threaded. Never runs
// JavaScript.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "src/base/bytes.h"
#include "src/base/result.h"
#include "src/loop/task.h"

namespace rt {

class ByteStream;

using Rid = uint32_t;

// One address per type: identity without RTTI.
using TypeId = const void*;
template <class T>
TypeId TypeIdOf() {
  static constexpr char kAnchor = 0;
  return &kAnchor;
}

// Memory that a pipe reads into, again and again. A resource that has its bytes in a string already
// exchanges it instead of copying.
struct PipeBuffer {
  Bytes memory;                       // for reads that fill memory of the caller's
  std::shared_ptr<std::string> text;  // for those that exchange a string
  Bytes filled;                       // what the last read gave
};

class Resource {
 public:
  Resource(const Resource&) = delete;
  Resource& operator=(const Resource&) = delete;

  // What Deno.resources() shows: "stdin", "fsFile", "tcpListener".
  virtual std::string_view name() const = 0;

  // Ends the handle's life: no new operation succeeds after, pending ones end with an error, and
  // the close of the OS handle is begun. Called once by the table, more than once is harmless.
  virtual void Close() = 0;

  // Reads at most buffer.size() bytes; 0 means end. Default: NotSupported.
  virtual Task<Result<size_t>> Read(Bytes buffer);
  // The same for a pipe: fills or exchanges the buffer; `filled` is empty at the end. The default
  // reads into memory that grows while reads fill it.
  virtual Task<Result<void>> ReadForPipe(PipeBuffer* buffer);
  // Writes some of the buffer and says how much. Default: NotSupported.
  virtual Task<Result<size_t>> Write(Bytes buffer);
  // Ends the writing direction; reading goes on. Default: NotSupported.
  virtual Task<Result<void>> CloseWrite();
  // The resource as a stream that C++ can move bytes through without a Task a chunk; null if it is
  // none. Lives as long as the resource.
  virtual ByteStream* AsByteStream() { return nullptr; }
  // Write() for what goes at once and in its turn. Nothing: ask Write(), with the same bytes.
  virtual std::optional<Result<size_t>> WriteNow(std::span<const uint8_t> buffer) { return {}; }
  // The same, blocking.
  virtual Result<size_t> ReadSync(std::span<uint8_t> buffer);
  virtual Result<size_t> WriteSync(std::span<const uint8_t> buffer);

  // Native memory it holds: itself, and whatever buffers it owns.
  virtual size_t NativeBytes() const { return own_size_; }
  void set_own_size(size_t size) { own_size_ = size; }

  TypeId type_id() const { return type_id_; }
  void Retain() { ++ref_count_; }
  void Release() {
    if (--ref_count_ == 0) delete this;
  }

 protected:
  explicit Resource(TypeId type_id) : type_id_(type_id) {}
  virtual ~Resource() = default;

 private:
  TypeId type_id_;
  uint32_t ref_count_ = 0;
  size_t own_size_ = 0;
};

// A counted reference to a resource. As an op's argument it is made from a rid, after the type was
// checked; as a result, or through ResourceTable::Add, it becomes one.
template <class R>
class Ref {
 public:
  Ref() = default;
  explicit Ref(R* resource) : resource_(resource) {
    if (resource_) resource_->Retain();
  }
  Ref(const Ref& other) : Ref(other.resource_) {}
  Ref(Ref&& other) noexcept : resource_(std::exchange(other.resource_, nullptr)) {}
  template <class Derived>
  requires(std::is_base_of_v<R, Derived> && !std::is_same_v<R, Derived>)
      Ref(const Ref<Derived>& other)
      : Ref(other.get()) {}
  Ref& operator=(Ref other) noexcept {
    std::swap(resource_, other.resource_);
    return *this;
  }
  ~Ref() {
    if (resource_) resource_->Release();
  }

  R* get() const { return resource_; }
  R* operator->() const { return resource_; }
  R& operator*() const { return *resource_; }
  explicit operator bool() const { return resource_ != nullptr; }

 private:
  R* resource_ = nullptr;
};

template <class R, class... A>
Ref<R> MakeResource(A&&... arguments) {
  Ref<R> made(new R(std::forward<A>(arguments)...));
  made->set_own_size(sizeof(R));
  return made;
}

}  // namespace rt
