// Why a program is still running, as text for a person: what each of its runtimes waits for.
#pragma once

#include <memory>
#include <string>

#include "src/runtime/live_runtimes.h"

namespace rt {

class Runtime;

// What this runtime waits for, or where it is. On its thread; `idle` as in LiveRuntimes::Visit.
std::string DescribeWaits(Runtime& runtime, const LiveRuntimes::Entry& entry, bool idle);

// The report of all runtimes. Not on a runtime's thread.
std::string DescribeWhyAlive(LiveRuntimes& live);

}  // namespace rt
