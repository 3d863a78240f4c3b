// See the header.
#include "src/websocket/receiver.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace rt::ws {
namespace {

// Fragments of one message; more of them, empty ones mostly, is somebody playing.
constexpr uint32_t kMaxFragments = 1u << 18;
// A message keeps the memory of the one before it only up to here.
constexpr size_t kKeptMemory = 4 * 1024;

bool IsControl(Opcode opcode) {
  return (static_cast<uint8_t>(opcode) & 8) != 0;
}

std::string_view View(std::span<const uint8_t> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

Receiver::Receiver(ReceiverOptions options) : options_(std::move(options)) {}

Receiver::Step Receiver::Fail(uint16_t code, std::string_view reason) {
  failure_ = Failure{code, reason};
  closed_ = true;
  std::string().swap(message_);
  return Step::kFailed;
}

Receiver::Fed Receiver::Feed(std::span<uint8_t> bytes, ReceiverListener& listener) {
  size_t at = 0;
  while (!closed_) {
    if (!in_payload_) {
      size_t used = 0;
      if (!ReadHeader(bytes.subspan(at), &used)) {
        at += used;
        break;
      }
      at += used;
    }
    size_t used = 0;
    const Step step = ReadPayload(bytes.subspan(at), &used, listener);
    at += used;
    if (step != Step::kGoOn || in_payload_) break;
  }
  return {at, failure_};
}

bool Receiver::ReadHeader(std::span<const uint8_t> bytes, size_t* used) {
  // As many bytes as are needed to know how many are needed.
  const auto take_until = [&](size_t size) {
    const size_t missing = size > header_size_ ? size - header_size_ : 0;
    const size_t taken = std::min(missing, bytes.size() - *used);
    std::memcpy(header_bytes_ + header_size_, bytes.data() + *used, taken);
    header_size_ += taken;
    *used += taken;
    return header_size_ >= size;
  };
  if (!take_until(2)) return false;
  const uint8_t short_length = header_bytes_[1] & 0x7f;
  const size_t length_size = short_length == 126 ? 2 : short_length == 127 ? 8 : 0;
  const bool masked = (header_bytes_[1] & 0x80) != 0;
  // What is wrong in the first two bytes is wrong whatever follows.
  const uint8_t opcode = header_bytes_[0] & 0x0f;
  header_ = Header{};
  header_.fin = (header_bytes_[0] & 0x80) != 0;
  header_.compressed = (header_bytes_[0] & 0x40) != 0;
  header_.masked = masked;
  header_.opcode = static_cast<Opcode>(opcode);
  header_.length = short_length;
  if ((header_bytes_[0] & 0x30) != 0) {
    Fail(kProtocolError, "reserved bits are set");
    return false;
  }
  if ((opcode > 2 && opcode < 8) || opcode > 10) {
    Fail(kProtocolError, "unknown opcode");
    return false;
  }
  if (!CheckHeader()) return false;
  if (!take_until(2 + length_size + (masked ? 4 : 0))) return false;
  if (length_size > 0) {
    uint64_t length = 0;
    for (size_t i = 0; i < length_size; ++i) length = length << 8 | header_bytes_[2 + i];
    header_.length = length;
    if ((length >> 63) != 0) {
      Fail(kProtocolError, "invalid payload length");
      return false;
    }
    if (length < (length_size == 2 ? 126u : 65536u)) {
      Fail(kProtocolError, "the payload length is not in its shortest form");
      return false;
    }
  }
  if (!IsControl(header_.opcode)) {
    if (header_.length > options_.max_message_size ||
        message_.size() > options_.max_message_size - header_.length) {
      Fail(kMessageTooBig, "message too big");
      return false;
    }
  }
  if (masked) std::memcpy(header_.mask, header_bytes_ + 2 + length_size, 4);
  header_size_ = 0;
  in_payload_ = true;
  payload_at_ = 0;
  return true;
}

bool Receiver::CheckHeader() {
  const bool must_be_masked = options_.role == Role::kServer;
  if (header_.masked != must_be_masked) {
    Fail(kProtocolError, must_be_masked ? "frames from a client must be masked"
                                        : "frames from a server must not be masked");
    return false;
  }
  const bool control = IsControl(header_.opcode);
  const bool continues = header_.opcode == Opcode::kContinuation;
  if (header_.compressed && (control || continues || !options_.deflate)) {
    Fail(kProtocolError, "reserved bits are set");
    return false;
  }
  if (control) {
    if (!header_.fin) {
      Fail(kProtocolError, "control frames must not be fragmented");
      return false;
    }
    if (header_.length > kMaxControlPayload) {
      Fail(kProtocolError, "control frame too long");
      return false;
    }
    return true;
  }
  if (continues != in_message_) {
    Fail(kProtocolError,
         continues ? "a continuation of no message" : "a new message inside a fragmented one");
    return false;
  }
  return true;
}

Receiver::Step Receiver::ReadPayload(std::span<uint8_t> bytes, size_t* used,
                                     ReceiverListener& listener) {
  const uint64_t left = header_.length - payload_at_;
  const std::span<uint8_t> piece = bytes.first(std::min<uint64_t>(left, bytes.size()));
  *used = piece.size();
  if (header_.masked) {
    ApplyMask(piece.data(), piece.size(), header_.mask, static_cast<size_t>(payload_at_ & 3));
  }
  payload_at_ += piece.size();
  const bool frame_ends = payload_at_ == header_.length;
  if (IsControl(header_.opcode)) {
    if (frame_ends && control_.empty()) {
      in_payload_ = false;
      return EndControl(View(piece), listener);
    }
    control_.append(View(piece));
    if (!frame_ends) return Step::kGoOn;
    in_payload_ = false;
    const std::string payload = std::exchange(control_, {});
    return EndControl(payload, listener);
  }
  in_payload_ = !frame_ends;
  if (!in_message_) {
    in_message_ = true;
    message_text_ = header_.opcode == Opcode::kText;
    message_compressed_ = header_.compressed;
    fragments_ = 0;
    utf8_.Reset();
  }
  if (frame_ends && ++fragments_ > kMaxFragments) {
    return Fail(kMessageTooBig, "too many fragments");
  }
  return AddData(View(piece), frame_ends, listener);
}

Receiver::Step Receiver::EndControl(std::string_view payload, ReceiverListener& listener) {
  switch (header_.opcode) {
    case Opcode::kPing:
      return listener.OnPing(payload) ? Step::kGoOn : Step::kPause;
    case Opcode::kPong:
      return listener.OnPong(payload) ? Step::kGoOn : Step::kPause;
    default:
      break;
  }
  if (payload.size() == 1) return Fail(kProtocolError, "invalid close frame");
  uint16_t code = kNoStatus;
  if (payload.size() >= 2) {
    code = static_cast<uint16_t>(static_cast<uint8_t>(payload[0]) << 8 |
                                 static_cast<uint8_t>(payload[1]));
    if (!MayBeSent(code)) return Fail(kProtocolError, "invalid close code");
    Utf8Check check;
    if (!check.Add(payload.substr(2)) || !check.complete()) {
      return Fail(kInvalidPayload, "the close reason is not UTF-8");
    }
    payload.remove_prefix(2);
  }
  closed_ = true;
  listener.OnClose(code, payload);
  return Step::kPause;
}

bool Receiver::PeerResetsContext() const {
  return options_.role == Role::kServer ? options_.deflate->client_no_context_takeover
                                        : options_.deflate->server_no_context_takeover;
}

Receiver::Step Receiver::AddData(std::string_view piece, bool frame_ends,
                                 ReceiverListener& listener) {
  const bool message_ends = frame_ends && header_.fin;
  if (message_compressed_) {
    if (!inflater_) {
      const bool server = options_.role == Role::kServer;
      const DeflateParams& params = *options_.deflate;
      inflater_ = std::make_unique<Inflater>(
          server ? params.client_max_window_bits : params.server_max_window_bits,
          PeerResetsContext());
    }
    const size_t before = message_.size();
    auto outcome = inflater_->Add(piece, options_.max_message_size, &message_);
    if (outcome == Inflater::Outcome::kDone && message_ends) {
      outcome = inflater_->EndMessage(options_.max_message_size, &message_);
    }
    if (outcome == Inflater::Outcome::kTooLarge) return Fail(kMessageTooBig, "message too big");
    if (outcome == Inflater::Outcome::kMalformed) {
      return Fail(kInvalidPayload, "invalid compressed data");
    }
    if (message_text_ && !utf8_.Add(std::string_view(message_).substr(before))) {
      return Fail(kInvalidPayload, "the text is not UTF-8");
    }
    return message_ends ? Deliver(message_, &message_, listener) : Step::kGoOn;
  }
  if (message_text_ && !utf8_.Add(piece)) return Fail(kInvalidPayload, "the text is not UTF-8");
  if (message_ends && message_.empty()) return Deliver(piece, nullptr, listener);
  message_.append(piece);
  return message_ends ? Deliver(message_, &message_, listener) : Step::kGoOn;
}

Receiver::Step Receiver::Deliver(std::string_view payload, std::string* whole,
                                 ReceiverListener& listener) {
  if (message_text_ && !utf8_.complete()) return Fail(kInvalidPayload, "the text is not UTF-8");
  in_message_ = false;
  const bool more = listener.OnMessage({.text = message_text_,
                                        .ascii = message_text_ && utf8_.ascii(),
                                        .payload = payload,
                                        .whole = whole});
  // Without context there is nothing in it to keep.
  if (message_compressed_ && PeerResetsContext()) inflater_.reset();
  message_.clear();
  if (message_.capacity() > kKeptMemory) std::string().swap(message_);
  return more ? Step::kGoOn : Step::kPause;
}

}  // namespace rt::ws
