#include "src/op/op.h"

namespace rt::internal {

OpHost::Context& RowOf(v8::Local<v8::Value> data) {
  return *static_cast<OpHost::Context*>(data.As<v8::External>()->Value());
}

void TracedSlow(const v8::FunctionCallbackInfo<v8::Value>& info) {
  OpHost::Context& row = RowOf(info.Data());
  const Tracer& tracer = row.host->tracer();
  tracer.Write(row.decl->name, TraceEvent::kDispatched, CallPath::kSlow);
  row.decl->slow[0](info);
  tracer.Write(
      row.decl->name,
      info.GetIsolate()->HasPendingException() ? TraceEvent::kThrew : TraceEvent::kCompleted,
      CallPath::kSlow);
}

void TracedAsync(const v8::FunctionCallbackInfo<v8::Value>& info) {
  OpHost::Context& row = RowOf(info.Data());
  const Tracer& tracer = row.host->tracer();
  tracer.Write(row.decl->name, TraceEvent::kDispatched, CallPath::kAsync);
  row.decl->slow[0](info);
  if (info.GetIsolate()->HasPendingException()) {
    tracer.Write(row.decl->name, TraceEvent::kThrew, CallPath::kAsync);
  } else if (!info.GetReturnValue().Get()->StrictEquals(row.host->pending_marker())) {
    // It had its answer at once; otherwise the delivery writes CompletedAsync.
    tracer.Write(row.decl->name, TraceEvent::kCompleted, CallPath::kAsync);
  }
}

Error TooLarge(std::string_view op_name) {
  return Error::Range(std::string(op_name) + ": the result is too large for JavaScript");
}

void ReturnPending(const v8::FunctionCallbackInfo<v8::Value>& info, OpHost& host) {
  // A value no op returns: the stub compares with it.
  info.GetReturnValue().Set(host.pending_marker());
}

}  // namespace rt::internal
