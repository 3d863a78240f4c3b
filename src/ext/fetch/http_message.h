// What the HTTP client is asked and what it answers. One request is one hop: redirects, cookies and
// caches are the caller's business. No V8; runtime's thread.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "src/base/bytes.h"
#include "src/base/result.h"
#include "src/loop/cancel.h"
#include "src/loop/task.h"
#include "src/permissions/grant_access.h"

namespace rt {

struct HeaderField {
  std::string name;  // as it came; of responses in lower case
  std::string value;
};
using HeaderFields = std::vector<HeaderField>;

// The value of the first field of this (lower-case) name; null if there is none.
const std::string* FindHeader(const HeaderFields& headers, std::string_view name);

// A request's body that comes in pieces. The client asks for one piece at a time.
class BodySource {
 public:
  virtual ~BodySource() = default;
  // Nothing: not known, the body goes out chunked. What it gives must be exactly this long.
  virtual std::optional<uint64_t> size() const = 0;
  // The next piece; an empty one is the end. An error fails the request with it.
  virtual Task<Result<Bytes>> Next() = 0;
  // The client asks for no more: the request failed, or its answer was complete before.
  virtual void Stop() = 0;
};

struct HttpRequest {
  // Proof that this host may be connected to, and the only place a connection goes to (unless
  // through a proxy, which has a proof of its own). GrantAccess::CheckConnect for fetch,
  // CheckImportConnect for the module loader.
  Granted<Perm::kNet, HostPort> host;
  bool tls = false;
  std::string method = "GET";
  std::string target = "/";    // path and query as in the URL, already percent-encoded
  std::string authority = {};  // what `Host` says: "example.com", "[::1]:8080"
  // Sent as they are after Host. Must not hold framing fields (Content-Length, Transfer-Encoding,
  // Connection): those come from the body. Names and values must be valid: TypeError else.
  HeaderFields headers = {};
  // At most one of them. Bytes can be sent again on another connection, a source cannot.
  std::optional<Bytes> body = {};
  std::shared_ptr<BodySource> source = {};
  // Asks for another protocol on the connection (`upgrade: …`): see HttpResponse::upgraded.
  std::string upgrade = {};
  CancelToken cancel = {};
};

// A response's body as it is read. Dropping it is cancelling it.
class HttpBody {
 public:
  virtual ~HttpBody() = default;
  // At least one byte, or 0 at the end; one read at a time. The object must live until it is done.
  // Errors: what the connection says; InvalidData for bad framing; UnexpectedEof for a body that
  // ends too early.
  virtual Task<Result<size_t>> Read(Bytes into) = 0;
  // Ends a pending read with an error and closes the connection, unless it is free already.
  virtual void Cancel() = 0;
  // What is left, if that is known.
  virtual std::optional<uint64_t> remaining() const { return std::nullopt; }
  // The rest of the body, if all of it has arrived: it is over then, and nothing was waited for.
  virtual std::optional<Bytes> TakeArrived(size_t limit) { return std::nullopt; }
};

class StreamResource;
template <class R>
class Ref;

struct Upgraded;

struct HttpResponse {
  int status = 0;
  std::string reason;
  HeaderFields headers;
  // Null: the response has none by its nature (HEAD, 204, 304).
  std::unique_ptr<HttpBody> body;
  // Only of a 101 to a request with `upgrade`.
  std::shared_ptr<Upgraded> upgraded;
};

// Reads all of a body. RangeError if it is longer than `limit`.
Task<Result<std::string>> ReadAll(HttpBody& body, size_t limit);

}  // namespace rt
