// SocketHub: what the WebSocket connections of one runtime share: the queue of what arrived, which
// JavaScript empties once a turn, and the list of those that have something to send, written at the
// end of a turn with one system call each. Runtime's thread; runs no JavaScript.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "src/op/op_host.h"
#include "src/resource/resource.h"
#include "src/websocket/deflate.h"

namespace rt {

class SocketConnection;

// The numbers js/ext/websocket/delivery.js uses.
enum class SocketEventKind : uint8_t {
  kNone = 0,
  kText = 1,
  kBinary = 2,
  kError = 3,  // the text says why; a kClose follows
  kClose = 4,  // the last; the text is the reason
};

struct SocketEvent {
  SocketEventKind kind = SocketEventKind::kNone;
  bool ascii = false;  // of the text
  bool clean = false;  // of kClose
  uint16_t code = 0;   // of kClose
  Ref<SocketConnection> socket;
  // The payload: in `whole`, or `size` bytes of the hub's common memory.
  std::string whole;
  size_t offset = 0;
  size_t size = 0;
};

class SocketHub final : public ExtensionState {
 public:
  explicit SocketHub(OpHost& host);
  ~SocketHub() override;
  void Shutdown() override;

  OpHost& host() { return host_; }
  Loop& loop() { return host_.loop(); }

  // --- events ---
  // `whole` may be moved from; null: `payload` is copied.
  void Push(SocketEvent event, std::string_view payload, std::string* whole);
  // Makes the next event the current one. False: there is none.
  bool Next();
  const SocketEvent& current() const { return current_; }
  // Until Push, Next or DropPayload.
  std::string_view payload() const;
  void DropPayload();

  // --- sending ---
  void ScheduleFlush(SocketConnection* socket);
  void FlushAll();
  // Closing connections that nobody else holds any more.
  void Keep(const Ref<SocketConnection>& socket);
  void Drop(SocketConnection* socket);
  void Forget(SocketConnection* socket);

  std::span<uint8_t> read_buffer();
  // Keeps no context between messages, so one serves all connections.
  ws::Deflater& DeflaterFor(int window_bits);
  // Four bytes no peer can foresee (RFC 6455 section 10.3).
  const uint8_t* NextMask();

 private:
  OpHost& host_;
  std::vector<SocketEvent> events_;
  size_t next_event_ = 0;
  SocketEvent current_;
  std::string common_;  // payloads of events_
  std::vector<SocketConnection*> to_flush_;
  std::vector<SocketConnection*> flushing_;
  std::map<SocketConnection*, Ref<SocketConnection>> kept_;
  std::unique_ptr<uint8_t[]> read_buffer_;
  std::map<int, std::unique_ptr<ws::Deflater>> deflaters_;
  std::array<uint8_t, 4096> masks_;
  size_t mask_at_ = 4096;
  // Read by the loop's callback, which cannot be taken back.
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace rt
