// expect: Granted<.* is private within this context
// Only GrantAccess makes Granted values.
#include "src/op/op.h"

namespace rt {
namespace {

Granted<Perm::kRead, PathTarget> Forge() {
  return Granted<Perm::kRead, PathTarget>(PathTarget());
}

}  // namespace
}  // namespace rt
