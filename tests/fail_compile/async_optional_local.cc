// expect: an async op must own its arguments
// Inside another type, too.
#include "src/op/op.h"

namespace rt {
namespace {

Task<Result<void>> op_x(OpContext&, std::optional<v8::Local<v8::String>>) {
  co_return Result<void>();
}

constexpr std::array kOps = {
    RT_OP(op_x, NoPerm<"x">),
};

}  // namespace
}  // namespace rt
