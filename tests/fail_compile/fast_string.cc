// expect: its signature is not fast-callable
// A string cannot be passed to a fast call.
#include "src/op/op.h"

namespace rt {
namespace {

void op_x(OpContext&, std::string) {}

constexpr std::array kOps = {
    RT_OP(op_x, NoPerm<"x">, Fast::kRequire),
};

}  // namespace
}  // namespace rt
