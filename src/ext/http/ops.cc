// The ops of Deno.serve. Requests are named by the engine's ids; JavaScript holds an id from
// try_wait or wait until it answers, and must not use it after.
#include <algorithm>

#include "src/ext/http/body_resources.h"
#include "src/ext/http/http.h"
#include "src/ext/http/http_server.h"
#include "src/ext/http/limit_options.h"
#include "src/ext/http/request_values.h"
#include "src/ext/http/tls_filter.h"
#include "src/ext/http/wire_stream.h"
#include "src/loop/pending.h"
#include "src/op/op.h"

namespace rt {

struct HttpServeOptions {
  bool reuse_port;
  HttpLimitOptions limits;
};
RT_STRUCT(HttpServeOptions, RT_FIELD(reuse_port), RT_FIELD(limits))

struct HttpTlsOptions {
  std::vector<std::string> certs;
  std::vector<std::string> keys;
  std::vector<std::string> client_ca_certs;
  bool client_cert_required;
};
RT_STRUCT(HttpTlsOptions, RT_FIELD(certs), RT_FIELD(keys), RT_FIELD(client_ca_certs),
          RT_FIELD(client_cert_required))

struct HttpBinding {
  uint32_t rid;
  std::string hostname;
  uint32_t port;
};
RT_STRUCT(HttpBinding, RT_FIELD(rid), RT_FIELD(hostname), RT_FIELD(port))

namespace {

using http::Engine;

Error RequestClosed() {
  return Error::Type("Request closed");
}

// --- listening -----------------------------------------------------------------------------------

template <class Open>
Result<HttpBinding> Serve(OpContext& cx, const HttpServeOptions& options, Open&& open_server) {
  http::ListenOptions listen_options;
  RT_TRY(listen_options.limits, ToLimits(options.limits));
  listen_options.reuse_port = options.reuse_port;
  listen_options.hold = true;
  auto& state = cx.State<HttpState>();
  auto engine = state.EnsureEngine();
  Ref<HttpServer> server = MakeResource<HttpServer>(state, engine);
  RT_TRY(http::Server * listening, open_server(*engine, listen_options, server->Callbacks()));
  server->Attach(listening);
  RT_TRY(const Rid rid, cx.resources().Add(server));
  state.AddServer(rid, server.get());
  auto [hostname, port] = HostAndPort(server->address());
  return HttpBinding{rid, std::move(hostname), port};
}

Result<HttpBinding> op_http_serve(OpContext& cx, GrantedListen address, HttpServeOptions options) {
  return Serve(cx, options, [&](Engine& engine, auto& listen_options, auto callbacks) {
    listen_options.takes_host = IsUrlHost;
    return ListenTcp(engine, cx.permissions(), address, listen_options, std::move(callbacks));
  });
}

Result<HttpBinding> op_http_serve_tls(OpContext& cx, GrantedListen address,
                                      HttpServeOptions options, HttpTlsOptions tls) {
  TlsServerOptions server;
  if (tls.certs.size() != tls.keys.size()) return Error::Type("each certificate needs its key");
  for (size_t i = 0; i < tls.certs.size(); ++i) {
    server.key_pairs.push_back({std::move(tls.certs[i]), std::move(tls.keys[i])});
  }
  server.alpn = {"h2", "http/1.1"};
  server.client_ca_certs = std::move(tls.client_ca_certs);
  server.client_cert_required = tls.client_cert_required;
  const auto& settings = cx.host().run_info().tls;
  RT_TRY(auto context, TlsServerContext::Create(server, settings ? *settings : TlsSettings()));
  return Serve(cx, options, [&](Engine& engine, auto& listen_options, auto callbacks) {
    listen_options.takes_host = IsUrlHost;
    listen_options.make_filter = [context] { return MakeTlsFilter(context); };
    return ListenTcp(engine, cx.permissions(), address, listen_options, std::move(callbacks));
  });
}

Result<HttpBinding> op_http_serve_unix(OpContext& cx, GrantedReadWrite<EntryTarget> path,
                                       GrantedListenUnix address, HttpServeOptions options) {
  return Serve(cx, options, [&](Engine& engine, const auto& listen_options, auto callbacks) {
    return ListenUnix(engine, path, address, listen_options, std::move(callbacks));
  });
}

// The program has been told its address: peers may come in.
void op_http_notify_serving(OpContext& cx, Ref<HttpServer> server) {
  server->StartAccepting();
}

Task<Result<bool>> op_http_shutdown(OpContext& cx, Ref<HttpServer> server) {
  server->Shutdown();
  Pending<bool> closed;
  server->OnClosed(closed.Callback());
  co_await closed.Wait();
  co_return true;
}

// --- requests ------------------------------------------------------------------------------------

uint32_t op_http_try_wait(OpContext& cx, uint32_t rid) {
  HttpServer* server = cx.State<HttpState>().FindServer(rid);
  return server == nullptr ? 0 : server->TryNext();
}

// The next request, or 0 once the server is closed.
Task<Result<uint32_t>> op_http_wait(OpContext& cx, Ref<HttpServer> server) {
  for (;;) {
    if (const http::RequestId id = server->TryNext()) co_return id;
    if (server->closed()) co_return 0u;
    Pending<bool> ready;
    server->OnReady(ready.Callback());
    co_await ready.Wait();
  }
}

const http::Request* Find(OpContext& cx, uint32_t id) {
  Engine* engine = cx.State<HttpState>().engine();
  return engine == nullptr ? nullptr : engine->Find(id);
}

Result<v8::Local<v8::Value>> op_http_get_request_method_and_url(OpContext& cx, uint32_t id) {
  const http::Request* request = Find(cx, id);
  if (request == nullptr) return RequestClosed();
  return MethodAndUrl(cx.isolate(), *request);
}

Result<v8::Local<v8::Value>> op_http_get_request_headers(OpContext& cx, uint32_t id) {
  const http::Request* request = Find(cx, id);
  if (request == nullptr) return RequestClosed();
  return HeaderList(cx.isolate(), *request);
}

Result<std::pair<std::string, uint32_t>> op_http_get_request_remote_addr(OpContext& cx,
                                                                         uint32_t id) {
  if (Find(cx, id) == nullptr) return RequestClosed();
  return HostAndPort(cx.State<HttpState>().engine()->PeerOf(id));
}

bool op_http_has_request_body(OpContext& cx, uint32_t id) {
  const http::Request* request = Find(cx, id);
  return request != nullptr && request->head.has_body();
}

Task<Result<Bytes>> op_http_read_request_body(OpContext& cx, uint32_t id) {
  Engine* engine = cx.State<HttpState>().engine();
  if (engine == nullptr || engine->Find(id) == nullptr) co_return RequestClosed();
  engine->BufferBody(id);
  Pending<bool> ready;
  engine->OnBody(id, [callback = ready.Callback()] { callback(true); });
  co_await ready.Wait();
  if (engine->Find(id) == nullptr) co_return RequestClosed();
  auto body = std::make_shared<std::string>();
  switch (engine->ReadBody(id, SIZE_MAX, body.get())) {
    case Engine::BodyRead::kData:
    case Engine::BodyRead::kEnd:
      break;
    case Engine::BodyRead::kPending:
    case Engine::BodyRead::kError:
      co_return BodyFailure(engine->BodyErrorOf(id));
  }
  auto* data = reinterpret_cast<uint8_t*>(body->data());
  const size_t size = body->size();
  co_return Bytes(std::move(body), data, size);
}

// The body as a stream's resource: what has not been read yet.
Result<Rid> op_http_open_request_body(OpContext& cx, uint32_t id) {
  auto& state = cx.State<HttpState>();
  if (state.engine() == nullptr || state.engine()->Find(id) == nullptr) return RequestClosed();
  return cx.resources().Add(MakeResource<RequestBodyResource>(state.EnsureEngine(), id));
}

// True: the peer went away before it was answered. False: it was answered.
Task<Result<bool>> op_http_wait_cancelled(OpContext& cx, uint32_t id) {
  Engine* engine = cx.State<HttpState>().engine();
  if (engine == nullptr) co_return false;
  Pending<bool> cancelled;
  engine->OnCancel(id, cancelled.Callback());
  co_return co_await cancelled.Wait();
}

// True: the whole answer is with the kernel. False: that will not happen.
Task<Result<bool>> op_http_wait_completed(OpContext& cx, uint32_t id) {
  Engine* engine = cx.State<HttpState>().engine();
  if (engine == nullptr) co_return false;
  Pending<bool> completed;
  engine->OnCompleted(id, completed.Callback());
  co_return co_await completed.Wait();
}

// --- answers -------------------------------------------------------------------------------------

// The hot path: 200, text/plain, no other header. False: too late.
bool op_http_respond_text(OpContext& cx, uint32_t id, v8::Local<v8::String> text) {
  Engine* engine = cx.State<HttpState>().engine();
  if (engine == nullptr) return false;
  v8::Isolate* isolate = cx.isolate();
  const size_t size = text->Utf8LengthV2(isolate);
  return engine->RespondPlainWith(id, size, [&](char* room) {
    if (text->IsOneByte() && size == static_cast<size_t>(text->Length())) {
      text->WriteOneByteV2(isolate, 0, static_cast<uint32_t>(size),
                           reinterpret_cast<uint8_t*>(room));
    } else {
      text->WriteUtf8V2(isolate, room, size, v8::String::WriteFlags::kReplaceInvalidUtf8);
    }
  });
}

// Appends a ByteString; false for anything else.
bool AppendByteString(v8::Isolate* isolate, v8::Local<v8::Value> value, std::string* out) {
  if (!value->IsString()) return false;
  v8::Local<v8::String> text = value.As<v8::String>();
  if (!text->ContainsOnlyOneByte()) return false;
  const size_t at = out->size();
  const auto length = static_cast<uint32_t>(text->Length());
  out->resize(at + length);
  text->WriteOneByteV2(isolate, 0, length, reinterpret_cast<uint8_t*>(out->data() + at));
  return true;
}

// `headers` is [name, value, …], made by our own JavaScript; `bytes` keeps what the pairs point to.
bool CollectHeaders(OpContext& cx, v8::Local<v8::Array> headers, std::string* bytes,
                    std::vector<http::HeaderPair>* pairs) {
  const uint32_t count = headers->Length() & ~1u;
  std::vector<size_t> ends;
  ends.reserve(count);
  for (uint32_t i = 0; i < count; ++i) {
    v8::Local<v8::Value> part;
    if (!headers->Get(cx.v8_context(), i).ToLocal(&part)) return false;
    if (!AppendByteString(cx.isolate(), part, bytes)) return false;
    ends.push_back(bytes->size());
  }
  size_t from = 0;
  for (uint32_t i = 0; i < count; i += 2) {
    pairs->push_back({std::string_view(*bytes).substr(from, ends[i] - from),
                      std::string_view(*bytes).substr(ends[i], ends[i + 1] - ends[i])});
    from = ends[i + 1];
  }
  return true;
}

// Any answer that is known whole; `body` is null, a string, or bytes. False: too late.
Result<bool> op_http_respond(OpContext& cx, uint32_t id, uint32_t status,
                             v8::Local<v8::String> status_text, v8::Local<v8::Array> headers,
                             v8::Local<v8::Value> body) {
  auto& state = cx.State<HttpState>();
  if (state.engine() == nullptr) return false;
  v8::Isolate* isolate = cx.isolate();
  std::string reason;
  if (!AppendByteString(isolate, status_text, &reason)) return Error::Type("Invalid status text");
  std::string bytes;
  std::vector<http::HeaderPair> pairs;
  if (!CollectHeaders(cx, headers, &bytes, &pairs)) return Error::Type("Invalid header");
  std::string_view content;
  if (body->IsString()) {
    v8::Local<v8::String> text = body.As<v8::String>();
    state.scratch.resize(text->Utf8LengthV2(isolate));
    text->WriteUtf8V2(isolate, state.scratch.data(), state.scratch.size(),
                      v8::String::WriteFlags::kReplaceInvalidUtf8);
    content = state.scratch;
  } else if (body->IsArrayBufferView()) {
    v8::Local<v8::ArrayBufferView> view = body.As<v8::ArrayBufferView>();
    const char* data = static_cast<const char*>(view->Buffer()->Data());
    content = {data + view->ByteOffset(), view->ByteLength()};
  } else if (!body->IsNull()) {
    return Error::Type("Invalid body");
  }
  auto sent = state.engine()->Respond(
      id, {.status = static_cast<int>(status), .status_text = reason, .headers = pairs}, content);
  if (state.scratch.capacity() > 64 * 1024) std::string().swap(state.scratch);
  return sent;
}

// Begins an answer whose body comes in pieces; a negative length stands for one that is not known.
// 0: too late, kNoBody: complete already since no body may follow, else the rid to write to.
constexpr double kNoBody = -1;
Result<double> op_http_respond_stream(OpContext& cx, uint32_t id, uint32_t status,
                                      v8::Local<v8::String> status_text,
                                      v8::Local<v8::Array> headers, double length) {
  auto& state = cx.State<HttpState>();
  if (state.engine() == nullptr) return 0.0;
  std::string reason;
  if (!AppendByteString(cx.isolate(), status_text, &reason)) {
    return Error::Type("Invalid status text");
  }
  std::string bytes;
  std::vector<http::HeaderPair> pairs;
  if (!CollectHeaders(cx, headers, &bytes, &pairs)) return Error::Type("Invalid header");
  const uint64_t known = length < 0 ? 0 : static_cast<uint64_t>(length);
  RT_TRY(const bool open,
         state.engine()->StartStream(
             id, {.status = static_cast<int>(status), .status_text = reason, .headers = pairs},
             length < 0 ? nullptr : &known));
  if (!open) return 0.0;
  const http::Request* request = state.engine()->Find(id);
  if (request == nullptr || request->bodyless_response) {
    state.engine()->EndStream(id);
    return kNoBody;
  }
  RT_TRY(const Rid rid,
         cx.resources().Add(MakeResource<ResponseBodyResource>(state.EnsureEngine(), id)));
  return static_cast<double>(rid);
}

bool op_http_can_upgrade(OpContext& cx, uint32_t id) {
  const http::Request* request = Find(cx, id);
  return request != nullptr && http::Engine::MayUpgrade(*request);
}

// Ends HTTP on the connection of a request that asked for it. `headers`: name, value, …; the rid of
// what the connection is then.
Task<Result<Rid>> op_http_upgrade(OpContext& cx, uint32_t id, std::vector<std::string> headers) {
  Engine* engine = cx.State<HttpState>().engine();
  if (engine == nullptr) co_return RequestClosed();
  std::vector<http::HeaderPair> pairs;
  for (size_t i = 0; i + 1 < headers.size(); i += 2) pairs.push_back({headers[i], headers[i + 1]});
  Pending<http::HandedOver> handed;
  RT_CO_TRY(const bool answered, engine->Upgrade(id, pairs, handed.Callback()));
  if (!answered) co_return RequestClosed();
  http::HandedOver connection = co_await handed.Wait();
  RT_CO_TRY(auto upgraded, MakeUpgradedStream(cx.loop(), std::move(connection)));
  co_return cx.resources().Add(std::move(upgraded));
}

// The body is complete. False: the peer does not get it whole.
bool op_http_end_response(OpContext& cx, Ref<ResponseBodyResource> body) {
  return body->End();
}

constexpr char kAnswers[] = "concerns a request that a server of this program received";

constexpr std::array kOps = {
    RT_OP(op_http_serve, Needs<Perm::kNet>),
    RT_OP(op_http_serve_tls, Needs<Perm::kNet>),
    RT_OP(op_http_serve_unix, Needs<Perm::kRead, Perm::kWrite, Perm::kNet>),
    RT_OP(op_http_notify_serving, OnResource),
    RT_OP(op_http_shutdown, OnResource),
    RT_OP(op_http_try_wait, NoPerm<kAnswers>, Fast::kRequire),
    RT_OP(op_http_wait, OnResource),
    RT_OP(op_http_get_request_method_and_url, NoPerm<kAnswers>),
    RT_OP(op_http_get_request_headers, NoPerm<kAnswers>),
    RT_OP(op_http_get_request_remote_addr, NoPerm<kAnswers>),
    RT_OP(op_http_has_request_body, NoPerm<kAnswers>, Fast::kRequire),
    RT_OP(op_http_read_request_body, NoPerm<kAnswers>),
    RT_OP(op_http_open_request_body, NoPerm<kAnswers>),
    RT_OP(op_http_wait_cancelled, NoPerm<kAnswers>),
    RT_OP(op_http_wait_completed, NoPerm<kAnswers>),
    RT_OP(op_http_respond_text, NoPerm<kAnswers>),
    RT_OP(op_http_respond, NoPerm<kAnswers>),
    RT_OP(op_http_respond_stream, NoPerm<kAnswers>),
    RT_OP(op_http_end_response, OnResource),
    RT_OP(op_http_can_upgrade, NoPerm<kAnswers>),
    RT_OP(op_http_upgrade, NoPerm<kAnswers>),
};
static_assert(UniqueNames(kOps));

}  // namespace

Extension HttpExtension() {
  return {.name = "http", .ops = kOps, .make_state = [](OpHost& host) {
            return std::unique_ptr<ExtensionState>(std::make_unique<HttpState>(host));
          }};
}

}  // namespace rt
