// What a bare op call costs. Scripts cannot reach ops, so this is a program of its own: an isolate
// without the built-ins, a few ops that do nothing, the runtime's own trampolines, ring and
// delivery, and bench/ops/ops.js.
//   bench_ops <ops.js> <ring.js>      prints "<measure> <nanoseconds>" lines
#include <cstdio>
#include <fstream>
#include <sstream>

#include "src/engine/isolate.h"
#include "src/engine/platform.h"
#include "src/engine/strings.h"
#include "src/ext/core/core.h"
#include "src/loop/event.h"
#include "src/op/op.h"

namespace rt {
namespace {

struct BenchState final : ExtensionState {
  std::vector<Signal<int>*> waiting;
};

void op_bench_noop(OpContext&) {}
int32_t op_bench_add(OpContext&, int32_t a, int32_t b) {
  return static_cast<int32_t>(static_cast<uint32_t>(a) + static_cast<uint32_t>(b));
}
double op_bench_add_doubles(OpContext&, double a, double b) {
  return a + b;
}
uint32_t op_bench_first_byte(OpContext&, std::span<uint8_t> bytes) {
  return bytes[0];
}
Result<uint32_t> op_bench_result(OpContext&, uint32_t value) {
  return value;
}
std::string op_bench_string(OpContext&, std::string text) {
  return text;
}
double op_bench_clock(OpContext&) {
  return static_cast<double>(uv_hrtime());
}
Task<Result<uint32_t>> op_bench_at_once(OpContext&, uint32_t value) {
  co_return value;
}
// Ends in the next turn, as what waits for a socket does.
Task<Result<uint32_t>> op_bench_later(OpContext& cx, uint32_t value) {
  Signal<int> turn;
  cx.State<BenchState>().waiting.push_back(&turn);
  (void)co_await turn;
  co_return value;
}
void op_bench_print(OpContext&, std::string text) {
  std::printf("%s\n", text.c_str());
}

using Bench = NoPerm<"a benchmark">;
constexpr std::array kOps = {
    RT_OP(op_bench_noop, Bench, Fast::kRequire),
    RT_OP(op_bench_add, Bench, Fast::kRequire),
    RT_OP(op_bench_add_doubles, Bench, Fast::kRequire),
    RT_OP(op_bench_first_byte, Bench, Fast::kRequire),
    RT_OP(op_bench_result, Bench, Fast::kRequire),
    RT_OP(op_bench_string, Bench),
    RT_OP(op_bench_clock, Bench, Fast::kRequire),
    RT_OP(op_bench_at_once, Bench),
    RT_OP(op_bench_later, Bench),
    RT_OP(op_bench_print, Bench),
};
// The same without a fast call.
constexpr OpDecl SlowOnly(OpDecl row, std::string_view name) {
  row.name = name;
  row.fast = false;
  return row;
}
constexpr std::array kSlowOps = {
    SlowOnly(kOps[0], "op_bench_slow_noop"),
    SlowOnly(kOps[1], "op_bench_slow_add"),
};

std::string ReadFile(const char* path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  if (!file) std::fprintf(stderr, "bench_ops: cannot read %s\n", path);
  return text.str();
}

// A module of the built-ins as part of a script: its imports are globals, what it exports becomes
// global.
std::string WithoutModuleSyntax(const std::string& text) {
  std::string script;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("import ") || line.starts_with("export {")) continue;
    script += line.starts_with("export ") ? line.substr(7) : line;
    script += '\n';
  }
  return script;
}

bool RunScript(v8::Local<v8::Context> context, const std::string& text, const char* name) {
  v8::Isolate* const isolate = v8::Isolate::GetCurrent();
  v8::TryCatch caught(isolate);
  v8::ScriptOrigin origin(ToV8String(isolate, name));
  v8::Local<v8::Script> script;
  if (v8::Script::Compile(context, ToV8String(isolate, text), &origin).ToLocal(&script) &&
      !script->Run(context).IsEmpty()) {
    return true;
  }
  std::fprintf(stderr, "bench_ops: %s\n", ToUtf8(isolate, caught.Message()->Get()).c_str());
  return false;
}

int Run(const char* bench, const char* ring) {
  auto loop = Loop::Create();
  auto permissions = Permissions::FromOptions({});
  if (!loop.ok() || !permissions.ok()) return 1;
  const Extension extensions[] = {
      CoreExtension(),
      {.name = "bench",
       .ops = kOps,
       .make_state = [](OpHost&) -> std::unique_ptr<ExtensionState> {
         return std::make_unique<BenchState>();
       }},
      {.name = "bench_slow", .ops = kSlowOps},
  };
  OpHost host(extensions, std::move(*loop), std::move(*permissions), {}, {});
  const UniqueIsolate owned = NewIsolate({});
  v8::Isolate* const isolate = owned.get();
  const v8::Isolate::Scope in_isolate(isolate);
  host.AttachIsolate(isolate);
  int exit_code = 1;
  {
    const v8::HandleScope handles(isolate);
    v8::Local<v8::Context> context = v8::Context::New(isolate);
    const v8::Context::Scope in_context(context);
    for (const Extension& extension : extensions) {
      v8::Local<v8::Object> ops = host.InstallOps(context, extension);
      v8::Local<v8::Array> names = ops->GetOwnPropertyNames(context).ToLocalChecked();
      for (uint32_t i = 0; i < names->Length(); ++i) {
        v8::Local<v8::Value> name = names->Get(context, i).ToLocalChecked();
        context->Global()->Set(context, name, ops->Get(context, name).ToLocalChecked()).Check();
      }
    }
    BenchState* state = nullptr;
    for (OpHost::Context& row : host.contexts()) {
      if (row.extension->name == "bench") state = static_cast<BenchState*>(row.state);
    }
    if (RunScript(context, WithoutModuleSyntax(ReadFile(ring)), "ring.js") &&
        RunScript(context, ReadFile(bench), "ops.js")) {
      v8::Local<v8::Function> deliver = context->Global()
                                            ->Get(context, ToV8String(isolate, "deliver"))
                                            .ToLocalChecked()
                                            .As<v8::Function>();
      isolate->PerformMicrotaskCheckpoint();
      const auto tasks = TasksOf(isolate);
      while (host.async_calls().pending_count() > 0) {
        const v8::HandleScope turn(isolate);
        tasks->RunReady();
        for (Signal<int>* signal : std::exchange(state->waiting, {})) signal->Set(1);
        host.async_calls().Deliver(isolate, context, deliver);
        isolate->PerformMicrotaskCheckpoint();
        host.loop().Poll(false);
      }
      exit_code = 0;
    }
    host.Shutdown();
  }
  return exit_code;
}

}  // namespace
}  // namespace rt

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: bench_ops <ops.js> <ring.js>\n");
    return 2;
  }
  if (!rt::InitializePlatform({}).ok()) return 1;
  return rt::Run(argv[1], argv[2]);
}
