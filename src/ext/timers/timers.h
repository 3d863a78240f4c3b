// The timers extension: one alarm clock for js/ext/web/timers.js, which keeps all timers in order.
// The alarm never runs JavaScript itself: it calls OpHost::RaiseAlarm(), and the loop's next turn
// calls the fireTimers hook.
#pragma once

#include "src/op/op_host.h"

namespace rt {

Extension TimersExtension();

}  // namespace rt
