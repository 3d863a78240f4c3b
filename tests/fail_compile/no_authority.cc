// expect: template argument|no matching function|expected .*token|__VA_ARGS__|primary-expression
// Every op says what it needs.
#include "src/op/op.h"

namespace rt {
namespace {

void op_x(OpContext&) {}

constexpr std::array kOps = {
    RT_OP(op_x),
};

}  // namespace
}  // namespace rt
