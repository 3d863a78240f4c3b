// H2Connection: what speaks on a Connection instead of HTTP/1 once its peer has begun HTTP/2 (RFC
// 9113), by nghttp2. Streams are Requests of the same pool; answers come through the same Engine.
// It bounds what a peer can cost: streams, heads, unread bodies, and frames that make work for
// nothing (S51). Owned by its Connection, on the loop's thread; never writes to the socket, never
// runs JavaScript.
#pragma once

#include <nghttp2/nghttp2.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "src/ext/http/engine/output.h"
#include "src/ext/http/engine/request.h"
#include "src/ext/http/engine/response_head.h"

namespace rt::http {

class Connection;
class Server;

class H2Connection {
 public:
  H2Connection(Connection& connection, Server& server, uint64_t now_ms);
  ~H2Connection();
  H2Connection(const H2Connection&) = delete;
  H2Connection& operator=(const H2Connection&) = delete;

  // Bytes begin as those of a client that speaks HTTP/2: true, false, or (too few) nothing.
  static std::optional<bool> IsPreface(std::string_view bytes);

  // False: the peer has broken the rules, or the connection is over. What there is to say is sent
  // yet.
  bool Receive(std::string_view bytes);
  // Appends frames until there are about `limit` bytes or nothing is left to say.
  void Produce(Output* out, size_t limit);
  bool wants_write() const;
  bool broken() const { return broken_; }
  // GOAWAY is sent, and nothing is under way.
  bool finished() const {
    return nghttp2_session_want_read(session_) == 0 && nghttp2_session_want_write(session_) == 0;
  }
  bool idle() const { return streams_.empty(); }
  // After Produce: callbacks of answers that are complete now.
  std::vector<std::function<void(bool)>> TakeCompleted() { return std::exchange(completed_, {}); }
  // After Produce: tells streams that have room again.
  void WakeWriters();

  // No new streams (GOAWAY); those under way go on.
  void Shutdown();
  // The connection is gone: every request is detached.
  void DetachAll();
  // False: the peer is too slow, or has rested for too long.
  bool Tick(uint64_t now_ms);

  // --- answers ---
  // With `length` a content-length; without a body (`ends`) the head is all of it.
  void SubmitHead(Request* request, const ResponseHead& head, std::optional<uint64_t> length,
                  bool ends);
  // `text/plain` and a body that is in request->response.
  void SubmitPlain(Request* request);
  // request->response has got bytes, or will get no more.
  void DataAdded(Request* request, bool ended);
  void Abandon(Request* request);
  void WantBody(Request* request);

 private:
  struct Stream {
    Request* request = nullptr;  // null: it was refused or is detached
    int refusal = 0;
    size_t head_bytes = 0;
    uint32_t fields = 0;
    bool has_path = false;
    std::string cookies;
    bool response_ended = false;
    bool end_sent = false;
    bool deferred = false;
    uint64_t unread = 0;  // received and not given back to the window
    uint64_t body_window_ms = 0;
    uint64_t body_window_bytes = 0;
  };
  struct Callbacks;

  static ssize_t ReadResponse(nghttp2_session*, int32_t id, uint8_t* into, size_t size,
                              uint32_t* flags, nghttp2_data_source*, void* self);
  Stream* Find(int32_t id);
  void AddField(Stream& stream, std::string_view name, std::string_view value);
  int CheckHead(Stream& stream);
  void EndHead(int32_t id, Stream& stream, bool ends);
  void EndBody(Stream& stream);
  void AddData(int32_t id, Stream& stream, std::string_view piece);
  void GiveBack(int32_t id, Stream& stream, uint64_t size);
  // Answers an empty response of our own; the program is not asked, or not any more.
  void Refuse(int32_t id, Stream& stream, int status);
  void FailBody(int32_t id, Stream& stream, BodyError error, int status);
  void CloseStream(int32_t id);
  // Frames that make work and bring nothing cost; who has spent too much is told to calm down.
  void Charge(double cost);
  void AllowWindowUpdates(uint32_t count);
  uint64_t NowMs() const;

  Connection& connection_;
  Server& server_;
  nghttp2_session* session_ = nullptr;
  std::unordered_map<int32_t, Stream> streams_;
  std::vector<std::function<void(bool)>> completed_;
  std::vector<int32_t> writable_;
  bool inside_ = false;  // nghttp2 is at work: it must not be called for frames
  bool over_ = false;
  bool broken_ = false;     // nothing can be sent any more
  bool greeted_ = false;    // the peer's SETTINGS have come
  uint64_t head_since_ms_;  // a head (or the greeting) is being waited for; 0: none
  uint64_t idle_since_ms_;
  uint64_t progress_ms_;         // when a body's bytes went out last
  uint32_t window_updates_ = 0;  // that are free: answers to what was sent
  double tokens_;
  uint64_t tokens_at_ms_;
};

}  // namespace rt::http
