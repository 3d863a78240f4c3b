// See the header.
#include "src/ext/fetch/fetch_exchange.h"

#include "src/ext/fetch/decoded_body.h"
#include "src/resource/stream_resource.h"

namespace rt {

void FetchExchange::Close() {
  if (closed_) return;
  closed_ = true;
  const Ref<FetchExchange> keep(this);
  cancel_.Cancel();
  if (body_) body_->Cancel();
}

Task<Result<HttpResponse>> FetchExchange::Send() {
  const Ref<FetchExchange> keep(this);
  if (!request_) co_return Error::BadResource();
  HttpRequest request = std::move(*request_);
  request_.reset();
  auto sent = co_await client_->Send(std::move(request));
  if (!sent.ok()) co_return sent.TakeError();
  HttpResponse response = std::move(sent).value();
  auto decoding = DecodeContent(response);
  if (!decoding.ok()) co_return decoding.TakeError();
  if (closed_) co_return InterruptedError();
  body_ = std::move(response.body);
  co_return response;
}

Task<Result<size_t>> FetchExchange::Read(Bytes buffer) {
  const Ref<FetchExchange> keep(this);
  if (closed_) co_return InterruptedError();
  if (buffer.empty() || !body_) co_return 0;
  if (reading_) co_return Error::Make(ErrorClass::kBusy, "the body is being read");
  reading_ = true;
  auto read = co_await body_->Read(std::move(buffer));
  reading_ = false;
  co_return read;
}

}  // namespace rt
