// expect: too many arguments: pass a struct
#include "src/op/op.h"

namespace rt {
namespace {

void op_x(OpContext&, bool, bool, bool, bool, bool, bool, bool, bool, bool, bool, bool) {}

constexpr std::array kOps = {
    RT_OP(op_x, NoPerm<"x">),
};

}  // namespace
}  // namespace rt
