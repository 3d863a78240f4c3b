// op_console_print on real descriptors: full pipes, readers that went away, text that is not
// UTF-16.
#include <fcntl.h>
#include <unistd.h>

#include <csignal>
#include <thread>

#include "tests/unit/console/script_fixture.h"

namespace rt {
namespace {

// Puts a pipe in place of descriptor 1 while it lives.
class StdoutPipe {
 public:
  StdoutPipe() {
    EXPECT_EQ(pipe(ends_), 0);
    saved_ = dup(1);
    dup2(ends_[1], 1);
    close(ends_[1]);
  }
  ~StdoutPipe() {
    Restore();
    CloseReader();
  }
  void Restore() {
    if (saved_ < 0) return;
    dup2(saved_, 1);
    close(saved_);
    saved_ = -1;
  }
  void CloseReader() {
    if (ends_[0] >= 0) close(ends_[0]);
    ends_[0] = -1;
  }
  // Until the writing end is closed.
  std::string ReadAll() {
    std::string text;
    char buffer[4096];
    for (;;) {
      const ssize_t size = read(ends_[0], buffer, sizeof(buffer));
      if (size <= 0) return text;
      text.append(buffer, static_cast<size_t>(size));
    }
  }

 private:
  int ends_[2];
  int saved_;
};

class PrintTest : public ScriptFixture {};

TEST_F(PrintTest, WritesUtf8) {
  StdoutPipe pipe;
  EXPECT_EQ(Run("ops.op_console_print('a é 日 😀\\n', false)"), "undefined");
  pipe.Restore();
  EXPECT_EQ(pipe.ReadAll(), "a é 日 😀\n");
}

TEST_F(PrintTest, LoneSurrogatesBecomeReplacementCharacters) {
  StdoutPipe pipe;
  Run("ops.op_console_print('a\\ud83d|\\ude00b', false)");
  pipe.Restore();
  EXPECT_EQ(pipe.ReadAll(), "a\uFFFD|\uFFFDb");
}

TEST_F(PrintTest, TheLongestShortMessageFits) {
  StdoutPipe pipe;
  Run("ops.op_console_print('日'.repeat(1024), false); ops.op_console_print('x'.repeat(1025), "
      "false)");
  pipe.Restore();
  EXPECT_EQ(pipe.ReadAll().size(), 1024u * 3 + 1025);
}

TEST_F(PrintTest, WaitsForAFullNonBlockingPipe) {
  StdoutPipe pipe;
  fcntl(1, F_SETFL, fcntl(1, F_GETFL) | O_NONBLOCK);
  std::string received;
  std::thread reader([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    received = pipe.ReadAll();
  });
  Run("ops.op_console_print('y'.repeat(1000000), false)");
  pipe.Restore();
  reader.join();
  EXPECT_EQ(received, std::string(1000000, 'y'));
}

TEST_F(PrintTest, AReaderThatWentAwayIsIgnored) {
  std::signal(SIGPIPE, SIG_IGN);
  StdoutPipe pipe;
  pipe.CloseReader();
  EXPECT_EQ(Run("ops.op_console_print('lost', false); 'still here'"), "still here");
}

TEST_F(PrintTest, TakesOnlyStrings) {
  EXPECT_EQ(
      Run("ops.op_console_print(1, false)"),
      "threw: Uncaught TypeError: op_console_print: argument 1 must be a string, not a number");
}

}  // namespace
}  // namespace rt
