// Programs a script starts, and the signals it sends and receives. A child is watched through its
// pidfd, never through SIGCHLD, so runtimes on several threads do not meet.
#pragma once

#include "src/op/op_host.h"

namespace rt {

Extension ProcessExtension();  // Deno.Command, Deno.kill
Extension SignalExtension();   // Deno.addSignalListener

}  // namespace rt
