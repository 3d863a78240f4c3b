// expect: ignoring return.* \[-Werror=unused-result\]
// A task that nobody awaits never runs.
#include "src/op/op.h"

namespace rt {
namespace {

Task<Result<void>> Work() {
  co_return Result<void>();
}
void Careless() {
  Work();
}

}  // namespace
}  // namespace rt
