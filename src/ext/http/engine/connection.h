// Connection: one accepted socket, speaking HTTP/1 or, once its peer has begun so, HTTP/2
// (h2_connection.h). Holds the input that is not parsed yet, the requests that are
// not answered yet in their order, and the output that is not sent yet. It deletes itself once
// libuv has closed the socket. On the loop's thread; calls the embedder only through the callbacks
// of Server and Request, which must not run JavaScript, and never writes to the socket outside
// Flush().
#pragma once

#include <uv.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "src/ext/http/engine/body_decoder.h"
#include "src/ext/http/engine/head_scan.h"
#include "src/ext/http/engine/output.h"
#include "src/ext/http/engine/request.h"
#include "src/ext/http/engine/wire_filter.h"

namespace rt::http {

class Engine;
class H2Connection;
class Server;

// A connection that has left HTTP/1: its descriptor, what stands
// between it and the protocol, and what was read and not used.
struct HandedOver {
  HandedOver() = default;
  HandedOver(HandedOver&& other) noexcept
      : fd(std::exchange(other.fd, -1)),
        is_unix(other.is_unix),
        filter(std::move(other.filter)),
        received(std::move(other.received)) {}
  HandedOver& operator=(HandedOver&&) = delete;
  ~HandedOver();  // closes what nobody took

  int fd = -1;  // -1: the connection ended before
  bool is_unix = false;
  std::unique_ptr<WireFilter> filter;
  std::string received;
};

class Connection {
 public:
  // Takes over `fd`. Null (and the descriptor closed) if libuv refuses it.
  static Connection* Open(Server* server, int fd, const sockaddr_storage& peer);

  const sockaddr_storage& peer() const { return peer_; }
  // It has closed at least its sending side.
  bool peer_gone() const { return eof_; }

  // Of a request that came by HTTP/2; else null.
  H2Connection* h2() const { return h2_.get(); }

  // --- the answering side, see Engine for the order of calls ---
  // Where the next bytes of this request's response go: to the socket's buffer if its turn has
  // come.
  Output* OutputFor(Request* request);
  // Whether the connection can go on after this response; decides what its head says.
  bool CanKeepAlive(const Request& request) const;
  // The response is complete. The request must not be used after.
  void Finish(Request* request);
  // No (more) response will come: what was sent stays cut off, and the connection closes.
  void Abandon(Request* request);
  // Instead of Finish, for an answer that ends HTTP on this connection: called once the answer is
  // with the kernel.
  void FinishAndHandOver(Request* request, std::function<void(HandedOver)> receiver);
  // True while a stream should wait for on_writable.
  bool IsCongested(const Request& request) const;

  // --- the body side ---
  void WantBody(Request* request);  // the embedder asked: lets the peer send, lifts backpressure

  // --- called by Engine and Server ---
  void Flush();
  void Resume();
  void Tick(uint64_t now_ms);
  // Ends the connection as soon as what is in flight is answered; at once if nothing is.
  void Drain();
  // Ends it now. Unanswered requests are detached and their callbacks called.
  void Destroy();

  size_t index = 0;  // in the server's list
  bool in_flush_list = false;
  bool in_resume_list = false;

 private:
  Connection(Server* server, const sockaddr_storage& peer);
  ~Connection();
  friend class H2Connection;

  uv_stream_t* stream() { return &handle_.stream; }
  Engine& engine();
  uint64_t NowMs();

  // Input (connection_input.cc).
  void OnRead(ssize_t size, const char* data);
  void OnWire(ssize_t size, const char* data);
  void OnEof();
  // The first bytes decide: true if they are (or may become) HTTP/2 and have been taken care of.
  bool ChooseH2(const char* data, size_t size);
  void StartH2();
  void OnH2(std::string_view bytes);
  void OnH2Flushed();
  size_t Parse(const char* data, size_t size);
  void ParsePending();
  bool MayParse() const;
  void UpdateReading();
  void ScheduleResume();
  void Dispatch(const char* data, size_t size);
  size_t ParseBody(const char* data, size_t size);
  void AppendBody(std::string_view piece);
  void EndBody();
  // Refuses what the peer sent with an empty response of this status and reads no further request.
  void Fail(int status);
  void FailBody(BodyError error, int status);
  bool CanDrainBody() const;

  // Output (connection.cc).
  void Push(Request* request);
  void Unlink(Request* request);
  void AdvanceFront();
  void ReleaseFinished(Request* request);
  void Detach(Request* request, BodyError error);
  void SendContinueIfWanted();
  void ScheduleFlush();
  bool FilterOutput();
  void OnWritten(int status);
  void OnFlushed();
  void CloseGently();
  void HandOver();
  void ReadStart();
  void ReadStop();

  union {
    uv_handle_t handle;
    uv_stream_t stream;
    uv_tcp_t tcp;
    uv_pipe_t pipe;
  } handle_;
  Server* server_;
  sockaddr_storage peer_;
  std::unique_ptr<WireFilter> filter_;  // null: plain
  Output wire_;                         // what the filter made and is not in out_ yet
  bool filter_ended_ = false;

  bool protocol_known_ = false;
  std::unique_ptr<H2Connection> h2_;  // null: HTTP/1

  // Requests in order of arrival, none of them fully handed to out_.
  Request* first_ = nullptr;
  Request* last_ = nullptr;
  uint32_t outstanding_ = 0;

  HeadScanner scanner_;
  BodyDecoder decoder_;
  std::string pending_;  // read and not parsed
  Request* body_request_ = nullptr;
  bool in_body_ = false;      // the input is inside a body; of nobody if body_request_ is null
  bool body_held_ = false;    // not parsed on until the embedder has read
  uint32_t empty_lines_ = 0;  // since the last request
  uint64_t drained_bytes_ = 0;
  bool no_more_heads_ = false;
  bool hold_heads_ = false;  // an upgrade is undecided: what follows may not be HTTP
  bool stop_parsing_ = false;
  bool reading_ = false;
  bool eof_ = false;

  Output out_;
  Output writing_;  // owned by a uv_write in progress
  uv_write_t write_;
  uv_shutdown_t shutdown_;
  bool write_in_progress_ = false;
  uint64_t sent_ = 0;
  std::vector<std::pair<uint64_t, std::function<void(bool)>>> completions_;

  std::function<void(HandedOver)> receiver_;  // of the connection, once all is sent

  bool close_when_done_ = false;
  bool linger_ = false;  // the peer may still be sending: closing at once could destroy the answer
  bool lingering_ = false;
  bool destroyed_ = false;

  uint64_t head_since_ms_ = 0;  // 0: no head is being waited for
  uint64_t idle_since_ms_ = 0;
  uint8_t quiet_ticks_ = 0;  // since bytes went through the filter; no more than kQuietTicks
  uint64_t body_window_ms_ = 0;
  uint64_t body_window_bytes_ = 0;
  uint64_t write_progress_ms_ = 0;
  size_t write_queue_ = 0;
  uint64_t linger_until_ms_ = 0;
  uint64_t lingered_bytes_ = 0;
};

}  // namespace rt::http
