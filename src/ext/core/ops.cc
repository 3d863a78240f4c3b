#include "src/ext/core/core.h"

#include "src/engine/isolate.h"
#include "src/op/op.h"

namespace rt {
namespace {

v8::Local<v8::Value> op_core_pending_marker(OpContext& cx) {
  v8::Local<v8::Symbol> marker =
      v8::Symbol::New(cx.isolate(), ToInternalized(cx.isolate(), "rt.pending"));
  cx.host().SetPendingMarker(marker);
  return marker;
}

void op_core_set_hooks(OpContext& cx, v8::Local<v8::Object> hooks) {
  cx.host().SetHooks(hooks);
}

class CoreState final : public ExtensionState {
 public:
  void Shutdown() override { load_bundle = nullptr; }
  BundleLoader load_bundle;
};

// What a bundle of built-ins that is not in the snapshot exports (js/lazy/README.md).
v8::MaybeLocal<v8::Value> op_core_load_bundle(OpContext& cx, std::string name) {
  const BundleLoader& load = cx.State<CoreState>().load_bundle;
  Result<v8::Local<v8::Object>> loaded =
      load ? load(name) : Error::Make(ErrorClass::kError, "there are no bundles");
  if (!loaded.ok()) {
    cx.host().errors().Throw(cx.isolate(), loaded.error());
    return {};
  }
  return loaded->As<v8::Value>();
}

bool op_core_set_op_referenced(OpContext& cx, uint32_t promise_id, bool referenced) {
  return cx.host().async_calls().SetReferenced(promise_id, referenced);
}

// Something JavaScript waits for, that no op knows, keeps the program alive: one true, one false
// each.
void op_core_hold(OpContext& cx, bool on) {
  if (on) {
    cx.loop().AddRef();
  } else {
    cx.loop().ReleaseRef();
  }
}

void op_run_microtasks(OpContext& cx) {
  cx.host().RunMicrotasks();
}

// `runner` is to be called at the end of the task that runs now; the same function each time.
void op_core_raise_ticks(OpContext& cx, v8::Local<v8::Function> runner) {
  cx.host().RaiseTicks(runner);
}

std::vector<std::pair<uint32_t, std::string>> op_core_resources(OpContext& cx) {
  return cx.resources().List();
}

Result<void> op_core_close(OpContext& cx, uint32_t rid) {
  return cx.resources().Close(rid);
}

void op_core_try_close(OpContext& cx, uint32_t rid) {
  (void)cx.resources().Close(rid);
}

void op_core_exit(OpContext& cx, int32_t code) {
  cx.host().RequestExit(code);
}

void op_core_report_exception(OpContext& cx, v8::Local<v8::Value> exception) {
  cx.host().ReportException(exception);
}

void op_core_set_exit_code(OpContext& cx, int32_t code) {
  cx.host().set_exit_code(code);
}

// The value of a lazy property: what the hook `loadLazy` returns. V8 calls this at the first read
// and makes the property an ordinary one.
void LoadLazyProperty(v8::Local<v8::Name>, const v8::PropertyCallbackInfo<v8::Value>& info) {
  v8::Isolate* const isolate = info.GetIsolate();
  v8::Local<v8::Context> context = isolate->GetCurrentContext();
  const auto* host = static_cast<const OpHost*>(isolate->GetData(kIsolateOpHost));
  if (host == nullptr || !host->has_hooks()) return;  // the isolate of a tool: it has no program
  v8::Local<v8::Value> load;
  v8::Local<v8::Value> value;
  v8::Local<v8::Value> number = info.Data();
  if (host->hooks()->Get(context, ToInternalized(isolate, "loadLazy")).ToLocal(&load) &&
      load.As<v8::Function>()->Call(context, v8::Undefined(isolate), 1, &number).ToLocal(&value)) {
    info.GetReturnValue().Set(value);
  }
}

// A writable and configurable data property whose value is computed when it is first read. V8 puts
// the number into the part of the snapshot that all contexts share: a function would take its
// context along.
void op_core_define_lazy(OpContext& cx, v8::Local<v8::Object> target, const std::string& name,
                         uint32_t number, bool enumerable) {
  target
      ->SetLazyDataProperty(cx.isolate()->GetCurrentContext(), ToInternalized(cx.isolate(), name),
                            LoadLazyProperty, v8::Integer::New(cx.isolate(), number),
                            enumerable ? v8::None : v8::DontEnum)
      .Check();
}

// What the snapshot refers to.
const std::array kReferences = {reinterpret_cast<intptr_t>(&LoadLazyProperty),
                                reinterpret_cast<intptr_t>(&GiveOps)};

int32_t op_core_add(OpContext&, int32_t a, int32_t b) {
  return a + b;
}

constexpr std::array kOps = {
    RT_OP(op_core_pending_marker, NoPerm<"the runtime's own plumbing">),
    RT_OP(op_core_set_hooks, NoPerm<"the runtime's own plumbing">),
    RT_OP(op_core_load_bundle, NoPerm<"rt's own code">),
    RT_OP(op_core_set_op_referenced, NoPerm<"the runtime's own plumbing">),
    RT_OP(op_core_define_lazy, NoPerm<"the runtime's own plumbing">),
    RT_OP(op_core_hold, NoPerm<"the runtime's own plumbing">),
    // Never a fast call: what it runs may deoptimise its caller, which would then go on regardless.
    RT_OP(op_run_microtasks, NoPerm<"runs what the script queued itself">, Fast::kOff),
    RT_OP(op_core_raise_ticks, NoPerm<"runs what the script queued itself">),
    RT_OP(op_core_resources, NoPerm<"names the script's own resources">),
    RT_OP(op_core_close, NoPerm<"closes the script's own resource">),
    RT_OP(op_core_try_close, NoPerm<"closes the script's own resource">),
    RT_OP(op_core_exit, NoPerm<"ends the script's own process">),
    RT_OP(op_core_report_exception, NoPerm<"ends the script's own process">),
    RT_OP(op_core_set_exit_code, NoPerm<"ends the script's own process">),
    RT_OP(op_core_add, NoPerm<"pure; measures the cost of a call">, Fast::kRequire),
};
static_assert(UniqueNames(kOps));

}  // namespace

void SetBundleLoader(OpHost& host, BundleLoader loader) {
  static_cast<CoreState*>(host.FindState("core"))->load_bundle = std::move(loader);
}

void GiveOps(const v8::FunctionCallbackInfo<v8::Value>& info) {
  v8::Isolate* const isolate = info.GetIsolate();
  auto* const host = static_cast<OpHost*>(isolate->GetData(kIsolateOpHost));
  if (host == nullptr) return;  // the isolate of a tool
  const std::string name = ToUtf8(isolate, info[0].As<v8::String>());
  for (const Extension& extension : host->extensions()) {
    if (extension.name != name) continue;
    info.GetReturnValue().Set(host->InstallOps(isolate->GetCurrentContext(), extension));
    return;
  }
}

Extension CoreExtension() {
  return {.name = "core",
          .ops = kOps,
          .make_state = [](OpHost&) -> std::unique_ptr<ExtensionState> {
            return std::make_unique<CoreState>();
          },
          .external_references = kReferences};
}

}  // namespace rt
