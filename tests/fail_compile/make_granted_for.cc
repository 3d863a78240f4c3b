// expect: GrantedFor<.* is private within this context
#include "src/op/op.h"

namespace rt {
namespace {

GrantedFor<PathTarget> Forge() {
  return GrantedFor<PathTarget>(PathTarget(), true, true);
}

}  // namespace
}  // namespace rt
