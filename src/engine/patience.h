// An end to what JavaScript of ours computes on somebody's text. Made and destroyed on the
// isolate's thread, around the call.
#pragma once

#include <v8.h>

#include "src/base/cpu_watch.h"

namespace rt {

class Patience {
 public:
  // JavaScript that this thread runs from now on is ended when it has computed for `most`; the
  // isolate is as good as new afterwards.
  Patience(v8::Isolate* isolate, std::chrono::nanoseconds most)
      : isolate_(isolate), watch_(most, [isolate] { isolate->TerminateExecution(); }) {}
  ~Patience() {
    if (watch_.Stop()) isolate_->CancelTerminateExecution();
  }
  Patience(const Patience&) = delete;
  Patience& operator=(const Patience&) = delete;

 private:
  v8::Isolate* isolate_;
  CpuWatch watch_;
};

}  // namespace rt
