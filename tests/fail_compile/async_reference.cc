// expect: an async op takes its arguments by value
// A reference points into the caller's frame.
#include "src/op/op.h"

namespace rt {
namespace {

Task<Result<void>> op_x(OpContext&, const std::string&) {
  co_return Result<void>();
}

constexpr std::array kOps = {
    RT_OP(op_x, NoPerm<"x">),
};

}  // namespace
}  // namespace rt
