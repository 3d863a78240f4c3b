// The two bodies of an exchange as resources, so that streams and pipes can use them like files:
// the request's to read, the response's to write. Each keeps the engine alive until it is closed.
// On the runtime's thread; never run JavaScript.
#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "src/ext/http/engine/engine.h"
#include "src/resource/resource.h"

namespace rt {

// What a failed read of a request's body is called.
Error BodyFailure(http::BodyError error);

// Read gives what has arrived, waiting for the first byte; the peer is held back meanwhile.
class RequestBodyResource final : public Resource {
 public:
  RequestBodyResource(std::shared_ptr<http::Engine> engine, http::RequestId id);

  std::string_view name() const override { return "httpRequestBody"; }
  void Close() override;
  Task<Result<size_t>> Read(Bytes buffer) override;
  Task<Result<void>> ReadForPipe(PipeBuffer* buffer) override;

 private:
  ~RequestBodyResource() override = default;

  // Waits until `read` (an Engine::BodyRead from the engine) is no longer pending; true if there is
  // data, false at the end.
  template <class ReadNow>
  Task<Result<bool>> ReadWhenReady(ReadNow read);

  std::shared_ptr<http::Engine> engine_;  // null once closed
  http::RequestId id_;
  std::function<void(bool)> wake_;  // of the read that waits
};

// Write returns once the peer has room for more. Closed before End(), it cuts the connection: the
// peer must not take a part for the whole.
class ResponseBodyResource final : public Resource {
 public:
  ResponseBodyResource(std::shared_ptr<http::Engine> engine, http::RequestId id);

  std::string_view name() const override { return "httpResponseBody"; }
  void Close() override;
  Task<Result<size_t>> Write(Bytes buffer) override;
  bool End();

 private:
  ~ResponseBodyResource() override = default;

  std::shared_ptr<http::Engine> engine_;  // null once ended or closed
  http::RequestId id_;
  std::function<void(bool)> wake_;  // of the write that waits
};

}  // namespace rt
