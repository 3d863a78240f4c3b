// Exchanges: the request out, the response's head in. Bodies of responses are in h1_body.cc.
#include "src/ext/fetch/h1_connection.h"

#include <algorithm>

#include "src/ext/fetch/request_head.h"

namespace rt {
namespace {

constexpr size_t kReadSize = 16 * 1024;
// Interim responses before the final one: more is somebody playing.
constexpr int kMaxInterim = 32;

Error ClosedEarly() {
  return Error::Make(ErrorClass::kUnexpectedEof, "connection closed before message completed");
}

Task<Result<bool>> WriteParts(ByteStream& stream, std::vector<iovec> parts) {
  size_t first = 0;
  for (;;) {
    while (first < parts.size() && parts[first].iov_len == 0) ++first;
    if (first == parts.size()) co_return true;
    RT_CO_TRY(std::optional<size_t> moved, stream.TryWrite(std::span(parts).subspan(first)));
    if (!moved) {
      co_await IoReady(stream, IoDirection::kWrite);
      continue;
    }
    for (size_t left = *moved; left > 0;) {
      iovec& part = parts[first];
      const size_t taken = std::min(left, part.iov_len);
      part.iov_base = static_cast<char*>(part.iov_base) + taken;
      part.iov_len -= taken;
      left -= taken;
      if (part.iov_len == 0) ++first;
    }
  }
}

iovec PartOf(std::string_view text) {
  return {const_cast<char*>(text.data()), text.size()};
}

}  // namespace

H1Connection::~H1Connection() {
  if (!stream_) return;
  if (source_) source_->Stop();
  UnwatchIdle();
  upload_.reset();
  stream_->Close();
}

Error H1Connection::Fail(Error error) {
  stream_->Close();
  // What made the upload fail says more than what became of the connection then.
  if (upload_error_) return *std::exchange(upload_error_, std::nullopt);
  return error;
}

// --- sending -------------------------------------------------------------------------------------

void H1Connection::StartUpload(std::string head, const HttpRequest& request) {
  source_ = request.source;
  upload_error_.reset();
  uploading_ = true;
  upload_.emplace(Upload(std::move(head), request.body, request.source));
  upload_->Start(this);
  if (upload_->done()) UploadEnded();
}

Task<Result<bool>> H1Connection::Upload(std::string head, std::optional<Bytes> body,
                                        std::shared_ptr<BodySource> source) {
  std::vector<iovec> parts{PartOf(head)};
  if (body) parts.push_back(PartOf(body->view()));
  RT_CO_TRY(const bool sent, co_await WriteParts(*stream_, std::move(parts)));
  (void)sent;
  if (!source) co_return true;
  co_return co_await SendSource(*source);
}

Task<Result<bool>> H1Connection::SendSource(BodySource& source) {
  const std::optional<uint64_t> size = source.size();
  uint64_t left = size.value_or(0);
  for (;;) {
    auto next = co_await source.Next();
    if (!next.ok()) {
      upload_error_ = next.TakeError();
      co_return *upload_error_;
    }
    const Bytes piece = std::move(next).value();
    if (size && (piece.size() > left || (piece.empty() && left > 0))) {
      upload_error_ = Error::Type("The body is not as long as it was said to be");
      co_return *upload_error_;
    }
    left -= size ? piece.size() : 0;
    std::string before;
    std::string_view after;
    if (!size) {
      char digits[20];
      std::snprintf(digits, sizeof digits, "%zx\r\n", piece.size());
      before = digits;
      after = "\r\n";
    }
    if (size && piece.empty()) co_return true;
    std::vector<iovec> parts{PartOf(before), PartOf(piece.view()), PartOf(after)};
    RT_CO_TRY(const bool sent, co_await WriteParts(*stream_, std::move(parts)));
    (void)sent;
    if (piece.empty()) co_return true;
  }
}

void H1Connection::OnTaskDone() {
  // Closing the stream below may drop the last other reference.
  const auto keep = weak_from_this().lock();
  UploadEnded();
}

void H1Connection::UploadEnded() {
  auto result = upload_->TakeValue();
  uploading_ = false;
  const std::shared_ptr<BodySource> source = std::move(source_);
  if (result.ok()) return;
  keep_alive_ = false;
  if (upload_error_) {
    // The program's own body failed: the peer must not take a part for the whole.
    stream_->Close();
    return;
  }
  // The peer takes no more. It may have answered all the same: the reader finds out.
  if (source) source->Stop();
}

// --- the exchange --------------------------------------------------------------------------------

Task<Result<HttpResponse>> H1Connection::Exchange(const HttpRequest& request,
                                                  const H1Route& route) {
  const auto keep = shared_from_this();
  heard_ = false;
  keep_alive_ = true;
  until_close_ = false;
  RT_CO_TRY(std::string head, MakeRequestHead(request, route));
  CancelToken cancel = request.cancel;
  const auto registration = cancel.OnCancel([this] { stream_->Close(); });
  StartUpload(std::move(head), request);
  auto read = co_await ReadFinalHead(!request.upgrade.empty());
  if (request.cancel.cancelled()) co_return InterruptedError();
  if (!read.ok()) co_return Fail(read.TakeError());
  ResponseHead response_head = std::move(read).value();

  HttpResponse response;
  response.status = response_head.status;
  response.reason = std::move(response_head.reason);
  response.headers = std::move(response_head.headers);
  if (response.status == 101) {
    response.upgraded = std::make_shared<Upgraded>(
        Upgraded{TakeStream(), received_.substr(std::min(received_at_, received_.size()))});
    on_free_ = nullptr;
    co_return response;
  }
  keep_alive_ = keep_alive_ && response_head.keep_alive;
  if (request.method == "HEAD" || response.status == 204 || response.status == 304) {
    EndExchange();
    co_return response;
  }
  response.body = StartBody(response_head);
  co_return response;
}

Task<Result<ResponseHead>> H1Connection::ReadFinalHead(bool wants_upgrade) {
  for (int interim = 0; interim <= kMaxInterim; ++interim) {
    RT_CO_TRY(ResponseHead head, co_await ReadHead());
    if (head.status >= 200) co_return head;
    if (head.status == 101) {
      if (wants_upgrade) co_return head;
      co_return Error::Make(ErrorClass::kInvalidData,
                            "invalid HTTP response: 101 to a request without upgrade");
    }
  }
  co_return Error::Make(ErrorClass::kInvalidData, "invalid HTTP response: too many interim ones");
}

// Through the stack, because growing a string would clear what is about to be written.
ByteStream::Moved H1Connection::ReadMore() {
  uint8_t buffer[kReadSize];
  auto moved = stream_->TryRead(buffer);
  if (moved.ok() && *moved) received_.append(reinterpret_cast<char*>(buffer), **moved);
  return moved;
}

Task<Result<ResponseHead>> H1Connection::ReadHead() {
  received_.erase(0, received_at_);
  received_at_ = 0;
  http::HeadScanner scanner;
  for (;;) {
    if (!received_.empty()) {
      const auto state = scanner.Scan(received_.data(), received_.size());
      if (state == http::HeadScanner::State::kBad) {
        co_return Error::Make(ErrorClass::kInvalidData, "invalid HTTP response: bad header");
      }
      if (state == http::HeadScanner::State::kComplete) {
        received_at_ = scanner.head_size();
        co_return ParseResponseHead(std::string_view(received_).substr(0, received_at_));
      }
      if (received_.size() > kMaxResponseHead || scanner.lines() > kMaxResponseFields) {
        co_return Error::Make(ErrorClass::kInvalidData,
                              "invalid HTTP response: the header is too large");
      }
    }
    auto moved = ReadMore();
    if (!moved.ok()) co_return moved.TakeError();
    if (!*moved) {
      co_await IoReady(*stream_, IoDirection::kRead);
      continue;
    }
    if (**moved == 0) co_return ClosedEarly();
    heard_ = true;
  }
}

Task<Result<int>> H1Connection::OpenTunnel(std::string authority,
                                           const std::string& proxy_authorization,
                                           CancelToken cancel) {
  const auto keep = shared_from_this();
  const auto registration = cancel.OnCancel([this] { stream_->Close(); });
  const std::string head = MakeConnectHead(authority, proxy_authorization);
  const Bytes bytes = Bytes::Copy(head);
  auto sent = co_await WriteAll(*stream_, bytes.span());
  if (cancel.cancelled()) co_return InterruptedError();
  if (!sent.ok()) co_return sent.TakeError();
  auto read = co_await ReadFinalHead(false);
  if (cancel.cancelled()) co_return InterruptedError();
  if (!read.ok()) co_return read.TakeError();
  if (read->status < 300 && received_at_ != received_.size()) {
    // The server behind a tunnel speaks second (TLS): this is somebody else's.
    co_return Error::Make(ErrorClass::kInvalidData, "the proxy sent data before the tunnel");
  }
  co_return read->status;
}

// --- rest ----------------------------------------------------------------------------------------

void H1Connection::EndExchange() {
  ++exchange_;
  const bool is_clean = received_at_ == received_.size() && !uploading_;
  if (uploading_) {
    if (source_) source_->Stop();
    upload_.reset();
    uploading_ = false;
    source_.reset();
  }
  received_.clear();
  received_at_ = 0;
  if (is_clean && keep_alive_ && on_free_) {
    on_free_(shared_from_this());
  } else {
    stream_->Close();
  }
}

void H1Connection::WatchIdle(std::function<void()> on_dead) {
  on_dead_ = std::move(on_dead);
  stream_->Wait(IoDirection::kRead, this);
}

void H1Connection::UnwatchIdle() {
  if (!on_dead_) return;
  on_dead_ = nullptr;
  stream_->Wait(IoDirection::kRead, nullptr);
}

bool H1Connection::IsQuiet() {
  // Twice: a socket that was just emptied says so once without looking.
  for (int i = 0; i < 2; ++i) {
    uint8_t byte;
    const auto moved = stream_->TryRead({&byte, 1});
    if (!moved.ok() || *moved) return false;
  }
  return true;
}

void H1Connection::OnIoReady() {
  const auto keep = shared_from_this();
  uint8_t byte;
  const auto moved = stream_->TryRead({&byte, 1});
  if (moved.ok() && !*moved) {
    // Without cause, or something of the layer below (a TLS session ticket).
    stream_->Wait(IoDirection::kRead, this);
    return;
  }
  const auto on_dead = std::exchange(on_dead_, nullptr);
  stream_->Close();
  if (on_dead) on_dead();
}

}  // namespace rt
