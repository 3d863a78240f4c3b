// How much of the machine this process may use: what control groups (v1 and v2), CPU affinity and
// the hardware leave. Reads files of the kernel; no V8, no libuv. Any thread.
#pragma once

#include <cstddef>
#include <string>

namespace rt {

// Where to look; tests look elsewhere.
struct CgroupPaths {
  std::string membership = "/proc/self/cgroup";
  std::string root = "/sys/fs/cgroup";
};

// Bytes: the least of the machine's memory and the limits of the control groups this process is in.
size_t MemoryLimit(const CgroupPaths& paths = {});

// What MemoryLimit found, once for the process.
struct MemoryBound {
  size_t bytes = 0;
  bool of_group = false;  // the kernel ends who uses more: a control group's limit
};
const MemoryBound& ProcessMemoryBound();

// Threads that run at once: the least of the CPUs this process may run on and the CPU time its
// control groups allow, rounded up. At least 1.
unsigned CpuLimit(const CgroupPaths& paths = {});

}  // namespace rt
