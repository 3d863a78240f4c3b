// The snapshot as the assembler included it.
#include "src/runtime/snapshot.h"

extern "C" const char rt_snapshot_data[];
extern "C" const char rt_snapshot_end[];

namespace rt {

const v8::StartupData* BuiltinSnapshot() {
  static const v8::StartupData kBlob{rt_snapshot_data,
                                     static_cast<int>(rt_snapshot_end - rt_snapshot_data)};
  return &kBlob;
}

}  // namespace rt
