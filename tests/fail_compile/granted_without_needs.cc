// expect: Needs<\.\.\.> and its Granted arguments disagree
// Checked, but not declared.
#include "src/op/op.h"

namespace rt {
namespace {

void op_x(OpContext&, Granted<Perm::kRead, PathTarget>) {}

constexpr std::array kOps = {
    RT_OP(op_x, NoPerm<"x">),
};

}  // namespace
}  // namespace rt
