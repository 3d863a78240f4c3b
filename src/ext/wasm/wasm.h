// WebAssembly.compileStreaming and instantiateStreaming
// (https://webassembly.github.io/spec/web-api): V8 compiles while the bytes of a Response arrive,
// which js/ext/wasm/streaming.js hands over.
#pragma once

#include "src/op/op_host.h"

namespace rt {

Extension WasmExtension();

// Where V8 begins one: data is its `WasmStreaming`, the argument what the program's promise gave.
// V8 has the two functions only in contexts made after this was set with SetWasmStreamingCallback.
// Calls the hook `compileStream(source, stream)`.
void StartWasmStreaming(const v8::FunctionCallbackInfo<v8::Value>& call);

// Whether one has begun whose bytes have not all come. To V8 that is background work, whether or
// not anything can bring them.
bool WaitsForWasmBytes(const OpHost& host);

}  // namespace rt
