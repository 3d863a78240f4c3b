#include "src/ext/http/body_resources.h"

#include <string>
#include <utility>

#include "src/ext/http/pending.h"

namespace rt {

using http::Engine;

Error BodyFailure(http::BodyError error) {
  const char* reason = "the connection was closed before the body was complete";
  switch (error) {
    case http::BodyError::kMalformed:
      reason = "it is malformed";
      break;
    case http::BodyError::kTooLarge:
      reason = "it is larger than the server's limit";
      break;
    case http::BodyError::kTimeout:
      reason = "it arrived too slowly";
      break;
    case http::BodyError::kAborted:
    case http::BodyError::kNone:
      break;
  }
  return Error::Make(ErrorClass::kHttp, std::string("cannot read the request body: ") + reason);
}

namespace {

Error Closed() {
  return Error::Make(ErrorClass::kInterrupted, "operation canceled", "ECANCELED");
}

Error PeerGone() {
  return Error::Make(ErrorClass::kHttp, "the connection was closed before the response was complete");
}

}  // namespace

RequestBodyResource::RequestBodyResource(std::shared_ptr<Engine> engine, http::RequestId id)
    : Resource(TypeIdOf<RequestBodyResource>()), engine_(std::move(engine)), id_(id) {}

void RequestBodyResource::Close() {
  engine_.reset();
  if (auto wake = std::exchange(wake_, nullptr)) wake(true);
}

Task<Result<size_t>> RequestBodyResource::Read(Bytes buffer) {
  const Ref<RequestBodyResource> keep(this);
  if (buffer.empty()) co_return 0;
  while (engine_) {
    size_t size = 0;
    switch (engine_->ReadBodyInto(id_, buffer.span(), &size)) {
      case Engine::BodyRead::kData:
        co_return size;
      case Engine::BodyRead::kEnd:
        co_return 0;
      case Engine::BodyRead::kError:
        if (engine_->Find(id_) == nullptr) co_return Error::Type("Request closed");
        co_return BodyFailure(engine_->BodyErrorOf(id_));
      case Engine::BodyRead::kPending:
        break;
    }
    if (wake_) co_return Error::Make(ErrorClass::kBusy, "the request body is being read already");
    Pending<bool> ready;
    wake_ = ready.Callback();
    engine_->OnBody(id_, [wake = wake_] { wake(true); });
    co_await ready.Wait();
    wake_ = nullptr;
  }
  co_return Closed();
}

ResponseBodyResource::ResponseBodyResource(std::shared_ptr<Engine> engine, http::RequestId id)
    : Resource(TypeIdOf<ResponseBodyResource>()), engine_(std::move(engine)), id_(id) {}

void ResponseBodyResource::Close() {
  if (auto engine = std::exchange(engine_, nullptr)) engine->Abandon(id_);
  if (auto wake = std::exchange(wake_, nullptr)) wake(true);
}

bool ResponseBodyResource::End() {
  auto engine = std::exchange(engine_, nullptr);
  return engine && engine->EndStream(id_);
}

Task<Result<size_t>> ResponseBodyResource::Write(Bytes buffer) {
  const Ref<ResponseBodyResource> keep(this);
  if (!engine_) co_return Closed();
  switch (engine_->WriteStream(id_, buffer.view())) {
    case Engine::Written::kGoOn:
      co_return buffer.size();
    case Engine::Written::kGone:
      co_return PeerGone();
    case Engine::Written::kWait:
      break;
  }
  if (wake_) co_return Error::Make(ErrorClass::kBusy, "the response body is being written already");
  Pending<bool> writable;
  wake_ = writable.Callback();
  engine_->OnWritable(id_, [wake = wake_] { wake(true); });
  co_await writable.Wait();
  wake_ = nullptr;
  if (!engine_) co_return Closed();
  if (!engine_->IsOpen(id_)) co_return PeerGone();
  co_return buffer.size();
}

}  // namespace rt
