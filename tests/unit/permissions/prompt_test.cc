// The prompt: what it shows, which answers it takes, what it remembers.
#include "src/permissions/prompt.h"

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/wait.h>

#include <algorithm>
#include <deque>

#include <atomic>
#include <chrono>
#include <thread>

#include "tests/unit/permissions/support.h"

namespace rt::test {
namespace {

struct Script {
  std::deque<std::string> typed_ahead;  // there before the question
  std::deque<std::string> answers;      // typed after it was shown
  std::string shown;
  int questions = 0;
};

class FakeTty : public PromptTty {
 public:
  explicit FakeTty(Script& script) : script_(script) {}
  void DiscardInput() override { script_.typed_ahead.clear(); }
  void Write(std::string_view text) override {
    script_.shown += text;
    if (text.find("Allow?") != std::string_view::npos) ++script_.questions;
  }
  std::optional<std::string> ReadLine() override {
    std::deque<std::string>& from =
        script_.typed_ahead.empty() ? script_.answers : script_.typed_ahead;
    if (from.empty()) return std::nullopt;
    std::string line = from.front();
    from.pop_front();
    return line;
  }

 private:
  Script& script_;
};

class Prompt : public ::testing::Test {
 protected:
  Permissions Asking(PermissionOptions options = {}) {
    return Make(options, std::make_unique<FakeTty>(script_));
  }
  Script script_;
};

TEST_F(Prompt, S37_QuotesInANameDoNotEndIt) {
  Permissions permissions = Asking();
  (void)Read(permissions, "/x/ok\" to \"/safe");
  EXPECT_NE(script_.shown.find("read access to \"/x/ok\\\" to \\\"/safe\"."), std::string::npos)
      << script_.shown;
}

TEST_F(Prompt, YesAllowsThisTargetAndIsRemembered) {
  Permissions permissions = Asking();
  script_.answers = {"y", "n"};
  EXPECT_TRUE(GrantAccess::CheckNet(permissions, {"a.com", 80}, "fetch()").ok());
  EXPECT_EQ(script_.shown,
            // What the script wrote before may have changed colours and character set.
            "\x1b[0m\x1b(B"
            "┏ ⚠️  rt requests net access to \"a.com:80\".\n"
            "┠─ Requested by `fetch()` API.\n"
            "┠─ Run again with --allow-net to bypass this prompt.\n"
            "┗ Allow? [y/n/A] (y = yes, allow; n = no, deny; A = allow all net permissions) > "
            "✅ Granted net access to \"a.com:80\".\n");
  EXPECT_TRUE(GrantAccess::CheckNet(permissions, {"a.com", 80}, "fetch()").ok());
  EXPECT_EQ(script_.questions, 1);
  EXPECT_TRUE(IsNotCapable(GrantAccess::CheckNet(permissions, {"a.com", 81}, "fetch()")));
  EXPECT_EQ(script_.questions, 2);
  // "n" is remembered too.
  EXPECT_TRUE(IsNotCapable(GrantAccess::CheckNet(permissions, {"a.com", 81}, "fetch()")));
  EXPECT_EQ(script_.questions, 2);
  EXPECT_EQ(permissions.Query(Perm::kNet, "a.com:81")->state, PermState::kDenied);
}

TEST_F(Prompt, CapitalAAllowsAll) {
  Permissions permissions = Asking();
  script_.answers = {"A"};
  EXPECT_TRUE(GrantAccess::CheckEnv(permissions, "HOME", "").ok());
  EXPECT_TRUE(permissions.IsUnscoped(Perm::kEnv));
  EXPECT_TRUE(GrantAccess::CheckEnv(permissions, "OTHER", "").ok());
  EXPECT_TRUE(GrantAccess::CheckAllEnv(permissions, "").ok());
  EXPECT_EQ(script_.questions, 1);
}

TEST_F(Prompt, SmallAIsNotCapitalA) {
  Permissions permissions = Asking();
  script_.answers = {"a", "yes", "", "y"};
  EXPECT_TRUE(IsNotCapable(GrantAccess::CheckEnv(permissions, "HOME", "")));
  EXPECT_EQ(script_.questions, 3);
  EXPECT_EQ(script_.answers.size(), 1u);
}

TEST_F(Prompt, EndOfInputDenies) {
  Permissions permissions = Asking();
  EXPECT_TRUE(IsNotCapable(GrantAccess::CheckEnv(permissions, "HOME", "")));
}

TEST_F(Prompt, PathsAreRememberedResolved) {
  const TempFolder folder;
  folder.Folder("d/e");
  folder.Link("l", "d");
  Permissions permissions = Asking();
  script_.answers = {"y"};
  EXPECT_TRUE(Read(permissions, folder / "l").ok());
  EXPECT_TRUE(Read(permissions, folder / "d/e").ok());
  EXPECT_EQ(script_.questions, 1);
  // Pointing the link elsewhere asks again.
  ASSERT_EQ(unlink((folder / "l").c_str()), 0);
  folder.Folder("x");
  folder.Link("l", "x");
  EXPECT_TRUE(IsNotCapable(Read(permissions, folder / "l")));
}

TEST_F(Prompt, S35_DeniedByFlagIsNeverAsked) {
  PermissionOptions options;
  options[Perm::kEnv].deny_list = {"HOME"};
  options[Perm::kSys].deny_all = true;
  Permissions permissions = Asking(options);
  script_.answers = {"y", "y", "y"};
  EXPECT_TRUE(IsNotCapable(GrantAccess::CheckEnv(permissions, "HOME", "")));
  EXPECT_TRUE(IsNotCapable(GrantAccess::CheckSys(permissions, "hostname", "")));
  EXPECT_TRUE(IsNotCapable(GrantAccess::CheckEverything<Perm::kEnv>(permissions, "")));
  EXPECT_EQ(script_.questions, 0);
}

TEST_F(Prompt, NoPromptFlag) {
  PermissionOptions options;
  options.no_prompt = true;
  Permissions permissions = Asking(options);
  script_.answers = {"y"};
  EXPECT_TRUE(IsNotCapable(GrantAccess::CheckEnv(permissions, "HOME", "")));
  EXPECT_EQ(script_.questions, 0);
}

TEST_F(Prompt, RequestAsksAndReportsTheStateAfter) {
  Permissions permissions = Asking();
  script_.answers = {"n", "y"};
  EXPECT_EQ(permissions.Request(Perm::kEnv)->state, PermState::kDenied);
  EXPECT_EQ(permissions.Request(Perm::kEnv)->state, PermState::kDenied);
  EXPECT_EQ(script_.questions, 1);
  EXPECT_EQ(permissions.Request(Perm::kEnv, "A")->state, PermState::kGranted);
}

TEST_F(Prompt, S37_TypedAheadAnswersAreDiscarded) {
  Permissions permissions = Asking();
  script_.typed_ahead = {"y", "A"};
  script_.answers = {"n"};
  EXPECT_TRUE(IsNotCapable(GrantAccess::CheckEnv(permissions, "HOME", "")));
  script_.answers = {"junk", "n"};
  EXPECT_TRUE(IsNotCapable(GrantAccess::CheckEnv(permissions, "OTHER", "")));
}

TEST_F(Prompt, S37_NamesCannotDrawOnTheTerminal) {
  Permissions permissions = Asking();
  script_.answers = {"n"};
  const std::string spoof =
      "x\x1b[2J\x1b[1;1H\r\n\xc2\x9b"
      "2K\x7f\u202e\u200b\u2028ok\xff\b";
  EXPECT_TRUE(IsNotCapable(Read(permissions, spoof)));
  // Of rt's own, in front.
  ASSERT_TRUE(script_.shown.starts_with("\x1b[0m\x1b(B"));
  script_.shown.erase(0, 7);
  for (const char* bad :
       {"\x1b", "\r", "\xc2\x9b", "\x7f", "\u202e", "\u200b", "\u2028", "\xff", "\b"}) {
    EXPECT_EQ(script_.shown.find(bad), std::string::npos) << bad;
  }
  EXPECT_NE(script_.shown.find("\"x\\u{1b}[2J\\u{1b}[1;1H\\u{d}\\u{a}\\u{9b}2K\\u{7f}\\u{202e}"
                               "\\u{200b}\\u{2028}ok\\xff\\u{8}\""),
            std::string::npos)
      << script_.shown;
  // The lines are ours alone.
  EXPECT_EQ(std::count(script_.shown.begin(), script_.shown.end(), '\n'), 4);
}

// Two threads, one terminal: a question is answered before the next one is shown.
TEST(PromptOrder, S37_TwoAskersWaitForEachOther) {
  std::atomic<int> open{0};
  std::atomic<int> asked{0};
  class Shared : public PromptTty {
   public:
    Shared(std::atomic<int>& open, std::atomic<int>& asked) : open_(open), asked_(asked) {}
    void DiscardInput() override {}
    void Write(std::string_view text) override {
      if (text.find("Allow?") == std::string_view::npos) return;
      EXPECT_EQ(open_.fetch_add(1), 0) << "a question while another one was open";
      ++asked_;
    }
    std::optional<std::string> ReadLine() override {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
      --open_;
      return "y";
    }

   private:
    std::atomic<int>& open_;
    std::atomic<int>& asked_;
  };
  const auto ask = [&] {
    Permissions permissions = Make({}, std::make_unique<Shared>(open, asked));
    for (int i = 0; i < 20; ++i) {
      EXPECT_TRUE(
          GrantAccess::CheckEnv(permissions, "RT_" + std::to_string(i), "op_os_env_get").ok());
    }
  };
  std::thread first(ask);
  std::thread second(ask);
  first.join();
  second.join();
  EXPECT_EQ(asked, 40);
}

TEST(EscapeForTerminal, S37_LongValuesKeepBothEnds) {
  const std::string text = "/begin" + std::string(100000, 'a') + "/end";
  const std::string shown = EscapeForTerminal(text);
  EXPECT_LT(shown.size(), 700u);
  EXPECT_TRUE(shown.starts_with("/begin"));
  EXPECT_TRUE(shown.ends_with("/end"));
  EXPECT_NE(shown.find("bytes not shown"), std::string::npos);
  // A cut between the bytes of a character leaves none of them broken.
  std::string wide;
  for (int i = 0; i < 1000; ++i) wide += "\u00e9\u20ac";
  for (size_t limit = 40; limit < 60; ++limit) {
    EXPECT_EQ(EscapeForTerminal(wide, limit).find("\\x"), std::string::npos) << limit;
  }
}

TEST(EscapeForTerminal, OrdinaryTextStays) {
  for (const char* text : {"", "a b", "\u00e4\u00f6\u00fc \u65e5\u672c \U0001f600", "C:\\x"}) {
    EXPECT_EQ(EscapeForTerminal(text), text);
  }
  EXPECT_EQ(EscapeForTerminal("\xed\xa0\x80"), "\\xed\\xa0\\x80");
  EXPECT_EQ(EscapeForTerminal("\xc0\x80\xf5"), "\\xc0\\x80\\xf5");
  EXPECT_EQ(EscapeForTerminal("\xe2\x82"), "\\xe2\\x82");
  EXPECT_EQ(EscapeForTerminal("\u00a0\u3000\ufeff\U000e0041\u2066"),
            "\\u{a0}\\u{3000}\\u{feff}\\u{e0041}\\u{2066}");
}

// A child on a real pseudo-terminal: types `before` while the question is not there yet, then
// `answer`; the child's exit status is 0 if it was allowed.
int AnswerOnPty(const std::string& before, const std::string& answer, std::string* shown) {
  shown->clear();
  int controller = -1;
  int ready[2];
  if (pipe(ready) != 0) return -1;
  const pid_t child = forkpty(&controller, nullptr, nullptr, nullptr);
  if (child == 0) {
    char go;
    if (read(ready[0], &go, 1) != 1) _exit(9);
    std::unique_ptr<PromptTty> tty = MakeStdioPromptTty();
    if (tty == nullptr) _exit(8);
    _exit(AskPermission(*tty, Perm::kRead, "\"x\"", "") == PromptAnswer::kAllow ? 0 : 1);
  }
  close(ready[0]);
  if (!before.empty() && write(controller, before.data(), before.size()) < 0) return -1;
  usleep(50 * 1000);  // let the line discipline take it in
  if (write(ready[1], "g", 1) != 1) return -1;
  close(ready[1]);
  bool answered = false;
  char buffer[512];
  for (;;) {
    pollfd readable{controller, POLLIN, 0};
    if (poll(&readable, 1, 5000) <= 0) {
      kill(child, SIGKILL);  // it waits for more: the caller sees -1
      break;
    }
    const ssize_t got = read(controller, buffer, sizeof buffer);
    if (got <= 0) break;
    shown->append(buffer, got);
    if (answered || shown->find("> ") == std::string::npos) continue;
    answered = true;
    if (write(controller, answer.data(), answer.size()) < 0) return -1;
  }
  int status = 0;
  waitpid(child, &status, 0);
  close(controller);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST(StdioPromptTty, S37_RealTerminal) {
  std::string shown;
  EXPECT_EQ(AnswerOnPty("", "y\n", &shown), 0) << shown;
  EXPECT_EQ(AnswerOnPty("", "n\n", &shown), 1);
  EXPECT_EQ(AnswerOnPty("y\ny\ny\n", "n\n", &shown), 1);
  EXPECT_EQ(AnswerOnPty("y", "n\n", &shown), 1);
  EXPECT_EQ(AnswerOnPty("", std::string(1000, 'y') + "\n", &shown), 1);
}

TEST(StdioPromptTty, S37_NoneWithoutTerminals) {
  const int saved = dup(STDIN_FILENO);
  const int null = open("/dev/null", O_RDONLY);
  dup2(null, STDIN_FILENO);
  EXPECT_EQ(MakeStdioPromptTty(), nullptr);
  dup2(saved, STDIN_FILENO);
  close(saved);
  close(null);
}

}  // namespace
}  // namespace rt::test
