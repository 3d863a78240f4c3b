// What is noted of a traced call, or of a part of the turn, from its begin to its end. Plain data.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "src/op/trace.h"

namespace rt {

// The loop's checkpoints, under the name of the op that does the same for JavaScript.
constexpr std::string_view kMicrotasksPhase = "op_run_microtasks";

struct TraceFrame {
  const OpDecl* op = nullptr;  // null: a phase
  std::string_view name;
  CallPath path = CallPath::kSlow;
  bool reported = false;  // the filter names it
  uint64_t id = 0;
  uint64_t cause = 0;
  uint64_t start = 0;
  uint64_t bytes = 0;
  OpOrigin origin = {};
  std::string args = {};      // a JSON array
  std::string from = {};      // instead of origin.at: where its cause was called
  std::string resource = {};  // `,"rid":3,"resource":"x"`
  size_t resources = 0;       // open when it began
  // On the thread pool, all of its jobs.
  uint64_t queued_ns = 0;
  uint64_t pool_ns = 0;
  int pool_thread = 0;
};

}  // namespace rt
