#include "src/loop/loop.h"

#include <thread>
#include <utility>

namespace rt {
namespace {

bool HasHandles(uv_loop_t* loop) {
  bool found = false;
  uv_walk(
      loop, [](uv_handle_t*, void* out) { *static_cast<bool*>(out) = true; }, &found);
  return found;
}

}  // namespace

Result<std::unique_ptr<Loop>> Loop::Create() {
  std::unique_ptr<Loop> loop(new Loop());
  uv_loop_t* const uv = loop->uv();
  if (int status = uv_loop_init(uv); status < 0) {
    return Error::FromErrno(status, "uv_loop_init");
  }
  loop->initialized_ = true;
  RT_CHECK(uv_async_init(uv, &loop->wake_, [](uv_async_t*) {}) == 0);
  loop->wake_.data = loop.get();
  RT_CHECK(uv_timer_init(uv, &loop->deadline_) == 0);
  loop->deadline_.data = loop.get();
  return loop;
}

Loop::~Loop() {
  if (!initialized_) return;
  uv_walk(
      uv(),
      [](uv_handle_t* handle, void*) {
        if (!uv_is_closing(handle)) uv_close(handle, nullptr);
      },
      nullptr);
  while (HasHandles(uv())) uv_run(uv(), UV_RUN_NOWAIT);
  // What ended meanwhile, and what was cancelled.
  uv_run(uv(), UV_RUN_NOWAIT);
  if (uv_loop_close(uv()) == 0) return;
  core_->pool_observer = nullptr;
  std::thread([core = std::move(core_)] {
    while (uv_loop_close(&core->uv) == UV_EBUSY) uv_run(&core->uv, UV_RUN_ONCE);
  }).detach();
}

void Loop::SetPollDeadline(uint64_t at_ms) {
  if (at_ms == deadline_at_) return;
  deadline_at_ = at_ms;
  if (at_ms == kNever) {
    uv_timer_stop(&deadline_);
    return;
  }
  uv_update_time(uv());
  const uint64_t now = uv_now(uv());
  // Repeats, so that whoever does not look in time does not sleep for ever.
  uv_timer_start(
      &deadline_, [](uv_timer_t* timer) { static_cast<Loop*>(timer->data)->NoteWork(); },
      at_ms > now ? at_ms - now : 0, 1);
}

void Loop::Poll(bool block) {
  polling_ = true;
  ++turn_;
  uv_run(uv(), block ? UV_RUN_ONCE : UV_RUN_NOWAIT);
  polling_ = false;
}

}  // namespace rt
