// expect: OnResource, but the op takes no Ref
// A bare number is no authority.
#include "src/op/op.h"

namespace rt {
namespace {

void op_x(OpContext&, uint32_t) {}

constexpr std::array kOps = {
    RT_OP(op_x, OnResource),
};

}  // namespace
}  // namespace rt
