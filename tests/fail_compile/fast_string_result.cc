// expect: its signature is not fast-callable
// Nor returned from one.
#include "src/op/op.h"

namespace rt {
namespace {

std::string op_x(OpContext&) {
  return {};
}

constexpr std::array kOps = {
    RT_OP(op_x, NoPerm<"x">, Fast::kRequire),
};

}  // namespace
}  // namespace rt
