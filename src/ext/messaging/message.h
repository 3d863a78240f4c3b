// Message: a serialized value (https://html.spec.whatwg.org/#structuredserializewithtransfer) that
// belongs to no isolate: any runtime of the process may read it. Serializing and reading run
// JavaScript (getters of the value, the delegate of js/ext/messaging/structured_clone.js for rt's
// own objects) and belong to the runtime's thread.
#pragma once

#include <v8.h>

#include <cstdlib>
#include <memory>
#include <optional>
#include <vector>

#include "src/op/op_host.h"

namespace rt {

class PortEnd;

class Message {
 public:
  // A platform object: a message port, or the delegate's data for one of rt's classes.
  struct PlatformObject {
    uint32_t tag = 0;               // which class
    std::unique_ptr<PortEnd> port;  // a port has nothing else
    std::unique_ptr<Message> data;
  };

  Message();
  ~Message();
  Message(Message&&) noexcept;
  Message& operator=(Message&&) noexcept;

  // The traced call that sent it; 0: none.
  uint64_t cause = 0;

  // Moves out the ports that travel in it: for a message nobody will read.
  void TakePorts(std::vector<std::unique_ptr<PortEnd>>& ports);

 private:
  friend class MessageWriter;
  friend class MessageReader;
  struct FreeBytes {
    void operator()(uint8_t* bytes) const { free(bytes); }
  };

  std::unique_ptr<uint8_t, FreeBytes> bytes_;
  size_t size_ = 0;
  // ArrayBuffers that moved, and those that rt's immutable objects (blobs) share.
  std::vector<std::shared_ptr<v8::BackingStore>> moved_buffers_;
  std::vector<std::shared_ptr<v8::BackingStore>> shared_buffers_;
  // Copies of large ArrayBuffers: the reader takes them as they are.
  std::vector<std::shared_ptr<v8::BackingStore>> copied_buffers_;
  std::vector<std::shared_ptr<v8::BackingStore>> buffers_;  // of SharedArrayBuffers
  std::vector<v8::CompiledWasmModule> modules_;
  std::vector<PlatformObject> transferred_;
  std::vector<PlatformObject> cloned_;
};

// How the ports of a runtime are named in JavaScript while messages are written and read.
class PortNames {
 public:
  virtual ~PortNames() = default;
  // Takes the port out of the runtime; null: there is none of that name.
  virtual std::unique_ptr<PortEnd> Take(uint32_t id) = 0;
  virtual uint32_t Adopt(std::unique_ptr<PortEnd> port) = 0;
};

// Who will read a message.
enum class Readers { kOne, kMany };

// Serializes `value`. `buffers` (distinct ArrayBuffers) and `objects` (distinct platform objects)
// are moved into the message, once everything could be serialized; JavaScript has checked them.
// Nothing: an exception is pending (a DataCloneError, or what a getter threw).
std::optional<Message> WriteMessage(OpHost& host, v8::Local<v8::Context> context, PortNames& ports,
                                    v8::Local<v8::Object> delegate, v8::Local<v8::Value> value,
                                    v8::Local<v8::Array> buffers, v8::Local<v8::Array> objects,
                                    Readers readers = Readers::kOne);

// Makes the value. A message for many may be read more than once, unless it has ports. `port_list`,
// if given, receives the ports that came with it, in order. Empty: an exception is pending.
v8::MaybeLocal<v8::Value> ReadMessage(OpHost& host, v8::Local<v8::Context> context,
                                      PortNames& ports, v8::Local<v8::Object> delegate,
                                      Message& message,
                                      std::vector<v8::Local<v8::Value>>* port_list = nullptr);

}  // namespace rt
