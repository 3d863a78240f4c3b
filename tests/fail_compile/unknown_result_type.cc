// expect: incomplete type .*ToJs<.*Unknown
// A result without a converter.
#include "src/op/op.h"

namespace rt {
namespace {

struct Unknown {};
Unknown op_x(OpContext&) {
  return {};
}

constexpr std::array kOps = {
    RT_OP(op_x, NoPerm<"x">),
};

}  // namespace
}  // namespace rt
