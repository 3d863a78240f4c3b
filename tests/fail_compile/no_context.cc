// expect: Trampoline|Signature|incomplete type
// An op takes an OpContext& first.
#include "src/op/op.h"

namespace rt {
namespace {

void op_x(uint32_t) {}

constexpr std::array kOps = {
    RT_OP(op_x, NoPerm<"x">),
};

}  // namespace
}  // namespace rt
