// expect: Needs<\.\.\.> and its Granted arguments disagree
// Declared, but nothing was checked.
#include "src/op/op.h"

namespace rt {
namespace {

void op_x(OpContext&, std::string) {}

constexpr std::array kOps = {
    RT_OP(op_x, Needs<Perm::kRead>),
};

}  // namespace
}  // namespace rt
