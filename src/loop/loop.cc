#include "src/loop/loop.h"

#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <thread>
#include <utility>

#include "src/base/machine_limits.h"
#include "src/loop/job_pool.h"

namespace rt {
namespace {

bool HasHandles(uv_loop_t* loop) {
  bool found = false;
  uv_walk(
      loop, [](uv_handle_t*, void* out) { *static_cast<bool*>(out) = true; }, &found);
  return found;
}

// How long a thread stays awake for an answer. Between threads that are awake a small message there
// and back takes a tenth of it; the rest is for waking the other, which on virtual machines takes
// that long, and must succeed once for both to stay awake.
constexpr uint64_t kSpinNs = 100'000;
// So often it looks for anything else meanwhile.
constexpr uint64_t kLookNs = 8'000;

}  // namespace

Result<std::unique_ptr<Loop>> Loop::Create() {
  std::unique_ptr<Loop> loop(new Loop());
  uv_loop_t* const uv = loop->uv();
  if (int status = uv_loop_init(uv); status < 0) {
    return Error::FromErrno(status, "uv_loop_init");
  }
  loop->initialized_ = true;
  loop->jobs_ = std::make_shared<JobPool>(*loop);
  RT_TRY_VOID(loop->StartWake());
  RT_CHECK(uv_timer_init(uv, &loop->deadline_) == 0);
  loop->deadline_.data = loop.get();
  return loop;
}

Loop::~Loop() {
  if (!initialized_) return;
  jobs_->Close();
  uv_walk(
      uv(),
      [](uv_handle_t* handle, void*) {
        if (!uv_is_closing(handle)) uv_close(handle, nullptr);
      },
      nullptr);
  while (HasHandles(uv())) uv_run(uv(), UV_RUN_NOWAIT);
  if (wake_fd_ >= 0) close(wake_fd_);
  // What ended meanwhile, and what was cancelled.
  uv_run(uv(), UV_RUN_NOWAIT);
  if (uv_loop_close(uv()) == 0) return;
  std::thread([core = std::move(core_)] {
    while (uv_loop_close(&core->uv) == UV_EBUSY) uv_run(&core->uv, UV_RUN_ONCE);
  }).detach();
}

// libuv's uv_async_t would do, but whoever it wakes spins until the sender is back from its system
// call, which being woken has just interrupted: a tenth of the time of an exchange of messages.
Result<void> Loop::StartWake() {
  wake_fd_ = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (wake_fd_ < 0) return Error::FromErrno(-errno, "eventfd");
  if (const int status = uv_poll_init(uv(), &wake_, wake_fd_); status < 0) {
    return Error::FromErrno(status, "uv_poll_init");
  }
  wake_.data = this;
  RT_CHECK(uv_poll_start(&wake_, UV_READABLE, [](uv_poll_t* poll, int, int) {
             static_cast<Loop*>(poll->data)->OnWake();
           }) == 0);
  return {};
}

void Loop::Wake() {
  if (wake_state_.exchange(kSent) != kUnaware) return;
  const int saved_errno = errno;
  const uint64_t one = 1;
  while (write(wake_fd_, &one, sizeof(one)) < 0 && errno == EINTR) {
  }
  errno = saved_errno;
}

void Loop::OnWake() {
  if (!wake_by_edge_) {
    uint64_t count = 0;
    (void)!read(wake_fd_, &count, sizeof(count));
    // From now on the kernel tells of each write once, and nobody needs to empty the counter.
    epoll_event event{};
    event.events = EPOLLIN | EPOLLET;
    event.data.fd = wake_fd_;
    wake_by_edge_ = epoll_ctl(uv_backend_fd(uv()), EPOLL_CTL_MOD, wake_fd_, &event) == 0;
  }
  // Last, for a write before it would have been read above; and before this thread looks for what
  // there is to do, so whoever found it set has its work seen.
  wake_state_.exchange(kUnaware);
  was_woken_ = true;
}

size_t Loop::pool_work() const {
  return jobs_->outstanding();
}

// Two threads that answer each other spend most of their time on falling asleep and on waking each
// other. So a thread that another one's message woke last time stays awake for a moment before it
// blocks, and one that waits for a short job.
bool Loop::MayBeWokenSoon() {
  const bool was_woken = std::exchange(was_woken_, false);
  if (!was_woken && !jobs_->MayEndSoon()) return false;
  if (cores_ == 0) {
    cores_ = static_cast<int>(CpuLimit());
    if (cores_ > 1) jobs_->AllowSpinning();
  }
  if (cores_ < 2) return false;
  // Where nothing came in that moment the next try is put off.
  if (spins_to_skip_ > 0) {
    --spins_to_skip_;
    return false;
  }
  return true;
}

// The kernel has something for this loop.
bool Loop::HasEvents() {
  pollfd backend{.fd = uv_backend_fd(uv()), .events = POLLIN, .revents = 0};
  return poll(&backend, 1, 0) > 0;
}

bool Loop::SpinForWake() {
  uint8_t state = kUnaware;
  if (!wake_state_.compare_exchange_strong(state, kSpinning)) return false;  // told already
  const uint64_t start = uv_hrtime();
  uint64_t next_look = start + kLookNs;
  bool has_events = false;
  for (;;) {
    for (int i = 0; i < 16 && wake_state_.load(std::memory_order_relaxed) == kSpinning; ++i) {
      RelaxCore();
    }
    if (wake_state_.load(std::memory_order_relaxed) != kSpinning) break;
    const uint64_t now = uv_hrtime();
    if (now - start >= kSpinNs) break;
    if (now < next_look) continue;
    has_events = HasEvents();
    if (has_events) break;
    next_look = now + kLookNs;
  }
  // As in OnWake: before this thread looks for what there is to do.
  const bool woken = wake_state_.exchange(kUnaware) == kSent;
  spin_penalty_ = NextSpinPenalty(spin_penalty_, !woken && !has_events);
  spins_to_skip_ = spin_penalty_;
  return woken;
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
  if (block && MayBeWokenSoon() && SpinForWake()) {
    was_woken_ = true;
    block = false;
  }
  uv_run(uv(), block ? UV_RUN_ONCE : UV_RUN_NOWAIT);
  polling_ = false;
  // That a job ended says nothing about messages.
  if (jobs_->Deliver()) was_woken_ = false;
}

}  // namespace rt
