// expect: discards qualifiers
// A checked target cannot be changed.
#include "src/op/op.h"

namespace rt {
namespace {

void Widen(Granted<Perm::kNet, HostPort>& address) {
  address->host.clear();
}

}  // namespace
}  // namespace rt
