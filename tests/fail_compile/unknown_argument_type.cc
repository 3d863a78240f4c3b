// expect: incomplete type .*FromJs<.*Unknown
// A type without a converter.
#include "src/op/op.h"

namespace rt {
namespace {

struct Unknown {};
void op_x(OpContext&, Unknown) {}

constexpr std::array kOps = {
    RT_OP(op_x, NoPerm<"x">),
};

}  // namespace
}  // namespace rt
