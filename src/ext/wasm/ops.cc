// A compilation of V8's that waits for bytes, as an object of JavaScript.
#include <v8-wasm.h>

#include "src/engine/isolate.h"
#include "src/engine/strings.h"
#include "src/ext/wasm/wasm.h"
#include "src/op/op.h"

namespace rt {
namespace {

class WasmStream final : public GcObject {
 public:
  explicit WasmStream(std::shared_ptr<v8::WasmStreaming> made)
      : GcObject(GcTypeIdOf<WasmStream>()), streaming(std::move(made)) {}
  const char* GetHumanReadableName() const override { return "rt::WasmStream"; }

  std::shared_ptr<v8::WasmStreaming> streaming;  // null: finished or aborted
};

class WasmState final : public ExtensionState {
 public:
  void Shutdown() override { wrapper_template.Reset(); }
  v8::Global<v8::FunctionTemplate> wrapper_template;
  // Begun and neither finished nor aborted. The collector takes none away: V8's own part stays.
  size_t open = 0;
};

// Nothing if it is over.
std::shared_ptr<v8::WasmStreaming> TakeStreaming(OpContext& cx, WasmStream* stream) {
  if (stream->streaming) --cx.State<WasmState>().open;
  return std::move(stream->streaming);
}

// Where the module is from, for its frames in stack traces.
void op_wasm_stream_url(OpContext&, WasmStream* stream, std::string url) {
  if (stream->streaming) stream->streaming->SetUrl(url.data(), url.size());
}

void op_wasm_stream_push(OpContext&, WasmStream* stream, std::span<uint8_t> bytes) {
  if (stream->streaming) stream->streaming->OnBytesReceived(bytes.data(), bytes.size());
}

// There are no more bytes: the program's promise is settled when they are compiled.
void op_wasm_stream_finish(OpContext& cx, WasmStream* stream) {
  if (auto streaming = TakeStreaming(cx, stream)) streaming->Finish();
}

// Rejects the program's promise.
void op_wasm_stream_abort(OpContext& cx, WasmStream* stream, v8::Local<v8::Value> reason) {
  if (auto streaming = TakeStreaming(cx, stream)) streaming->Abort(reason);
}

constexpr std::array kOps = {
    RT_OP(op_wasm_stream_url, NoPerm<"names bytes the script has">),
    RT_OP(op_wasm_stream_push, NoPerm<"compiles bytes the script has">),
    RT_OP(op_wasm_stream_finish, NoPerm<"compiles bytes the script has">),
    RT_OP(op_wasm_stream_abort, NoPerm<"ends what the script began">),
};
static_assert(UniqueNames(kOps));

}  // namespace

void StartWasmStreaming(const v8::FunctionCallbackInfo<v8::Value>& call) {
  v8::Isolate* isolate = call.GetIsolate();
  OpHost& host = *static_cast<OpHost*>(isolate->GetData(kIsolateOpHost));
  v8::Local<v8::Context> context = isolate->GetCurrentContext();
  auto streaming = v8::WasmStreaming::Unpack(isolate, call.Data());
  WasmState& state = *static_cast<WasmState*>(host.FindState("wasm"));
  ++state.open;
  auto& made = state.wrapper_template;
  if (made.IsEmpty()) made.Reset(isolate, GcWrapperTemplate(isolate, "WasmStream"));
  v8::Local<v8::Object> wrapper;
  v8::Local<v8::Value> hook;
  if (!made.Get(isolate)->InstanceTemplate()->NewInstance(context).ToLocal(&wrapper) ||
      !host.hooks()->Get(context, ToInternalized(isolate, "compileStream")).ToLocal(&hook)) {
    return;
  }
  WrapGc(isolate, wrapper, MakeGc<WasmStream>(isolate, std::move(streaming)));
  v8::Local<v8::Value> arguments[] = {call[0], wrapper};
  // The hook hands errors to V8 itself; what is thrown here is a termination.
  std::ignore = hook.As<v8::Function>()->Call(context, v8::Undefined(isolate), std::size(arguments),
                                              arguments);
}

bool WaitsForWasmBytes(const OpHost& host) {
  return static_cast<const WasmState*>(host.FindState("wasm"))->open > 0;
}

Extension WasmExtension() {
  return {
      .name = "wasm", .ops = kOps, .make_state = [](OpHost&) -> std::unique_ptr<ExtensionState> {
        return std::make_unique<WasmState>();
      }};
}

}  // namespace rt
