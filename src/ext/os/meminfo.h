// What the kernel says about the machine's memory.
#pragma once

#include <string_view>

#include "src/base/result.h"
#include "src/op/op.h"

namespace rt {

// Bytes. Deno.SystemMemoryInfo.
struct MemoryInfo {
  double total = 0;
  double free = 0;
  double available = 0;
  double buffers = 0;
  double cached = 0;
  double swap_total = 0;
  double swap_free = 0;
};
RT_STRUCT(MemoryInfo, RT_FIELD(total), RT_FIELD(free), RT_FIELD(available), RT_FIELD(buffers),
          RT_FIELD(cached), RT_FIELD(swap_total), RT_FIELD(swap_free))

Result<MemoryInfo> ReadMemoryInfo();
// The text of /proc/meminfo.
MemoryInfo ParseMemoryInfo(std::string_view text);

}  // namespace rt
