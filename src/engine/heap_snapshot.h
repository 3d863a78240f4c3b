// A heap snapshot as a file. All that the heap holds is in it, built-ins' secrets included: whoever
// opens the file keeps it for its owner.
#pragma once

#include <v8.h>

#include "src/base/result.h"

namespace rt {

// In the format of Chrome's DevTools. The isolate's thread, between HandleScopes of the caller's;
// runs no JavaScript. An error is of writing: then the file is not whole.
Result<void> WriteHeapSnapshot(v8::Isolate* isolate, int fd);

}  // namespace rt
