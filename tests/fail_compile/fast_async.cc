// expect: its signature is not fast-callable
// An async op has no fast call.
#include "src/op/op.h"

namespace rt {
namespace {

Task<Result<uint32_t>> op_x(OpContext&, uint32_t n) {
  co_return n;
}

constexpr std::array kOps = {
    RT_OP(op_x, NoPerm<"x">, Fast::kRequire),
};

}  // namespace
}  // namespace rt
