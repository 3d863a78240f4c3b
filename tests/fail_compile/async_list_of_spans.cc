// expect: an async op must own its arguments
// In a list, too.
#include "src/op/op.h"

namespace rt {
namespace {

Task<Result<void>> op_x(OpContext&, std::vector<std::span<uint8_t>>) {
  co_return Result<void>();
}

constexpr std::array kOps = {
    RT_OP(op_x, NoPerm<"x">),
};

}  // namespace
}  // namespace rt
