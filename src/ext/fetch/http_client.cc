// See the header.
#include "src/ext/fetch/http_client.h"

#include <map>

#include "src/ext/fetch/h2_session.h"
#include "src/loop/turnstile.h"

namespace rt {
namespace {

// RFC 9110 section 9.2.2.
bool IsIdempotent(std::string_view method) {
  return method == "GET" || method == "HEAD" || method == "OPTIONS" || method == "PUT" ||
         method == "DELETE" || method == "TRACE";
}

// What is known of more is forgotten, unless it is in use.
constexpr size_t kMaxServers = 256;
// A request that is refused again and again is refused.
constexpr int kMaxAttempts = 5;

std::shared_ptr<H1Connection> NewConnection(const std::shared_ptr<ConnectionPool>& pool,
                                            const std::string& key, Ref<StreamResource> stream) {
  auto connection = std::make_shared<H1Connection>(std::move(stream));
  connection->set_on_free([weak = std::weak_ptr(pool), key](std::shared_ptr<H1Connection> freed) {
    if (const auto alive = weak.lock()) {
      alive->Put(key, freed);
    } else {
      freed->Close();
    }
  });
  return connection;
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
        loop(loop),
        connector(loop, permissions, std::move(tls),
                  {options.ca_certs, options.key_pair, options.local_address}),
        pool(std::make_shared<ConnectionPool>(loop, options.max_idle_per_host,
                                              options.idle_timeout_ms)) {}

  std::optional<Proxy> ProxyOf(const HttpRequest& request) const {
    if (options.proxy) return options.proxy;
    if (!options.environment) return std::nullopt;
    const uint16_t port = request.host->port.value_or(request.tls ? 443 : 80);
    return ProxyFor(*options.environment, request.tls, request.host->host, port);
  }

  // What is known of one key's servers.
  struct Server {
    std::shared_ptr<H2Session> h2;
    bool speaks_h1 = false;
    // While it is not known what they speak, one connection is made at a time.
    Turnstile first;
  };

  // Null: there is none that takes requests.
  std::shared_ptr<H2Session> SessionOf(Server& server) {
    if (server.h2 && !server.h2->usable()) server.h2.reset();
    return server.h2;
  }
  std::shared_ptr<Server> ServerOf(const std::string& key) {
    if (servers.size() >= kMaxServers && !servers.contains(key)) {
      std::erase_if(servers, [this](const auto& each) {
        return each.second.use_count() == 1 && !SessionOf(*each.second);
      });
    }
    auto& server = servers[key];
    if (!server) server = std::make_shared<Server>();
    return server;
  }
  std::vector<std::string> Alpn(bool may_h2) const {
    std::vector<std::string> names;
    if (may_h2) names.push_back("h2");
    if (options.http1) names.push_back("http/1.1");
    return names;
  }

  HttpClientOptions options;
  Loop& loop;
  Connector connector;
  std::map<std::string, std::shared_ptr<Server>, std::less<>> servers;
  std::shared_ptr<ConnectionPool> pool;
  bool closed = false;
};

HttpClient::HttpClient(Loop& loop, Permissions& permissions, std::shared_ptr<TlsClients> tls,
                       HttpClientOptions options)
    : state_(std::make_shared<State>(loop, permissions, std::move(tls), std::move(options))) {}

HttpClient::~HttpClient() {
  Close();
}

void HttpClient::Close() {
  state_->closed = true;
  state_->pool->Close();
  for (const auto& [key, server] : state_->servers) {
    if (const auto session = std::exchange(server->h2, nullptr)) session->Retire();
  }
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
  std::string key;
  key.reserve(request.host->host.size() + 32);
  key.append(request.tls ? "https " : "http ").append(request.host->host).append(" ");
  key.append(std::to_string(request.host->port.value_or(0)));
  if (request.host->via == Perm::kImport) key.append(" import");
  H1Route route;
  if (proxy) {
    key += " " + proxy->Key();
    if (!request.upgrade.empty()) key += " tunnel";
    if (!request.tls && request.upgrade.empty() &&
        (proxy->kind == Proxy::Kind::kHttp || proxy->kind == Proxy::Kind::kHttps)) {
      route.absolute_form = true;
      route.proxy_authorization = proxy->Authorization();
    }
  }
  const bool may_h2 = state->options.http2 && request.upgrade.empty() && !route.absolute_form &&
                      (request.tls || !state->options.http1);
  const std::shared_ptr<State::Server> server = may_h2 ? state->ServerOf(key) : nullptr;
  // If the peer closes the connection unheard, the request goes out once more.
  const bool repeatable = IsIdempotent(request.method) && !request.source;
  for (int attempt = 0;; ++attempt) {
    if (request.cancel.cancelled()) co_return InterruptedError();
    bool reused = true;
    std::shared_ptr<H2Session> session = may_h2 ? state->SessionOf(*server) : nullptr;
    std::shared_ptr<H1Connection> connection;
    if (!session && state->options.http1) connection = state->pool->Take(key, repeatable);
    if (!session && !connection) {
      std::optional<Turnstile::Pass> pass;
      if (may_h2 && !server->speaks_h1) pass.emplace(co_await server->first.Enter());
      session = may_h2 ? state->SessionOf(*server) : nullptr;
      if (!session) {
        reused = false;
        RT_CO_TRY(auto stream, co_await state->connector.Connect(request, proxy ? &*proxy : nullptr,
                                                                 state->Alpn(may_h2)));
        const bool is_h2 = request.tls ? Connector::AlpnOf(stream) == "h2" : may_h2;
        if (is_h2) {
          session =
              H2Session::Start(state->loop, std::move(stream), state->options.idle_timeout_ms);
          if (!state->closed) server->h2 = session;
        } else if (!state->options.http1) {
          stream->Close();
          co_return Error::Make(ErrorClass::kInvalidData, "the server does not speak HTTP/2");
        } else {
          if (server) server->speaks_h1 = true;
          connection = NewConnection(state->pool, key, std::move(stream));
        }
      }
    }
    if (session) {
      auto failure = H2Session::Failure::kOther;
      auto response = co_await session->Exchange(request, &failure);
      if (response.ok()) source.body.reset();
      const bool unseen =
          failure == H2Session::Failure::kRefused ||
          (failure == H2Session::Failure::kSilent && reused && IsIdempotent(request.method));
      if (response.ok() || !unseen || request.source || request.cancel.cancelled() ||
          attempt == kMaxAttempts) {
        co_return response;
      }
      continue;
    }
    auto response = co_await connection->Exchange(request, route);
    const bool may_repeat = !response.ok() && reused && repeatable && connection->heard_nothing() &&
                            !request.cancel.cancelled();
    if (response.ok()) source.body.reset();
    // The peer closed the connection while it rested: the next in the pool, or a new one.
    if (!may_repeat) co_return response;
  }
}

}  // namespace rt
