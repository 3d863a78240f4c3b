// The session: nghttp2's callbacks, input, and limits. Heads are in h2_head.cc, answers in
// h2_answers.cc.
#include "src/ext/http/engine/h2_connection.h"

#include <algorithm>

#include "src/ext/http/engine/connection.h"
#include "src/ext/http/engine/engine.h"
#include "src/ext/http/engine/server.h"

namespace rt::http {
namespace {

constexpr std::string_view kPreface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
// What a stream, and a connection, may send ahead of the program.
constexpr int32_t kStreamWindow = 256 * 1024;
constexpr int32_t kConnectionWindow = 1024 * 1024;
// Frames of no use that are free at once, and that are free a second.
constexpr double kTokens = 1000;
constexpr double kTokensPerSecond = 100;
// A client may answer each DATA frame with two WINDOW_UPDATEs, and open each stream's window.
constexpr uint32_t kMostWindowUpdates = 10'000;

}  // namespace

struct H2Connection::Callbacks {
  static H2Connection& Of(void* self) { return *static_cast<H2Connection*>(self); }

  static int OnBeginHeaders(nghttp2_session*, const nghttp2_frame* frame, void* self) {
    H2Connection& h2 = Of(self);
    if (frame->hd.type != NGHTTP2_HEADERS || frame->headers.cat != NGHTTP2_HCAT_REQUEST) return 0;
    Request* request = h2.server_.engine().pool().Acquire();
    if (request == nullptr) return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
    h2.AllowWindowUpdates(1);
    request->server = &h2.server_;
    request->connection = &h2.connection_;
    request->stream_id = frame->hd.stream_id;
    request->bytes.clear();
    request->head.headers.clear();
    auto headers = std::move(request->head.headers);
    request->head = Head();
    request->head.headers = std::move(headers);
    h2.streams_[frame->hd.stream_id].request = request;
    return 0;
  }

  static int OnHeader(nghttp2_session*, const nghttp2_frame* frame, const uint8_t* name,
                      size_t name_size, const uint8_t* value, size_t value_size, uint8_t,
                      void* self) {
    H2Connection& h2 = Of(self);
    Stream* stream = h2.Find(frame->hd.stream_id);
    // Trailers are read over.
    if (stream == nullptr || frame->headers.cat != NGHTTP2_HCAT_REQUEST) return 0;
    h2.AddField(*stream, {reinterpret_cast<const char*>(name), name_size},
                {reinterpret_cast<const char*>(value), value_size});
    return 0;
  }

  // Of each frame, before its payload: also those in the middle of a head.
  static int OnBeginFrame(nghttp2_session*, const nghttp2_frame_hd* header, void* self) {
    H2Connection& h2 = Of(self);
    if (header->type == NGHTTP2_HEADERS && h2.head_since_ms_ == 0) {
      h2.head_since_ms_ = h2.NowMs();
    }
    // Those of unknown type have no other callback: what they say is read over (RFC 9113 4.1).
    if (header->type >= NGHTTP2_CONTINUATION) h2.Charge(1);
    return 0;
  }

  static int OnUnknownFrame(nghttp2_session*, void**, const nghttp2_frame_hd*, void*) {
    return NGHTTP2_ERR_CANCEL;
  }

  static int OnFrame(nghttp2_session*, const nghttp2_frame* frame, void* self) {
    H2Connection& h2 = Of(self);
    const bool ends = (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0;
    const int32_t id = frame->hd.stream_id;
    switch (frame->hd.type) {
      case NGHTTP2_HEADERS:
        h2.head_since_ms_ = 0;
        if (Stream* stream = h2.Find(id)) {
          if (frame->headers.cat == NGHTTP2_HCAT_REQUEST) {
            h2.EndHead(id, *stream, ends);
          } else if (ends) {
            h2.EndBody(*stream);
          }
        }
        break;
      case NGHTTP2_DATA:
        if (frame->hd.length == 0 && !ends) h2.Charge(1);
        if (Stream* stream = ends ? h2.Find(id) : nullptr) h2.EndBody(*stream);
        break;
      case NGHTTP2_SETTINGS:
        if (!h2.greeted_) h2.head_since_ms_ = 0;
        if (h2.greeted_ && (frame->hd.flags & NGHTTP2_FLAG_ACK) == 0) h2.Charge(10);
        h2.greeted_ = true;
        break;
      case NGHTTP2_RST_STREAM:
        h2.Charge(5);
        break;
      case NGHTTP2_WINDOW_UPDATE:
        if (h2.window_updates_ == 0) {
          h2.Charge(1);
        } else {
          --h2.window_updates_;
        }
        break;
      case NGHTTP2_PING:
      case NGHTTP2_PRIORITY:
        h2.Charge(1);
        break;
      default:
        break;
    }
    return 0;
  }

  static int OnInvalidFrame(nghttp2_session*, const nghttp2_frame*, int, void* self) {
    Of(self).Charge(5);
    return 0;
  }

  static int OnData(nghttp2_session*, uint8_t, int32_t id, const uint8_t* data, size_t size,
                    void* self) {
    H2Connection& h2 = Of(self);
    if (Stream* stream = h2.Find(id)) {
      h2.AddData(id, *stream, {reinterpret_cast<const char*>(data), size});
    } else {
      (void)nghttp2_session_consume_connection(h2.session_, size);
    }
    return 0;
  }

  static int OnFrameSent(nghttp2_session*, const nghttp2_frame* frame, void* self) {
    if (frame->hd.type == NGHTTP2_DATA) Of(self).AllowWindowUpdates(2);
    if ((frame->hd.flags & NGHTTP2_FLAG_END_STREAM) == 0) return 0;
    if (frame->hd.type != NGHTTP2_HEADERS && frame->hd.type != NGHTTP2_DATA) return 0;
    H2Connection& h2 = Of(self);
    Stream* stream = h2.Find(frame->hd.stream_id);
    if (stream == nullptr) return 0;
    stream->end_sent = true;
    Request* request = stream->request;
    if (request != nullptr && request->on_completed) {
      h2.completed_.push_back(std::exchange(request->on_completed, nullptr));
    }
    // A body that nobody reads any more need not be sent (RFC 9113 section 8.1).
    if (request == nullptr || !request->body.done) {
      (void)nghttp2_submit_rst_stream(h2.session_, NGHTTP2_FLAG_NONE, frame->hd.stream_id,
                                      NGHTTP2_NO_ERROR);
    }
    return 0;
  }

  static int OnStreamClose(nghttp2_session*, int32_t id, uint32_t, void* self) {
    Of(self).CloseStream(id);
    return 0;
  }

  static nghttp2_session_callbacks* Make() {
    nghttp2_session_callbacks* made = nullptr;
    RT_CHECK(nghttp2_session_callbacks_new(&made) == 0);
    nghttp2_session_callbacks_set_on_begin_headers_callback(made, &OnBeginHeaders);
    nghttp2_session_callbacks_set_on_header_callback(made, &OnHeader);
    nghttp2_session_callbacks_set_on_begin_frame_callback(made, &OnBeginFrame);
    nghttp2_session_callbacks_set_unpack_extension_callback(made, &OnUnknownFrame);
    nghttp2_session_callbacks_set_on_frame_recv_callback(made, &OnFrame);
    nghttp2_session_callbacks_set_on_invalid_frame_recv_callback(made, &OnInvalidFrame);
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(made, &OnData);
    nghttp2_session_callbacks_set_on_frame_send_callback(made, &OnFrameSent);
    nghttp2_session_callbacks_set_on_stream_close_callback(made, &OnStreamClose);
    return made;
  }
};

// --- life ----------------------------------------------------------------------------------------

H2Connection::H2Connection(Connection& connection, Server& server, uint64_t now_ms)
    : connection_(connection),
      server_(server),
      head_since_ms_(now_ms),
      idle_since_ms_(now_ms),
      progress_ms_(now_ms),
      tokens_(kTokens),
      tokens_at_ms_(now_ms) {
  const Limits& limits = server.limits();
  nghttp2_session_callbacks* callbacks = Callbacks::Make();
  nghttp2_option* option = nullptr;
  RT_CHECK(nghttp2_option_new(&option) == 0);
  // Windows grow as bodies are read, not as they arrive.
  nghttp2_option_set_no_auto_window_update(option, 1);
  nghttp2_option_set_max_outbound_ack(option, 256);
  // Frames of every unknown type, which nghttp2 would read over by itself, are to be counted.
  for (unsigned type = NGHTTP2_CONTINUATION + 1; type <= 0xff; ++type) {
    nghttp2_option_set_user_recv_extension_type(option, static_cast<uint8_t>(type));
  }
  RT_CHECK(nghttp2_session_server_new2(&session_, callbacks, this, option) == 0);
  nghttp2_option_del(option);
  nghttp2_session_callbacks_del(callbacks);
  const nghttp2_settings_entry settings[] = {
      {NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, limits.max_pipelined * 2},
      {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, kStreamWindow},
      {NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, limits.max_head_bytes},
  };
  RT_CHECK(nghttp2_submit_settings(session_, NGHTTP2_FLAG_NONE, settings, std::size(settings)) ==
           0);
  RT_CHECK(nghttp2_session_set_local_window_size(session_, NGHTTP2_FLAG_NONE, 0,
                                                 kConnectionWindow) == 0);
}

H2Connection::~H2Connection() {
  nghttp2_session_del(session_);
}

uint64_t H2Connection::NowMs() const {
  const uint64_t now = uv_now(server_.engine().loop());
  return now != 0 ? now : 1;
}

H2Connection::Stream* H2Connection::Find(int32_t id) {
  const auto found = streams_.find(id);
  return found == streams_.end() ? nullptr : &found->second;
}

std::optional<bool> H2Connection::IsPreface(std::string_view bytes) {
  if (bytes.substr(0, kPreface.size()) != kPreface.substr(0, bytes.size())) return false;
  // No method of HTTP/1 begins so far alike.
  if (bytes.size() < 6) return std::nullopt;
  return true;
}

void H2Connection::CloseStream(int32_t id) {
  const auto found = streams_.find(id);
  if (found == streams_.end()) return;
  Stream stream = std::move(found->second);
  streams_.erase(found);
  if (stream.unread > 0) (void)nghttp2_session_consume_connection(session_, stream.unread);
  if (streams_.empty()) idle_since_ms_ = NowMs();
  if (stream.request != nullptr) connection_.Detach(stream.request, BodyError::kAborted);
}

void H2Connection::DetachAll() {
  over_ = true;
  while (!streams_.empty()) {
    const auto first = streams_.begin();
    Request* request = first->second.request;
    streams_.erase(first);
    if (request != nullptr) connection_.Detach(request, BodyError::kAborted);
  }
}

// --- input ---------------------------------------------------------------------------------------

bool H2Connection::Receive(std::string_view bytes) {
  if (over_) return false;
  inside_ = true;
  const ssize_t used = nghttp2_session_mem_recv(
      session_, reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size());
  inside_ = false;
  if (used < 0) {
    const bool flooded = used == NGHTTP2_ERR_FLOODED;
    (void)nghttp2_session_terminate_session(
        session_, flooded ? NGHTTP2_ENHANCE_YOUR_CALM : NGHTTP2_PROTOCOL_ERROR);
    over_ = true;
  }
  if (nghttp2_session_want_read(session_) == 0) over_ = true;
  return !over_;
}

void H2Connection::AllowWindowUpdates(uint32_t count) {
  window_updates_ = std::min(kMostWindowUpdates, window_updates_ + count);
}

void H2Connection::Charge(double cost) {
  const uint64_t now = NowMs();
  tokens_ = std::min(kTokens,
                     tokens_ + static_cast<double>(now - tokens_at_ms_) * kTokensPerSecond / 1000);
  tokens_at_ms_ = now;
  tokens_ -= cost;
  if (tokens_ >= 0 || over_) return;
  over_ = true;
  (void)nghttp2_session_terminate_session(session_, NGHTTP2_ENHANCE_YOUR_CALM);
}

void H2Connection::Shutdown() {
  (void)nghttp2_submit_goaway(session_, NGHTTP2_FLAG_NONE,
                              nghttp2_session_get_last_proc_stream_id(session_), NGHTTP2_NO_ERROR,
                              nullptr, 0);
}

bool H2Connection::Tick(uint64_t now_ms) {
  const Limits& limits = server_.limits();
  if (head_since_ms_ != 0 && now_ms - head_since_ms_ >= limits.header_timeout_ms) return false;
  if (streams_.empty()) {
    return !greeted_ || now_ms - idle_since_ms_ < uint64_t{limits.idle_timeout_ms} + 1000;
  }
  bool waits_to_send = false;
  std::vector<int32_t> slow;
  for (auto& [id, stream] : streams_) {
    Request* request = stream.request;
    if (request == nullptr) continue;
    if (request->response.size() > request->response_at) waits_to_send = true;
    const RequestBody& body = request->body;
    if (body.done || request->finished) continue;
    // What has not been read, or asked for, is not waited for.
    const bool waits_for_us = body.available() >= limits.body_high_water || body.continue_pending;
    if (waits_for_us || stream.body_window_ms == 0) {
      stream.body_window_ms = now_ms;
      stream.body_window_bytes = 0;
    } else if (now_ms - stream.body_window_ms >= limits.body_timeout_ms) {
      const uint64_t least =
          std::max<uint64_t>(1, uint64_t{limits.min_body_rate} * limits.body_timeout_ms / 1000);
      if (stream.body_window_bytes < least) slow.push_back(id);
      stream.body_window_ms = now_ms;
      stream.body_window_bytes = 0;
    }
  }
  for (const int32_t id : slow) {
    if (Stream* stream = Find(id)) FailBody(id, *stream, BodyError::kTimeout, 408);
  }
  if (!waits_to_send) progress_ms_ = now_ms;
  return now_ms - progress_ms_ < limits.write_timeout_ms;
}

}  // namespace rt::http
