// --trace-ops: the lines, the patterns, and which entry points a traced op gets.
#include "src/op/trace.h"

#include <gtest/gtest.h>

#include "fixture.h"

namespace rt {
namespace {

TEST(Tracer, Format) {
  EXPECT_EQ(Tracer::Format(1.2019, "op_http_wait", TraceEvent::kCompletedAsync, CallPath::kAsync),
            "[    1.202] op_http_wait                     : CompletedAsync Async");
  EXPECT_EQ(Tracer::Format(0, "op_x", TraceEvent::kDispatched, CallPath::kFast),
            "[    0.000] op_x                             : Dispatched Fast");
  EXPECT_EQ(Tracer::Format(123456.5, "op_x", TraceEvent::kThrew, CallPath::kSlow),
            "[123456.500] op_x                             : Threw Slow");
  EXPECT_EQ(Tracer::Format(0, "op_with_a_name_longer_than_the_column_is", TraceEvent::kThrewAsync,
                           CallPath::kAsync),
            "[    0.000] op_with_a_name_longer_than_the_column_is : ThrewAsync Async");
  EXPECT_EQ(Tracer::Format(0, std::string(1000, 'x'), TraceEvent::kThrew, CallPath::kSlow).size(),
            255u);
}

TEST(TraceFilter, Patterns) {
  EXPECT_FALSE(TraceFilter().enabled());
  EXPECT_FALSE(TraceFilter().Matches("op_x"));
  EXPECT_FALSE(TraceFilter::FromPatterns("").enabled());
  EXPECT_FALSE(TraceFilter::FromPatterns(",,").enabled());
  EXPECT_TRUE(TraceFilter::Everything().Matches("anything"));
  const struct {
    const char* patterns;
    const char* name;
    bool matches;
  } cases[] = {
      {"op_a", "op_a", true},
      {"op_a", "op_ab", false},
      {"op_a", "xop_a", false},
      {"op_*", "op_", true},
      {"op_*_sync", "op_a_sync", true},
      {"op_*_sync", "op_a_sync_sync", true},
      {"op_*_sync", "op_a_syn", false},
      {"*wait*", "op_http_wait", true},
      {"op_http_*,op_fs_open", "op_fs_open", true},
      {"op_http_*,op_fs_open", "op_fs_opened", false},
      {"op_a,", "op_a", true},
      {"a*b*c", "aXbYc", true},
      {"a*b*c", "abcb", false},
      {"**", "x", true},
      {"OP_A", "op_a", false},
      {"op_?", "op_a", false},
  };
  for (const auto& each : cases) {
    EXPECT_EQ(TraceFilter::FromPatterns(each.patterns).Matches(each.name), each.matches)
        << each.patterns << " " << each.name;
  }
}

TEST(TraceFilter, NoPatternTakesForever) {
  const std::string name(200, 'a');
  EXPECT_FALSE(TraceFilter::FromPatterns("*a*a*a*a*a*a*a*a*a*a*a*a*b").Matches(name));
}

class TraceTest : public OpFixture {
 protected:
  // The lines without their times.
  std::string Traced(const std::function<void()>& act) {
    testing::internal::CaptureStderr();
    act();
    const std::string text = testing::internal::GetCapturedStderr();
    std::string lines;
    size_t start = 0;
    while (start < text.size()) {
      const size_t end = text.find('\n', start);
      const std::string line = text.substr(start, end - start);
      EXPECT_EQ(line.substr(0, 1), "[");
      EXPECT_EQ(line.substr(10, 2), "] ");
      std::string rest = line.substr(12);
      const size_t colon = rest.find(" : ");
      std::string name = rest.substr(0, colon);
      name.erase(name.find_last_not_of(' ') + 1);
      lines += name + rest.substr(colon) + "\n";
      start = end + 1;
    }
    return lines;
  }
};

TEST_F(TraceTest, PlainEntryPointsWithoutAFilter) {
  EXPECT_EQ(Traced([&] { Run("ops.op_i32(1); call('op_async_now', 1);"); }), "");
}

TEST_F(TraceTest, SyncCalls) {
  Restart({}, TraceFilter::FromPatterns("op_i32,op_fails"));
  EXPECT_EQ(Traced([&] { Run("ops.op_i32(1); ops.op_u32(1); ops.op_fails(1)"); }),
            "op_i32 : Dispatched Slow\nop_i32 : Completed Slow\n"
            "op_fails : Dispatched Slow\nop_fails : Threw Slow\n");
  EXPECT_EQ(Traced([&] { Run("ops.op_i32('x')"); }),
            "op_i32 : Dispatched Slow\nop_i32 : Threw Slow\n");
}

TEST_F(TraceTest, AsyncCallsAtOnceAndLater) {
  Restart({}, TraceFilter::Everything());
  EXPECT_EQ(Traced([&] { Run("call('op_async_now', 1)"); }),
            "op_async_now : Dispatched Async\nop_async_now : Completed Async\n");
  EXPECT_EQ(Traced([&] { Run("call('op_async_now', 0)"); }),
            "op_async_now : Dispatched Async\nop_async_now : Threw Async\n");
  EXPECT_EQ(Traced([&] {
              Run("call('op_async_wait', 0, 'a'); call('op_async_wait', 1, 'b')"
                  "  .catch(() => {});");
            }),
            "op_async_wait : Dispatched Async\nop_async_wait : Dispatched Async\n");
  EXPECT_EQ(Traced([&] {
              state().signals[0].Set(1);
              state().signals[1].Set(-1);
              Deliver();
            }),
            "op_async_wait : CompletedAsync Async\nop_async_wait : ThrewAsync Async\n");
}

// Calls that end others while they start must not confuse the count of what is pending.
TEST_F(TraceTest, ACallThatEndsAnotherOne) {
  Restart({}, TraceFilter::Everything());
  Run("call('op_async_wait', 0, 'a');");
  EXPECT_EQ(Traced([&] { Run("call('op_async_swap', 0, 1)"); }),
            "op_async_swap : Dispatched Async\n");
  EXPECT_EQ(Traced([&] { Run("call('op_async_end', 1)"); }),
            "op_async_end : Dispatched Async\nop_async_end : Completed Async\n");
  EXPECT_EQ(Traced([&] { Deliver(); }),
            "op_async_wait : CompletedAsync Async\nop_async_swap : CompletedAsync Async\n");
}

}  // namespace
}  // namespace rt
