// expect: Needs<\.\.\.> and its Granted arguments disagree
// Declares two, takes one.
#include "src/op/op.h"

namespace rt {
namespace {

Task<Result<void>> op_x(OpContext&, Granted<Perm::kRead, PathTarget>) {
  co_return Result<void>();
}

constexpr std::array kOps = {
    RT_OP(op_x, Needs<Perm::kRead, Perm::kWrite>),
};

}  // namespace
}  // namespace rt
