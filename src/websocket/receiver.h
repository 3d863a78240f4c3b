// Receiver: bytes of a WebSocket connection -> messages and control frames (RFC 6455, and RFC 7692
// when it was negotiated). It judges everything a peer may get wrong and holds at most one message,
// never longer than its limit. No I/O, no loop, no V8; one thread at a time.
//
//   ws::Receiver receiver({.role = ws::Role::kServer});
//   auto fed = receiver.Feed(bytes, listener);
//   if (fed.failure) send a close frame with fed.failure->code, then end the connection
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "src/websocket/deflate.h"
#include "src/websocket/frame.h"
#include "src/websocket/utf8.h"

namespace rt::ws {

struct ReceiverOptions {
  // Whose end this is: a server takes only masked frames, a client only frames that are not.
  Role role = Role::kServer;
  // A longer message is refused (1009), compressed or not, before memory for it exists.
  size_t max_message_size = 64 * 1024 * 1024;
  std::optional<DeflateParams> deflate = {};
};

struct IncomingMessage {
  bool text = false;
  bool ascii = false;            // of text: all of it
  std::string_view payload;      // valid during the call
  std::string* whole = nullptr;  // holds the payload and may be moved from; null: it is elsewhere
};

// Told during Feed. Must not feed the receiver or destroy it from inside.
class ReceiverListener {
 public:
  // False: Feed returns after this message, the rest is offered again later.
  virtual bool OnMessage(IncomingMessage message) = 0;
  // At most 125 bytes. OnPing is to be answered with a pong of the same payload.
  virtual bool OnPing(std::string_view payload) = 0;
  virtual bool OnPong(std::string_view payload) = 0;
  // The last thing that is told; kNoStatus if the frame had no code.
  virtual void OnClose(uint16_t code, std::string_view reason) = 0;

 protected:
  ~ReceiverListener() = default;
};

class Receiver {
 public:
  explicit Receiver(ReceiverOptions options);

  struct Failure {
    uint16_t code;            // for the close frame
    std::string_view reason;  // static text
  };
  struct Fed {
    size_t used = 0;  // the rest is to be offered again, unless it failed or was closed
    std::optional<Failure> failure = {};
  };
  // Unmasks in place. After a failure or a close frame nothing is taken any more.
  Fed Feed(std::span<uint8_t> bytes, ReceiverListener& listener);

  bool closed() const { return closed_; }
  // In the middle of a frame or a fragmented message.
  bool in_message() const { return in_message_ || in_payload_ || header_size_ > 0; }
  // Memory that waits for the end of a message.
  size_t held_bytes() const { return message_.capacity(); }

 private:
  struct Header {
    bool fin = false;
    bool compressed = false;
    bool masked = false;
    Opcode opcode = Opcode::kContinuation;
    uint64_t length = 0;
    uint8_t mask[4] = {};
  };
  enum class Step : uint8_t { kGoOn, kPause, kFailed };

  // Takes a header off `bytes`; false: it is not complete yet (or it failed).
  bool ReadHeader(std::span<const uint8_t> bytes, size_t* used);
  bool CheckHeader();
  Step ReadPayload(std::span<uint8_t> bytes, size_t* used, ReceiverListener& listener);
  Step EndControl(std::string_view payload, ReceiverListener& listener);
  Step AddData(std::string_view piece, bool frame_ends, ReceiverListener& listener);
  Step Deliver(std::string_view payload, std::string* whole, ReceiverListener& listener);
  bool PeerResetsContext() const;
  Step Fail(uint16_t code, std::string_view reason);

  ReceiverOptions options_;
  std::unique_ptr<Inflater> inflater_;  // with the first compressed message
  uint8_t header_bytes_[kMaxFrameHeader];
  size_t header_size_ = 0;
  Header header_;
  bool in_payload_ = false;
  uint64_t payload_at_ = 0;
  std::string control_;
  // The message under way.
  std::string message_;
  bool in_message_ = false;
  bool message_text_ = false;
  bool message_compressed_ = false;
  uint32_t fragments_ = 0;
  Utf8Check utf8_;
  bool closed_ = false;
  std::optional<Failure> failure_;
};

}  // namespace rt::ws
