// rt::embed: extensions of the embedding program.
#include <gtest/gtest.h>
#include <rt/op.h>
#include <rt/rt.h>

namespace rt {
namespace {

int live_counters = 0;

class Counter final : public GcObject {
 public:
  Counter() : GcObject(GcTypeIdOf<Counter>()) { ++live_counters; }
  ~Counter() override { --live_counters; }
  const char* GetHumanReadableName() const override { return "Counter"; }
  int32_t count = 0;
};

class CounterState final : public ExtensionState {
 public:
  void Shutdown() override { wrapper.Reset(); }
  v8::Global<v8::FunctionTemplate> wrapper;
};

v8::MaybeLocal<v8::Value> op_counter_make(OpContext& cx) {
  return MakeWrapped<Counter>(cx.isolate(), cx.State<CounterState>().wrapper, "Counter");
}
int32_t op_counter_add(OpContext&, Counter* counter, int32_t by) {
  return counter->count += by;
}
double op_counter_half(OpContext&, double number) {
  return number / 2;
}
Task<Result<double>> op_counter_later(OpContext& cx, double number) {
  if (number < 0) co_return Error::Range("it is negative");
  co_await SleepMs(cx.loop(), 1);
  co_return number * 2;
}

constexpr std::array kOps = {
    RT_OP(op_counter_make, NoPerm<"memory">),
    RT_OP(op_counter_add, NoPerm<"memory">),
    RT_OP(op_counter_half, NoPerm<"arithmetic">, Fast::kRequire),
    RT_OP(op_counter_later, NoPerm<"arithmetic">),
};
const Extension kCounter{
    .name = "counter", .ops = kOps, .make_state = [](OpHost&) -> std::unique_ptr<ExtensionState> {
      return std::make_unique<CounterState>();
    }};

std::unique_ptr<embed::Runtime> Make(const std::string& script, std::string* error,
                                     const Extension& extension = kCounter) {
  embed::RuntimeOptions options;
  options.permissions["read"].allow_all = true;
  options.features.push_back({&extension, script});
  return embed::Runtime::Create(options, error);
}

int ExitCodeOf(const std::string& text) {
  std::string error;
  auto runtime = Make("globalThis.ops = ops", &error);
  EXPECT_TRUE(runtime) << error;
  return runtime ? runtime->RunText("test.js", text) : -2;
}

TEST(Feature, OpsDoWhatTheySay) {
  EXPECT_EQ(ExitCodeOf("const c = ops.op_counter_make(); ops.op_counter_add(c, 3);"
                       "Deno.exit(ops.op_counter_add(c, 4) + ops.op_counter_half(20))"),
            17);
}

TEST(Feature, FastCallsAnswerTheSame) {
  EXPECT_EQ(ExitCodeOf("let sum = 0; for (let i = 0; i < 1e5; i++) sum += ops.op_counter_half(i);"
                       "Deno.exit(sum === 2499975000 ? 3 : 4)"),
            3);
}

TEST(Feature, AsynchronousOpsWaitAndFail) {
  EXPECT_EQ(ExitCodeOf("const p = ops.op_counter_later(21);"
                       "Deno.exit(p instanceof Promise ? await p : 1)"),
            42);
  EXPECT_EQ(ExitCodeOf(
                "try { await ops.op_counter_later(-1) } catch (e) {"
                "  Deno.exit(e instanceof RangeError && e.message === 'it is negative' ? 5 : 6) }"),
            5);
}

TEST(Feature, WrongArgumentsAreTypeErrors) {
  EXPECT_EQ(ExitCodeOf(
                "let n = 0; for (const wrong of [undefined, 1, {}, Symbol(), new Proxy({}, {})]) {"
                "  try { ops.op_counter_add(wrong, 1) } catch (e) { n += e instanceof TypeError } }"
                "try { ops.op_counter_half('1') } catch (e) { n += e instanceof TypeError }"
                "Deno.exit(n)"),
            6);
}

TEST(Feature, TheCollectorFreesObjects) {
  live_counters = 0;
  EXPECT_EQ(ExitCodeOf("for (let i = 0; i < 1000; i++) ops.op_counter_make()"), 0);
  EXPECT_EQ(live_counters, 0);
}

TEST(Feature, ReachesWorkers) {
  EXPECT_EQ(
      ExitCodeOf("const w = new Worker('data:text/javascript,postMessage(ops.op_counter_half(12))',"
                 "  { type: 'module' });"
                 "w.onmessage = (e) => Deno.exit(e.data)"),
      6);
}

TEST(Feature, ThePlaceOfAnErrorIsThatOfItsScript) {
  std::string error;
  EXPECT_EQ(Make("\n\nthrow new TypeError('early')", &error), nullptr);
  EXPECT_NE(error.find("the script of the feature \"counter\" failed: "), std::string::npos)
      << error;
  EXPECT_NE(error.find("early"), std::string::npos) << error;
  EXPECT_NE(error.find("rt:feature/counter.js:3"), std::string::npos) << error;
  EXPECT_EQ(Make("this is no JavaScript", &error), nullptr);
  EXPECT_NE(error.find("SyntaxError"), std::string::npos) << error;
}

TEST(Feature, NamesAreTakenOnce) {
  std::string error;
  const Extension fs{.name = "fs", .ops = kOps};
  EXPECT_EQ(Make("", &error, fs), nullptr);
  EXPECT_EQ(error, "there is an extension named \"fs\" already");
  const Extension bad{.name = "Bad name", .ops = kOps};
  EXPECT_EQ(Make("", &error, bad), nullptr);
  embed::RuntimeOptions twice;
  const Extension other{.name = "other", .ops = kOps};
  twice.features = {{&kCounter, ""}, {&other, ""}};
  EXPECT_EQ(embed::Runtime::Create(twice, &error), nullptr);
  EXPECT_EQ(error, "there is an op named \"op_counter_make\" already");
}

TEST(Feature, NothingOfItWithoutAScript) {
  std::string error;
  auto runtime = Make("", &error);
  ASSERT_TRUE(runtime) << error;
  EXPECT_EQ(runtime->RunText("test.js", "Deno.exit(typeof ops === 'undefined' ? 2 : 3)"), 2);
}

}  // namespace
}  // namespace rt
