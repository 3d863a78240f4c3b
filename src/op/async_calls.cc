#include "src/op/async_calls.h"

#include <utility>

#include "src/op/op_host.h"

namespace rt {
namespace {

// Arguments of one JavaScript call live on the stack; this many pairs stay far below its limit.
constexpr size_t kMaxPerCall = 2048;

}  // namespace

AsyncCalls::~AsyncCalls() = default;

void AsyncCalls::AddPending(std::unique_ptr<AsyncCall> call) {
  call->index_ = pending_.size();
  call->started_ms_ = loop_.NowMs();
  pending_.push_back(std::move(call));
  loop_.AddRef();
  if (observer_) observer_->CallPending(*pending_.back());
}

void AsyncCalls::Finish(AsyncCall* call) {
  if (clearing_) return;
  if (observer_) observer_->CallFinished(*call);
  if (call->referenced_) loop_.ReleaseRef();
  loop_.NoteWork();
  const size_t index = call->index_;
  finished_.push_back(std::move(pending_[index]));
  if (index + 1 != pending_.size()) {
    pending_[index] = std::move(pending_.back());
    pending_[index]->index_ = index;
  }
  pending_.pop_back();
}

void AsyncCalls::Deliver(v8::Isolate* isolate, v8::Local<v8::Context> context,
                         v8::Local<v8::Function> deliver) {
  std::vector<std::unique_ptr<AsyncCall>> finished =
      std::exchange(finished_, std::exchange(spare_, {}));
  if (!finished.empty()) {
    Tracer& tracer = finished.front()->host_.tracer();
    if (tracer.enabled()) return DeliverTraced(isolate, context, deliver, finished, tracer);
  }
  std::vector<v8::Local<v8::Value>> arguments;
  for (size_t start = 0; start < finished.size(); start += kMaxPerCall) {
    v8::HandleScope handles(isolate);
    arguments.clear();
    const size_t end = std::min(finished.size(), start + kMaxPerCall);
    for (size_t i = start; i < end; ++i) {
      AsyncCall& call = *finished[i];
      bool failed = false;
      v8::Local<v8::Value> outcome = call.TakeOutcome(isolate, &failed);
      const int32_t id = static_cast<int32_t>(call.promise_id());
      arguments.push_back(v8::Integer::New(isolate, failed ? ~id : id));
      arguments.push_back(outcome);
    }
    if (deliver
            ->Call(context, v8::Undefined(isolate), static_cast<int>(arguments.size()),
                   arguments.data())
            .IsEmpty()) {
      return;  // terminated
    }
  }
  finished.clear();
  spare_ = std::move(finished);
}

// One by one, so that it can be told what comes of which. No promise reaction runs in between
// either way.
void AsyncCalls::DeliverTraced(v8::Isolate* isolate, v8::Local<v8::Context> context,
                               v8::Local<v8::Function> deliver,
                               std::vector<std::unique_ptr<AsyncCall>>& finished, Tracer& tracer) {
  for (auto& call : finished) {
    v8::HandleScope handles(isolate);
    bool failed = false;
    v8::Local<v8::Value> outcome = call->TakeOutcome(isolate, &failed);
    const int32_t id = static_cast<int32_t>(call->promise_id());
    v8::Local<v8::Value> arguments[] = {v8::Integer::New(isolate, failed ? ~id : id), outcome};
    tracer.BeginDelivery(call->decl(), call->promise_id(), outcome, failed);
    const bool stopped = deliver->Call(context, v8::Undefined(isolate), 2, arguments).IsEmpty();
    tracer.EndDelivery();
    if (stopped) return;  // terminated
  }
}

bool AsyncCalls::SetReferenced(uint32_t promise_id, bool referenced) {
  // From the back: asked for right after the call, it is the newest.
  for (auto at = pending_.rbegin(); at != pending_.rend(); ++at) {
    AsyncCall* const call = at->get();
    if (call->promise_id_ != promise_id) continue;
    if (call->referenced_ != referenced) {
      call->referenced_ = referenced;
      if (referenced) {
        loop_.AddRef();
      } else {
        loop_.ReleaseRef();
      }
    }
    return true;
  }
  return false;
}

void AsyncCalls::Clear() {
  // Destroying one frame may resume another, which then ends: Finish must not move calls meanwhile.
  clearing_ = true;
  for (auto& call : pending_) {
    if (call->referenced_) loop_.ReleaseRef();
  }
  for (auto& call : pending_) call.reset();
  pending_.clear();
  finished_.clear();
  clearing_ = false;
}

}  // namespace rt
