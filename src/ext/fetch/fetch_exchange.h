// FetchExchange: one hop of a fetch as a resource: first the request under way, then the body of
// its response. Closing it aborts whatever it is at. Runtime's thread; never runs JavaScript.
#pragma once

#include <memory>
#include <optional>

#include "src/ext/fetch/http_client.h"
#include "src/resource/resource.h"

namespace rt {

class FetchExchange final : public Resource {
 public:
  FetchExchange(std::shared_ptr<HttpClient> client, HttpRequest request)
      : Resource(TypeIdOf<FetchExchange>()),
        client_(std::move(client)),
        request_(std::move(request)) {
    request_->cancel = cancel_.token();
  }

  std::string_view name() const override { return body_ ? "fetchResponse" : "fetchRequest"; }
  void Close() override;
  Task<Result<size_t>> Read(Bytes buffer) override;

  // Sends the request, once, and keeps the response's body, its content decoded.
  Task<Result<HttpResponse>> Send();
  HttpBody* body() { return body_.get(); }

 private:
  ~FetchExchange() override = default;

  std::shared_ptr<HttpClient> client_;
  std::optional<HttpRequest> request_;  // until it is sent
  CancelSource cancel_;
  std::unique_ptr<HttpBody> body_;
  bool reading_ = false;
  bool closed_ = false;
};

}  // namespace rt
