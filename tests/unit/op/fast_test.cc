// The fast path: that optimised code takes it, that it throws like the slow one, and what it is
// given.
#include <gtest/gtest.h>

#include "fixture.h"

namespace rt {
namespace {

// Tracing tells the paths apart, on stderr; here it is captured.
class FastTest : public OpFixture {
 protected:
  // Defines f(...) around the op and lets the optimising compiler have it.
  void Optimize(const std::string& parameters, const std::string& call, const std::string& warm) {
    Run("function f(" + parameters + ") { return " + call + "; }" +
        "%PrepareFunctionForOptimization(f); " + warm + ";" + warm + ";" +
        "%OptimizeFunctionOnNextCall(f); " + warm);
  }
  std::string Traced(const std::string& source) {
    testing::internal::CaptureStderr();
    outcome_ = Run(source);
    const std::string text = testing::internal::GetCapturedStderr();
    std::string paths;
    size_t at = 0;
    while ((at = text.find(" : ", at)) != std::string::npos) {
      const size_t end = text.find('\n', at);
      paths += text.substr(at + 3, end - at - 3) + ";";
      at = end;
    }
    return paths;
  }
  void Trace() { Restart({}, TraceFilter::Everything()); }
  void SetUp() override {
    OpFixture::SetUp();
    Trace();
  }
  std::string outcome_;
};

TEST_F(FastTest, InterpretedCodeTakesTheSlowPath) {
  EXPECT_EQ(Traced("ops.op_fast_add(1, 2)"), "Dispatched Slow;Completed Slow;");
  EXPECT_EQ(outcome_, "3");
}

TEST_F(FastTest, OptimisedCodeTakesTheFastPath) {
  Optimize("a, b", "ops.op_fast_add(a, b)", "f(1, 2)");
  const int before = state().calls;
  EXPECT_EQ(Traced("f(20, 22)"), "Dispatched Fast;Completed Fast;");
  EXPECT_EQ(outcome_, "42");
  EXPECT_EQ(state().calls, before + 1);
}

TEST_F(FastTest, AnOpWithFastOffNeverDoes) {
  Optimize("a, b", "ops.op_slow_add(a, b)", "f(1, 2)");
  EXPECT_EQ(Traced("f(1, 2)"), "Dispatched Slow;Completed Slow;");
}

TEST_F(FastTest, UntracedFastCalls) {
  Restart({}, {});
  Optimize("a, b", "ops.op_fast_add(a, b)", "f(1, 2)");
  const int before = state().calls;
  EXPECT_EQ(Run("let sum = 0; for (let i = 0; i < 1000; ++i) sum = f(sum, 1); sum"), "1000");
  EXPECT_EQ(state().calls, before + 1000);
}

TEST_F(FastTest, Throws) {
  Optimize("fail", "ops.op_fast_throws(fail)", "f(false)");
  EXPECT_EQ(Traced("f(false)"), "Dispatched Fast;Completed Fast;");
  EXPECT_EQ(outcome_, "5");
  EXPECT_EQ(Traced("f(true)"), "Dispatched Fast;Threw Fast;");
  EXPECT_EQ(outcome_, "threw: Error: fast and absent [ENOENT]");
  Run("function g(fail) { try { return ops.op_fast_throws(fail); } catch (e) { return e.code; } }"
      "%PrepareFunctionForOptimization(g); g(false); g(true); %OptimizeFunctionOnNextCall(g); "
      "g(false)");
  EXPECT_EQ(Traced("g(true)"), "Dispatched Fast;Threw Fast;");
  EXPECT_EQ(outcome_, "ENOENT");
}

TEST_F(FastTest, ADomExceptionKeepsItsNameWithoutRunningJavaScript) {
  Optimize("fail", "ops.op_fast_dom(fail)", "f(false)");
  EXPECT_EQ(Traced("f(true)"), "Dispatched Fast;Threw Fast;");
  EXPECT_EQ(outcome_, "threw: AbortError: fast and gone");
}

TEST_F(FastTest, Spans) {
  Run("var bytes = new Uint8Array([1, 2, 3]), big = new Uint8Array(100000).fill(1);");
  Optimize("b, n", "ops.op_span_sum(b, n)", "f(bytes, 1)");
  EXPECT_EQ(Traced("f(bytes, 4)"), "Dispatched Fast;Completed Fast;");
  EXPECT_EQ(outcome_, "10");
  EXPECT_EQ(Run("f(big, 0)"), "100000");
  EXPECT_EQ(Run("f(bytes.subarray(1, 2), 0)"), "2");
  EXPECT_EQ(Run("f(new Uint8Array(0), 9)"), "9");
  EXPECT_EQ(Run("f(new DataView(bytes.buffer, 2), 0)"), "3");
  EXPECT_EQ(Run("f(bytes.buffer, 0)"), "6");
}

TEST_F(FastTest, ABadSpanThrowsTheSameWordsAsTheSlowPath) {
  Run("var bytes = new Uint8Array(1);");
  Optimize("a, b", "ops.op_two_spans(a, b)", "f(bytes, bytes)");
  const int before = state().calls;
  EXPECT_EQ(Traced("f(bytes, 'x')"), "Dispatched Fast;Threw Fast;");
  EXPECT_EQ(outcome_, "threw: TypeError: op_two_spans: argument 2 must be a buffer, not a string");
  EXPECT_EQ(Run("f(1, 'x')"),
            "threw: TypeError: op_two_spans: argument 1 must be a buffer, not a number");
  EXPECT_EQ(state().calls, before);
}

TEST_F(FastTest, TooFewArgumentsOrOtherTypesFallBackToTheSlowPath) {
  Run("function h() { return ops.op_fast_add(1); } %PrepareFunctionForOptimization(h);"
      "try { h() } catch {} %OptimizeFunctionOnNextCall(h); try { h() } catch {}");
  EXPECT_EQ(Run("h()"),
            "threw: TypeError: op_fast_add: argument 2 must be a 32-bit integer, not undefined");
  Optimize("a, b", "ops.op_fast_add(a, b)", "f(1, 2)");
  EXPECT_EQ(Run("f('1', 2)"),
            "threw: TypeError: op_fast_add: argument 1 must be a 32-bit integer, not a string");
}

// A wrapped 2^32 would be a resource id of somebody else's.
TEST_F(FastTest, IntegersOutOfRangeAreRefusedAsOnTheSlowPath) {
  Optimize("a, b", "ops.op_fast_add(a, b)", "f(1, 2)");
  for (const char* bad :
       {"4294967295", "4294967296", "2147483648", "-2147483649", "-2147483648.5", "2147483647.5",
        "1e300", "-1e300", "9223372036854775808", "NaN", "Infinity", "-Infinity", "1.5"}) {
    EXPECT_EQ(Run(std::string("f(1, ") + bad + ")"),
              "threw: TypeError: op_fast_add: argument 2 must be a 32-bit integer, not a number")
        << bad;
  }
  EXPECT_EQ(Run("f(-2147483648, 2147483647)"), "-1");
  Optimize("n", "ops.op_span_sum(new Uint8Array(0), n)", "f(1)");
  for (const char* bad : {"4294967296", "4294967297", "8589934592", "-4294967295", "-1", "-0.5",
                          "0.5", "4294967295.5", "1e300", "9223372036854775808",
                          "18446744073709551616", "NaN", "Infinity", "-Infinity"}) {
    EXPECT_EQ(Run(std::string("f(") + bad + ")"),
              "threw: TypeError: op_span_sum: argument 2 must be an unsigned 32-bit integer, not a "
              "number")
        << bad;
  }
  EXPECT_EQ(Run("f(4294967295)"), "4294967295");
  EXPECT_EQ(Run("f(-0)"), "0");
}

TEST_F(FastTest, SharedMemoryIsRefusedHereToo) {
  Run("var own = new Uint8Array(8), shared = new Uint8Array(new SharedArrayBuffer(8));");
  Optimize("b, n", "ops.op_span_sum(b, n)", "f(own, 1)");
  EXPECT_EQ(Traced("f(shared, 1)"), "Dispatched Fast;Threw Fast;");
  EXPECT_EQ(outcome_,
            "threw: TypeError: op_span_sum: argument 1 must be a buffer that is not shared, not a "
            "shared buffer");
}

TEST_F(FastTest, VoidResults) {
  Optimize("a, b", "ops.op_fast_void(a, b)", "f(1.5, true)");
  EXPECT_EQ(Traced("f(2.5, false)"), "Dispatched Fast;Completed Fast;");
  EXPECT_EQ(outcome_, "undefined");
}

}  // namespace
}  // namespace rt
