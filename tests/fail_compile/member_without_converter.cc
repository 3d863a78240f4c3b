// expect: incomplete type .*FromJs<.*Unknown
// A struct is as convertible as its members.
#include "src/op/op.h"

namespace rt {
namespace {

struct Unknown {};
struct Item {
  Unknown member;
};
RT_STRUCT(Item, RT_FIELD(member))
void op_x(OpContext&, Item) {}

constexpr std::array kOps = {
    RT_OP(op_x, NoPerm<"x">),
};

}  // namespace
}  // namespace rt
