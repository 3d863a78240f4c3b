// The answering half of Connection: the order of responses, the output buffer, timeouts, and the
// end.
#include "src/ext/http/engine/connection.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>

#include "src/ext/http/engine/engine.h"
#include "src/ext/http/engine/h2_connection.h"
#include "src/ext/http/engine/server.h"

namespace rt::http {
namespace {

constexpr uint64_t kLingerMs = 1000;
// Server::Tick comes twice a second, or more often with shorter limits.
constexpr uint8_t kQuietTicks = 4;
// Frames of HTTP/2 that are made before they are written.
constexpr size_t kH2Output = 256 * 1024;

}  // namespace

HandedOver::~HandedOver() {
  if (fd >= 0) close(fd);
}

Connection::Connection(Server* server, const sockaddr_storage& peer)
    : server_(server), peer_(peer), decoder_(server->limits()) {}

Connection::~Connection() = default;

Engine& Connection::engine() {
  return server_->engine();
}
uint64_t Connection::NowMs() {
  return uv_now(server_->engine().loop());
}

Connection* Connection::Open(Server* server, int fd, const sockaddr_storage& peer) {
  auto* connection = new Connection(server, peer);
  uv_loop_t* loop = server->engine().loop();
  int status;
  if (peer.ss_family == AF_UNIX) {
    RT_CHECK(uv_pipe_init(loop, &connection->handle_.pipe, 0) == 0);
    status = uv_pipe_open(&connection->handle_.pipe, fd);
  } else {
    RT_CHECK(uv_tcp_init(loop, &connection->handle_.tcp) == 0);
    status = uv_tcp_open(&connection->handle_.tcp, fd);
    if (status == 0) uv_tcp_nodelay(&connection->handle_.tcp, 1);
  }
  connection->handle_.handle.data = connection;
  connection->filter_ = server->MakeFilter();
  if (status != 0) {
    close(fd);
    uv_close(&connection->handle_.handle,
             [](uv_handle_t* handle) { delete static_cast<Connection*>(handle->data); });
    return nullptr;
  }
  const uint64_t now = connection->NowMs();
  connection->head_since_ms_ = now != 0 ? now : 1;
  connection->idle_since_ms_ = now;
  connection->ReadStart();
  return connection;
}

void Connection::ReadStart() {
  if (reading_ || destroyed_) return;
  reading_ = true;
  uv_read_start(
      stream(),
      [](uv_handle_t* handle, size_t, uv_buf_t* buffer) {
        *buffer = static_cast<Connection*>(handle->data)->engine().ReadBuffer();
      },
      [](uv_stream_t* stream, ssize_t size, const uv_buf_t* buffer) {
        auto* connection = static_cast<Connection*>(stream->data);
        if (connection->filter_) [[unlikely]] {
          connection->OnWire(size, buffer->base);
        } else {
          connection->OnRead(size, buffer->base);
        }
      });
}

void Connection::ReadStop() {
  if (!reading_) return;
  reading_ = false;
  uv_read_stop(stream());
}

// --- requests in order -------------------------------------------------------------------------

void Connection::Push(Request* request) {
  if (last_ != nullptr) {
    last_->next = request;
  } else {
    first_ = request;
  }
  last_ = request;
  ++outstanding_;
}

void Connection::Unlink(Request* request) {
  Request* before = nullptr;
  for (Request* at = first_; at != request; at = at->next) before = at;
  (before != nullptr ? before->next : first_) = request->next;
  if (last_ == request) last_ = before;
  request->next = nullptr;
  --outstanding_;
}

// The request and the connection part. It lives on, answerless, for as long as the embedder holds
// it.
void Connection::Detach(Request* request, BodyError error) {
  request->connection = nullptr;
  if (!request->body.done && request->body.error == BodyError::kNone) request->body.error = error;
  auto waiter = std::exchange(request->body.waiter, nullptr);
  auto on_writable = std::exchange(request->on_writable, nullptr);
  auto on_cancel = std::exchange(request->on_cancel, nullptr);
  auto on_completed = std::exchange(request->on_completed, nullptr);
  if (request->finished) engine().pool().Release(request);
  if (engine().ending()) return;
  if (waiter) waiter();
  if (on_writable) on_writable();
  if (on_cancel) on_cancel(true);
  if (on_completed) on_completed(false);
}

Output* Connection::OutputFor(Request* request) {
  if (request != first_) return &request->response;
  if (out_.capacity() == 0) engine().TakeBuffer(&out_);
  ScheduleFlush();
  return &out_;
}

bool Connection::CanKeepAlive(const Request& request) const {
  if (!request.head.keep_alive) return false;
  if ((close_when_done_ || server_->draining()) && request.next == nullptr) return false;
  return &request != body_request_ || CanDrainBody();
}

bool Connection::IsCongested(const Request& request) const {
  const size_t limit = server_->limits().output_high_water;
  if (&request != first_) return request.response.size() - request.response_at > limit;
  return out_.size() + (write_in_progress_ ? writing_.size() : 0) > limit;
}

void Connection::Finish(Request* request) {
  engine().pool().Retire(request);
  request->finished = true;
  if (request->on_cancel) std::exchange(request->on_cancel, nullptr)(false);
  // Its id is stale by now: whoever reads its body as a stream learns that there is no more. A
  // text() that nobody awaits must not end the program: it stays without an answer.
  if (request->body.waiter && !request->body.whole) {
    std::exchange(request->body.waiter, nullptr)();
  }
  if (request == body_request_) {
    // Nobody will read the rest of its body.
    if (!CanDrainBody()) request->close_after = true;
    if (request->close_after) linger_ = true;
    body_request_ = nullptr;
    body_held_ = false;
    drained_bytes_ = 0;
  }
  if (request == first_) AdvanceFront();
}

void Connection::FinishAndHandOver(Request* request, std::function<void(HandedOver)> receiver) {
  receiver_ = std::move(receiver);
  Finish(request);
}

void Connection::HandOver() {
  HandedOver handed;
  int fd = -1;
  // libuv lets go of its descriptor only by closing it.
  if (uv_fileno(&handle_.handle, &fd) == 0) handed.fd = fcntl(fd, F_DUPFD_CLOEXEC, 0);
  handed.is_unix = peer_.ss_family == AF_UNIX;
  handed.filter = std::move(filter_);
  handed.received = std::move(pending_);
  const auto receiver = std::exchange(receiver_, nullptr);
  Destroy();
  receiver(std::move(handed));
}

// Takes complete responses off the front and lets the next one begin.
void Connection::AdvanceFront() {
  while (first_ != nullptr && first_->finished) {
    Request* request = first_;
    first_ = request->next;
    if (first_ == nullptr) last_ = nullptr;
    --outstanding_;
    if (request->head.upgrade && !receiver_) hold_heads_ = false;
    const bool was_last = request->close_after;
    if (was_last) {
      close_when_done_ = stop_parsing_ = true;
      if (!pending_.empty() || first_ != nullptr) linger_ = true;
    }
    if (request->on_completed) {
      completions_.emplace_back(sent_ + writing_.size() + out_.size(),
                                std::exchange(request->on_completed, nullptr));
    }
    engine().pool().Release(request);
    // A response that said `connection: close` is the last: what was asked after it stays
    // unanswered.
    while (was_last && first_ != nullptr) {
      Request* unanswered = first_;
      Unlink(unanswered);
      if (unanswered == body_request_) {
        body_request_ = nullptr;
        in_body_ = false;
      }
      Detach(unanswered, BodyError::kAborted);
    }
    if (first_ != nullptr && !first_->response.empty()) {
      OutputFor(first_)->Append(first_->response.view());
      first_->response.clear();
    }
  }
  if (first_ == nullptr) {
    if (!in_body_) idle_since_ms_ = NowMs();
  } else if (first_ == body_request_ && first_->body.continue_pending) {
    SendContinueIfWanted();
  }
  ScheduleFlush();
  if (!pending_.empty() || !reading_) ScheduleResume();
}

void Connection::Abandon(Request* request) {
  if (h2_) {
    h2_->Abandon(request);
    request->finished = true;  // given back with Detach
    return Detach(request, BodyError::kAborted);
  }
  if (request == body_request_) {
    body_request_ = nullptr;
    in_body_ = false;
  }
  request->finished = true;
  request->close_after = true;
  engine().pool().Retire(request);
  auto on_completed = std::exchange(request->on_completed, nullptr);
  auto on_cancel = std::exchange(request->on_cancel, nullptr);
  auto waiter = request->body.whole ? nullptr : std::exchange(request->body.waiter, nullptr);
  if (request->started && !request->response.empty()) request->response.clear();
  stop_parsing_ = linger_ = true;
  if (request == first_) AdvanceFront();
  ScheduleFlush();
  if (waiter) waiter();
  if (on_cancel) on_cancel(false);
  if (on_completed) on_completed(false);
}

void Connection::SendContinueIfWanted() {
  Request* request = body_request_;
  const bool wanted = request->body.whole || request->body.waiter;
  if (!wanted || request != first_ || request->started) return;
  request->body.continue_pending = false;
  body_window_ms_ = NowMs();
  OutputFor(request)->Append("HTTP/1.1 100 Continue\r\n\r\n");
}

// --- output --------------------------------------------------------------------------------------

void Connection::ScheduleFlush() {
  if (!destroyed_) engine().ScheduleFlush(this);
}

// Puts into out_ what the filter makes of it, after what the filter has to say itself.
bool Connection::FilterOutput() {
  quiet_ticks_ = 0;
  if (!out_.empty() && !filter_->Send(out_.view(), &wire_)) return false;
  out_.clear();
  out_.swap(wire_);
  engine().GiveBuffer(&wire_);
  return true;
}

void Connection::Flush() {
  if (destroyed_ || write_in_progress_) return;
  if (h2_) [[unlikely]] {
    h2_->Produce(&out_, kH2Output);
    for (auto& on_completed : h2_->TakeCompleted()) {
      completions_.emplace_back(sent_ + out_.size(), std::move(on_completed));
    }
  }
  if (filter_ && !FilterOutput()) [[unlikely]]
    return Destroy();
  if (!out_.empty()) {
    uv_buf_t buffer{out_.data(), out_.size()};
    int sent = uv_try_write(stream(), &buffer, 1);
    if (sent == UV_EAGAIN) sent = 0;
    if (sent < 0) return Destroy();
    if (static_cast<size_t>(sent) < out_.size()) {
      writing_.clear();
      writing_.swap(out_);
      write_in_progress_ = true;
      write_progress_ms_ = NowMs();
      write_.data = this;
      buffer = {writing_.data() + sent, writing_.size() - static_cast<size_t>(sent)};
      const int status = uv_write(&write_, stream(), &buffer, 1, [](uv_write_t* write, int status) {
        static_cast<Connection*>(write->data)->OnWritten(status);
      });
      if (status != 0) {
        write_in_progress_ = false;
        return Destroy();
      }
      write_queue_ = uv_stream_get_write_queue_size(stream());
      return;
    }
    sent_ += static_cast<uint64_t>(sent);
    out_.clear();
    engine().GiveBuffer(&out_);
  }
  OnFlushed();
}

void Connection::OnWritten(int status) {
  write_in_progress_ = false;
  if (destroyed_) return;
  if (status != 0) return Destroy();
  sent_ += writing_.size();
  writing_ = Output();
  Flush();
  if (!destroyed_) ScheduleResume();
}

// Everything that was queued is with the kernel.
void Connection::OnFlushed() {
  while (!completions_.empty() && completions_.front().first <= sent_) {
    auto on_completed = std::move(completions_.front().second);
    completions_.erase(completions_.begin());
    on_completed(true);
  }
  if (h2_) return OnH2Flushed();
  if (first_ != nullptr) {
    if (auto on_writable = std::exchange(first_->on_writable, nullptr)) on_writable();
    return;
  }
  if (receiver_) return HandOver();
  if (close_when_done_) CloseGently();
}

void Connection::OnH2Flushed() {
  if (h2_->broken()) return Destroy();
  h2_->WakeWriters();
  if (h2_->wants_write()) return ScheduleFlush();
  // nghttp2 has ended it on its own account.
  if (h2_->finished()) stop_parsing_ = close_when_done_ = linger_ = true;
  if (close_when_done_ && (stop_parsing_ || h2_->idle())) CloseGently();
}

// --- the end -------------------------------------------------------------------------------------

void Connection::CloseGently() {
  if (destroyed_ || lingering_) return;
  if (filter_ && !std::exchange(filter_ended_, true)) {
    filter_->End(&wire_);
    return Flush();
  }
  if (!linger_ || eof_) return Destroy();
  // Closing a socket with unread input makes the kernel reset it, and the answer may be lost on the
  // way: say that no more comes, then read what the peer still sends until it closes too (RFC
  // 9112 9.6).
  lingering_ = true;
  linger_until_ms_ = NowMs() + kLingerMs;
  std::string().swap(pending_);
  if (uv_shutdown(&shutdown_, stream(), [](uv_shutdown_t*, int) {}) != 0) return Destroy();
  UpdateReading();
}

void Connection::Drain() {
  if (h2_) {
    if (destroyed_ || lingering_) return;
    h2_->Shutdown();
    close_when_done_ = true;
    return ScheduleFlush();
  }
  if (first_ == nullptr && !write_in_progress_ && out_.empty()) {
    if (!lingering_) Destroy();
    return;
  }
  close_when_done_ = true;
  no_more_heads_ = true;
}

void Connection::Destroy() {
  if (destroyed_) return;
  destroyed_ = true;
  ReadStop();
  engine().Forget(this);
  body_request_ = nullptr;
  Request* request = std::exchange(first_, nullptr);
  last_ = nullptr;
  auto completions = std::move(completions_);
  if (h2_) {
    for (auto& on_completed : h2_->TakeCompleted()) completions.emplace_back(0, on_completed);
    h2_->DetachAll();
  }
  // The server may be waiting for its last connection: tell it only when nothing is left to report.
  while (request != nullptr) {
    Request* next = std::exchange(request->next, nullptr);
    Detach(request, BodyError::kAborted);
    request = next;
  }
  const auto receiver = std::exchange(receiver_, nullptr);
  if (!engine().ending()) {
    for (auto& completion : completions) completion.second(false);
    if (receiver) receiver({});
  }
  Server* server = server_;
  uv_close(&handle_.handle,
           [](uv_handle_t* handle) { delete static_cast<Connection*>(handle->data); });
  server->Remove(this);
}

void Connection::Tick(uint64_t now_ms) {
  const Limits& limits = server_->limits();
  if (lingering_) {
    if (now_ms >= linger_until_ms_) Destroy();
    return;
  }
  if (write_in_progress_) {
    const size_t queue = uv_stream_get_write_queue_size(stream());
    if (queue != write_queue_) {
      write_queue_ = queue;
      write_progress_ms_ = now_ms;
    } else if (now_ms - write_progress_ms_ >= limits.write_timeout_ms) {
      return Destroy();
    }
  }
  if (filter_ && quiet_ticks_ < kQuietTicks && ++quiet_ticks_ == kQuietTicks) filter_->Rest();
  if (stop_parsing_) return;
  if (h2_) {
    if (!h2_->Tick(now_ms)) return Destroy();
    return;
  }
  if (in_body_) {
    const bool waits_for_us =
        body_held_ || (body_request_ != nullptr && body_request_->body.continue_pending);
    if (waits_for_us) {
      body_window_ms_ = now_ms;
      body_window_bytes_ = 0;
    } else if (now_ms - body_window_ms_ >= limits.body_timeout_ms) {
      const uint64_t least =
          std::max<uint64_t>(1, uint64_t{limits.min_body_rate} * limits.body_timeout_ms / 1000);
      if (body_window_bytes_ < least) return FailBody(BodyError::kTimeout, 408);
      body_window_ms_ = now_ms;
      body_window_bytes_ = 0;
    }
    return;
  }
  if (head_since_ms_ != 0) {
    if (now_ms - head_since_ms_ < limits.header_timeout_ms) return;
    // Nothing at all was sent: there is nobody to answer.
    if (pending_.empty() && first_ == nullptr) return Destroy();
    return Fail(408);
  }
  if (first_ == nullptr && out_.empty() && !write_in_progress_ && pending_.empty() &&
      now_ms - idle_since_ms_ >= uint64_t{limits.idle_timeout_ms} + 1000) {
    Destroy();
  }
}

}  // namespace rt::http
