// See the header.
#include "src/ext/net/lookup.h"

#include <netdb.h>

#include <cstring>
#include <memory>

#include "src/ext/net/addresses.h"
#include "src/loop/co_try.h"
#include "src/loop/event.h"
#include "src/permissions/process_sinks.h"
#include "src/resource/stream_resource.h"

namespace rt {
namespace {

struct FreeAddresses {
  void operator()(addrinfo* list) const { freeaddrinfo(list); }
};
using AddressList = std::unique_ptr<addrinfo, FreeAddresses>;

addrinfo Hints(int socket_type, bool passive) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = socket_type;
  hints.ai_flags = AI_NUMERICSERV | (passive ? AI_PASSIVE : 0);
  return hints;
}

Error LookupError(std::string_view why) {
  return Error::Make(ErrorClass::kError,
                     "failed to lookup address information: " + std::string(why));
}

Result<GrantedAddresses> CheckAll(Permissions& permissions,
                                  const Granted<Perm::kNet, HostPort>& host, const addrinfo* list) {
  GrantedAddresses addresses;
  for (const addrinfo* each = list; each != nullptr; each = each->ai_next) {
    RT_TRY(auto address,
           GrantAccess::CheckResolved(permissions, host, each->ai_addr, each->ai_addrlen));
    addresses.push_back(std::move(address));
  }
  if (addresses.empty()) return Error::Make(ErrorClass::kError, "No resolved address found");
  return addresses;
}

Result<GrantedAddresses> FromNumber(Permissions& permissions,
                                    const Granted<Perm::kNet, HostPort>& host) {
  const SocketAddress address = ToSocketAddress(*host->ip, host->port.value_or(0));
  RT_TRY(auto granted,
         GrantAccess::CheckResolved(permissions, host, address.get(), address.length));
  return GrantedAddresses{std::move(granted)};
}

// One call of getaddrinfo on the pool. Whoever waits may stop waiting; the request owns itself.
class Request {
 public:
  struct Shared {
    Signal<bool> done;  // true: answered, false: given up
    bool abandoned = false;
    int status = 0;
    AddressList list;
  };

  static Result<std::shared_ptr<Shared>> Start(Loop& loop, const HostPort& host, int socket_type) {
    auto request = std::make_unique<Request>();
    request->shared_ = std::make_shared<Shared>();
    request->request_.data = request.get();
    const std::string port = std::to_string(host.port.value_or(0));
    const addrinfo hints = Hints(socket_type, false);
    const int status = uv_getaddrinfo(loop.uv(), &request->request_, &Request::OnDone,
                                      host.host.c_str(), port.c_str(), &hints);
    if (status < 0) return LookupError(uv_strerror(status));
    return request.release()->shared_;
  }

 private:
  static void OnDone(uv_getaddrinfo_t* uv_request, int status, addrinfo* list) {
    const std::unique_ptr<Request> self(static_cast<Request*>(uv_request->data));
    const std::shared_ptr<Shared> shared = self->shared_;
    shared->status = status;
    shared->list.reset(list);
    if (!shared->abandoned) shared->done.Set(true);
  }

  uv_getaddrinfo_t request_;
  std::shared_ptr<Shared> shared_;
};

// libuv's EAI codes, in the words of gai_strerror, which Deno shows.
std::string_view LookupProblem(int status) {
  switch (status) {
    case UV_EAI_NONAME:
      return gai_strerror(EAI_NONAME);
    case UV_EAI_AGAIN:
      return gai_strerror(EAI_AGAIN);
    case UV_EAI_FAIL:
      return gai_strerror(EAI_FAIL);
    case UV_EAI_NODATA:
      return "No address associated with hostname";
    case UV_EAI_FAMILY:
      return gai_strerror(EAI_FAMILY);
    case UV_EAI_MEMORY:
      return gai_strerror(EAI_MEMORY);
    default:
      return uv_strerror(status);
  }
}

// The C library says of a name it had no descriptor to look up with that it is not known.
Result<void> HasDescriptors() {
  if (const int shortage = DescriptorShortage(); shortage != 0) return Error::FromErrno(shortage);
  return {};
}

}  // namespace

Task<Result<GrantedAddresses>> LookupHost(Loop& loop, Permissions& permissions,
                                          Granted<Perm::kNet, HostPort> host, int socket_type,
                                          CancelToken cancel) {
  if (cancel.cancelled()) co_return InterruptedError();
  if (host->ip) co_return FromNumber(permissions, host);
  RT_CO_TRY(const auto shared, Request::Start(loop, *host, socket_type));
  // A frame that is dropped while it waits must not be resumed.
  struct Abandon {
    Request::Shared& shared;
    ~Abandon() { shared.abandoned = true; }
  } const abandon{*shared};
  const auto registration = cancel.OnCancel([&shared] {
    if (shared->done.waiting()) shared->done.Set(false);
  });
  const bool answered = co_await shared->done;
  if (!answered) co_return InterruptedError();
  if (shared->status != 0) {
    RT_CO_TRY_VOID(HasDescriptors());
    co_return LookupError(LookupProblem(shared->status));
  }
  co_return CheckAll(permissions, host, shared->list.get());
}

Result<GrantedAddresses> LookupHostSync(Permissions& permissions,
                                        const Granted<Perm::kNet, HostPort>& host,
                                        int socket_type) {
  if (host->ip) return FromNumber(permissions, host);
  const addrinfo hints = Hints(socket_type, true);
  addrinfo* list = nullptr;
  const std::string port = std::to_string(host->port.value_or(0));
  if (const int status = getaddrinfo(host->host.c_str(), port.c_str(), &hints, &list);
      status != 0) {
    RT_TRY_VOID(HasDescriptors());
    return LookupError(gai_strerror(status));
  }
  const AddressList owned(list);
  return CheckAll(permissions, host, list);
}

}  // namespace rt
