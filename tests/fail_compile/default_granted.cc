// expect: no matching function for call to .*Granted<.*Granted\(\)
// There is no empty grant to fill in later.
#include "src/op/op.h"

namespace rt {
namespace {

Granted<Perm::kNet, HostPort> Forge() {
  return Granted<Perm::kNet, HostPort>();
}

}  // namespace
}  // namespace rt
