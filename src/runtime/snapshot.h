// The V8 snapshot of the built-ins: made by mksnapshot at build time, linked into the executable.
#pragma once

#include <v8-snapshot.h>

#include <string>

#include "src/base/result.h"

namespace rt {

// Builds the blob from the bundled built-ins. For mksnapshot only: it makes its own isolate.
Result<v8::StartupData> BuildSnapshot(const std::string& bundle_path);

// Position of the hooks object in the snapshot's context data.
inline constexpr size_t kSnapshotHooks = 0;

// The linked blob; null data in programs without one.
const v8::StartupData* BuiltinSnapshot();

}  // namespace rt
