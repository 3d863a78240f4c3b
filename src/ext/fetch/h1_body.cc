// Bodies of HTTP/1 responses: read straight into the reader's memory, the framing taken off in
// place.
#include <algorithm>
#include <cstring>

#include "src/ext/fetch/h1_connection.h"

namespace rt {

// Knows which exchange it belongs to: the connection may be in another's hands when this one ended.
class H1Body final : public HttpBody {
 public:
  explicit H1Body(std::shared_ptr<H1Connection> connection)
      : connection_(std::move(connection)), exchange_(connection_->exchange_) {}
  ~H1Body() override { Cancel(); }

  Task<Result<size_t>> Read(Bytes into) override {
    if (abandoned_) co_return InterruptedError();
    if (!current()) co_return 0;
    co_return co_await connection_->ReadBody(std::move(into));
  }
  void Cancel() override {
    if (!current()) return;
    abandoned_ = true;
    connection_->AbandonBody();
  }
  std::optional<uint64_t> remaining() const override {
    return current() ? connection_->BodyRemaining() : 0;
  }
  std::optional<Bytes> TakeArrived(size_t limit) override {
    if (!current()) return abandoned_ ? std::nullopt : std::optional<Bytes>(Bytes());
    return connection_->TakeArrived(limit);
  }

 private:
  bool current() const { return connection_->exchange_ == exchange_; }

  std::shared_ptr<H1Connection> connection_;
  uint64_t exchange_;
  bool abandoned_ = false;
};

std::unique_ptr<HttpBody> H1Connection::StartBody(const ResponseHead& head) {
  until_close_ = head.framing == ResponseHead::Framing::kUntilClose;
  switch (head.framing) {
    case ResponseHead::Framing::kLength:
      decoder_.StartLength(head.length);
      break;
    case ResponseHead::Framing::kChunked:
      decoder_.StartChunked();
      break;
    case ResponseHead::Framing::kUntilClose:
      keep_alive_ = false;
      break;
  }
  auto body = std::make_unique<H1Body>(shared_from_this());
  if (BodyRemaining() == 0u) EndExchange();
  return body;
}

std::optional<uint64_t> H1Connection::BodyRemaining() const {
  if (until_close_ || decoder_.chunked()) return std::nullopt;
  return decoder_.remaining();
}

void H1Connection::AbandonBody() {
  keep_alive_ = false;
  abandoned_ = true;
  EndExchange();
}

Task<Result<size_t>> H1Connection::ReadBody(Bytes into) {
  const auto keep = shared_from_this();
  for (;;) {
    if (abandoned_) co_return InterruptedError();
    auto moved = TryReadBody(into.span());
    if (!moved.ok()) {
      Error error = Fail(moved.TakeError());
      keep_alive_ = false;
      EndExchange();
      co_return error;
    }
    if (*moved) co_return **moved;
    co_await IoReady(*stream_, IoDirection::kRead);
  }
}

// Nothing: not now. 0 is the end.
Result<std::optional<size_t>> H1Connection::TryReadBody(std::span<uint8_t> into) {
  for (;;) {
    std::string_view input;
    if (received_at_ < received_.size()) {
      input = std::string_view(received_).substr(received_at_, into.size());
      if (const auto left = BodyRemaining()) input = input.substr(0, std::min(*left, input.size()));
      received_at_ += input.size();
    } else {
      std::span<uint8_t> room = into;
      if (const auto left = BodyRemaining()) room = room.first(std::min(*left, room.size()));
      RT_TRY(const std::optional<size_t> moved, stream_->TryRead(room));
      if (!moved) return std::optional<size_t>();
      if (*moved == 0) {
        if (!until_close_) {
          return Error::Make(ErrorClass::kUnexpectedEof,
                             "the connection was closed before the body was complete");
        }
        EndExchange();
        return std::optional<size_t>(0);
      }
      input = {reinterpret_cast<const char*>(into.data()), *moved};
    }
    bool ended = false;
    RT_TRY(const size_t size, Decode(input, into, &ended));
    if (ended) EndExchange();
    if (size > 0 || ended) return std::optional<size_t>(size);
  }
}

Result<size_t> H1Connection::Decode(std::string_view input, std::span<uint8_t> into, bool* ended) {
  if (until_close_) {
    std::memmove(into.data(), input.data(), input.size());
    return input.size();
  }
  size_t size = 0;
  for (;;) {
    std::string_view piece;
    switch (decoder_.Next(&input, &piece)) {
      case http::BodyDecoder::Step::kData:
        std::memmove(into.data() + size, piece.data(), piece.size());
        size += piece.size();
        if (!decoder_.chunked() && decoder_.remaining() == 0) {
          *ended = true;
          return size;
        }
        break;
      case http::BodyDecoder::Step::kMore:
        return size;
      case http::BodyDecoder::Step::kEnd:
        *ended = true;
        // What nobody asked for: nothing on this connection can be trusted any more.
        if (!input.empty()) keep_alive_ = false;
        return size;
      case http::BodyDecoder::Step::kBad:
        return Error::Make(ErrorClass::kInvalidData, "invalid HTTP response: bad chunked body");
    }
  }
}

std::optional<Bytes> H1Connection::TakeArrived(size_t limit) {
  std::string_view input = std::string_view(received_).substr(received_at_);
  if (until_close_ || input.size() > limit) return std::nullopt;
  if (const auto left = BodyRemaining()) {
    if (*left > input.size()) return std::nullopt;
    Bytes all = Bytes::Copy(input.substr(0, *left));
    received_at_ += *left;
    EndExchange();
    return all;
  }
  // A copy tries whether all of it is there.
  http::BodyDecoder trial = decoder_;
  std::string all;
  for (;;) {
    std::string_view piece;
    switch (trial.Next(&input, &piece)) {
      case http::BodyDecoder::Step::kData:
        all.append(piece);
        break;
      case http::BodyDecoder::Step::kEnd:
        received_at_ = received_.size() - input.size();
        EndExchange();
        return Bytes::Copy(all);
      case http::BodyDecoder::Step::kMore:
      case http::BodyDecoder::Step::kBad:
        return std::nullopt;
    }
  }
}

}  // namespace rt
