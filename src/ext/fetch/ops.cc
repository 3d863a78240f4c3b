// The ops of fetch() and Deno.createHttpClient: one hop each. What follows redirects, and decides
// what a request says, is js/ext/fetch.
#include <algorithm>
#include <array>
#include <cstring>

#include "src/ext/fetch/fetch.h"
#include "src/ext/fetch/fetch_exchange.h"
#include "src/ext/fetch/upload_channel.h"
#include "src/ext/tls/tls.h"
#include "src/ext/url/url.h"
#include "src/op/op.h"
#include "src/resource/upgraded_stream.h"

namespace rt {

// Strings of bytes: each character of what JavaScript sees is one byte.
struct ByteStrings {
  std::vector<std::string> values;
};

template <>
struct ToJs<ByteStrings> {
  static constexpr const char* kName = "array";
  static v8::MaybeLocal<v8::Value> Make(OpHost& host, ByteStrings strings) {
    v8::Isolate* isolate = host.isolate();
    std::vector<v8::Local<v8::Value>> made;
    made.reserve(strings.values.size());
    for (const std::string& value : strings.values) {
      v8::Local<v8::String> text;
      if (!v8::String::NewFromOneByte(isolate, reinterpret_cast<const uint8_t*>(value.data()),
                                      v8::NewStringType::kNormal, static_cast<int>(value.size()))
               .ToLocal(&text)) {
        return {};
      }
      made.push_back(text);
    }
    return v8::Array::New(isolate, made.data(), made.size()).As<v8::Value>();
  }
};

struct FetchStarted {
  uint32_t rid;
  std::optional<uint32_t> body_rid;  // where the script writes a streamed body
};
RT_STRUCT(FetchStarted, RT_FIELD(rid), RT_FIELD(body_rid))

struct FetchResponse {
  uint32_t status;
  ByteStrings head;  // status text, then names and values
  // The whole body, if it has arrived; the exchange is over then. Null: read it from the rid, or
  // there is none.
  std::optional<Bytes> body;
  bool has_body;
  std::optional<uint32_t> upgraded;  // of a 101: the rid of what the connection is now
};
RT_STRUCT(FetchResponse, RT_FIELD(status), RT_FIELD(head), RT_FIELD(body), RT_FIELD(has_body),
          RT_FIELD(upgraded))

struct FetchDataUrl {
  std::string type;  // as written
  Bytes body;
};
RT_STRUCT(FetchDataUrl, RT_FIELD(type), RT_FIELD(body))

struct FetchClientOptions {
  std::vector<std::string> ca_certs;
  std::optional<std::string> cert;
  std::optional<std::string> key;
  std::optional<std::string> proxy_url;
  std::optional<std::string> proxy_transport;  // "tcp", "unix": connect here instead
  std::string proxy_username;
  std::string proxy_password;
  double pool_max_idle_per_host;  // negative: any number
  double pool_idle_timeout;       // negative: none
  bool allow_host;
  bool http1;
  bool http2;
  std::optional<std::string> local_address;
};
RT_STRUCT(FetchClientOptions, RT_FIELD(ca_certs), RT_FIELD(cert), RT_FIELD(key),
          RT_FIELD(proxy_url), RT_FIELD(proxy_transport), RT_FIELD(proxy_username),
          RT_FIELD(proxy_password), RT_FIELD(pool_max_idle_per_host), RT_FIELD(pool_idle_timeout),
          RT_FIELD(allow_host), RT_FIELD(http1), RT_FIELD(http2), RT_FIELD(local_address))

namespace {

// A body at most this long that came with the head is handed over with it.
constexpr size_t kEagerBody = 64 * 1024;

class FetchClient final : public Resource {
 public:
  FetchClient(std::shared_ptr<HttpClient> client, bool allow_host)
      : Resource(TypeIdOf<FetchClient>()), client_(std::move(client)), allow_host_(allow_host) {}
  std::string_view name() const override { return "httpClient"; }
  void Close() override { client_->Close(); }
  const std::shared_ptr<HttpClient>& client() const { return client_; }
  bool allow_host() const { return allow_host_; }

 private:
  ~FetchClient() override = default;
  std::shared_ptr<HttpClient> client_;
  bool allow_host_;
};

class FetchState final : public ExtensionState {
 public:
  explicit FetchState(OpHost& host) : host_(host) {}

  std::shared_ptr<HttpClient> MakeClient(HttpClientOptions options) {
    if (!tls_) tls_ = std::make_shared<TlsClients>(host_.run_info().tls);
    options.environment = host_.run_info().proxies;
    auto client =
        std::make_shared<HttpClient>(host_.loop(), host_.permissions(), tls_, std::move(options));
    std::erase_if(clients_, [](const auto& each) { return each.expired(); });
    clients_.push_back(client);
    return client;
  }
  const std::shared_ptr<HttpClient>& default_client() {
    if (!default_) default_ = MakeClient({});
    return default_;
  }
  void Shutdown() override {
    for (const auto& each : clients_) {
      if (const auto client = each.lock()) client->Close();
    }
  }

 private:
  OpHost& host_;
  std::shared_ptr<TlsClients> tls_;
  std::shared_ptr<HttpClient> default_;
  std::vector<std::weak_ptr<HttpClient>> clients_;
};

// Appends a ByteString; false for anything else.
bool ToByteString(v8::Isolate* isolate, v8::Local<v8::Value> value, std::string* out) {
  if (!value->IsString()) return false;
  v8::Local<v8::String> text = value.As<v8::String>();
  if (!text->ContainsOnlyOneByte()) return false;
  const auto length = static_cast<uint32_t>(text->Length());
  out->resize(length);
  text->WriteOneByteV2(isolate, 0, length, reinterpret_cast<uint8_t*>(out->data()));
  return true;
}

// `list` is [name, value, …], made by our own JavaScript.
Result<HeaderFields> ToHeaders(OpContext& cx, v8::Local<v8::Array> list) {
  HeaderFields fields;
  const uint32_t count = list->Length() & ~1u;
  fields.reserve(count / 2 + 4);
  for (uint32_t i = 0; i < count; i += 2) {
    v8::Local<v8::Value> name;
    v8::Local<v8::Value> value;
    HeaderField field;
    if (!list->Get(cx.v8_context(), i).ToLocal(&name) ||
        !list->Get(cx.v8_context(), i + 1).ToLocal(&value) ||
        !ToByteString(cx.isolate(), name, &field.name) ||
        !ToByteString(cx.isolate(), value, &field.value)) {
      return Error::Type("Invalid header");
    }
    fields.push_back(std::move(field));
  }
  return fields;
}

// "user" and "password" of a URL, for Proxy's decoding and base64.
std::string CredentialsOf(std::string_view href) {
  auto proxy = Proxy::Parse(href);
  return proxy.ok() ? proxy->Authorization() : std::string();
}

void AddUnlessSaid(HeaderFields* headers, std::string_view name, std::string value) {
  if (FindHeader(*headers, name) == nullptr) {
    headers->push_back({std::string(name), std::move(value)});
  }
}

// The credentials of the URL.
void AddCredentials(HeaderFields* headers, std::string_view href, const url::UrlOffsets& at) {
  if (at.host_start <= at.protocol_end + 2) return;
  if (std::string credentials = CredentialsOf(href); !credentials.empty()) {
    AddUnlessSaid(headers, "authorization", std::move(credentials));
  }
}

void AddUserAgent(HeaderFields* headers) {
  AddUnlessSaid(headers, "user-agent", "rt/" RT_VERSION);
}

// What every request of fetch says unless the script said otherwise, as Deno's do.
void AddDefaults(HeaderFields* headers, std::string_view href, const url::UrlOffsets& at) {
  AddCredentials(headers, href, at);
  AddUnlessSaid(headers, "accept", "*/*");
  AddUnlessSaid(headers, "accept-language", "*");
  AddUserAgent(headers);
  // A part of something compressed cannot be decompressed.
  const bool is_range = FindHeader(*headers, "range") != nullptr;
  AddUnlessSaid(headers, "accept-encoding", is_range ? "identity" : "gzip,br");
}

// The length a script declared for a body it streams.
std::optional<uint64_t> DeclaredLength(const HeaderFields& headers) {
  const std::string* value = FindHeader(headers, "content-length");
  uint64_t length = 0;
  if (value == nullptr || !http::ParseContentLength(*value, &length)) return std::nullopt;
  return length;
}

// https://fetch.spec.whatwg.org/#block-bad-port: services that could be made to take a request for
// something else. Sorted.
constexpr std::array<uint16_t, 83> kBadPorts = {
    0,    1,    7,    9,    11,   13,   15,   17,   19,   20,   21,   22,   23,   25,
    37,   42,   43,   53,   69,   77,   79,   87,   95,   101,  102,  103,  104,  109,
    110,  111,  113,  115,  117,  119,  123,  135,  137,  139,  143,  161,  179,  389,
    427,  465,  512,  513,  514,  515,  526,  530,  531,  532,  540,  548,  554,  556,
    563,  587,  601,  636,  989,  990,  993,  995,  1719, 1720, 1723, 2049, 3659, 4045,
    4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080};
static_assert(std::is_sorted(kBadPorts.begin(), kBadPorts.end()));

// Where a request goes, checked, and what its URL says; nothing else yet.
Result<HttpRequest> ToRequest(OpContext& cx, const url::UrlRecord& parsed, std::string_view api) {
  const std::string_view href(parsed.href);
  const auto& at = parsed.at;
  const auto port =
      static_cast<uint16_t>(at.port == url::kNoPort ? url::DefaultPort(parsed.scheme) : at.port);
  if (std::binary_search(kBadPorts.begin(), kBadPorts.end(), port)) {
    return Error::Type("Fetch failed: Requests to port " + std::to_string(port) + " are blocked");
  }
  std::string hostname(href.substr(at.host_start, at.host_end - at.host_start));
  RT_TRY(GrantedConnect host, GrantAccess::CheckConnect(cx.permissions(), {hostname, port}, api));
  HttpRequest request{.host = std::move(host)};
  request.tls = parsed.scheme == url::Scheme::kHttps;
  request.target = href.substr(at.pathname_start, at.hash_start - at.pathname_start);
  request.authority = href.substr(at.host_start, at.pathname_start - at.host_start);
  return request;
}

bool IsHttp(const std::optional<url::UrlRecord>& parsed) {
  return parsed && (parsed->scheme == url::Scheme::kHttp || parsed->scheme == url::Scheme::kHttps);
}

Result<FetchStarted> op_fetch(OpContext& cx, std::string method, std::string url,
                              v8::Local<v8::Array> headers, std::optional<Bytes> body, bool streams,
                              std::optional<Ref<FetchClient>> client) {
  const auto parsed = url::ParseUrl(url);
  if (!IsHttp(parsed)) return Error::Type("Url scheme not supported");
  RT_TRY(HttpRequest request, ToRequest(cx, *parsed, "fetch()"));
  request.method = std::move(method);
  RT_TRY(request.headers, ToHeaders(cx, headers));
  if (!client || !(*client)->allow_host()) {
    std::erase_if(request.headers, [](const HeaderField& field) { return field.name == "host"; });
  }
  AddDefaults(&request.headers, parsed->href, parsed->at);
  FetchStarted started;
  Ref<UploadChannel> channel;
  if (streams) {
    channel = MakeResource<UploadChannel>(DeclaredLength(request.headers));
    request.source = channel->source();
  } else {
    request.body = std::move(body);
  }
  const auto& state = client ? (*client)->client() : cx.State<FetchState>().default_client();
  RT_TRY(started.rid, cx.resources().Add(MakeResource<FetchExchange>(state, std::move(request))));
  if (channel) {
    RT_TRY(started.body_rid, cx.resources().Add(channel));
  }
  return started;
}

// A GET that asks for another protocol; op_fetch_send gives the connection with the 101.
Result<Rid> op_fetch_upgrade(OpContext& cx, std::string url, v8::Local<v8::Array> headers,
                             std::string protocol, std::string api,
                             std::optional<Ref<FetchClient>> client) {
  const auto parsed = url::ParseUrl(url);
  if (!IsHttp(parsed)) return Error::Type("Url scheme not supported");
  RT_TRY(HttpRequest request, ToRequest(cx, *parsed, api));
  request.upgrade = std::move(protocol);
  RT_TRY(request.headers, ToHeaders(cx, headers));
  AddCredentials(&request.headers, parsed->href, parsed->at);
  AddUserAgent(&request.headers);
  const auto& state = client ? (*client)->client() : cx.State<FetchState>().default_client();
  return cx.resources().Add(MakeResource<FetchExchange>(state, std::move(request)));
}

// `rid` names `exchange`, and does no longer if the answer has all of the body.
Task<Result<FetchResponse>> op_fetch_send(OpContext& cx, Ref<FetchExchange> exchange,
                                          uint32_t rid) {
  auto sent = co_await exchange->Send();
  if (!sent.ok()) {
    (void)cx.resources().Close(rid);
    co_return sent.TakeError();
  }
  FetchResponse response;
  response.status = static_cast<uint32_t>(sent->status);
  response.head.values.reserve(1 + sent->headers.size() * 2);
  response.head.values.push_back(std::move(sent->reason));
  for (HeaderField& field : sent->headers) {
    response.head.values.push_back(std::move(field.name));
    response.head.values.push_back(std::move(field.value));
  }
  if (sent->upgraded) {
    auto upgraded = MakeResource<UpgradedStream>(std::move(sent->upgraded->stream),
                                                 std::move(sent->upgraded->received));
    RT_CO_TRY(response.upgraded, cx.resources().Add(std::move(upgraded)));
  }
  HttpBody* body = exchange->body();
  response.has_body = body != nullptr;
  if (body != nullptr) response.body = body->TakeArrived(kEagerBody);
  if (body == nullptr || response.body) (void)cx.resources().Close(rid);
  co_return response;
}

// All of the body that was not read.
Task<Result<Bytes>> op_fetch_read_all(OpContext& cx, Ref<FetchExchange> exchange) {
  Bytes all = Bytes::Allocate(64 * 1024);
  size_t size = 0;
  if (const auto left = exchange->body() ? exchange->body()->remaining() : std::nullopt) {
    // A length is a claim: memory grows with what comes.
    all = Bytes::Allocate(std::min<uint64_t>(*left + 1, 1024 * 1024));
  }
  for (;;) {
    if (size == all.size()) {
      if (size > (size_t{1} << 40)) co_return Error::Range("The body is too large");
      Bytes larger = Bytes::Allocate(size * 2);
      std::memcpy(larger.data(), all.data(), size);
      all = std::move(larger);
    }
    RT_CO_TRY(const size_t read, co_await exchange->Read(all.Slice(size)));
    if (read == 0) break;
    size += read;
  }
  // Memory of its own size: it becomes an ArrayBuffer.
  co_return Bytes::Copy(all.view().substr(0, size));
}

Result<FetchDataUrl> op_fetch_data_url(OpContext& cx, std::string url) {
  auto parsed = url::ParseDataUrl(url);
  if (!parsed) return Error::Type("Invalid data URL");
  return FetchDataUrl{std::move(parsed->mime_type), Bytes::Copy(parsed->body)};
}

// --- clients -------------------------------------------------------------------------------------

Result<Proxy> ToProxy(FetchClientOptions& options) {
  Proxy proxy;
  if (options.proxy_transport == "unix") {
    proxy.kind = Proxy::Kind::kUnix;
    proxy.host = *options.proxy_url;
    return proxy;
  }
  RT_TRY(proxy, Proxy::Parse(*options.proxy_url));
  if (options.proxy_transport == "tcp") proxy.kind = Proxy::Kind::kTcp;
  if (!options.proxy_username.empty() || !options.proxy_password.empty()) {
    proxy.username = std::move(options.proxy_username);
    proxy.password = std::move(options.proxy_password);
  }
  return proxy;
}

Result<Rid> op_fetch_custom_client(OpContext& cx, FetchClientOptions options) {
  HttpClientOptions made;
  made.ca_certs = std::move(options.ca_certs);
  if (options.cert && options.key) {
    made.key_pair = TlsKeyPair{std::move(*options.cert), std::move(*options.key)};
  }
  RT_TRY_VOID(TlsClients::Check(made.ca_certs, made.key_pair));
  if (options.proxy_url) {
    RT_TRY(Proxy proxy, ToProxy(options));
    constexpr std::string_view kApi = "Deno.createHttpClient()";
    if (proxy.kind == Proxy::Kind::kUnix) {
      auto path = GrantAccess::CheckPathReadWrite(cx.permissions(), proxy.host, kApi);
      if (!path.ok()) return path.TakeError();
      auto address = GrantAccess::CheckConnectUnix(cx.permissions(), proxy.host, kApi);
      if (!address.ok()) return address.TakeError();
    } else {
      auto host = GrantAccess::CheckConnect(cx.permissions(), {proxy.host, proxy.port}, kApi);
      if (!host.ok()) return host.TakeError();
    }
    made.proxy = std::move(proxy);
  }
  made.http1 = options.http1;
  made.http2 = options.http2;
  if (options.local_address) {
    made.local_address = IpAddress::Parse(*options.local_address);
    if (!made.local_address) return Error::Type("Invalid localAddress: must be an IP address");
  }
  if (options.pool_max_idle_per_host >= 0) {
    made.max_idle_per_host = static_cast<size_t>(options.pool_max_idle_per_host);
  }
  if (options.pool_idle_timeout >= 0) {
    made.idle_timeout_ms = static_cast<uint64_t>(options.pool_idle_timeout);
  } else {
    made.idle_timeout_ms = std::nullopt;
  }
  return cx.resources().Add(MakeResource<FetchClient>(
      cx.State<FetchState>().MakeClient(std::move(made)), options.allow_host));
}

constexpr char kInUrl[] = "the host is part of a URL; proxies may come between";

constexpr std::array kOps = {
    RT_OP(op_fetch, InBody<kInUrl, Perm::kNet>),
    RT_OP(op_fetch_upgrade, InBody<kInUrl, Perm::kNet>),
    RT_OP(op_fetch_send, OnResource),
    RT_OP(op_fetch_read_all, OnResource),
    RT_OP(op_fetch_data_url, NoPerm<"pure function of text">),
    RT_OP(op_fetch_custom_client, InBody<"only a proxy is checked", Perm::kNet>),
};
static_assert(UniqueNames(kOps));

}  // namespace

Extension FetchExtension() {
  return {.name = "fetch", .ops = kOps, .make_state = [](OpHost& host) {
            return std::unique_ptr<ExtensionState>(new FetchState(host));
          }};
}

}  // namespace rt
