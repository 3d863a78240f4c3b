#include "src/op/op.h"

namespace rt::internal {

OpHost::Context& RowOf(v8::Local<v8::Value> data) {
  return *static_cast<OpHost::Context*>(data.As<v8::External>()->Value());
}

void TracedCall(const v8::FunctionCallbackInfo<v8::Value>& info, OpHost::Context& row,
                SlowBody body) {
  v8::Isolate* const isolate = info.GetIsolate();
  v8::HandleScope handles(isolate);
  Tracer& tracer = row.host->tracer();
  const bool is_async = row.decl->kind == OpKind::kAsync;
  std::array<TraceValue, kMaxOpArguments> arguments;
  for (uint8_t i = 0; i < row.decl->arity; ++i) {
    arguments[i] = TraceValue::Of(info[i + (is_async ? 1 : 0)]);
  }
  tracer.Begin(*row.decl, is_async ? CallPath::kAsync : CallPath::kSlow,
               std::span(arguments).first(row.decl->arity));
  // Who only wants names pays for no more. A checkpoint throws nothing, but what goes wrong in it
  // is reported only where no TryCatch is in the way.
  if (!tracer.detailed() || row.decl->name == "op_run_microtasks") {
    body(info, row);
    if (isolate->HasPendingException()) return tracer.EndThrew({});
  } else {
    v8::TryCatch caught(isolate);
    body(info, row);
    if (caught.HasCaught()) {
      tracer.EndThrew(caught.HasTerminated() ? v8::Local<v8::Value>() : caught.Exception());
      caught.ReThrow();
      return;
    }
  }
  v8::Local<v8::Value> result = info.GetReturnValue().Get();
  if (is_async && result->StrictEquals(row.host->pending_marker())) {
    // Otherwise it had its answer at once.
    return tracer.EndPending(info[0].As<v8::Uint32>()->Value());
  }
  tracer.End(TraceValue::Of(result));
}

Error TooLarge(std::string_view op_name) {
  return Error::Range(std::string(op_name) + ": the result is too large for JavaScript");
}

void ReturnPending(const v8::FunctionCallbackInfo<v8::Value>& info, OpHost& host) {
  // A value no op returns: the stub compares with it.
  info.GetReturnValue().Set(host.pending_marker());
}

}  // namespace rt::internal
