// The console extension: printing to the standard streams, and the looks into V8's internal slots
// that inspecting a value needs. What the output looks like is decided in js/ext/console.
#pragma once

#include "src/op/op_host.h"

namespace rt {

Extension ConsoleExtension();

}  // namespace rt
