// The file system for scripts. Every op that takes a path takes it as a Granted value and passes it
// to a sink of src/permissions; the sinks are the only code that opens anything. Ops on open files
// (rt:ops/fs_file) check what the open was granted.
#pragma once

#include "src/op/op_host.h"

namespace rt {

Extension FsExtension();       // paths
Extension FsMetaExtension();   // metadata, links, large folders
Extension FsWatchExtension();  // Deno.watchFs
Extension FsFileExtension();   // open files

}  // namespace rt
