// The sending half of SocketConnection: frames into one buffer, the buffer out at the end of the
// turn.
#include <algorithm>

#include "src/ext/websocket/socket_connection.h"

namespace rt {
namespace {

// Shorter messages gain nothing from compression that their cost would be worth.
constexpr size_t kCompressFrom = 1024;
// A buffer keeps its memory between turns up to here.
constexpr size_t kKeptOutput = 16 * 1024;
// Above this OnDrained waits.
constexpr size_t kDrainMark = 64 * 1024;

}  // namespace

const uint8_t* SocketConnection::Mask() {
  return options_.role == ws::Role::kClient ? hub_->NextMask() : nullptr;
}

bool SocketConnection::MayCompress(size_t size) const {
  return size >= kCompressFrom && options_.deflate.has_value();
}

void SocketConnection::NoteSent(size_t size) {
  payload_since_empty_ += size;
}

void SocketConnection::SendCompressed(ws::Opcode opcode, std::string_view message) {
  const bool server = options_.role == ws::Role::kServer;
  const int bits =
      server ? options_.deflate->server_max_window_bits : options_.deflate->client_max_window_bits;
  std::string packed;
  hub_->DeflaterFor(bits).Compress(message, &packed);
  const bool smaller = packed.size() < message.size();
  const std::string_view payload = smaller ? std::string_view(packed) : message;
  const uint8_t* mask = Mask();
  const size_t at = out_.size();
  const size_t header = ws::FrameHeaderSize(payload.size(), mask != nullptr);
  out_.resize(at + header);
  ws::WriteFrameHeader(out_.data() + at, opcode, payload.size(), mask, {.compressed = smaller});
  out_.append(payload);
  if (mask != nullptr) {
    ws::ApplyMask(reinterpret_cast<uint8_t*>(out_.data()) + at + header, payload.size(), mask);
  }
  ScheduleFlush();
}

void SocketConnection::SendControl(ws::Opcode opcode, std::string_view payload) {
  out_ += ws::MakeFrame(opcode, payload, Mask());
  ScheduleFlush();
}

void SocketConnection::ScheduleFlush() {
  if (flush_scheduled_ || write_blocked_) return;
  flush_scheduled_ = true;
  hub_->ScheduleFlush(this);
}

void SocketConnection::FlushScheduled() {
  flush_scheduled_ = false;
  Flush();
}

void SocketConnection::OnWritable() {
  write_blocked_ = false;
  Flush();
}

void SocketConnection::Flush() {
  if (hub_ == nullptr || write_blocked_) return;
  const Ref<SocketConnection> keep(this);
  while (out_at_ < out_.size()) {
    const iovec part{out_.data() + out_at_, out_.size() - out_at_};
    auto moved = stream_->TryWrite({&part, 1});
    if (!moved.ok()) {
      if (phase_ == Phase::kEnding) return CloseStream();
      return Fail(0, moved.error().message);
    }
    if (!*moved) {
      write_blocked_ = true;
      stream_->Wait(IoDirection::kWrite, &write_waiter_);
      if (out_at_ > out_.size() / 2) {
        out_.erase(0, out_at_);
        out_at_ = 0;
      }
      if (out_.size() - out_at_ <= kDrainMark) TellDrained();
      return;
    }
    out_at_ += **moved;
    wrote_some_ = true;
  }
  out_.clear();
  out_at_ = 0;
  wrote_some_ = false;
  payload_since_empty_ = 0;
  if (out_.capacity() > kKeptOutput) std::string().swap(out_);
  TellDrained();
  if (phase_ != Phase::kEnding || hub_ == nullptr) return;
  if (!draining_) {
    (void)stream_->TryShutdown();
    return CloseStream();
  }
  // Closing a socket with unread input would reset it, and our close frame may be lost on the way.
  auto shut = stream_->TryShutdown();
  if (!shut.ok()) return CloseStream();
  ReadOn();
}

size_t SocketConnection::buffered() const {
  if (!wrote_some_) return payload_since_empty_;
  return std::min(payload_since_empty_, out_.size() - out_at_);
}

void SocketConnection::TellDrained() {
  if (on_drained_) std::exchange(on_drained_, nullptr)(true);
}

void SocketConnection::OnDrained(std::function<void(bool)> callback) {
  if (hub_ == nullptr || phase_ != Phase::kOpen || out_.size() - out_at_ <= kDrainMark) {
    return callback(true);
  }
  on_drained_ = std::move(callback);
}

}  // namespace rt
