#include "src/ext/http/body_resources.h"

#include <string>
#include <utility>

#include "src/loop/pending.h"

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

// What a pipe lets the peer send while it writes to the other end.
constexpr uint32_t kPipeReadAhead = 512 * 1024;

Error Closed() {
  return Error::Make(ErrorClass::kInterrupted, "operation canceled", "ECANCELED");
}

Error PeerGone() {
  return Error::Make(ErrorClass::kHttp,
                     "the connection was closed before the response was complete");
}

}  // namespace

RequestBodyResource::RequestBodyResource(std::shared_ptr<Engine> engine, http::RequestId id)
    : Resource(TypeIdOf<RequestBodyResource>()), engine_(std::move(engine)), id_(id) {}

void RequestBodyResource::Close() {
  engine_.reset();
  if (auto wake = std::exchange(wake_, nullptr)) wake(true);
}

template <class ReadNow>
Task<Result<bool>> RequestBodyResource::ReadWhenReady(ReadNow read) {
  const Ref<RequestBodyResource> keep(this);
  while (engine_) {
    switch (read(*engine_)) {
      case Engine::BodyRead::kData:
        co_return true;
      case Engine::BodyRead::kEnd:
        co_return false;
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

Task<Result<size_t>> RequestBodyResource::Read(Bytes buffer) {
  if (buffer.empty()) co_return 0;
  size_t size = 0;
  const auto read = [id = id_, &buffer, &size](Engine& engine) {
    return engine.ReadBodyInto(id, buffer.span(), &size);
  };
  RT_CO_TRY(const bool has_data, co_await ReadWhenReady(read));
  co_return has_data ? size : 0;
}

Task<Result<void>> RequestBodyResource::ReadForPipe(PipeBuffer* buffer) {
  if (!buffer->text) {
    buffer->text = std::make_shared<std::string>();
    if (engine_) engine_->ReadAhead(id_, kPipeReadAhead);
  }
  std::string* const text = buffer->text.get();
  const auto read = [id = id_, text](Engine& engine) {
    return engine.ReadBody(id, SIZE_MAX, text);
  };
  buffer->filled = Bytes();
  RT_CO_TRY(const bool has_data, co_await ReadWhenReady(read));
  if (has_data) {
    buffer->filled = Bytes(buffer->text, reinterpret_cast<uint8_t*>(text->data()), text->size());
  }
  co_return {};
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
