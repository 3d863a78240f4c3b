// Async ops in flight, and the delivery of their results: everything that completed in a turn of
// the loop goes to JavaScript in one call, `deliver(id, value, id, value, …)`, where a rejected
// promise's id comes complemented (`~id`).
#pragma once

#include <v8.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "src/base/error.h"
#include "src/loop/loop.h"

namespace rt {

class OpHost;
class Tracer;
struct OpDecl;

// One pending call. Lives on AsyncCalls' list from start to delivery.
class AsyncCall {
 public:
  AsyncCall(OpHost& host, const OpDecl& decl, uint32_t promise_id)
      : host_(host), decl_(decl), promise_id_(promise_id) {}
  virtual ~AsyncCall() = default;

  const OpDecl& decl() const { return decl_; }
  uint32_t promise_id() const { return promise_id_; }
  bool referenced() const { return referenced_; }
  uint64_t started_ms() const { return started_ms_; }

  // The outcome as a JavaScript value; `*failed` tells which kind. Called once, when finished.
  virtual v8::Local<v8::Value> TakeOutcome(v8::Isolate* isolate, bool* failed) = 0;

 protected:
  OpHost& host_;

 private:
  friend class AsyncCalls;
  const OpDecl& decl_;
  uint32_t promise_id_;
  bool referenced_ = true;
  uint64_t started_ms_ = 0;
  size_t index_ = 0;  // in AsyncCalls::pending_
};

// Told which calls wait, and which no longer do: how `rt test` finds what a test left unfinished.
class AsyncCallObserver {
 public:
  // Called by the op's stub: what runs now is what started it.
  virtual void CallPending(const AsyncCall& call) = 0;
  virtual void CallFinished(const AsyncCall& call) = 0;

 protected:
  ~AsyncCallObserver() = default;
};

class AsyncCalls {
 public:
  explicit AsyncCalls(Loop& loop) : loop_(loop) {}
  ~AsyncCalls();

  // Takes over a call that did not finish at once.
  void AddPending(std::unique_ptr<AsyncCall> call);
  // The call finished; its outcome waits for the next delivery.
  void Finish(AsyncCall* call);

  bool HasFinished() const { return !finished_.empty(); }
  // Hands all outcomes to `deliver`. What JavaScript throws is the caller's to handle (there is
  // nothing user-written below it, so it is a termination).
  void Deliver(v8::Isolate* isolate, v8::Local<v8::Context> context,
               v8::Local<v8::Function> deliver);

  // An unreferenced call does not keep the program alive. False when the id is not pending.
  bool SetReferenced(uint32_t promise_id, bool referenced);

  size_t pending_count() const { return pending_.size(); }
  // For reports: what is in flight.
  template <class F>
  void ForEachPending(F&& f) const {
    for (const auto& call : pending_) f(*call);
  }

  // Null: nobody. The observer outlives this or is taken off before.
  void Observe(AsyncCallObserver* observer) { observer_ = observer; }

  void DropFinished() { finished_.clear(); }
  // Forgets finished calls and destroys the frames of pending ones, in the order they were made.
  // What a frame waits for must bear that: jobs on the pool and turnstiles do; a resource ends its
  // waits when it is closed.
  void Clear();

 private:
  void DeliverTraced(v8::Isolate* isolate, v8::Local<v8::Context> context,
                     v8::Local<v8::Function> deliver,
                     std::vector<std::unique_ptr<AsyncCall>>& finished, Tracer& tracer);

  Loop& loop_;
  AsyncCallObserver* observer_ = nullptr;
  std::vector<std::unique_ptr<AsyncCall>> pending_;
  std::vector<std::unique_ptr<AsyncCall>> finished_;
  std::vector<std::unique_ptr<AsyncCall>> spare_;  // empty: memory for the next finished_
  bool clearing_ = false;
};

}  // namespace rt
