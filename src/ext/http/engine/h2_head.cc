// Heads and bodies of requests that come by HTTP/2. nghttp2 has checked what RFC 9113 section 8
// says of fields; what HTTP/1 is strict about besides is checked here.
#include <algorithm>

#include "src/ext/http/engine/connection.h"
#include "src/ext/http/engine/engine.h"
#include "src/ext/http/engine/h2_connection.h"
#include "src/ext/http/engine/server.h"

namespace rt::http {
namespace {

// What RFC 9113 section 6.5.2 counts for a field besides its bytes.
constexpr size_t kFieldOverhead = 32;

Slice Append(std::vector<char>* bytes, std::string_view text) {
  const Slice slice{static_cast<uint32_t>(bytes->size()), static_cast<uint32_t>(text.size())};
  bytes->insert(bytes->end(), text.begin(), text.end());
  return slice;
}

}  // namespace

void H2Connection::AddField(Stream& stream, std::string_view name, std::string_view value) {
  Request* request = stream.request;
  if (request == nullptr || stream.refusal != 0) return;
  const Limits& limits = server_.limits();
  stream.head_bytes += name.size() + value.size() + kFieldOverhead;
  const bool pseudo = name.front() == ':';
  if (!pseudo && name != "cookie") ++stream.fields;
  if (stream.head_bytes > size_t{limits.max_head_bytes} + kFieldOverhead * limits.max_headers ||
      stream.fields > limits.max_headers) {
    stream.refusal = 431;
    return;
  }
  Head& head = request->head;
  std::vector<char>& bytes = request->bytes;
  if (pseudo) {
    if (name == ":method") {
      head.method = Append(&bytes, value);
    } else if (name == ":path") {
      stream.has_path = true;
      head.target = Append(&bytes, value);
    } else if (name == ":authority") {
      head.host = Append(&bytes, value);
    }
    return;
  }
  if (name == "cookie") {
    // One field again (section 8.2.3).
    if (!stream.cookies.empty()) stream.cookies += "; ";
    stream.cookies += value;
    return;
  }
  if (!IsFieldValue(value)) {
    stream.refusal = 400;
    return;
  }
  if (name == "content-length" && !ParseContentLength(value, &head.content_length)) {
    stream.refusal = 400;
    return;
  }
  if (name == "host" && head.host.size > 0 && value != request->host()) {
    stream.refusal = 400;
    return;
  }
  if (name == "expect") {
    head.expects_continue = EqualsIgnoreCase(value, "100-continue");
    if (!head.expects_continue) stream.refusal = 417;
  }
  const Slice name_slice = Append(&bytes, name);
  const Slice value_slice = Append(&bytes, value);
  if (name == "host" && head.host.size == 0) head.host = value_slice;
  head.headers.push_back({name_slice, value_slice});
}

// 0, or the status to refuse with.
int H2Connection::CheckHead(Stream& stream) {
  if (stream.refusal != 0) return stream.refusal;
  Request* request = stream.request;
  const Limits& limits = server_.limits();
  if (request->method() == "CONNECT") return 501;
  if (!IsToken(request->method())) return 400;
  if (request->target().size() > limits.max_target_bytes) return 414;
  std::string_view authority;
  // Only a path, or the server as such: a proxy's form has no place here.
  if (!stream.has_path || request->target().empty() ||
      !CheckTarget(request->method(), request->target(), &authority) || !authority.empty()) {
    return 400;
  }
  if (!IsValidHost(request->host()) || !server_.TakesHost(request->host())) return 400;
  if (!IsFieldValue(stream.cookies)) return 400;
  if (request->head.content_length > limits.max_body_bytes) return 413;
  return 0;
}

void H2Connection::EndHead(int32_t id, Stream& stream, bool ends) {
  if (stream.request == nullptr) return;
  const int refusal = CheckHead(stream);
  if (refusal != 0) return Refuse(id, stream, refusal);
  Request* request = stream.request;
  Head& head = request->head;
  if (!stream.cookies.empty()) {
    const Slice name = Append(&request->bytes, "cookie");
    head.headers.push_back({name, Append(&request->bytes, stream.cookies)});
    std::string().swap(stream.cookies);
  }
  head.is_head = request->method() == "HEAD";
  if (!ends) {
    request->body.done = false;
    request->body.continue_pending = head.expects_continue;
    // A body that has no length stated is what `chunked` stands for elsewhere.
    head.chunked = head.content_length == 0;
    stream.body_window_ms = NowMs();
  }
  server_.Enqueue(request);
}

void H2Connection::EndBody(Stream& stream) {
  // The stream's window is of no use any more, the connection's is.
  if (stream.unread > 0) {
    (void)nghttp2_session_consume_connection(session_, std::exchange(stream.unread, 0));
  }
  Request* request = stream.request;
  if (request == nullptr || request->body.done) return;
  request->body.done = true;
  if (auto waiter = std::exchange(request->body.waiter, nullptr)) waiter();
}

void H2Connection::AddData(int32_t id, Stream& stream, std::string_view piece) {
  Request* request = stream.request;
  stream.body_window_bytes += piece.size();
  if (request == nullptr || request->finished) {
    (void)nghttp2_session_consume(session_, id, piece.size());
    return;
  }
  const Limits& limits = server_.limits();
  RequestBody& body = request->body;
  body.continue_pending = false;
  body.received += piece.size();
  stream.unread += piece.size();
  if (body.received > limits.max_body_bytes ||
      (body.whole && body.received > limits.max_buffered_body_bytes)) {
    return FailBody(id, stream, BodyError::kTooLarge, 413);
  }
  body.data.append(piece);
  if (body.whole) return GiveBack(id, stream, piece.size());
  if (auto waiter = std::exchange(body.waiter, nullptr)) waiter();
}

void H2Connection::GiveBack(int32_t id, Stream& stream, uint64_t size) {
  size = std::min(size, stream.unread);
  if (size == 0) return;
  stream.unread -= size;
  (void)nghttp2_session_consume(session_, id, size);
  connection_.ScheduleFlush();
}

void H2Connection::WantBody(Request* request) {
  Stream* stream = Find(request->stream_id);
  if (stream == nullptr || request->body.done) return;
  RequestBody& body = request->body;
  if (body.continue_pending && (body.whole || body.waiter)) {
    body.continue_pending = false;
    stream->body_window_ms = NowMs();
    const nghttp2_nv status{reinterpret_cast<uint8_t*>(const_cast<char*>(":status")),
                            reinterpret_cast<uint8_t*>(const_cast<char*>("100")), 7, 3,
                            NGHTTP2_NV_FLAG_NONE};
    (void)nghttp2_submit_headers(session_, NGHTTP2_FLAG_NONE, request->stream_id, nullptr, &status,
                                 1, nullptr);
    connection_.ScheduleFlush();
  }
  if (body.whole) {
    const uint64_t most = server_.limits().max_buffered_body_bytes;
    if (request->head.content_length > most || body.received > most) {
      return FailBody(request->stream_id, *stream, BodyError::kTooLarge, 413);
    }
    return GiveBack(request->stream_id, *stream, stream->unread);
  }
  // What the program has taken; what waits for it stays counted.
  if (stream->unread > body.available()) {
    GiveBack(request->stream_id, *stream, stream->unread - body.available());
  }
}

void H2Connection::FailBody(int32_t id, Stream& stream, BodyError error, int status) {
  Request* request = std::exchange(stream.request, nullptr);
  if (request == nullptr) return;
  const bool started = request->started;
  request->body.error = error;
  if (started) {
    (void)nghttp2_submit_rst_stream(session_, NGHTTP2_FLAG_NONE, id, NGHTTP2_CANCEL);
    connection_.ScheduleFlush();
  } else {
    Refuse(id, stream, status);
  }
  connection_.Detach(request, error);
}

}  // namespace rt::http
