// The counts of --trace-summary, and the array of the Perfetto format.
#include "src/op/trace_sink.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

namespace rt {
namespace {

TEST(OpCounts, Quantiles) {
  OpCounts counts;
  EXPECT_EQ(counts.Quantile(0.99), 0u);
  for (int i = 0; i < 98; ++i) counts.AddTime(1000);
  counts.AddTime(500'000);
  counts.AddTime(1'000'000'000);
  EXPECT_EQ(counts.total_ns, 98u * 1000 + 500'000 + 1'000'000'000);
  EXPECT_NEAR(static_cast<double>(counts.Quantile(0.5)), 1000, 64);
  EXPECT_NEAR(static_cast<double>(counts.Quantile(0.98)), 500'000, 32'000);
  EXPECT_NEAR(static_cast<double>(counts.Quantile(0.99)), 1e9, 64e6);
}

TEST(OpCounts, EveryTimeIsInItsBucket) {
  for (uint64_t ns = 1; ns < uint64_t{1} << 40; ns = ns * 5 / 4 + 1) {
    OpCounts counts;
    counts.AddTime(ns);
    EXPECT_GE(counts.Quantile(1), ns);
    EXPECT_LE(static_cast<double>(counts.Quantile(1)), static_cast<double>(ns) * 1.0626 + 1);
  }
}

std::string Written(TraceSink::Options options, const std::vector<std::string>& lines) {
  int ends[2];
  EXPECT_EQ(pipe(ends), 0);
  options.fd = ends[1];
  options.owns_fd = true;
  {
    TraceSink sink(options);
    for (const std::string& line : lines) sink.Write(line);
    sink.Finish();
    sink.Write("late");
  }
  std::string text(4096, '\0');
  text.resize(static_cast<size_t>(std::max<ssize_t>(0, read(ends[0], text.data(), text.size()))));
  close(ends[0]);
  return text;
}

TEST(TraceSink, Formats) {
  EXPECT_EQ(Written({.format = TraceFormat::kText}, {"a", "b"}), "a\nb\n");
  EXPECT_EQ(Written({.format = TraceFormat::kJson}, {"{}", "{}"}), "{}\n{}\n");
  EXPECT_EQ(Written({.format = TraceFormat::kPerfetto}, {"{}", "{}"}), "[\n{},\n{}\n]\n");
  EXPECT_EQ(Written({.format = TraceFormat::kPerfetto}, {}), "[]\n");
  EXPECT_EQ(Written({.lines = false}, {"a"}), "");
}

TEST(TraceSink, AReaderThatDoesNotReadIsGivenUp) {
  int ends[2];
  ASSERT_EQ(pipe2(ends, O_NONBLOCK), 0);
  TraceSink sink({.fd = ends[1], .owns_fd = true, .is_stream = true});
  const std::string line(8192, 'x');
  for (int i = 0; i < 100 && !sink.broken(); ++i) sink.Write(line);
  EXPECT_TRUE(sink.broken());
  close(ends[0]);
}

}  // namespace
}  // namespace rt
