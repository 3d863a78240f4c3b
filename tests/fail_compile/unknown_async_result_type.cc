// expect: incomplete type .*ToJs<.*Unknown
// The same for an async op.
#include "src/op/op.h"

namespace rt {
namespace {

struct Unknown {};
Task<Result<Unknown>> op_x(OpContext&) {
  co_return Unknown{};
}

constexpr std::array kOps = {
    RT_OP(op_x, NoPerm<"x">),
};

}  // namespace
}  // namespace rt
