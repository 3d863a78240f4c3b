// Reading and writing any resource by rid. An extension of its own, because the core's ops must all
// be synchronous: the stubs of async ops are made by JavaScript that imports the core.
#include "src/ext/core/core.h"
#include "src/op/op.h"
#include "src/resource/pipe.h"

namespace rt {
namespace {

Task<Result<double>> op_resource_read(OpContext& cx, Ref<Resource> resource, Bytes buffer) {
  RT_CO_TRY(const size_t size, co_await resource->Read(std::move(buffer)));
  co_return static_cast<double>(size);
}

// The same, with null for the end: for functions that hand on what they are given.
Task<Result<std::optional<double>>> op_resource_read_or_end(OpContext& cx, Ref<Resource> resource,
                                                            Bytes buffer) {
  const bool is_empty = buffer.empty();
  RT_CO_TRY(const size_t size, co_await resource->Read(std::move(buffer)));
  if (size == 0 && !is_empty) co_return std::optional<double>();
  co_return std::optional<double>(static_cast<double>(size));
}

Task<Result<double>> op_resource_write(OpContext& cx, Ref<Resource> resource, Bytes buffer) {
  RT_CO_TRY(const size_t size, co_await resource->Write(std::move(buffer)));
  co_return static_cast<double>(size);
}

// What op_resource_write would answer, without what a promise costs. -1: it has to be asked, which
// also refuses what is no buffer of ours to write from.
Result<double> op_resource_write_now(OpContext& cx, Ref<Resource> resource,
                                     v8::Local<v8::Value> data) {
  if (!data->IsArrayBufferView()) return -1.0;
  const v8::Local<v8::ArrayBufferView> view = data.As<v8::ArrayBufferView>();
  const v8::Local<v8::ArrayBuffer> buffer = view->Buffer();
  // V8 says ArrayBuffer of either kind.
  if (v8::Local<v8::Value>(buffer)->IsSharedArrayBuffer()) return -1.0;
  if (buffer->IsResizableByUserJavaScript()) return -1.0;
  const auto* bytes = static_cast<const uint8_t*>(buffer->Data()) + view->ByteOffset();
  std::optional<Result<size_t>> size = resource->WriteNow({bytes, view->ByteLength()});
  if (!size) return -1.0;
  if (!size->ok()) return size->TakeError();
  return static_cast<double>(**size);
}

Task<Result<void>> op_resource_shutdown(OpContext& cx, Ref<Resource> resource) {
  return resource->CloseWrite();
}

Result<double> op_resource_read_sync(OpContext& cx, Ref<Resource> resource,
                                     std::span<uint8_t> buffer) {
  RT_TRY(const size_t size, resource->ReadSync(buffer));
  return static_cast<double>(size);
}

Result<double> op_resource_write_sync(OpContext& cx, Ref<Resource> resource,
                                      std::span<uint8_t> buffer) {
  RT_TRY(const size_t size, resource->WriteSync(buffer));
  return static_cast<double>(size);
}

// A pipe from one resource to another, not running yet.
Result<Rid> op_resource_pipe(OpContext& cx, Ref<Resource> from, Ref<Resource> to) {
  return cx.resources().Add(MakeResource<Pipe>(std::move(from), std::move(to)));
}

// How many bytes went over.
Task<Result<double>> op_resource_pipe_run(OpContext& cx, Ref<Pipe> pipe) {
  RT_CO_TRY(const uint64_t moved, co_await pipe->Run());
  co_return static_cast<double>(moved);
}

// Of a pipe that failed: whether the error is the sink's.
bool op_resource_pipe_sink_failed(OpContext& cx, Ref<Pipe> pipe) {
  return pipe->sink_failed();
}

constexpr std::array kOps = {
    RT_OP(op_resource_read, OnResource),       RT_OP(op_resource_read_or_end, OnResource),
    RT_OP(op_resource_write, OnResource),      RT_OP(op_resource_write_now, OnResource),
    RT_OP(op_resource_shutdown, OnResource),   RT_OP(op_resource_read_sync, OnResource),
    RT_OP(op_resource_write_sync, OnResource), RT_OP(op_resource_pipe, OnResource),
    RT_OP(op_resource_pipe_run, OnResource),   RT_OP(op_resource_pipe_sink_failed, OnResource),
};
static_assert(UniqueNames(kOps));

}  // namespace

Extension ResourceExtension() {
  return {.name = "resource", .ops = kOps};
}

}  // namespace rt
