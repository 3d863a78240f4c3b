// expect: incomplete type .*FromJs<.*Unknown
// A list of a type without a converter.
#include "src/op/op.h"

namespace rt {
namespace {

struct Unknown {};
void op_x(OpContext&, std::vector<Unknown>) {}

constexpr std::array kOps = {
    RT_OP(op_x, NoPerm<"x">),
};

}  // namespace
}  // namespace rt
