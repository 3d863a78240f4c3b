// expect: template argument|wrong number|deduction failed|placeholder
// NoPerm says why.
#include "src/op/op.h"

namespace rt {
namespace {

void op_x(OpContext&) {}

constexpr std::array kOps = {
    RT_OP(op_x, NoPerm<>),
};

}  // namespace
}  // namespace rt
