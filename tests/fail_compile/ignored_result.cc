// expect: ignoring return.* \[-Werror=unused-result\]
// A failure cannot be overlooked.
#include "src/op/op.h"

namespace rt {
namespace {

Result<void> MayFail() {
  return Error::Type("x");
}
void Careless() {
  MayFail();
}

}  // namespace
}  // namespace rt
