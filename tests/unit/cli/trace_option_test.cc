// --trace-ops is checked against the real op table.
#include "src/cli/trace_option.h"

#include <gtest/gtest.h>

namespace rt::cli {
namespace {

TEST(TraceOption, EmptyIsEverything) {
  auto filter = MakeTraceFilter("");
  ASSERT_TRUE(filter.ok());
  EXPECT_TRUE(filter->Matches("op_anything"));
}

TEST(TraceOption, PatternsSelect) {
  auto filter = MakeTraceFilter("op_core_*,op_run_microtasks");
  ASSERT_TRUE(filter.ok());
  EXPECT_TRUE(filter->Matches("op_core_set_hooks"));
  EXPECT_TRUE(filter->Matches("op_run_microtasks"));
  EXPECT_FALSE(filter->Matches("op_fs_open"));
}

TEST(TraceOption, UnmatchedPatternsAreErrors) {
  auto filter = MakeTraceFilter("op_core_*,op_run_microtask");
  ASSERT_FALSE(filter.ok());
  EXPECT_EQ(filter.error().message,
            "--trace-ops=op_run_microtask: no operation has such a name\n"
            "Did you mean \"op_run_microtasks\"?");
  filter = MakeTraceFilter("nothing*");
  ASSERT_FALSE(filter.ok());
  EXPECT_EQ(filter.error().message,
            "--trace-ops=nothing*: no operation has such a name\nSee \"rt ops\"");
  EXPECT_FALSE(MakeTraceFilter("op_core_*,").ok());
}

}  // namespace
}  // namespace rt::cli
