// expect: invalid initialization of reference|no matching function|could not convert
// And only those of their permission.
#include "src/op/op.h"
#include "src/permissions/sinks.h"

namespace rt {
namespace {

Result<OwnedFd> Open(const Granted<Perm::kRead, PathTarget>& path) {
  return OpenForWrite(path, "open", 0);
}

}  // namespace
}  // namespace rt
