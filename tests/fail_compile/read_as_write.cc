// expect: could not convert|no matching function|invalid initialization|conversion from
// A grant to read does not convert into one to write.
#include "src/op/op.h"

namespace rt {
namespace {

Granted<Perm::kWrite, PathTarget> Convert(const Granted<Perm::kRead, PathTarget>& path) {
  return path;
}

}  // namespace
}  // namespace rt
