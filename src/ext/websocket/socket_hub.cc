// See the header.
#include "src/ext/websocket/socket_hub.h"

#include <openssl/rand.h>

#include <algorithm>

#include "src/ext/websocket/socket_connection.h"

namespace rt {
namespace {

constexpr size_t kReadBufferBytes = 64 * 1024;
// Messages up to here share memory; larger ones have their own.
constexpr size_t kCommonBytes = 16 * 1024;
constexpr size_t kKeptCommonBytes = 1024 * 1024;

}  // namespace

SocketHub::SocketHub(OpHost& host) : host_(host) {}

SocketHub::~SocketHub() {
  *alive_ = false;
}

void SocketHub::Shutdown() {
  *alive_ = false;
  // They close without the hub from here on.
  for (auto& event : events_) event.socket = {};
  events_.clear();
  next_event_ = 0;
  current_ = {};
  for (const auto& [socket, ref] : std::exchange(kept_, {})) ref->Close();
}

void SocketHub::Push(SocketEvent event, std::string_view payload, std::string* whole) {
  event.size = payload.size();
  if (whole != nullptr && payload.size() > kCommonBytes) {
    event.whole = std::move(*whole);
  } else if (payload.size() > kCommonBytes) {
    event.whole.assign(payload);
  } else {
    event.offset = common_.size();
    common_.append(payload);
  }
  events_.push_back(std::move(event));
  // Asking is cheaper than raising.
  if (!host_.messages_raised()) host_.RaiseMessagesHere();
}

bool SocketHub::Next() {
  if (next_event_ == events_.size()) {
    current_ = {};
    events_.clear();
    next_event_ = 0;
    common_.clear();
    if (common_.capacity() > kKeptCommonBytes) std::string().swap(common_);
    return false;
  }
  current_ = std::move(events_[next_event_++]);
  return true;
}

std::string_view SocketHub::payload() const {
  return current_.size > kCommonBytes
             ? std::string_view(current_.whole)
             : std::string_view(common_).substr(current_.offset, current_.size);
}

void SocketHub::DropPayload() {
  std::string().swap(current_.whole);
  current_.offset = current_.size = 0;
}

void SocketHub::ScheduleFlush(SocketConnection* socket) {
  to_flush_.push_back(socket);
}

void SocketHub::FlushAll() {
  flushing_.swap(to_flush_);
  for (size_t i = 0; i < flushing_.size(); ++i) {
    if (SocketConnection* const socket = flushing_[i]) socket->FlushScheduled();
  }
  flushing_.clear();
}

void SocketHub::Forget(SocketConnection* socket) {
  for (auto* list : {&to_flush_, &flushing_}) {
    std::replace(list->begin(), list->end(), socket, static_cast<SocketConnection*>(nullptr));
  }
}

void SocketHub::Keep(const Ref<SocketConnection>& socket) {
  kept_[socket.get()] = socket;
}

void SocketHub::Drop(SocketConnection* socket) {
  const auto found = kept_.find(socket);
  if (found == kept_.end()) return;
  const Ref<SocketConnection> last = std::move(found->second);
  kept_.erase(found);
}

std::span<uint8_t> SocketHub::read_buffer() {
  if (!read_buffer_) {
    // The first connection of this runtime.
    read_buffer_ = std::make_unique_for_overwrite<uint8_t[]>(kReadBufferBytes);
    host_.loop().AddTurnEnd([this, alive = alive_] {
      if (*alive) FlushAll();
    });
  }
  return {read_buffer_.get(), kReadBufferBytes};
}

ws::Deflater& SocketHub::DeflaterFor(int window_bits) {
  auto& deflater = deflaters_[window_bits];
  if (!deflater) deflater = std::make_unique<ws::Deflater>(window_bits, true);
  return *deflater;
}

const uint8_t* SocketHub::NextMask() {
  if (mask_at_ == masks_.size()) {
    RT_CHECK(RAND_bytes(masks_.data(), static_cast<int>(masks_.size())) == 1);
    mask_at_ = 0;
  }
  const uint8_t* mask = masks_.data() + mask_at_;
  mask_at_ += 4;
  return mask;
}

}  // namespace rt
