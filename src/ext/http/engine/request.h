// Request: one parsed request and the answer to it, and the pool such objects are reused from. A
// request belongs to its pool; the embedder names it by a RequestId, the connection by pointer. The
// embedder holds a request from Server::TryNext() until it answers or abandons it, however the
// connection fares; after that its id is stale, and finds nothing. Never runs JavaScript.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "src/ext/http/engine/head_parser.h"
#include "src/ext/http/engine/output.h"

namespace rt::http {

class Connection;
class Server;

// slot + (generation << 18), 31 bits: a small integer in JavaScript. Never 0.
using RequestId = uint32_t;

// Why a body ends early.
enum class BodyError : uint8_t {
  kNone,
  kMalformed,  // bad framing; answered 400
  kTooLarge,   // over max_body_bytes, or over max_buffered_body_bytes when buffered whole; answered
               // 413 as it arrives; of one that had arrived already the program is told alone
  kTimeout,    // too slow; answered 408
  kAborted,    // the peer went away
};

struct RequestBody {
  // Bytes received and not yet read by the embedder: data[read_offset..].
  std::string data;
  size_t read_offset = 0;
  uint64_t received = 0;
  uint32_t read_ahead = 0;  // how much may wait for a pipe, if that is more than body_high_water
  bool done = true;
  bool whole = false;             // the embedder waits for all of it: no backpressure until the cap
  bool continue_pending = false;  // the peer waits for "100 Continue"
  BodyError error = BodyError::kNone;
  // One-shot; called when a read would no longer be pending.
  std::function<void()> waiter;

  size_t available() const { return data.size() - read_offset; }
};

struct Request {
  RequestId id() const { return slot | (generation << 18); }
  std::string_view method() const { return head.method.In(bytes.data()); }
  std::string_view target() const { return head.target.In(bytes.data()); }
  std::string_view host() const { return head.host.In(bytes.data()); }
  size_t header_count() const { return head.headers.size(); }
  std::string_view header_name(size_t i) const { return head.headers[i].name.In(bytes.data()); }
  std::string_view header_value(size_t i) const { return head.headers[i].value.In(bytes.data()); }

  uint32_t slot = 0;
  uint32_t generation = 1;
  Server* server = nullptr;
  Connection* connection = nullptr;  // null once the connection is gone
  Request* next = nullptr;           // the connection's next request, in order of arrival

  std::vector<char> bytes;  // the head, copied once from the read buffer
  Head head;
  RequestBody body;

  bool live = false;      // in use; false while in the pool
  bool taken = false;     // the embedder has its id
  bool started = false;   // the response's head is written
  bool finished = false;  // the response is complete
  bool chunked_response = false;
  bool bodyless_response = false;
  bool close_after = false;
  // The answer, while an earlier request of the connection is unanswered. Of HTTP/2: the body that
  // is not sent yet, response_at and what follows.
  Output response;
  size_t response_at = 0;
  int32_t stream_id = 0;  // of HTTP/2
  size_t plain_size = 0;  // of HTTP/2: of a plain answer's body, also of one that HEAD leaves out
  uint64_t stream_remaining = 0;  // of a streamed response with a length
  bool stream_has_length = false;

  std::function<void(bool)> on_cancel;     // true: the peer went away first; false: answered
  std::function<void(bool)> on_completed;  // the answer was handed to the kernel, or could not be
  std::function<void()> on_writable;       // one-shot: the stream may go on
};

class RequestPool {
 public:
  RequestPool() = default;
  RequestPool(const RequestPool&) = delete;
  RequestPool& operator=(const RequestPool&) = delete;

  // Null when 2^18 requests are in flight.
  Request* Acquire();
  // Makes the request's id stale. The object stays until Release.
  void Retire(Request* request);
  void Release(Request* request);

  // Null for a stale or unknown id.
  Request* Find(RequestId id) {
    const uint32_t slot = id & (kMaxSlots - 1);
    if (slot >= slots_.size()) return nullptr;
    Request* request = slots_[slot].get();
    return request->live && request->generation == id >> 18 ? request : nullptr;
  }
  size_t in_flight() const { return slots_.size() - free_.size(); }

 private:
  static constexpr uint32_t kMaxSlots = 1u << 18;
  static constexpr uint32_t kMaxGeneration = (1u << 13) - 1;

  std::vector<std::unique_ptr<Request>> slots_;
  // Last in, first out: the object used last is in the cache. Ids stay apart by their generation.
  std::vector<Request*> free_;
};

}  // namespace rt::http
