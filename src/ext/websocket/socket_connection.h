// SocketConnection: one WebSocket connection behind its handshake, either end (RFC 6455). It reads
// ahead of the program by a bounded amount, answers pings, carries out the closing handshake, and
// ends itself when the peer breaks the protocol, says nothing for too long, or does not close.
// Everything it has to say comes as events of the hub, a kClose last, exactly one unless its rid is
// closed before. Runtime's thread; never runs JavaScript.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "src/ext/websocket/socket_hub.h"
#include "src/loop/loop_timer.h"
#include "src/resource/stream_resource.h"
#include "src/websocket/receiver.h"

namespace rt {

struct SocketOptions {
  ws::Role role = ws::Role::kServer;
  std::optional<ws::DeflateParams> deflate = {};
  uint64_t idle_timeout_ms = 0;  // 0: none
};

class SocketConnection final : public Resource, private ws::ReceiverListener, private IoWaiter {
 public:
  SocketConnection(SocketHub& hub, Ref<StreamResource> stream, SocketOptions options);

  std::string_view name() const override { return "webSocketStream"; }
  // Ends it now, without an event; the closing handshake, once it is over, is let finish.
  void Close() override;

  // Begins to read. `received` is what came with the handshake.
  void Start(Rid rid, std::string received);
  Rid rid() const { return rid_; }

  // Room for a message of `size` bytes, which `fill(char*)` writes. Ignored once it is closing.
  template <class Fill>
  void SendInPlace(ws::Opcode opcode, size_t size, Fill&& fill) {
    if (phase_ != Phase::kOpen) return;
    NoteSent(size);
    if (MayCompress(size)) {
      std::string message(size, '\0');
      fill(message.data());
      return SendCompressed(opcode, message);
    }
    const uint8_t* mask = Mask();
    const size_t header = ws::FrameHeaderSize(size, mask != nullptr);
    const size_t at = out_.size();
    out_.resize(at + header + size);
    char* room = out_.data() + at;
    ws::WriteFrameHeader(room, opcode, size, mask);
    fill(room + header);
    if (mask != nullptr) {
      ws::ApplyMask(reinterpret_cast<uint8_t*>(room + header), size, mask);
    }
    ScheduleFlush();
  }
  // Begins the closing handshake. kNoStatus: without a code.
  void StartClose(uint16_t code, std::string_view reason);

  // Payload bytes that are not with the kernel yet.
  size_t buffered() const;
  // From now on nothing is read until it is taken back; what has been read is still delivered.
  void SetPaused(bool paused);
  // Once so much has been sent that more is welcome, or it is closed. At once if so now.
  void OnDrained(std::function<void(bool)> callback);
  // An event of this connection has been delivered.
  void EventTaken(const SocketEvent& event);

  void FlushScheduled();

 private:
  enum class Phase : uint8_t {
    kOpen,
    kClosing,  // our close frame is sent, the peer's is not here
    kEnding,   // nothing is read any more (or only to be dropped); what is left is sent
    kClosed,
  };
  struct WriteWaiter final : IoWaiter {
    SocketConnection* owner = nullptr;
    void OnIoReady() override { owner->OnWritable(); }
  };

  ~SocketConnection() override;

  bool OnMessage(ws::IncomingMessage message) override;
  bool OnPing(std::string_view payload) override;
  bool OnPong(std::string_view payload) override;
  void OnClose(uint16_t code, std::string_view reason) override;

  void OnIoReady() override;
  void OnWritable();
  bool MayRead() const;
  // Reads and takes what is there, as far as it may.
  void ReadOn();
  // False: no more may be taken for now.
  bool Take(std::span<uint8_t> bytes);
  void DropInput();

  const uint8_t* Mask();
  bool MayCompress(size_t size) const;
  void SendCompressed(ws::Opcode opcode, std::string_view message);
  void SendControl(ws::Opcode opcode, std::string_view payload);
  void NoteSent(size_t size);
  void ScheduleFlush();
  void Flush();
  void TellDrained();

  void PushEvent(SocketEventKind kind, std::string_view text, uint16_t code, bool clean);
  // The peer broke the protocol, or is gone: `code` goes into the close frame, 0 for none.
  void Fail(uint16_t code, std::string_view why);
  // What is left goes out, then the connection closes. `drain`: input may still be coming.
  void EndAfterFlush(bool drain);
  void CloseStream();
  void ArmIdle();
  void OnIdle();

  SocketHub* hub_;  // null once closed
  Loop& loop_;
  Ref<StreamResource> stream_;
  SocketOptions options_;
  ws::Receiver receiver_;
  Rid rid_ = 0;
  Phase phase_ = Phase::kOpen;
  bool referenced_ = false;  // keeps the program alive
  bool close_sent_ = false;
  bool close_told_ = false;  // the kClose event is queued
  bool draining_ = false;

  // Reading.
  std::string pending_;  // read and not taken
  bool reading_ = false;
  bool waiting_ = false;
  bool paused_ = false;
  size_t queued_events_ = 0;
  size_t queued_bytes_ = 0;
  bool heard_ = false;  // since the idle timer looked last
  bool pinged_ = false;

  // Writing.
  std::string out_;
  size_t out_at_ = 0;
  bool flush_scheduled_ = false;
  bool write_blocked_ = false;
  bool wrote_some_ = false;  // of what is counted in payload_since_empty_
  size_t payload_since_empty_ = 0;
  std::function<void(bool)> on_drained_;
  WriteWaiter write_waiter_;

  LoopTimer again_;  // reads on after the loop has turned
  LoopTimer end_timer_;
  LoopTimer idle_timer_;
};

}  // namespace rt
