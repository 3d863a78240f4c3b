// expect: checked in the body: InBody
// An absent target would be no check at all.
#include "src/op/op.h"

namespace rt {
namespace {

void op_x(OpContext&, std::optional<Granted<Perm::kRead, PathTarget>>) {}

constexpr std::array kOps = {
    RT_OP(op_x, NoPerm<"x">),
};

}  // namespace
}  // namespace rt
