// Must compile: the snippets around it differ from this by their mistake only.
#include "src/op/op.h"
#include "src/permissions/sinks.h"

namespace rt {
namespace {

class Thing : public Resource {
 public:
  Thing() : Resource(TypeIdOf<Thing>()) {}
  std::string_view name() const override { return "thing"; }
  void Close() override {}
};
struct Item {
  std::string name;
  std::optional<uint32_t> size;
};
RT_STRUCT(Item, RT_FIELD(name), RT_FIELD(size))

using ReadPath = Granted<Perm::kRead, PathTarget>;

int32_t op_add(OpContext&, int32_t a, int32_t b) {
  return a + b;
}
Result<std::string> op_text(OpContext&, std::string text, std::vector<Item>) {
  return text;
}
double op_sum(OpContext&, std::span<uint8_t> bytes) {
  return static_cast<double>(bytes.size());
}
v8::Local<v8::Value> op_value(OpContext&, v8::Local<v8::Value> value) {
  return value;
}
Task<Result<Bytes>> op_wait(OpContext&, Bytes bytes) {
  co_return bytes;
}
Result<uint32_t> op_open(OpContext&, ReadPath path) {
  RT_TRY(const OwnedFd fd, OpenForRead(path, "open"));
  return static_cast<uint32_t>(fd.get());
}
Task<Result<void>> op_move(OpContext&, GrantedReadWrite<PathTarget>) {
  co_return Result<void>();
}
void op_use(OpContext&, Ref<Thing>) {}
Result<void> op_decide(OpContext& cx, std::string path) {
  RT_TRY(const ReadPath granted, GrantAccess::CheckPath<Perm::kRead>(cx.permissions(), path, "x"));
  return {};
}

constexpr std::array kOps = {
    RT_OP(op_add, NoPerm<"pure">, Fast::kRequire),
    RT_OP(op_text, NoPerm<"pure">),
    RT_OP(op_sum, NoPerm<"pure">, Fast::kRequire),
    RT_OP(op_value, NoPerm<"pure">),
    RT_OP(op_wait, NoPerm<"pure">),
    RT_OP(op_open, Needs<Perm::kRead>),
    RT_OP(op_move, Needs<Perm::kRead, Perm::kWrite>),
    RT_OP(op_use, OnResource),
    RT_OP(op_decide, InBody<"the path is decided inside", Perm::kRead>),
};
static_assert(UniqueNames(kOps));

}  // namespace
}  // namespace rt
