// See the header.
#include "src/ext/http/engine/request.h"

namespace rt::http {
namespace {

// A pooled object keeps buffers up to this size; what one large request needed is given back.
constexpr size_t kMaxKeptBytes = 4096;

}  // namespace

Request* RequestPool::Acquire() {
  Request* request;
  if (!free_.empty()) {
    request = free_.back();
    free_.pop_back();
  } else {
    if (slots_.size() == kMaxSlots) return nullptr;
    slots_.push_back(std::make_unique<Request>());
    request = slots_.back().get();
    request->slot = static_cast<uint32_t>(slots_.size() - 1);
  }
  request->live = true;
  return request;
}

void RequestPool::Retire(Request* request) {
  request->generation = request->generation == kMaxGeneration ? 1 : request->generation + 1;
}

void RequestPool::Release(Request* request) {
  Retire(request);
  request->live = false;
  request->server = nullptr;
  request->connection = nullptr;
  request->next = nullptr;
  request->taken = request->started = request->finished = false;
  request->chunked_response = request->bodyless_response = request->close_after = false;
  request->stream_remaining = 0;
  request->stream_has_length = false;
  request->response.clear();
  request->response_at = 0;
  request->stream_id = 0;
  if (request->response.capacity() > kMaxKeptBytes) request->response = Output();
  if (request->bytes.capacity() > kMaxKeptBytes) std::vector<char>().swap(request->bytes);
  if (request->head.headers.capacity() > 64)
    std::vector<HeaderSlices>().swap(request->head.headers);
  RequestBody& body = request->body;
  if (body.received > 0 || !body.done || body.error != BodyError::kNone || body.waiter ||
      body.read_ahead > 0) {
    body = RequestBody();
  }
  if (request->on_cancel) request->on_cancel = nullptr;
  if (request->on_completed) request->on_completed = nullptr;
  if (request->on_writable) request->on_writable = nullptr;
  free_.push_back(request);
}

}  // namespace rt::http
