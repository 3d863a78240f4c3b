// What is said of a worker whose heap is full, whoever finds out.
#pragma once

namespace rt {

inline constexpr char kWorkerOutOfMemory[] =
    "Worker terminated due to reaching memory limit: JS heap out of memory";

}  // namespace rt
