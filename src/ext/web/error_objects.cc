// Objects that are errors to the language and are not made by Error: what a DOMException has to be
// (Error.isError, https://webidl.spec.whatwg.org/#js-DOMException-specialness).
#include "src/engine/isolate.h"
#include "src/ext/web/web.h"
#include "src/op/op.h"

namespace rt {
namespace {

class ErrorObjects final : public ExtensionState {
 public:
  void Shutdown() override { template_.Reset(); }

  v8::Local<v8::FunctionTemplate> Template(v8::Isolate* isolate) {
    if (template_.IsEmpty()) template_.Reset(isolate, v8::FunctionTemplate::New(isolate));
    return template_.Get(isolate);
  }

  bool Made(v8::Isolate* isolate, v8::Local<v8::Object> object) {
    return !template_.IsEmpty() && template_.Get(isolate)->HasInstance(object);
  }

 private:
  v8::Global<v8::FunctionTemplate> template_;
};

// The constructor of plain objects that are errors.
v8::MaybeLocal<v8::Value> op_web_error_objects(OpContext& cx) {
  v8::Isolate* isolate = cx.isolate();
  v8::Local<v8::Function> constructor;
  if (!cx.State<ErrorObjects>()
           .Template(isolate)
           ->GetFunction(isolate->GetCurrentContext())
           .ToLocal(&constructor)) {
    return {};
  }
  return constructor;
}

constexpr std::array kOps = {
    RT_OP(op_web_error_objects, NoPerm<"an object in memory">),
};
static_assert(UniqueNames(kOps));

}  // namespace

bool IsErrorObject(v8::Isolate* isolate, v8::Local<v8::Object> object) {
  OpHost& host = *static_cast<OpHost*>(isolate->GetData(kIsolateOpHost));
  return static_cast<ErrorObjects*>(host.FindState("web_errors"))->Made(isolate, object);
}

Extension WebErrorsExtension() {
  return {.name = "web_errors",
          .ops = kOps,
          .make_state = [](OpHost&) -> std::unique_ptr<ExtensionState> {
            return std::make_unique<ErrorObjects>();
          }};
}

}  // namespace rt
