// The snapshot, and the source text it refers to, as the assembler included it.
#include "src/runtime/snapshot.h"

extern "C" const char rt_snapshot_data[];
extern "C" const char rt_snapshot_end[];
extern "C" const char rt_builtins_data[];
extern "C" const char rt_builtins_end[];

namespace rt {

const v8::StartupData* BuiltinSnapshot() {
  static const v8::StartupData kBlob{rt_snapshot_data,
                                     static_cast<int>(rt_snapshot_end - rt_snapshot_data)};
  return &kBlob;
}

BuiltinSourceText* BuiltinSource() {
  static BuiltinSourceText text(rt_builtins_data,
                                static_cast<size_t>(rt_builtins_end - rt_builtins_data));
  return &text;
}

}  // namespace rt
