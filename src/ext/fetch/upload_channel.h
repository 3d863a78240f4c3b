// UploadChannel: a request's streamed body between a script, which writes it as a resource, and the
// client, which takes it piece by piece. Holds one piece at most; a write is over when the client
// has sent it. Runtime's thread; never runs JavaScript.
#pragma once

#include <coroutine>
#include <memory>
#include <optional>
#include <utility>

#include "src/ext/fetch/http_message.h"
#include "src/resource/resource.h"

namespace rt {

// One coroutine waits, another wakes it. A frame that is dropped while it waits is forgotten.
class Wakeup {
 public:
  class Awaiter {
   public:
    explicit Awaiter(Wakeup& wakeup) : wakeup_(wakeup) {}
    Awaiter(const Awaiter&) = delete;
    Awaiter& operator=(const Awaiter&) = delete;
    ~Awaiter() {
      if (waiting_ && wakeup_.waiting_ == waiting_) wakeup_.waiting_ = nullptr;
    }
    bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<> waiting) {
      waiting_ = waiting;
      wakeup_.waiting_ = waiting;
    }
    void await_resume() noexcept { waiting_ = nullptr; }

   private:
    Wakeup& wakeup_;
    std::coroutine_handle<> waiting_;
  };
  // `co_await wakeup.Wait();` At most one at a time.
  Awaiter Wait() { return Awaiter(*this); }
  void Wake() {
    if (const auto waiting = std::exchange(waiting_, nullptr)) waiting.resume();
  }

 private:
  std::coroutine_handle<> waiting_;
};

class UploadChannel final : public Resource {
 public:
  // `size`: what the script said the body's length is.
  explicit UploadChannel(std::optional<uint64_t> size);

  // The client's end.
  std::shared_ptr<BodySource> source() const;

  std::string_view name() const override { return "fetchRequestBody"; }
  // Before CloseWrite: the body is not complete, and the request fails.
  void Close() override;
  Task<Result<size_t>> Write(Bytes buffer) override;
  // The body is complete.
  Task<Result<void>> CloseWrite() override;

 private:
  class Source;
  ~UploadChannel() override { Close(); }
  std::shared_ptr<Source> source_;
};

}  // namespace rt
