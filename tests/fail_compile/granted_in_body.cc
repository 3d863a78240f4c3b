// expect: Needs<\.\.\.> and its Granted arguments disagree
// In the body means: not as an argument.
#include "src/op/op.h"

namespace rt {
namespace {

void op_x(OpContext&, Granted<Perm::kRead, PathTarget>) {}

constexpr std::array kOps = {
    RT_OP(op_x, InBody<"x", Perm::kRead>),
};

}  // namespace
}  // namespace rt
