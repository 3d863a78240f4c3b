// Answers by HTTP/2: heads into fields, bodies out of Request::response as the windows allow.
#include <algorithm>
#include <cstring>

#include "src/ext/http/engine/connection.h"
#include "src/ext/http/engine/engine.h"
#include "src/ext/http/engine/h2_connection.h"
#include "src/ext/http/engine/server.h"

namespace rt::http {
namespace {

// Bytes of a body that were sent and take up memory still.
constexpr size_t kKeptSent = 128 * 1024;

// Fields of a connection (RFC 9113 section 8.2.2), and those the engine has the last word on.
bool IsOurs(std::string_view lower) {
  for (std::string_view name : {"connection", "keep-alive", "proxy-connection", "transfer-encoding",
                                "upgrade", "content-length"}) {
    if (lower == name) return true;
  }
  return false;
}

class Fields {
 public:
  void Add(std::string_view name, std::string_view value) {
    const Slice at{Append(name), Append(value)};
    slices_.push_back({at, {name.size(), value.size()}});
  }
  std::vector<nghttp2_nv> Make() {
    std::vector<nghttp2_nv> made;
    made.reserve(slices_.size());
    auto* base = reinterpret_cast<uint8_t*>(bytes_.data());
    for (const auto& [at, size] : slices_) {
      made.push_back(
          {base + at.name, base + at.value, size.name, size.value, NGHTTP2_NV_FLAG_NONE});
    }
    return made;
  }

 private:
  struct Slice {
    size_t name;
    size_t value;
  };
  size_t Append(std::string_view text) {
    const size_t at = bytes_.size();
    bytes_.append(text);
    return at;
  }

  std::string bytes_;
  std::vector<std::pair<Slice, Slice>> slices_;
};

// A stream whose reader never quite catches up must not keep what it has read.
void DropSent(Request* request) {
  // Rarely enough that a large body is not copied over and over.
  if (request->response_at < kKeptSent || request->response_at < request->response.size() / 2) {
    return;
  }
  Output rest;
  rest.Append(request->response.view().substr(request->response_at));
  request->response.swap(rest);
  request->response_at = 0;
}

}  // namespace

// nghttp2 asks for as much as the windows and a frame allow.
ssize_t H2Connection::ReadResponse(nghttp2_session*, int32_t id, uint8_t* into, size_t size,
                                   uint32_t* flags, nghttp2_data_source*, void* self) {
  H2Connection& h2 = *static_cast<H2Connection*>(self);
  Stream* stream = h2.Find(id);
  if (stream == nullptr || stream->request == nullptr) {
    return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
  }
  Request* request = stream->request;
  const size_t moved = std::min(size, request->response.size() - request->response_at);
  if (moved > 0) {
    std::memcpy(into, request->response.data() + request->response_at, moved);
    request->response_at += moved;
    h2.progress_ms_ = h2.NowMs();
  }
  const bool empty = request->response_at == request->response.size();
  if (empty) {
    request->response.clear();
    request->response_at = 0;
    if (stream->response_ended) {
      *flags |= NGHTTP2_DATA_FLAG_EOF;
      return static_cast<ssize_t>(moved);
    }
  }
  if (!empty) DropSent(request);
  if (request->on_writable) h2.writable_.push_back(id);
  if (moved > 0) return static_cast<ssize_t>(moved);
  stream->deferred = true;
  return NGHTTP2_ERR_DEFERRED;
}

bool H2Connection::wants_write() const {
  return !broken_ && nghttp2_session_want_write(session_) != 0;
}

void H2Connection::Produce(Output* out, size_t limit) {
  while (out->size() < limit) {
    const uint8_t* data = nullptr;
    inside_ = true;
    const ssize_t size = nghttp2_session_mem_send(session_, &data);
    inside_ = false;
    if (size <= 0) {
      if (size < 0) broken_ = over_ = true;
      return;
    }
    out->Append({reinterpret_cast<const char*>(data), static_cast<size_t>(size)});
  }
}

void H2Connection::WakeWriters() {
  for (const int32_t id : std::exchange(writable_, {})) {
    Stream* stream = Find(id);
    if (stream == nullptr || stream->request == nullptr) continue;
    if (connection_.IsCongested(*stream->request)) continue;
    if (auto on_writable = std::exchange(stream->request->on_writable, nullptr)) on_writable();
  }
}

void H2Connection::SubmitHead(Request* request, const ResponseHead& head,
                              std::optional<uint64_t> length, bool ends) {
  Stream* stream = Find(request->stream_id);
  if (stream == nullptr) return;
  Fields fields;
  fields.Add(":status", std::to_string(head.status));
  bool has_date = false;
  uint64_t stated = 0;
  std::string lower;
  for (const HeaderPair& field : head.headers) {
    lower.assign(field.name);
    for (char& c : lower) c = TokenLower(c);
    if (lower == "content-length") (void)ParseContentLength(field.value, &stated);
    if (IsOurs(lower)) continue;
    has_date |= lower == "date";
    fields.Add(lower, field.value);
  }
  if (!has_date) fields.Add("date", server_.engine().Date());
  // The answer to a HEAD may say how long the body would be.
  if (request->head.is_head && length.value_or(0) == 0 && stated > 0) length = stated;
  if (length) fields.Add("content-length", std::to_string(*length));
  std::vector<nghttp2_nv> made = fields.Make();
  nghttp2_data_provider provider{};
  provider.read_callback = &ReadResponse;
  request->started = true;
  if (nghttp2_submit_response(session_, request->stream_id, made.data(), made.size(),
                              ends ? nullptr : &provider) != 0) {
    // The stream is closing: whoever waits is told when it has closed.
    return;
  }
  connection_.ScheduleFlush();
}

void H2Connection::SubmitPlain(Request* request) {
  const HeaderPair type{"content-type", "text/plain;charset=UTF-8"};
  const size_t size = request->response.size();
  const bool ends = request->head.is_head || size == 0;
  if (Stream* stream = Find(request->stream_id)) stream->response_ended = true;
  SubmitHead(request, {.status = 200, .status_text = {}, .headers = {&type, 1}},
             request->plain_size, ends);
}

void H2Connection::DataAdded(Request* request, bool ended) {
  Stream* stream = Find(request->stream_id);
  if (stream == nullptr) return;
  stream->response_ended = stream->response_ended || ended;
  if (std::exchange(stream->deferred, false)) {
    (void)nghttp2_session_resume_data(session_, request->stream_id);
  }
  connection_.ScheduleFlush();
}

void H2Connection::Refuse(int32_t id, Stream& stream, int status) {
  Request* request = std::exchange(stream.request, nullptr);
  Fields fields;
  fields.Add(":status", std::to_string(status));
  fields.Add("content-length", "0");
  fields.Add("date", server_.engine().Date());
  std::vector<nghttp2_nv> made = fields.Make();
  (void)nghttp2_submit_response(session_, id, made.data(), made.size(), nullptr);
  connection_.ScheduleFlush();
  // Nobody has been told of it.
  if (request != nullptr) server_.engine().pool().Release(request);
}

void H2Connection::Abandon(Request* request) {
  Stream* stream = Find(request->stream_id);
  if (stream == nullptr) return;
  // What was said before it failed is said: nghttp2 would let the reset overtake it.
  if (!inside_) Produce(&connection_.out_, SIZE_MAX);
  stream = Find(request->stream_id);
  if (stream == nullptr) return;
  stream->request = nullptr;
  (void)nghttp2_submit_rst_stream(session_, NGHTTP2_FLAG_NONE, request->stream_id,
                                  NGHTTP2_INTERNAL_ERROR);
  connection_.ScheduleFlush();
}

}  // namespace rt::http
