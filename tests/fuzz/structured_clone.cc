// Fuzz target: what structuredClone is given. The messages themselves never come from outside of
// the process, but the values are a script's: bytes choose a graph of them (structured_clone.js),
// which goes through src/ext/messaging in a runtime that is otherwise as it was built.
#include <rt/op.h>
#include <rt/rt.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>

extern "C" int LLVMFuzzerRunDriver(int* argc, char*** argv,
                                   int (*run)(const uint8_t* data, size_t size));

namespace rt {
namespace {

int argument_count;
char** arguments;

struct Program {
  v8::Isolate* isolate;
  v8::Local<v8::Context> context;
  v8::Local<v8::Function> function;
};
Program* program;

int Run(const uint8_t* data, size_t size) {
  v8::Isolate* const isolate = program->isolate;
  v8::HandleScope handles(isolate);
  v8::TryCatch caught(isolate);
  auto buffer = v8::ArrayBuffer::New(isolate, size);
  if (size > 0) std::memcpy(buffer->Data(), data, size);
  v8::Local<v8::Value> bytes = v8::Uint8Array::New(buffer, 0, size);
  if (program->function->Call(program->context, v8::Undefined(isolate), 1, &bytes).IsEmpty()) {
    v8::String::Utf8Value text(isolate, caught.Exception());
    std::fprintf(stderr, "%s\n", *text ? *text : "an exception without a text");
    std::abort();
  }
  return 0;
}

// Calls the function with one input after the other, and ends the process.
v8::MaybeLocal<v8::Value> op_fuzz_run(OpContext& cx, v8::Local<v8::Value> function) {
  v8::Local<v8::Context> context = cx.isolate()->GetCurrentContext();
  Program made{cx.isolate(), context, function.As<v8::Function>()};
  program = &made;
  _Exit(LLVMFuzzerRunDriver(&argument_count, &arguments, Run));
}

constexpr std::array kOps = {RT_OP(op_fuzz_run, NoPerm<"a test">)};
const Extension kFuzz{.name = "fuzz", .ops = kOps};

int Main() {
  std::string error;
  if (!embed::Initialize({}, &error)) return 1;
  embed::RuntimeOptions options;
  options.allow_everything = true;
  options.features.push_back({&kFuzz, "globalThis.fuzz = ops.op_fuzz_run;"});
  auto runtime = embed::Runtime::Create(options, &error);
  if (!runtime) {
    std::fprintf(stderr, "%s\n", error.c_str());
    return 1;
  }
  // Each target runs in build/fuzz/<target>.
  runtime->RunFile("../../../tests/fuzz/structured_clone.js");
  return 1;  // it ends in op_fuzz_run
}

}  // namespace
}  // namespace rt

int main(int argc, char** argv) {
  rt::argument_count = argc;
  rt::arguments = argv;
  return rt::Main();
}
