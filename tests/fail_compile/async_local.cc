// expect: an async op must own its arguments
// So is a handle.
#include "src/op/op.h"

namespace rt {
namespace {

Task<Result<void>> op_x(OpContext&, v8::Local<v8::Value>) {
  co_return Result<void>();
}

constexpr std::array kOps = {
    RT_OP(op_x, NoPerm<"x">),
};

}  // namespace
}  // namespace rt
