// expect: name a permission, or use NoPerm
// Needs<> names a permission.
#include "src/op/op.h"

namespace rt {
namespace {

void op_x(OpContext&) {}

constexpr std::array kOps = {
    RT_OP(op_x, Needs<>),
};

}  // namespace
}  // namespace rt
