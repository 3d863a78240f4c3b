// See the header.
#include "src/ext/fetch/http_client.h"

namespace rt {
namespace {

// RFC 9110 section 9.2.2.
bool IsIdempotent(std::string_view method) {
  return method == "GET" || method == "HEAD" || method == "OPTIONS" || method == "PUT" ||
         method == "DELETE" || method == "TRACE";
}

// Whoever writes the request's body must not wait for a request that is over.
struct StopOnFailure {
  std::shared_ptr<BodySource> body;
  ~StopOnFailure() {
    if (body) body->Stop();
  }
};

}  // namespace

// Shared with requests under way, which may outlive the client.
struct HttpClient::State {
  State(Loop& loop, Permissions& permissions, std::shared_ptr<TlsClients> tls,
        HttpClientOptions given)
      : options(std::move(given)),
        connector(loop, permissions, std::move(tls),
                  {options.ca_certs, options.key_pair, {"http/1.1"}, options.local_address}),
        pool(std::make_shared<ConnectionPool>(loop, options.max_idle_per_host,
                                              options.idle_timeout_ms)) {}

  std::optional<Proxy> ProxyOf(const HttpRequest& request) const {
    if (options.proxy) return options.proxy;
    if (!options.environment) return std::nullopt;
    const uint16_t port = request.host->port.value_or(request.tls ? 443 : 80);
    return ProxyFor(*options.environment, request.tls, request.host->host, port);
  }

  HttpClientOptions options;
  Connector connector;
  std::shared_ptr<ConnectionPool> pool;
};

HttpClient::HttpClient(Loop& loop, Permissions& permissions, std::shared_ptr<TlsClients> tls,
                       HttpClientOptions options)
    : state_(std::make_shared<State>(loop, permissions, std::move(tls), std::move(options))) {}

HttpClient::~HttpClient() {
  Close();
}

void HttpClient::Close() {
  state_->pool->Close();
}

size_t HttpClient::idle_connections() const {
  return state_->pool->idle();
}

const HttpClientOptions& HttpClient::options() const {
  return state_->options;
}

Task<Result<HttpResponse>> HttpClient::Send(HttpRequest request) {
  return Run(state_, std::move(request));
}

Task<Result<HttpResponse>> HttpClient::Run(std::shared_ptr<State> state, HttpRequest request) {
  StopOnFailure source{request.source};
  const std::optional<Proxy> proxy = state->ProxyOf(request);
  // A connection is never used for a host it was not made for, whatever the names resolve to.
  std::string key = (request.tls ? "https " : "http ") + request.host->host + " " +
                    std::to_string(request.host->port.value_or(0)) +
                    (request.host->via == Perm::kImport ? " import" : "");
  H1Route route;
  if (proxy) {
    key += " " + proxy->Key();
    if (!request.tls && (proxy->kind == Proxy::Kind::kHttp || proxy->kind == Proxy::Kind::kHttps)) {
      route.absolute_form = true;
      route.proxy_authorization = proxy->Authorization();
    }
  }
  for (;;) {
    if (request.cancel.cancelled()) co_return InterruptedError();
    std::shared_ptr<H1Connection> connection = state->pool->Take(key);
    const bool reused = connection != nullptr;
    if (!reused) {
      RT_CO_TRY(auto stream, co_await state->connector.Connect(request, proxy ? &*proxy : nullptr));
      connection = std::make_shared<H1Connection>(std::move(stream));
      connection->set_on_free(
          [pool = std::weak_ptr(state->pool), key](std::shared_ptr<H1Connection> freed) {
            if (const auto alive = pool.lock()) {
              alive->Put(key, freed);
            } else {
              freed->Close();
            }
          });
    }
    auto response = co_await connection->Exchange(request, route);
    const bool may_repeat = !response.ok() && reused && connection->heard_nothing() &&
                            IsIdempotent(request.method) && !request.source &&
                            !request.cancel.cancelled();
    // The peer closed the connection while it rested: the next in the pool, or a new one.
    if (response.ok()) source.body.reset();
    if (!may_repeat) co_return response;
  }
}

}  // namespace rt
