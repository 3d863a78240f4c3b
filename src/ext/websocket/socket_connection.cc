// Reading, and the end. Sending is in socket_output.cc.
#include "src/ext/websocket/socket_connection.h"

#include <utility>

namespace rt {
namespace {

// What a connection may have waiting for the program before its peer is held back.
constexpr size_t kMaxQueuedBytes = 1024 * 1024;
constexpr size_t kMaxQueuedEvents = 1024;
// A peer that always has something must not keep the loop from turning.
constexpr int kReadsPerTurn = 8;
// How long the peer may take to answer a close frame, and to take what is left after it.
constexpr uint64_t kCloseTimeoutMs = 10'000;
constexpr uint64_t kDrainTimeoutMs = 1'000;

}  // namespace

SocketConnection::SocketConnection(SocketHub& hub, Ref<StreamResource> stream,
                                   SocketOptions options)
    : Resource(TypeIdOf<SocketConnection>()),
      hub_(&hub),
      loop_(hub.loop()),
      stream_(std::move(stream)),
      options_(options),
      receiver_({.role = options.role, .deflate = options.deflate}),
      again_(hub.loop()),
      end_timer_(hub.loop()),
      idle_timer_(hub.loop()) {
  write_waiter_.owner = this;
}

SocketConnection::~SocketConnection() {
  CloseStream();
}

void SocketConnection::Start(Rid rid, std::string received) {
  rid_ = rid;
  referenced_ = true;
  loop_.AddRef();
  (void)hub_->read_buffer();
  pending_ = std::move(received);
  ArmIdle();
  // Not from here: the program hears of the connection first.
  again_.Start(0, [this] { ReadOn(); });
}

void SocketConnection::Close() {
  if (phase_ == Phase::kEnding && close_told_) return;
  CloseStream();
}

void SocketConnection::CloseStream() {
  if (hub_ == nullptr) return;
  SocketHub* const hub = std::exchange(hub_, nullptr);
  phase_ = Phase::kClosed;
  again_.Stop();
  end_timer_.Stop();
  idle_timer_.Stop();
  stream_->Wait(IoDirection::kRead, nullptr);
  stream_->Wait(IoDirection::kWrite, nullptr);
  stream_->Close();
  // The last event keeps the program alive until it is delivered.
  if (!close_told_ && std::exchange(referenced_, false)) loop_.ReleaseRef();
  hub->Forget(this);
  if (auto drained = std::exchange(on_drained_, nullptr)) drained(true);
  hub->Drop(this);  // may be the last reference
}

// --- reading -------------------------------------------------------------------------------------

bool SocketConnection::MayRead() const {
  return !paused_ && queued_bytes_ < kMaxQueuedBytes && queued_events_ < kMaxQueuedEvents;
}

void SocketConnection::OnIoReady() {
  waiting_ = false;
  ReadOn();
}

void SocketConnection::ReadOn() {
  const Ref<SocketConnection> keep(this);
  if (hub_ == nullptr || reading_) return;
  if (draining_) return DropInput();
  if (phase_ > Phase::kClosing || waiting_) return;
  reading_ = true;
  bool more = true;
  if (!pending_.empty() && MayRead()) {
    std::string pending = std::exchange(pending_, {});
    more = Take({reinterpret_cast<uint8_t*>(pending.data()), pending.size()});
  }
  for (int reads = 0; more && hub_ != nullptr && MayRead(); ++reads) {
    if (reads == kReadsPerTurn) {
      again_.Start(0, [this] { ReadOn(); });
      break;
    }
    const std::span<uint8_t> buffer = hub_->read_buffer();
    auto moved = stream_->TryRead(buffer);
    if (!moved.ok()) {
      Fail(0, moved.error().message);
      break;
    }
    if (!*moved) {
      waiting_ = true;
      stream_->Wait(IoDirection::kRead, this);
      break;
    }
    if (**moved == 0) {
      Fail(0, "the connection was closed without a closing handshake");
      break;
    }
    more = Take(buffer.first(**moved));
  }
  reading_ = false;
}

bool SocketConnection::Take(std::span<uint8_t> bytes) {
  heard_ = true;
  const auto fed = receiver_.Feed(bytes, *this);
  if (fed.failure) {
    Fail(fed.failure->code, fed.failure->reason);
    return false;
  }
  if (phase_ > Phase::kClosing) return false;
  if (fed.used < bytes.size()) {
    pending_.assign(reinterpret_cast<const char*>(bytes.data()) + fed.used,
                    bytes.size() - fed.used);
    return false;
  }
  return true;
}

void SocketConnection::DropInput() {
  for (int reads = 0; reads < kReadsPerTurn; ++reads) {
    auto moved = stream_->TryRead(hub_->read_buffer());
    if (!moved.ok() || (*moved && **moved == 0)) return CloseStream();
    if (!*moved) break;
  }
  stream_->Wait(IoDirection::kRead, this);
}

bool SocketConnection::OnMessage(ws::IncomingMessage message) {
  ++queued_events_;
  queued_bytes_ += message.payload.size();
  SocketEvent event;
  event.kind = message.text ? SocketEventKind::kText : SocketEventKind::kBinary;
  event.ascii = message.ascii;
  event.socket = Ref<SocketConnection>(this);
  hub_->Push(std::move(event), message.payload, message.whole);
  return MayRead();
}

bool SocketConnection::OnPing(std::string_view payload) {
  // A peer that pings without reading the answers is not read either.
  if (phase_ == Phase::kOpen && out_.size() - out_at_ < kMaxQueuedBytes) {
    SendControl(ws::Opcode::kPong, payload);
  }
  return true;
}

bool SocketConnection::OnPong(std::string_view) {
  return true;
}

void SocketConnection::OnClose(uint16_t code, std::string_view reason) {
  if (!close_sent_) {
    close_sent_ = true;
    SendControl(ws::Opcode::kClose, ws::ClosePayload(code, reason));
  }
  PushEvent(SocketEventKind::kClose, reason, code, true);
  EndAfterFlush(false);
}

void SocketConnection::EventTaken(const SocketEvent& event) {
  if (event.kind == SocketEventKind::kClose) {
    if (std::exchange(referenced_, false)) loop_.ReleaseRef();
    return;
  }
  if (event.kind != SocketEventKind::kText && event.kind != SocketEventKind::kBinary) return;
  --queued_events_;
  queued_bytes_ -= event.size;
  if (phase_ <= Phase::kClosing && !waiting_ && MayRead()) {
    again_.Start(0, [this] { ReadOn(); });
  }
}

void SocketConnection::SetPaused(bool paused) {
  paused_ = paused;
  if (hub_ == nullptr || phase_ > Phase::kClosing) return;
  if (paused) {
    if (std::exchange(waiting_, false)) stream_->Wait(IoDirection::kRead, nullptr);
    again_.Stop();
  } else if (!waiting_) {
    again_.Start(0, [this] { ReadOn(); });
  }
}

// --- the end -------------------------------------------------------------------------------------

void SocketConnection::PushEvent(SocketEventKind kind, std::string_view text, uint16_t code,
                                 bool clean) {
  SocketEvent event;
  event.kind = kind;
  event.code = code;
  event.clean = clean;
  event.socket = Ref<SocketConnection>(this);
  if (kind == SocketEventKind::kClose) close_told_ = true;
  hub_->Push(std::move(event), text, nullptr);
}

void SocketConnection::StartClose(uint16_t code, std::string_view reason) {
  if (phase_ != Phase::kOpen) return;
  close_sent_ = true;
  SendControl(ws::Opcode::kClose, ws::ClosePayload(code, reason));
  phase_ = Phase::kClosing;
  idle_timer_.Stop();
  end_timer_.Start(kCloseTimeoutMs, [this] { Fail(0, "the peer did not answer the close frame"); });
  // The peer's answer is waited for whoever reads messages.
  if (paused_) SetPaused(false);
}

void SocketConnection::Fail(uint16_t code, std::string_view why) {
  if (hub_ == nullptr || phase_ > Phase::kClosing) return;
  const Ref<SocketConnection> keep(this);
  if (code != 0 && !close_sent_) {
    close_sent_ = true;
    SendControl(ws::Opcode::kClose, ws::ClosePayload(code, why));
  }
  PushEvent(SocketEventKind::kError, why, 0, false);
  PushEvent(SocketEventKind::kClose, {}, ws::kAbnormalClosure, false);
  if (code == 0) {
    // There is nobody to send anything to.
    return CloseStream();
  }
  EndAfterFlush(true);
}

void SocketConnection::EndAfterFlush(bool drain) {
  phase_ = Phase::kEnding;
  idle_timer_.Stop();
  again_.Stop();
  if (std::exchange(waiting_, false)) stream_->Wait(IoDirection::kRead, nullptr);
  std::string().swap(pending_);
  draining_ = drain;
  hub_->Keep(Ref<SocketConnection>(this));
  end_timer_.Start(drain ? kDrainTimeoutMs : kCloseTimeoutMs, [this] { CloseStream(); });
  ScheduleFlush();
}

void SocketConnection::ArmIdle() {
  if (options_.idle_timeout_ms == 0) return;
  idle_timer_.Start(options_.idle_timeout_ms / 2 + 1, [this] { OnIdle(); });
}

// Half of the time without a word: a ping. The other half without an answer: the end.
void SocketConnection::OnIdle() {
  if (phase_ != Phase::kOpen) return;
  // What waits for the program has been said too.
  if (std::exchange(heard_, false) || queued_events_ > 0 || paused_) {
    pinged_ = false;
  } else if (pinged_) {
    const Ref<SocketConnection> keep(this);
    constexpr std::string_view kWhy = "No response from ping frame.";
    close_sent_ = true;
    SendControl(ws::Opcode::kClose, ws::ClosePayload(ws::kGoingAway, kWhy));
    PushEvent(SocketEventKind::kError, kWhy, 0, false);
    PushEvent(SocketEventKind::kClose, kWhy, ws::kGoingAway, false);
    return EndAfterFlush(true);
  } else {
    pinged_ = true;
    SendControl(ws::Opcode::kPing, {});
  }
  ArmIdle();
}

}  // namespace rt
