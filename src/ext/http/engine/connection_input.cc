// The reading half of Connection: bytes -> heads and bodies, and when not to read. Whatever it
// decides, it only queues: requests to the server, refusals to the output. It never closes the
// socket while parsing.
#include <algorithm>

#include "src/ext/http/engine/connection.h"
#include "src/ext/http/engine/engine.h"
#include "src/ext/http/engine/h2_connection.h"
#include "src/ext/http/engine/server.h"

namespace rt::http {

// Before a request.
constexpr uint32_t kMaxEmptyLines = 16;

void Connection::OnRead(ssize_t size, const char* data) {
  if (size == UV_EOF) return OnEof();
  if (size < 0) return Destroy();
  if (size == 0) return;
  const size_t count = static_cast<size_t>(size);
  if (lingering_) {
    lingered_bytes_ += count;
    if (lingered_bytes_ > (1u << 20)) Destroy();
    return;
  }
  if (h2_) [[unlikely]]
    return OnH2({data, count});
  if (!protocol_known_ && ChooseH2(data, count)) return UpdateReading();
  if (pending_.empty()) {
    const size_t used = Parse(data, count);
    if (used < count && !stop_parsing_) pending_.assign(data + used, count - used);
  } else {
    pending_.append(data, count);
    ParsePending();
  }
  UpdateReading();
}

bool Connection::ChooseH2(const char* data, size_t size) {
  std::optional<bool> is_h2;
  if (filter_ && filter_->Alpn() == "h2") {
    is_h2 = true;
  } else if (pending_.empty()) {
    is_h2 = H2Connection::IsPreface({data, size});
  } else {
    is_h2 = H2Connection::IsPreface(pending_ + std::string(data, size));
  }
  if (!is_h2) {
    pending_.append(data, size);
    return true;
  }
  protocol_known_ = true;
  if (!*is_h2) return false;
  StartH2();
  const std::string before = std::exchange(pending_, {});
  if (!before.empty()) OnH2(before);
  if (h2_) OnH2({data, size});
  return true;
}

void Connection::StartH2() {
  head_since_ms_ = 0;
  h2_ = std::make_unique<H2Connection>(*this, *server_, NowMs());
  if (close_when_done_) h2_->Shutdown();
}

void Connection::OnH2(std::string_view bytes) {
  if (stop_parsing_) return;
  if (!h2_->Receive(bytes)) stop_parsing_ = close_when_done_ = linger_ = true;
  ScheduleFlush();
  UpdateReading();
}

// Input through the filter. What it means is handled as if it had come so from the socket.
void Connection::OnWire(ssize_t size, const char* data) {
  if (size <= 0 || lingering_) return OnRead(size, data);
  quiet_ticks_ = 0;
  std::string plain;
  const WireFilter::State state =
      filter_->Receive({data, static_cast<size_t>(size)}, &plain, &wire_);
  if (!wire_.empty()) ScheduleFlush();
  if (!plain.empty()) OnRead(static_cast<ssize_t>(plain.size()), plain.data());
  if (destroyed_ || state == WireFilter::State::kOpen) return;
  if (state == WireFilter::State::kBroken) filter_ended_ = true;
  OnEof();
}

void Connection::OnEof() {
  eof_ = true;
  ReadStop();
  if (lingering_) return Destroy();
  stop_parsing_ = true;
  close_when_done_ = true;
  // A client of HTTP/2 that closes wants nothing more.
  if (h2_) return Destroy();
  if (in_body_) {
    in_body_ = false;
    if (Request* request = std::exchange(body_request_, nullptr)) {
      // Half a request: reading its body fails. An answer may still find the peer.
      request->body.error = BodyError::kAborted;
      request->close_after = true;
      if (auto waiter = std::exchange(request->body.waiter, nullptr)) waiter();
    }
  }
  // The peer may have closed only its sending side, so answers still go out; but mostly it is gone.
  for (Request* request = first_; request != nullptr; request = request->next) {
    if (auto on_cancel = std::exchange(request->on_cancel, nullptr)) on_cancel(true);
  }
  ScheduleFlush();
}

bool Connection::MayParse() const {
  if (stop_parsing_) return false;
  if (h2_) {
    return out_.size() + (write_in_progress_ ? writing_.size() : 0) <=
           4 * size_t{server_->limits().output_high_water};
  }
  if (in_body_) return !body_held_;
  return !no_more_heads_ && !hold_heads_ && outstanding_ < server_->limits().max_pipelined &&
         out_.size() + (write_in_progress_ ? writing_.size() : 0) <=
             server_->limits().output_high_water;
}

void Connection::UpdateReading() {
  if (destroyed_) return;
  if (lingering_ || (MayParse() && !eof_)) {
    ReadStart();
  } else {
    ReadStop();
  }
}

void Connection::ScheduleResume() {
  if (destroyed_) return;
  if (!pending_.empty() && MayParse()) {
    engine().ScheduleResume(this);
  } else {
    UpdateReading();
  }
}

void Connection::Resume() {
  if (destroyed_) return;
  if (!pending_.empty()) ParsePending();
  UpdateReading();
}

void Connection::ParsePending() {
  const size_t used = Parse(pending_.data(), pending_.size());
  if (stop_parsing_) {
    std::string().swap(pending_);
  } else if (used == pending_.size() && pending_.capacity() > 4096) {
    std::string().swap(pending_);
  } else {
    pending_.erase(0, used);
  }
}

// Gives how many bytes were used up; the rest is to be offered again with more after it.
size_t Connection::Parse(const char* data, size_t size) {
  const Limits& limits = server_->limits();
  size_t at = 0;
  while (at < size && MayParse()) {
    if (in_body_) {
      at += ParseBody(data + at, size - at);
      continue;
    }
    const size_t available = size - at;
    switch (scanner_.Scan(data + at, available)) {
      case HeadScanner::State::kBad:
        Fail(400);
        return size;
      case HeadScanner::State::kIncomplete:
        if (scanner_.lines() == 0 && available > limits.max_target_bytes + 64) {
          Fail(414);
        } else if (available > limits.max_head_bytes || scanner_.lines() > limits.max_headers + 1) {
          Fail(431);
        } else if (head_since_ms_ == 0) {
          head_since_ms_ = NowMs();
        }
        return at;
      case HeadScanner::State::kComplete:
        break;
    }
    const size_t head_size = scanner_.head_size();
    const bool is_empty_line = scanner_.lines() == 0;
    scanner_.Reset();
    if (is_empty_line) {
      // Some clients send empty lines after a body (RFC 9112 2.2).
      if (++empty_lines_ > kMaxEmptyLines) {
        Fail(400);
        return size;
      }
      at += head_size;
      continue;
    }
    empty_lines_ = 0;
    head_since_ms_ = 0;
    if (head_size > limits.max_head_bytes) {
      Fail(431);
      return size;
    }
    Dispatch(data + at, head_size);
    at += head_size;
  }
  return at;
}

void Connection::Dispatch(const char* data, size_t size) {
  RequestPool& pool = engine().pool();
  Request* request = pool.Acquire();
  if (request == nullptr) {
    stop_parsing_ = close_when_done_ = true;
    ScheduleFlush();
    return;
  }
  request->bytes.assign(data, data + size);
  Head& head = request->head;
  Refusal refusal = server_->parser().Parse(request->bytes.data(), size, &head);
  if (refusal == 0 && !server_->TakesHost(request->host())) refusal = 400;
  if (refusal == 0 && head.content_length > server_->limits().max_body_bytes) refusal = 413;
  if (refusal != 0) {
    pool.Release(request);
    Fail(refusal);
    return;
  }
  request->server = server_;
  request->connection = this;
  Push(request);
  if (head.has_body()) {
    in_body_ = true;
    body_held_ = false;
    body_request_ = request;
    request->body.done = false;
    request->body.continue_pending = head.expects_continue;
    if (head.chunked) {
      decoder_.StartChunked();
    } else {
      decoder_.StartLength(head.content_length);
    }
    body_window_ms_ = NowMs();
    body_window_bytes_ = 0;
  }
  no_more_heads_ = !head.keep_alive;
  hold_heads_ = head.upgrade;
  server_->Enqueue(request);
}

size_t Connection::ParseBody(const char* data, size_t size) {
  std::string_view input(data, size);
  std::string_view piece;
  while (in_body_ && !body_held_) {
    switch (decoder_.Next(&input, &piece)) {
      case BodyDecoder::Step::kData:
        AppendBody(piece);
        if (stop_parsing_) return size;
        // A body by length is over with its last byte: nobody should wait for the next to learn it.
        if (!decoder_.chunked() && decoder_.remaining() == 0) EndBody();
        break;
      case BodyDecoder::Step::kMore:
        return size;
      case BodyDecoder::Step::kEnd:
        EndBody();
        break;
      case BodyDecoder::Step::kBad:
        FailBody(BodyError::kMalformed, 400);
        return size;
    }
  }
  return size - input.size();
}

void Connection::AppendBody(std::string_view piece) {
  const Limits& limits = server_->limits();
  body_window_bytes_ += piece.size();
  Request* request = body_request_;
  if (request == nullptr) {
    drained_bytes_ += piece.size();
    if (drained_bytes_ > limits.max_drain_bytes) {
      stop_parsing_ = close_when_done_ = linger_ = true;
      in_body_ = false;
      ScheduleFlush();
    }
    return;
  }
  RequestBody& body = request->body;
  body.continue_pending = false;
  body.received += piece.size();
  if (body.received > limits.max_body_bytes ||
      (body.whole && body.received > limits.max_buffered_body_bytes)) {
    FailBody(BodyError::kTooLarge, 413);
    return;
  }
  body.data.append(piece);
  if (body.whole) return;
  if (body.available() >= std::max(limits.body_high_water, body.read_ahead)) body_held_ = true;
  if (auto waiter = std::exchange(body.waiter, nullptr)) waiter();
}

void Connection::EndBody() {
  in_body_ = false;
  body_held_ = false;
  Request* request = std::exchange(body_request_, nullptr);
  if (request == nullptr) {
    if (first_ == nullptr) idle_since_ms_ = NowMs();
    return;
  }
  request->body.done = true;
  if (auto waiter = std::exchange(request->body.waiter, nullptr)) waiter();
}

void Connection::WantBody(Request* request) {
  if (h2_) return h2_->WantBody(request);
  if (request != body_request_ || request->body.done) return;
  const Limits& limits = server_->limits();
  if (request->body.continue_pending) SendContinueIfWanted();
  if (request->body.whole) {
    const bool too_large = request->head.content_length > limits.max_buffered_body_bytes ||
                           request->body.received > limits.max_buffered_body_bytes;
    if (too_large) return FailBody(BodyError::kTooLarge, 413);
  }
  const RequestBody& body = request->body;
  const bool hold =
      !body.whole && body.available() >= std::max(limits.body_high_water, body.read_ahead);
  if (body_held_ && !hold) {
    body_held_ = false;
    body_window_ms_ = NowMs();
    body_window_bytes_ = 0;
    ScheduleResume();
  }
}

void Connection::Fail(int status) {
  stop_parsing_ = true;
  linger_ = true;
  in_body_ = false;
  head_since_ms_ = 0;
  ScheduleFlush();
  Request* refusal = engine().pool().Acquire();
  if (refusal == nullptr) {
    close_when_done_ = true;
    return;
  }
  refusal->server = server_;
  refusal->connection = this;
  refusal->close_after = true;
  Push(refusal);
  AppendResponseHead({.status = status, .status_text = {}, .headers = {}},
                     {.keep_alive = false, .date = engine().Date(), .keep_alive_field = {}},
                     OutputFor(refusal));
  Finish(refusal);
}

void Connection::FailBody(BodyError error, int status) {
  in_body_ = false;
  body_held_ = false;
  stop_parsing_ = true;
  linger_ = true;
  Request* request = std::exchange(body_request_, nullptr);
  if (request == nullptr) {
    close_when_done_ = true;
    ScheduleFlush();
    return;
  }
  // Its answer has begun and is on its way: it can only be cut off. Else the refusal takes its
  // place.
  const bool cut_off = request->started && request == first_;
  request->body.error = error;
  Unlink(request);
  Detach(request, error);
  if (cut_off) {
    close_when_done_ = true;
    ScheduleFlush();
  } else {
    Fail(status);
  }
}

// A rest that is short enough to be read away, and that the peer sends without being asked.
bool Connection::CanDrainBody() const {
  return !decoder_.chunked() && decoder_.remaining() <= server_->limits().max_drain_bytes &&
         (body_request_ == nullptr || !body_request_->body.continue_pending);
}

}  // namespace rt::http
