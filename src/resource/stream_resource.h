// StreamResource: a ByteStream that scripts name by rid. Reads and writes of a script take their
// turn in the order they were asked for; closing ends those that wait with Interrupted. Native
// users (TLS, a pipe, the HTTP client) take the resource out of the table, or hold its turnstiles,
// before they use the ByteStream side.
#pragma once

#include "src/loop/loop.h"
#include "src/loop/loop_timer.h"
#include "src/loop/turnstile.h"
#include "src/resource/byte_stream.h"
#include "src/resource/resource.h"

namespace rt {

class StreamResource : public Resource, public ByteStream {
 public:
  Task<Result<size_t>> Read(Bytes buffer) final;
  Task<Result<size_t>> Write(Bytes buffer) final;
  std::optional<Result<size_t>> WriteNow(std::span<const uint8_t> buffer) final;
  Task<Result<void>> CloseWrite() final;
  ByteStream* AsByteStream() final { return this; }

  // Held by whoever reads or writes for longer than one call.
  Turnstile& reading() { return reading_; }
  Turnstile& writing() { return writing_; }
  // An operation of a script waits or runs.
  bool busy() const { return reading_.taken() || writing_.taken(); }
  Loop& loop() { return loop_; }

 protected:
  StreamResource(TypeId type_id, Loop& loop)
      : Resource(type_id), loop_(loop), read_budget_(loop), write_budget_(loop) {}
  virtual bool closed() const = 0;

 private:
  // A peer that always has data, or always takes some, must not keep the loop from turning.
  class Budget {
   public:
    explicit Budget(Loop& loop) : loop_(loop), timer_(loop) {}
    // True while some of this turn's budget is left.
    bool Take();
    // `co_await budget.NextTurn();`
    auto NextTurn() {
      struct Awaiter {
        LoopTimer& timer;
        bool await_ready() const noexcept { return false; }
        void await_suspend(std::coroutine_handle<> awaiting) {
          timer.Start(0, [awaiting] { awaiting.resume(); });
        }
        void await_resume() const noexcept {}
        // A frame that is dropped while it waits must not be resumed.
        ~Awaiter() { timer.Stop(); }
      };
      return Awaiter{timer_};
    }

   private:
    Loop& loop_;
    LoopTimer timer_;
    uint64_t turn_ = 0;
    int left_ = 0;
  };

  Loop& loop_;
  Turnstile reading_;
  Turnstile writing_;
  Budget read_budget_;
  Budget write_budget_;
};

// "operation canceled": what waiting calls get when their resource is closed.
Error InterruptedError();

}  // namespace rt
