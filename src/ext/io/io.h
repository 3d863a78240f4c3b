// Standard streams and open files as resources. Rids 0, 1 and 2 are stdin, stdout and stderr of
// every runtime; making them costs no system call. The one header other extensions include.
#pragma once

#include "src/ext/io/cancel_handle.h"
#include "src/ext/io/file_resource.h"
#include "src/ext/io/terminal_mode.h"
#include "src/op/op_host.h"

namespace rt {

Extension IoExtension();

}  // namespace rt
