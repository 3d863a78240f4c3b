// expect: Needs<\.\.\.> and its Granted arguments disagree
// Takes two grants, declares one.
#include "src/op/op.h"

namespace rt {
namespace {

void op_x(OpContext&, Granted<Perm::kRead, PathTarget>, Granted<Perm::kWrite, PathTarget>) {}

constexpr std::array kOps = {
    RT_OP(op_x, Needs<Perm::kRead>),
};

}  // namespace
}  // namespace rt
