// Engine: the HTTP server engine of one loop. It reads, parses, checks and answers without
// knowing JavaScript; the embedder takes requests by number (Server::TryNext) and answers them by
// number. One a runtime, on its loop's thread; must end before the loop does. Nothing here writes
// to a socket until FlushAll(), which the loop calls on its own before it polls: all answers of a
// turn leave together.
#pragma once

#include <uv.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/result.h"
#include "src/ext/http/engine/date_cache.h"
#include "src/ext/http/engine/output.h"
#include "src/ext/http/engine/request.h"
#include "src/ext/http/engine/response_head.h"
#include "src/ext/http/engine/server.h"

namespace rt::http {

class Engine {
 public:
  explicit Engine(uv_loop_t* loop);
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  // Binds and listens. Internal: what a program may listen on is decided where a Granted address is
  // taken, and this is called from there. The server stays valid until Remove() or the engine's
  // end.
  Result<Server*> ListenSockaddr(const sockaddr* address, socklen_t length,
                                 const ListenOptions& options, ServerCallbacks callbacks);
  void Remove(Server* server);

  // --- one request, by id. A stale id, or one whose peer is gone, is no error: it is too late. ---

  // Null for a stale id. Valid until the request is answered.
  const Request* Find(RequestId id) { return pool_.Find(id); }
  // Whether an answer can still reach the peer.
  bool IsOpen(RequestId id) {
    const Request* request = pool_.Find(id);
    return request != nullptr && request->connection != nullptr;
  }
  // AF_UNSPEC for a stale id.
  sockaddr_storage PeerOf(RequestId id);

  // The whole answer. False if it was too late. An Error is about the head (see CheckResponseHead);
  // then nothing was sent and the request is still to be answered. HEAD, 204 and 304 drop the body.
  Result<bool> Respond(RequestId id, const ResponseHead& head, std::string_view body);

  // 200, `content-type: text/plain;charset=UTF-8`.
  bool RespondPlain(RequestId id, std::string_view body);
  // The same for a body that `fill(char*)` writes in place: exactly `size` bytes. Not called if it
  // is too late or no body may follow (HEAD).
  template <class Fill>
  bool RespondPlainWith(RequestId id, size_t size, Fill&& fill) {
    Request* request;
    char* room;
    if (!StartPlain(id, size, &request, &room)) return false;
    if (room != nullptr) fill(room);
    FinishPlain(request);
    return true;
  }

  // A streamed answer: StartStream, WriteStream any number of times, EndStream. With `length` the
  // body has a content-length, and EndStream before that many bytes cuts the connection; without,
  // it is chunked.
  Result<bool> StartStream(RequestId id, const ResponseHead& head, const uint64_t* length);
  enum class Written : uint8_t { kGoOn, kWait, kGone };
  // kWait: the bytes are taken, but the peer is slow; write on when OnWritable has called back.
  // Bytes beyond a stated length are dropped.
  Written WriteStream(RequestId id, std::string_view bytes);
  // One-shot; also called when the peer goes away.
  void OnWritable(RequestId id, std::function<void()> callback);
  bool EndStream(RequestId id);

  // Answers 101 with these fields and, once that is sent, hands the connection over. Only for a
  // request that asked for it on a connection of HTTP/1.1, without a body. False if it was too
  // late.
  static bool MayUpgrade(const Request& request) {
    return request.stream_id == 0 && request.head.upgrade && !request.head.has_body() &&
           request.head.minor_version == 1 && !request.started;
  }
  Result<bool> Upgrade(RequestId id, std::span<const HeaderPair> headers,
                       std::function<void(HandedOver)> receiver);

  // No (further) answer: the connection is cut. For a stream whose source failed.
  void Abandon(RequestId id);

  // One-shot, as many as there are: true if the peer goes away before the answer is complete (at
  // once if it has already), false once it is.
  void OnCancel(RequestId id, std::function<void(bool)> callback);
  // One-shot: true once the whole answer is with the kernel, false when that will not happen.
  void OnCompleted(RequestId id, std::function<void(bool)> callback);

  // --- the body ---
  enum class BodyRead : uint8_t { kData, kEnd, kPending, kError };
  // Moves what has arrived, at most `max_size` bytes, into *out. kPending: call again after OnBody.
  BodyRead ReadBody(RequestId id, size_t max_size, std::string* out);
  // The same into memory of the caller's; *size is how many bytes it were.
  BodyRead ReadBodyInto(RequestId id, std::span<uint8_t> out, size_t* size);
  // From now on up to this much of the body is read ahead: for a pipe, to which a turn costs more
  // than to a program that looks at every piece.
  void ReadAhead(RequestId id, uint32_t size);
  // One-shot: ReadBody would no longer be pending. Lets the peer send (100 Continue).
  void OnBody(RequestId id, std::function<void()> callback);
  // From now on OnBody calls back only when the body is complete or has failed, and ReadBody gives
  // it whole; at most max_buffered_body_bytes.
  void BufferBody(RequestId id);
  BodyError BodyErrorOf(RequestId id);

  // Sends what was answered since the last call. The loop does it before polling; calling it right
  // after the program's turn saves nothing but latency.
  void FlushAll();

  size_t requests_in_flight() const { return pool_.in_flight(); }

  // --- for Server and Connection ---
  uv_loop_t* loop() { return loop_; }
  // Being destroyed: embedders' callbacks are dropped, since what they point to may be gone.
  bool ending() const { return ending_; }
  RequestPool& pool() { return pool_; }
  uv_buf_t ReadBuffer() { return uv_buf_init(read_buffer_.get(), kReadBufferBytes); }
  std::string_view Date() {
    date_.Refresh(uv_now(loop_));
    return date_.date();
  }
  void TakeBuffer(Output* out);
  void GiveBuffer(Output* out);
  void ScheduleFlush(Connection* connection);
  void ScheduleResume(Connection* connection);
  void Forget(Connection* connection);

 private:
  static constexpr unsigned kReadBufferBytes = 64 * 1024;

  // The request if it can be answered; one whose peer is gone is released here.
  Request* Answerable(RequestId id);
  bool StartPlain(RequestId id, size_t size, Request** answered, char** room);
  void FinishPlain(Request* request);
  void RespondH2(Request* request, const ResponseHead& head, size_t size, bool ends);
  Result<Request*> BeginResponse(RequestId id, const ResponseHead& head, bool* close);
  HeadOptions OptionsFor(Request* request, bool close);
  void ResumeAll();

  uv_loop_t* loop_;
  bool ending_ = false;
  std::unique_ptr<char[]> read_buffer_;
  RequestPool pool_;
  DateCache date_;
  std::vector<std::unique_ptr<Server>> servers_;
  std::vector<Connection*> to_flush_, flushing_;
  std::vector<Connection*> to_resume_, resuming_;
  std::vector<Output> buffers_;
  // On the heap, like Server's.
  uv_prepare_t* prepare_;
  uv_check_t* check_;
  uv_idle_t* idle_;
};

}  // namespace rt::http
