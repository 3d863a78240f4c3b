#include "src/module/remote/remote_client.h"

#include <algorithm>

#include "src/base/digest.h"
#include "src/base/redact.h"
#include "src/ext/fetch/decoded_body.h"
#include "src/ext/fetch/http_client.h"
#include "src/ext/url/parser.h"
#include "src/ext/url/percent.h"
#include "src/loop/loop_timer.h"
#include "src/op/op_host.h"
#include "src/permissions/grant_access.h"

namespace rt {
namespace {

constexpr size_t kMaxBody = size_t{512} << 20;
constexpr uint64_t kHeadTimeoutMs = 60'000;
constexpr uint64_t kBodyTimeoutMs = 300'000;
constexpr std::string_view kApi = "import";

std::string HeaderOf(const HttpResponse& response, std::string_view name) {
  const std::string* value = FindHeader(response.headers, name);
  return value ? *value : std::string();
}

// Passwords are not written down: what they opened is found by their hash.
std::string StoreKey(const std::string& url) {
  const auto record = url::ParseUrl(url);
  if (!record || !record->HasCredentials()) return url;
  const std::string secret = url.substr(0, record->at.host_start);
  return url.substr(0, record->at.protocol_end + 2) + url.substr(record->at.host_start) +
         "#login-" + Sha256Hex(secret).substr(0, 16);
}

// Cancels what takes too long.
class Deadline {
 public:
  explicit Deadline(Loop& loop) : timer_(loop) {}
  void Start(uint64_t delay_ms) {
    timer_.Start(delay_ms, [this] {
      passed_ = true;
      source_.Cancel();
    });
  }
  CancelToken token() const { return source_.token(); }
  bool passed() const { return passed_; }

 private:
  LoopTimer timer_;
  CancelSource source_;
  bool passed_ = false;
};

}  // namespace

RemoteClient::RemoteClient(OpHost& host, RemoteAccess access)
    : host_(host), access_(std::move(access)) {}
RemoteClient::~RemoteClient() = default;

bool RemoteClient::MustReload(const std::string& url, const std::string& reload_as) const {
  if (!access_.reload || fresh_.contains(url)) return false;
  if (access_.reload->empty()) return true;
  const std::string& name = reload_as.empty() ? url : reload_as;
  return std::any_of(access_.reload->begin(), access_.reload->end(),
                     [&](const std::string& prefix) { return name.starts_with(prefix); });
}

Result<GrantedConnect> RemoteClient::CheckHost(const std::string& url) {
  const auto record = url::ParseUrl(url);
  if (!record || (record->scheme != url::Scheme::kHttp && record->scheme != url::Scheme::kHttps)) {
    return Error::Type("\"" + RedactCredentials(url) + "\" is no http or https URL");
  }
  const auto port = static_cast<uint16_t>(
      record->at.port == url::kNoPort ? url::DefaultPort(record->scheme) : record->at.port);
  return GrantAccess::CheckImportConnect(host_.permissions(),
                                         {std::string(record->Hostname()), port}, kApi);
}

Task<Result<StoredResponse>> RemoteClient::Get(RemoteRequest request) {
  // Asked also for what is in the cache: whether a host may be imported from does not depend on it.
  RT_CO_TRY(GrantedConnect host, CheckHost(request.url));
  const std::string url = request.url;
  const RemoteStore* const store = request.store;
  const std::string key = StoreKey(url);
  std::optional<StoredResponse> stored;
  if (store) stored = store->Get(key);
  const bool is_old = request.anew ? !IsFresh(url) : MustReload(url, request.reload_as);
  if (stored && (access_.cached_only || !is_old)) co_return std::move(*stored);
  if (access_.cached_only) {
    co_return Error::Make(ErrorClass::kTypeError, "Specifier not found in cache: \"" +
                                                      RedactCredentials(url) +
                                                      "\", --cached-only is specified");
  }
  RT_CO_TRY(StoredResponse response,
            co_await Fetch(std::move(request), std::move(host), std::move(stored)));
  fresh_.insert(url);
  // One that cannot be kept is loaded again the next time.
  response.url = key;
  if (store) (void)store->Put(response);
  co_return response;
}

Task<Result<StoredResponse>> RemoteClient::Fetch(RemoteRequest wanted, GrantedConnect host,
                                                 std::optional<StoredResponse> stored) {
  const std::string url = std::move(wanted.url);
  if (!client_) {
    client_ = std::make_unique<HttpClient>(
        host_.loop(), host_.permissions(), std::make_shared<TlsClients>(host_.run_info().tls),
        HttpClientOptions{.environment = host_.run_info().proxies});
  }
  const auto record = url::ParseUrl(url);
  const auto deadline = std::make_unique<Deadline>(host_.loop());
  deadline->Start(wanted.timeout_ms > 0 ? wanted.timeout_ms : kHeadTimeoutMs);
  HttpRequest request{.host = std::move(host),
                      .tls = record->scheme == url::Scheme::kHttps,
                      .target = std::string(record->Pathname()) + std::string(record->Search()),
                      .authority = std::string(record->Host()),
                      .headers = {{"accept", wanted.accept},
                                  {"accept-encoding", "gzip, br, zstd"},
                                  {"user-agent", "rt"}},
                      .cancel = deadline->token()};
  std::string authorization = std::move(wanted.authorization);
  if (authorization.empty() && record->HasCredentials()) {
    authorization = BasicAuthorization(url::PercentDecode(record->Username()),
                                       url::PercentDecode(record->Password()));
  }
  if (authorization.empty()) {
    const uint32_t port = record->at.port;
    authorization = access_.tokens.For(record->Hostname(),
                                       port == url::kNoPort ? 0 : static_cast<uint16_t>(port));
  }
  if (!authorization.empty()) request.headers.push_back({"authorization", authorization});
  if (stored && !stored->etag.empty()) {
    request.headers.push_back({"if-none-match", stored->etag});
  } else if (stored && !stored->last_modified.empty()) {
    request.headers.push_back({"if-modified-since", stored->last_modified});
  }
  const auto failed = [&](std::string why) {
    if (deadline->passed()) why = "no answer in time";
    return Error::Make(ErrorClass::kTypeError,
                       "Import '" + RedactCredentials(url) + "' failed: " + why);
  };
  auto sent = co_await client_->Send(std::move(request));
  if (!sent.ok()) {
    if (sent.error().error_class == ErrorClass::kNotCapable) co_return sent.TakeError();
    co_return failed(sent.error().message);
  }
  HttpResponse response = std::move(sent).value();
  if (response.status == 304 && stored) co_return std::move(*stored);
  StoredResponse answer;
  answer.url = url;
  if (response.status >= 300 && response.status < 400 && response.status != 304) {
    const std::string location = HeaderOf(response, "location");
    const auto target = url::ParseUrl(location, &*record);
    if (location.empty() || !target) co_return failed("a redirect that leads nowhere");
    answer.redirect = target->href;
    co_return answer;
  }
  if (response.status == 404 || response.status == 410) {
    co_return Error::Make(ErrorClass::kTypeError,
                          "Module not found \"" + RedactCredentials(url) + "\"",
                          "ERR_MODULE_NOT_FOUND");
  }
  if (response.status != 200) {
    co_return failed("the server answered " + std::to_string(response.status) +
                     (response.reason.empty() ? "" : " " + response.reason));
  }
  answer.content_type = HeaderOf(response, "content-type");
  answer.etag = HeaderOf(response, "etag");
  answer.last_modified = HeaderOf(response, "last-modified");
  answer.types = HeaderOf(response, "x-typescript-types");
  auto decoded = DecodeContent(response);
  if (!decoded.ok()) co_return failed(decoded.error().message);
  if (response.body) {
    deadline->Start(wanted.timeout_ms > 0 ? wanted.timeout_ms : kBodyTimeoutMs);
    const auto registration = deadline->token().OnCancel([&] { response.body->Cancel(); });
    auto body = co_await ReadAll(*response.body, kMaxBody);
    if (!body.ok()) co_return failed(body.error().message);
    answer.body = std::move(body).value();
  }
  co_return answer;
}

}  // namespace rt
