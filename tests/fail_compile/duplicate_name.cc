// expect: static assertion failed
// Names are unique within a table.
#include "src/op/op.h"

namespace rt {
namespace {

void op_x(OpContext&) {}

constexpr std::array kOps = {
    RT_OP(op_x, NoPerm<"x">),
    RT_OP(op_x, NoPerm<"x">),
};
static_assert(UniqueNames(kOps));

}  // namespace
}  // namespace rt
