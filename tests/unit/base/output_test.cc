// WriteFully: everything arrives through a pipe that is full and non-blocking, and broken ones say
// so.
#include "src/base/output.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <string>
#include <thread>

namespace rt {
namespace {

TEST(WriteFully, WaitsForAFullNonBlockingPipe) {
  int ends[2];
  ASSERT_EQ(pipe2(ends, O_NONBLOCK), 0);
  std::string text;
  for (int i = 0; i < 300000; ++i) text += static_cast<char>('a' + i % 26);
  std::string received;
  std::thread reader([&] {
    usleep(20000);  // let the pipe fill
    fcntl(ends[0], F_SETFL, 0);
    char buffer[8192];
    ssize_t size;
    while ((size = read(ends[0], buffer, sizeof buffer)) > 0) {
      received.append(buffer, static_cast<size_t>(size));
    }
  });
  EXPECT_TRUE(WriteFully(ends[1], text));
  close(ends[1]);
  reader.join();
  close(ends[0]);
  EXPECT_EQ(received, text);
}

TEST(WriteFully, BrokenPipeIsFalse) {
  const auto before = signal(SIGPIPE, SIG_IGN);
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  close(ends[0]);
  EXPECT_FALSE(WriteFully(ends[1], "x"));
  close(ends[1]);
  signal(SIGPIPE, before);
}

TEST(WriteFully, ClosedDescriptorIsFalseAndNothingIsNothing) {
  EXPECT_FALSE(WriteFully(-1, "x"));
  EXPECT_TRUE(WriteFully(-1, ""));
}

}  // namespace
}  // namespace rt
