// See the header.
#include "src/ext/fetch/h2_stream.h"

#include <algorithm>
#include <charconv>
#include <cstring>

#include "src/ext/fetch/response_head.h"

namespace rt {
namespace {

class H2Body final : public HttpBody {
 public:
  H2Body(std::shared_ptr<H2Session> session, std::shared_ptr<H2Stream> stream)
      : session_(std::move(session)), stream_(std::move(stream)) {}
  ~H2Body() override { stream_->Cancel(); }

  Task<Result<size_t>> Read(Bytes into) override { return stream_->Read(std::move(into)); }
  void Cancel() override { stream_->Cancel(); }
  std::optional<Bytes> TakeArrived(size_t limit) override { return stream_->TakeArrived(limit); }

 private:
  std::shared_ptr<H2Session> session_;
  std::shared_ptr<H2Stream> stream_;
};

}  // namespace

std::unique_ptr<HttpBody> MakeH2Body(std::shared_ptr<H2Session> session,
                                     std::shared_ptr<H2Stream> stream) {
  return std::make_unique<H2Body>(std::move(session), std::move(stream));
}

// --- the response --------------------------------------------------------------------------------

bool H2Stream::AddHeader(std::string_view name, std::string_view value) {
  heard_ = true;
  header_bytes_ += name.size() + value.size() + 32;
  if (header_bytes_ > kMaxResponseHead || headers_.size() >= kMaxResponseFields) return false;
  if (head_done_) return true;  // trailers: fetch does not show them
  if (name == ":status") {
    std::from_chars(value.data(), value.data() + value.size(), status_);
  } else {
    headers_.push_back({std::string(name), std::string(value)});
  }
  return true;
}

void H2Stream::EndHeaders() {
  if (head_done_) return;
  if (status_ >= 200) {
    head_done_ = true;
    return;
  }
  headers_.clear();  // an interim response
  status_ = 0;
}

void H2Stream::AddData(std::string_view data) {
  if (body_at_ == body_.size()) {
    body_.clear();
    body_at_ = 0;
  }
  body_.append(data);
}

void H2Stream::Close(std::optional<Error> error) {
  if (closed_) return;
  closed_ = true;
  if (!body_ended_ && !error_) {
    error_ = error ? std::move(error)
                   : Error::Make(ErrorClass::kUnexpectedEof,
                                 "HTTP/2: the stream was closed before the body was complete");
  }
  asking_.reset();
  if (source_) std::exchange(source_, nullptr)->Stop();
}

Task<Result<HttpResponse>> H2Stream::WaitForHead() {
  while (!head_done_ && !error_ && !closed_) co_await waiter_.Wait();
  if (!head_done_) {
    co_return error_ ? *error_
                     : Error::Make(ErrorClass::kUnexpectedEof, "HTTP/2: no response came");
  }
  HttpResponse response;
  response.status = status_;
  response.headers = std::move(headers_);
  co_return response;
}

// Lets the peer send as much again.
void H2Stream::Consume(size_t size) {
  if (session_ == nullptr || size == 0) return;
  session_->Consume(closed_ ? 0 : id_, size);
}

Task<Result<size_t>> H2Stream::Read(Bytes into) {
  const auto keep = shared_from_this();
  for (;;) {
    const size_t there = body_.size() - body_at_;
    if (there > 0) {
      const size_t size = std::min(there, into.size());
      std::memcpy(into.data(), body_.data() + body_at_, size);
      body_at_ += size;
      Consume(size);
      co_return size;
    }
    if (error_) co_return Error(*error_);
    if (body_ended_) co_return 0;
    co_await waiter_.Wait();
  }
}

std::optional<Bytes> H2Stream::TakeArrived(size_t limit) {
  const size_t there = body_.size() - body_at_;
  if (!body_ended_ || error_ || there > limit) return std::nullopt;
  Bytes all = Bytes::Copy(std::string_view(body_).substr(body_at_));
  body_at_ = body_.size();
  Consume(there);
  return all;
}

void H2Stream::Cancel() {
  const auto keep = shared_from_this();
  const size_t unread = body_.size() - body_at_;
  body_at_ = body_.size();
  if (!closed_ && session_ != nullptr) {
    session_->Reset(id_);
  } else {
    Consume(unread);
    return;
  }
  Consume(unread);
}

// --- the upload ----------------------------------------------------------------------------------

std::optional<size_t> H2Stream::TakeUpload(std::span<uint8_t> into, bool* ended) {
  const size_t size = std::min(into.size(), upload_.size());
  if (size == 0 && source_ && !upload_ended_) return std::nullopt;
  if (size > 0) std::memcpy(into.data(), upload_.data(), size);
  upload_ = upload_.Slice(size);
  *ended = upload_.empty() && (!source_ || upload_ended_);
  return size;
}

bool H2Stream::AskForUpload() {
  if (closed_ || !source_ || asking_) return false;
  const auto keep = shared_from_this();
  asking_.emplace(source_->Next());
  asking_->Start(this);
  if (!asking_->done()) return false;
  TakePiece();
  return true;
}

void H2Stream::TakePiece() {
  auto piece = asking_->TakeValue();
  asking_.reset();
  if (closed_ || session_ == nullptr) return;
  if (!piece.ok()) {
    error_ = piece.TakeError();
    session_->Reset(id_);
    return;
  }
  upload_ended_ = piece->empty();
  upload_ = std::move(piece).value();
  session_->ResumeUpload(id_);
}

void H2Stream::OnTaskDone() {
  const auto keep = shared_from_this();
  TakePiece();
  if (session_ != nullptr) session_->FlushAndWake();
}

}  // namespace rt
