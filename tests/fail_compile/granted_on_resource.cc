// expect: Needs<\.\.\.> and its Granted arguments disagree
// A Granted argument besides the resource that gives the authority.
#include "src/op/op.h"

namespace rt {
namespace {

void op_x(OpContext&, Ref<Resource>, Granted<Perm::kRead, PathTarget>) {}

constexpr std::array kOps = {
    RT_OP(op_x, OnResource),
};

}  // namespace
}  // namespace rt
