// expect: invalid initialization of reference|no matching function|could not convert
// Sinks accept only Granted values.
#include "src/op/op.h"
#include "src/permissions/sinks.h"

namespace rt {
namespace {

Result<OwnedFd> Open(std::string path) {
  return OpenForRead(path, "open");
}

}  // namespace
}  // namespace rt
