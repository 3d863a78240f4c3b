// See the header. nghttp2's callbacks only note what happened; coroutines are resumed when it has
// returned, because what they do may end the session.
#include "src/ext/fetch/h2_session.h"

#include <algorithm>
#include <cstring>

#include "src/ext/fetch/h2_stream.h"
#include "src/ext/fetch/request_head.h"

namespace rt {
namespace {

constexpr int32_t kStreamWindow = 1024 * 1024;
constexpr int32_t kConnectionWindow = 4 * 1024 * 1024;
constexpr size_t kReadSize = 64 * 1024;
constexpr size_t kOutHighWater = 64 * 1024;
// A connection that always has something must not keep the loop from turning.
constexpr int kReadsPerTurn = 16;

Error H2Error(std::string_view what) {
  return Error::Make(ErrorClass::kInvalidData, "HTTP/2: " + std::string(what));
}

}  // namespace

// --- callbacks -----------------------------------------------------------------------------------

struct H2Session::Callbacks {
  static H2Session& Of(void* self) { return *static_cast<H2Session*>(self); }

  static int OnHeader(nghttp2_session*, const nghttp2_frame* frame, const uint8_t* name,
                      size_t name_size, const uint8_t* value, size_t value_size, uint8_t,
                      void* self) {
    const auto stream = Of(self).Find(frame->hd.stream_id);
    if (!stream || frame->hd.type != NGHTTP2_HEADERS) return 0;
    return stream->AddHeader({reinterpret_cast<const char*>(name), name_size},
                             {reinterpret_cast<const char*>(value), value_size})
               ? 0
               : NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
  }

  static int OnFrame(nghttp2_session*, const nghttp2_frame* frame, void* self) {
    H2Session& session = Of(self);
    if (frame->hd.type == NGHTTP2_GOAWAY) session.retired_ = true;
    const auto stream = session.Find(frame->hd.stream_id);
    if (!stream) return 0;
    if (frame->hd.type == NGHTTP2_HEADERS) stream->EndHeaders();
    if ((frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0 &&
        (frame->hd.type == NGHTTP2_HEADERS || frame->hd.type == NGHTTP2_DATA)) {
      stream->EndBody();
    }
    session.woken_.push_back(stream);
    return 0;
  }

  static int OnData(nghttp2_session*, uint8_t, int32_t id, const uint8_t* data, size_t size,
                    void* self) {
    H2Session& session = Of(self);
    const auto stream = session.Find(id);
    if (!stream) {
      nghttp2_session_consume_connection(session.session_, size);
      return 0;
    }
    stream->AddData({reinterpret_cast<const char*>(data), size});
    session.woken_.push_back(stream);
    return 0;
  }

  static int OnStreamClose(nghttp2_session*, int32_t id, uint32_t code, void* self) {
    H2Session& session = Of(self);
    const auto stream = session.Find(id);
    if (!stream) return 0;
    if (code == NGHTTP2_NO_ERROR || stream->body_ended()) {
      session.CloseStream(id, std::nullopt);
      return 0;
    }
    if (code == NGHTTP2_REFUSED_STREAM) stream->set_refused();
    session.CloseStream(
        id, H2Error(std::string("the stream was reset: ") + nghttp2_http2_strerror(code)));
    return 0;
  }

  static ssize_t ReadUpload(nghttp2_session*, int32_t id, uint8_t* into, size_t size,
                            uint32_t* flags, nghttp2_data_source*, void* self) {
    H2Session& session = Of(self);
    const auto stream = session.Find(id);
    if (!stream) return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
    bool ended = false;
    const std::optional<size_t> moved = stream->TakeUpload({into, size}, &ended);
    if (!moved) {
      session.hungry_.push_back(stream);
      return NGHTTP2_ERR_DEFERRED;
    }
    if (ended) *flags |= NGHTTP2_DATA_FLAG_EOF;
    return static_cast<ssize_t>(*moved);
  }

  static nghttp2_session_callbacks* Make() {
    nghttp2_session_callbacks* made = nullptr;
    RT_CHECK(nghttp2_session_callbacks_new(&made) == 0);
    nghttp2_session_callbacks_set_on_header_callback(made, &OnHeader);
    nghttp2_session_callbacks_set_on_frame_recv_callback(made, &OnFrame);
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(made, &OnData);
    nghttp2_session_callbacks_set_on_stream_close_callback(made, &OnStreamClose);
    return made;
  }
};

// --- life ----------------------------------------------------------------------------------------

H2Session::H2Session(Loop& loop, Ref<StreamResource> stream,
                     std::optional<uint64_t> idle_timeout_ms)
    : loop_(loop),
      connection_(std::move(stream)),
      idle_timeout_ms_(idle_timeout_ms),
      idle_timer_(loop),
      again_(loop) {
  write_waiter_.owner = this;
  nghttp2_session_callbacks* callbacks = Callbacks::Make();
  nghttp2_option* option = nullptr;
  RT_CHECK(nghttp2_option_new(&option) == 0);
  // Windows grow as bodies are read, not as they arrive.
  nghttp2_option_set_no_auto_window_update(option, 1);
  RT_CHECK(nghttp2_session_client_new2(&session_, callbacks, this, option) == 0);
  nghttp2_option_del(option);
  nghttp2_session_callbacks_del(callbacks);
  const nghttp2_settings_entry settings[] = {
      {NGHTTP2_SETTINGS_ENABLE_PUSH, 0},
      {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, kStreamWindow},
      {NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, kMaxResponseHead},
  };
  RT_CHECK(nghttp2_submit_settings(session_, NGHTTP2_FLAG_NONE, settings, std::size(settings)) ==
           0);
  RT_CHECK(nghttp2_session_set_local_window_size(session_, NGHTTP2_FLAG_NONE, 0,
                                                 kConnectionWindow) == 0);
}

std::shared_ptr<H2Session> H2Session::Start(Loop& loop, Ref<StreamResource> stream,
                                            std::optional<uint64_t> idle_timeout_ms) {
  auto session = std::make_shared<H2Session>(loop, std::move(stream), idle_timeout_ms);
  session->Flush();
  session->OnIoReady();
  return session;
}

H2Session::~H2Session() {
  closed_ = true;
  for (const auto& [id, stream] : streams_) stream->Detach();
  connection_->Wait(IoDirection::kRead, nullptr);
  connection_->Wait(IoDirection::kWrite, nullptr);
  connection_->Close();
  nghttp2_session_del(session_);
}

bool H2Session::usable() const {
  return !closed_ && !retired_ && nghttp2_session_check_request_allowed(session_) != 0;
}

void H2Session::Retire() {
  const auto keep = shared_from_this();
  retired_ = true;
  CloseIfRetired();
}

void H2Session::CloseIfRetired() {
  if (!retired_ || closed_ || !streams_.empty()) return;
  (void)nghttp2_session_terminate_session(session_, NGHTTP2_NO_ERROR);
  Flush();
  End(H2Error("the connection was closed"));
}

void H2Session::ArmIdle() {
  idle_timer_.Stop();
  if (!streams_.empty() || closed_ || !idle_timeout_ms_) return;
  idle_timer_.Start(*idle_timeout_ms_, [this] { Retire(); });
}

std::shared_ptr<H2Stream> H2Session::Find(int32_t id) const {
  const auto found = streams_.find(id);
  return found == streams_.end() ? nullptr : found->second;
}

// The stream is over for nghttp2; what was received of it may still be read.
void H2Session::CloseStream(int32_t id, std::optional<Error> error) {
  const auto found = streams_.find(id);
  if (found == streams_.end()) return;
  const std::shared_ptr<H2Stream> stream = found->second;
  streams_.erase(found);
  stream->Close(std::move(error));
  woken_.push_back(stream);
  ArmIdle();
}

void H2Session::End(Error error) {
  if (closed_) return;
  const auto keep = shared_from_this();
  closed_ = true;
  end_error_ = error;
  idle_timer_.Stop();
  again_.Stop();
  connection_->Wait(IoDirection::kRead, nullptr);
  connection_->Wait(IoDirection::kWrite, nullptr);
  connection_->Close();
  while (!streams_.empty()) CloseStream(streams_.begin()->first, Error(error));
  Wake();
}

void H2Session::Wake() {
  while (!woken_.empty()) {
    for (const auto& stream : std::exchange(woken_, {})) stream->Wake();
  }
}

// --- bytes ---------------------------------------------------------------------------------------

void H2Session::OnIoReady() {
  const auto keep = shared_from_this();
  if (closed_ || reading_) return;
  reading_ = true;
  const bool open = ReadAvailable();
  reading_ = false;
  if (!open || closed_) return;
  if (drained_) {
    connection_->Wait(IoDirection::kRead, this);
  } else {
    // The layer below may hold bytes that no event will announce.
    again_.Start(0, [this] { OnIoReady(); });
  }
}

bool H2Session::ReadAvailable() {
  uint8_t buffer[kReadSize];
  drained_ = false;
  for (int reads = 0; reads < kReadsPerTurn; ++reads) {
    auto moved = connection_->TryRead(buffer);
    if (!moved.ok()) {
      End(moved.TakeError());
      return false;
    }
    if (!*moved) {
      drained_ = true;
      break;
    }
    if (**moved == 0) {
      End(Error::Make(ErrorClass::kUnexpectedEof, "connection closed before message completed"));
      return false;
    }
    const ssize_t used = nghttp2_session_mem_recv(session_, buffer, **moved);
    if (used < 0) {
      Flush();  // what nghttp2 has to say about it
      End(H2Error(nghttp2_strerror(static_cast<int>(used))));
      return false;
    }
    Flush();
    Wake();
    if (closed_) return false;
    if (nghttp2_session_want_read(session_) == 0 && nghttp2_session_want_write(session_) == 0) {
      End(H2Error("the connection was closed"));
      return false;
    }
  }
  CloseIfRetired();
  return !closed_;
}

void H2Session::OnWritable() {
  const auto keep = shared_from_this();
  write_blocked_ = false;
  Flush();
  Wake();
}

void H2Session::Flush() {
  if (closed_ || flushing_) return;
  flushing_ = true;
  for (bool progress = true; progress && !write_blocked_;) {
    progress = false;
    while (out_.size() - out_at_ < kOutHighWater) {
      const uint8_t* data = nullptr;
      const ssize_t size = nghttp2_session_mem_send(session_, &data);
      if (size <= 0) break;
      out_.append(reinterpret_cast<const char*>(data), static_cast<size_t>(size));
      progress = true;
    }
    if (!WriteOut()) break;
    // Uploads are asked for more only while the connection takes it.
    if (write_blocked_) break;
    for (const auto& stream : std::exchange(hungry_, {})) progress |= stream->AskForUpload();
  }
  flushing_ = false;
}

void H2Session::FlushAndWake() {
  const auto keep = shared_from_this();
  Flush();
  Wake();
  CloseIfRetired();
}

void H2Session::Consume(int32_t id, size_t size) {
  if (closed_) return;
  if (id == 0 || nghttp2_session_consume(session_, id, size) != 0) {
    (void)nghttp2_session_consume_connection(session_, size);
  }
  Flush();
}

void H2Session::Reset(int32_t id) {
  const auto keep = shared_from_this();
  if (!closed_) (void)nghttp2_submit_rst_stream(session_, NGHTTP2_FLAG_NONE, id, NGHTTP2_CANCEL);
  CloseStream(id, InterruptedError());
  FlushAndWake();
}

void H2Session::ResumeUpload(int32_t id) {
  if (!closed_) (void)nghttp2_session_resume_data(session_, id);
}

// False: the connection is over (the reader finds out why).
bool H2Session::WriteOut() {
  while (out_at_ < out_.size()) {
    if (write_blocked_) return true;
    const iovec part{out_.data() + out_at_, out_.size() - out_at_};
    auto moved = connection_->TryWrite({&part, 1});
    if (!moved.ok()) return false;
    if (!*moved) {
      write_blocked_ = true;
      connection_->Wait(IoDirection::kWrite, &write_waiter_);
      return true;
    }
    out_at_ += **moved;
  }
  out_.clear();
  out_at_ = 0;
  return true;
}

// --- requests ------------------------------------------------------------------------------------

Result<int32_t> H2Session::Submit(const HttpRequest& request,
                                  const std::shared_ptr<H2Stream>& stream) {
  RT_TRY(const HeaderFields fields, MakeH2Fields(request));
  std::vector<nghttp2_nv> values;
  values.reserve(fields.size());
  for (const HeaderField& field : fields) {
    values.push_back({reinterpret_cast<uint8_t*>(const_cast<char*>(field.name.data())),
                      reinterpret_cast<uint8_t*>(const_cast<char*>(field.value.data())),
                      field.name.size(), field.value.size(), NGHTTP2_NV_FLAG_NONE});
  }
  nghttp2_data_provider provider{};
  provider.read_callback = &Callbacks::ReadUpload;
  const bool has_body = request.source || (request.body && !request.body->empty());
  const int32_t id = nghttp2_submit_request(session_, nullptr, values.data(), values.size(),
                                            has_body ? &provider : nullptr, nullptr);
  if (id < 0) return H2Error(nghttp2_strerror(id));
  streams_.emplace(id, stream);
  return id;
}

Task<Result<HttpResponse>> H2Session::Exchange(const HttpRequest& request, Failure* failure) {
  const auto keep = shared_from_this();
  *failure = Failure::kOther;
  if (closed_) {
    *failure = Failure::kSilent;
    co_return Error(*end_error_);
  }
  // A frame that is dropped while it waits gives up its stream.
  struct Guard {
    std::shared_ptr<H2Stream> stream;
    ~Guard() {
      if (stream) stream->Cancel();
    }
  } guard{std::make_shared<H2Stream>(this, request)};
  auto submitted = Submit(request, guard.stream);
  if (!submitted.ok()) co_return submitted.TakeError();
  guard.stream->set_id(*submitted);
  idle_timer_.Stop();
  CancelToken cancel = request.cancel;
  const auto registration = cancel.OnCancel([&guard] { guard.stream->Cancel(); });
  Flush();
  auto head = co_await guard.stream->WaitForHead();
  if (cancel.cancelled()) co_return InterruptedError();
  if (!head.ok()) {
    if (guard.stream->refused()) {
      *failure = Failure::kRefused;
    } else if (closed_ && !guard.stream->heard()) {
      *failure = Failure::kSilent;
    }
    co_return head.TakeError();
  }
  HttpResponse response = std::move(head).value();
  if (request.method != "HEAD" && response.status != 204 && response.status != 304) {
    response.body = MakeH2Body(keep, std::exchange(guard.stream, nullptr));
  }
  co_return response;
}

}  // namespace rt
