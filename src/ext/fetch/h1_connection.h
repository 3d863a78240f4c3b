// H1Connection: one connection to a server that speaks HTTP/1.1, used for one exchange after the
// other. Sending and reading go on side by side, so a server may answer before it has read all.
// Held by whoever uses it (a request under way, a body, the pool) and closed with the last of them.
// Runtime's thread; never runs JavaScript.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "src/ext/fetch/http_message.h"
#include "src/ext/fetch/response_head.h"
#include "src/resource/stream_resource.h"

namespace rt {

// A connection that speaks something else now, and what arrived of that already.
struct Upgraded {
  Ref<StreamResource> stream;
  std::string received;
};

// How a request is put on this connection.
struct H1Route {
  bool absolute_form = false;       // to a proxy: the whole URL
  std::string proxy_authorization;  // and its credentials; empty: none
};

class H1Connection final : public std::enable_shared_from_this<H1Connection>,
                           private Task<Result<bool>>::Listener,
                           private IoWaiter {
 public:
  explicit H1Connection(Ref<StreamResource> stream) : stream_(std::move(stream)) {}
  ~H1Connection();
  H1Connection(const H1Connection&) = delete;
  H1Connection& operator=(const H1Connection&) = delete;

  // One exchange, up to the response's head; `request` must live until the task is done. The body
  // keeps the connection.
  Task<Result<HttpResponse>> Exchange(const HttpRequest& request, const H1Route& route);
  // Asks a proxy for a tunnel to `authority` and gives its status: with 2xx the stream is the
  // tunnel.
  Task<Result<int>> OpenTunnel(std::string authority, const std::string& proxy_authorization,
                               CancelToken cancel);

  // After a failed Exchange: the peer said nothing, so it may not have seen the request either.
  bool heard_nothing() const { return !heard_; }
  // Told when the connection is ready for another exchange; it is closed otherwise.
  void set_on_free(std::function<void(std::shared_ptr<H1Connection>)> on_free) {
    on_free_ = std::move(on_free);
  }

  // While it rests: tells once when the peer closed it, or says what nobody asked for.
  void WatchIdle(std::function<void()> on_dead);
  void UnwatchIdle();

  // Whether a connection at rest can be used: nothing has come, not even its end, that nobody was
  // told of yet.
  bool IsQuiet();
  // For another protocol from now on; this object is of no use any more.
  Ref<StreamResource> TakeStream() { return std::exchange(stream_, {}); }
  void Close() { stream_->Close(); }

 private:
  friend class H1Body;

  ByteStream::Moved ReadMore();
  Task<Result<ResponseHead>> ReadHead();
  Task<Result<ResponseHead>> ReadFinalHead(bool wants_upgrade);
  void StartUpload(std::string head, const HttpRequest& request);
  Task<Result<bool>> Upload(std::string head, std::optional<Bytes> body,
                            std::shared_ptr<BodySource> source);
  Task<Result<bool>> SendSource(BodySource& source);
  void OnTaskDone() override;
  void UploadEnded();

  std::unique_ptr<HttpBody> StartBody(const ResponseHead& head);
  Task<Result<size_t>> ReadBody(Bytes into);
  Result<std::optional<size_t>> TryReadBody(std::span<uint8_t> into);
  // Takes the framing off `input`; what remains goes to the front of `into`, which may be where
  // `input` is. It always fits.
  Result<size_t> Decode(std::string_view input, std::span<uint8_t> into, bool* ended);
  std::optional<Bytes> TakeArrived(size_t limit);
  std::optional<uint64_t> BodyRemaining() const;
  // Who reads it wants no more.
  void AbandonBody();
  void EndExchange();
  Error Fail(Error error);

  void OnIoReady() override;

  Ref<StreamResource> stream_;
  std::function<void(std::shared_ptr<H1Connection>)> on_free_;
  std::function<void()> on_dead_;

  // Of the exchange under way.
  std::string received_;  // what was read and not used yet
  size_t received_at_ = 0;
  bool heard_ = false;
  bool keep_alive_ = false;
  bool until_close_ = false;
  uint64_t exchange_ = 0;
  bool abandoned_ = false;
  bool uploading_ = false;
  std::shared_ptr<BodySource> source_;
  std::optional<Error> upload_error_;
  http::BodyDecoder decoder_{ResponseLimits()};
  // Last: its frame uses all of the above.
  std::optional<Task<Result<bool>>> upload_;
};

}  // namespace rt
