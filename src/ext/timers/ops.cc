// The ops of the timers extension. Must never call JavaScript: an alarm only leaves a mark.
#include <uv.h>

#include <algorithm>
#include <cmath>

#include "src/ext/timers/timers.h"
#include "src/op/op.h"

namespace rt {
namespace {

constexpr double kNanosecondsPerMillisecond = 1e6;
// JavaScript adds at most 2^53 - 1 (AbortSignal.timeout) to now.
constexpr double kMaxDue = 0x1p54;

class TimersState final : public ExtensionState {
 public:
  explicit TimersState(OpHost& host) : host_(host) {}

  void Shutdown() override {
    SetReferenced(false);
    if (!alarm_) return;
    // libuv needs the handle until its close callback ran, which may be after this state is gone.
    alarm_->data = nullptr;
    uv_close(reinterpret_cast<uv_handle_t*>(alarm_),
             [](uv_handle_t* handle) { delete reinterpret_cast<uv_timer_t*>(handle); });
    alarm_ = nullptr;
  }

  void ListAlive(std::vector<AliveItem>* items) const override {
    if (referenced_) items->push_back({.what = "timers"});
  }

  // `due` on the clock of op_timer_now.
  void Arm(double due) {
    if (!alarm_) {
      alarm_ = new uv_timer_t;
      uv_timer_init(host_.loop().uv(), alarm_);
      alarm_->data = this;
    }
    // Rounded up on libuv's own clock, which counts whole milliseconds: an alarm is never early.
    uv_update_time(host_.loop().uv());
    const double now = static_cast<double>(uv_now(host_.loop().uv()));
    const double wait = std::max(0.0, std::ceil(due) - now);
    uv_timer_start(alarm_, OnAlarm, static_cast<uint64_t>(wait), 0);
  }

  void SetReferenced(bool on) {
    if (on == referenced_) return;
    referenced_ = on;
    if (on) {
      host_.loop().AddRef();
    } else {
      host_.loop().ReleaseRef();
    }
  }

 private:
  static void OnAlarm(uv_timer_t* alarm) {
    if (!alarm->data) return;
    static_cast<TimersState*>(alarm->data)->host_.RaiseAlarm();
  }

  OpHost& host_;
  uv_timer_t* alarm_ = nullptr;
  bool referenced_ = false;
};

double op_timer_now(OpContext&) {
  return static_cast<double>(uv_hrtime()) / kNanosecondsPerMillisecond;
}

// `due` in milliseconds, on the clock of op_timer_now.
Result<void> op_timer_arm(OpContext& cx, double due) {
  if (!(due >= 0 && due <= kMaxDue)) return Error::Range("bad timer time");
  cx.State<TimersState>().Arm(due);
  return {};
}

void op_timer_set_ref(OpContext& cx, bool on) {
  cx.State<TimersState>().SetReferenced(on);
}

constexpr std::array kOps = {
    RT_OP(op_timer_now, NoPerm<"tells the time since some start">, Fast::kRequire),
    RT_OP(op_timer_arm, NoPerm<"the script's own timers">, Fast::kRequire),
    RT_OP(op_timer_set_ref, NoPerm<"the script's own timers">, Fast::kRequire),
};
static_assert(UniqueNames(kOps));

}  // namespace

Extension TimersExtension() {
  return {.name = "timers",
          .ops = kOps,
          .make_state = [](OpHost& host) -> std::unique_ptr<ExtensionState> {
            return std::make_unique<TimersState>(host);
          }};
}

}  // namespace rt
