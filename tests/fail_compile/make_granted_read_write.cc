// expect: GrantedReadWrite<.* is private within this context
#include "src/op/op.h"

namespace rt {
namespace {

GrantedReadWrite<PathTarget> Forge() {
  return GrantedReadWrite<PathTarget>(PathTarget());
}

}  // namespace
}  // namespace rt
