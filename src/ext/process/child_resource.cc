#include "src/ext/process/child_resource.h"

#include <signal.h>

#include <utility>

namespace rt {

Result<std::shared_ptr<ChildWatch>> ChildWatch::Start(Loop& loop, SpawnedChild child) {
  std::shared_ptr<ChildWatch> watch(new ChildWatch(std::move(child)));
  auto* handle = new Handle();
  handle->poll.data = handle;
  if (const int status = uv_poll_init(loop.uv(), &handle->poll, watch->pidfd_.get()); status < 0) {
    delete handle;
    return Error::FromErrno(status, "spawn");
  }
  watch->handle_ = handle;
  handle->watch = watch;
  const int status = uv_poll_start(&handle->poll, UV_READABLE, [](uv_poll_t* poll, int, int) {
    static_cast<Handle*>(poll->data)->watch->OnEnded();
  });
  if (status < 0) {
    watch->Close();
    return Error::FromErrno(status, "spawn");
  }
  return watch;
}

Task<std::optional<ExitStatus>> ChildWatch::Wait() {
  if (!status_ && handle_ != nullptr) (void)co_await ended_;
  co_return status_;
}

void ChildWatch::OnEnded() {
  const std::shared_ptr<ChildWatch> keep = handle_->watch;
  status_ = TakeExitStatus(pidfd_, pid_, false);
  // Readable, yet nobody can tell how it ended: something else waited for it.
  if (!status_) status_ = ExitStatus{};
  Close();
}

void ChildWatch::Close() {
  if (handle_ == nullptr) return;
  Handle* handle = std::exchange(handle_, nullptr);
  uv_close(reinterpret_cast<uv_handle_t*>(&handle->poll),
           [](uv_handle_t* closed) { delete static_cast<Handle*>(closed->data); });
  if (ended_.waiting()) ended_.Set(true);
}

ProcessState::ProcessState(OpHost& host) {
  if (!OrphanReaper::Needed()) return;
  orphans_ = new uv_signal_t();
  RT_CHECK(uv_signal_init(host.loop().uv(), orphans_) == 0);
  (void)uv_signal_start(
      orphans_, [](uv_signal_t*, int) { OrphanReaper::Reap(); }, SIGCHLD);
}

void ProcessState::Add(std::shared_ptr<ChildWatch> watch) {
  // Those that ended are forgotten when there is a new one: no callback needed for it.
  std::erase_if(watches_, [](const auto& each) { return each->status().has_value(); });
  watches_.insert(std::move(watch));
}

void ProcessState::Shutdown() {
  for (const auto& watch : watches_) watch->Close();
  watches_.clear();
  if (orphans_ != nullptr) {
    uv_close(reinterpret_cast<uv_handle_t*>(std::exchange(orphans_, nullptr)),
             [](uv_handle_t* closed) { delete reinterpret_cast<uv_signal_t*>(closed); });
  }
}

}  // namespace rt
