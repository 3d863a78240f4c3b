// H2Session: one HTTP/2 connection (RFC 9113) on which any number of requests run beside each
// other, by nghttp2. It reads ahead of a response's reader by at most a stream's window. Held by
// whoever uses it (requests, bodies, the client) and closed with the last of them. Runtime's
// thread; never runs JavaScript.
#pragma once

#include <nghttp2/nghttp2.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "src/ext/fetch/http_message.h"
#include "src/ext/fetch/upload_channel.h"
#include "src/loop/loop_timer.h"
#include "src/resource/stream_resource.h"

namespace rt {

class H2Stream;

class H2Session final : public std::enable_shared_from_this<H2Session>, private IoWaiter {
 public:
  // `idle_timeout_ms`: how long it may rest without a request.
  static std::shared_ptr<H2Session> Start(Loop& loop, Ref<StreamResource> stream,
                                          std::optional<uint64_t> idle_timeout_ms);
  H2Session(Loop& loop, Ref<StreamResource> stream, std::optional<uint64_t> idle_timeout_ms);
  ~H2Session();
  H2Session(const H2Session&) = delete;
  H2Session& operator=(const H2Session&) = delete;

  // New requests may begin: it is open and the server has not said that it goes away.
  bool usable() const;
  // What a failure says about repeating the request.
  enum class Failure : uint8_t {
    kOther,
    kSilent,   // the connection ended before an answer began
    kRefused,  // the server did nothing with it (RFC 9113 8.7)
  };
  // Up to the response's head; `request` must live until the task is done.
  Task<Result<HttpResponse>> Exchange(const HttpRequest& request, Failure* failure);
  // No new requests; closes when those under way are over.
  void Retire();
  size_t streams() const { return streams_.size(); }

 private:
  friend class H2Stream;

  struct WriteWaiter final : IoWaiter {
    H2Session* owner = nullptr;
    void OnIoReady() override { owner->OnWritable(); }
  };
  struct Callbacks;

  Result<int32_t> Submit(const HttpRequest& request, const std::shared_ptr<H2Stream>& stream);
  void OnIoReady() override;
  void OnWritable();
  // Reads what is there. False: the connection is over.
  bool ReadAvailable();
  // Writes what nghttp2 wants out, as far as the connection takes it, and feeds uploads.
  void Flush();
  bool WriteOut();
  void Wake();
  void FlushAndWake();
  // Of a stream: its reader took so much (of no stream: 0), wants no more, has more to send.
  void Consume(int32_t id, size_t size);
  void Reset(int32_t id);
  void ResumeUpload(int32_t id);
  void CloseStream(int32_t id, std::optional<Error> error);
  void End(Error error);
  void CloseIfRetired();
  void ArmIdle();
  std::shared_ptr<H2Stream> Find(int32_t id) const;

  Loop& loop_;
  Ref<StreamResource> connection_;
  std::optional<uint64_t> idle_timeout_ms_;
  LoopTimer idle_timer_;
  LoopTimer again_;  // reads on after the loop has turned
  nghttp2_session* session_ = nullptr;
  std::unordered_map<int32_t, std::shared_ptr<H2Stream>> streams_;
  // Streams whose waiter must be told once nghttp2 has returned.
  std::vector<std::shared_ptr<H2Stream>> woken_;
  // Streams that ran out of upload.
  std::vector<std::shared_ptr<H2Stream>> hungry_;
  WriteWaiter write_waiter_;
  std::string out_;
  size_t out_at_ = 0;
  bool reading_ = false;
  bool drained_ = false;
  bool flushing_ = false;
  bool write_blocked_ = false;
  bool retired_ = false;
  bool closed_ = false;
  std::optional<Error> end_error_;
};

}  // namespace rt
