// expect: an async op must own its arguments
// The collector may take the object while the op waits.
#include "src/op/op.h"

namespace rt {
namespace {

class Thing final : public GcObject {
 public:
  Thing() : GcObject(GcTypeIdOf<Thing>()) {}
  const char* GetHumanReadableName() const override { return "Thing"; }
};
Task<Result<void>> op_x(OpContext&, Thing*) {
  co_return Result<void>();
}

constexpr std::array kOps = {
    RT_OP(op_x, NoPerm<"x">),
};

}  // namespace
}  // namespace rt
