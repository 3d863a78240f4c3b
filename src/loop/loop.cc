#include "src/loop/loop.h"

namespace rt {

Result<std::unique_ptr<Loop>> Loop::Create() {
  std::unique_ptr<Loop> loop(new Loop());
  if (int status = uv_loop_init(&loop->loop_); status < 0) {
    return Error::FromErrno(status, "uv_loop_init");
  }
  loop->initialized_ = true;
  RT_CHECK(uv_async_init(&loop->loop_, &loop->wake_, [](uv_async_t*) {}) == 0);
  loop->wake_.data = loop.get();
  return loop;
}

Loop::~Loop() {
  if (!initialized_) return;
  uv_walk(
      &loop_,
      [](uv_handle_t* handle, void*) {
        if (!uv_is_closing(handle)) uv_close(handle, nullptr);
      },
      nullptr);
  while (uv_loop_close(&loop_) == UV_EBUSY) uv_run(&loop_, UV_RUN_ONCE);
}

void Loop::Poll(bool block) {
  polling_ = true;
  uv_run(&loop_, block ? UV_RUN_ONCE : UV_RUN_NOWAIT);
  polling_ = false;
}

}  // namespace rt
