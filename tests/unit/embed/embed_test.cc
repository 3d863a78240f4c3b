// rt::embed: what a program that embeds rt may expect, without its own features.
#include <gtest/gtest.h>
#include <rt/rt.h>

#include <chrono>
#include <cstdio>
#include <string>
#include <thread>

namespace {

using rt::embed::Runtime;
using rt::embed::RuntimeOptions;

// A script's exit code is its answer.
int ExitCodeOf(const std::string& text, const RuntimeOptions& options = {}) {
  std::string error;
  auto runtime = Runtime::Create(options, &error);
  EXPECT_TRUE(runtime) << error;
  return runtime ? runtime->RunText("test.js", text) : -2;
}

TEST(Embed, IsInitializedOnce) {
  std::string error;
  EXPECT_FALSE(rt::embed::Initialize({}, &error));
  EXPECT_EQ(error, "rt::embed::Initialize was called before");
  EXPECT_FALSE(rt::embed::Version().empty());
}

TEST(Embed, TheScriptSaysTheExitCode) {
  EXPECT_EQ(ExitCodeOf(""), 0);
  EXPECT_EQ(ExitCodeOf("Deno.exit(7)"), 7);
  EXPECT_EQ(ExitCodeOf("await new Promise((done) => setTimeout(done, 5)); Deno.exitCode = 3"), 3);
}

TEST(Embed, AnErrorNobodyCaughtIsExitCodeOne) {
  testing::internal::CaptureStderr();
  EXPECT_EQ(ExitCodeOf("\n  throw new Error('told')"), 1);
  EXPECT_NE(testing::internal::GetCapturedStderr().find("told"), std::string::npos);
}

TEST(Embed, ArgumentsReachTheScript) {
  RuntimeOptions options;
  options.args = {"one", "two words"};
  EXPECT_EQ(ExitCodeOf("Deno.exit(Deno.args.length * 10 + Deno.args[1].length)", options), 29);
}

TEST(Embed, NothingIsAllowedUnlessSaid) {
  const std::string reads =
      "try { Deno.readTextFileSync('/proc/self/status') } catch (e) {"
      "  Deno.exit(e instanceof Deno.errors.NotCapable ? 5 : 6) }";
  EXPECT_EQ(ExitCodeOf(reads), 5);
  EXPECT_EQ(ExitCodeOf("try { await fetch('http://127.0.0.1:18111/') } catch (e) {"
                       "  Deno.exit(e instanceof Deno.errors.NotCapable ? 5 : 6) }"),
            5);
  RuntimeOptions everything;
  everything.allow_everything = true;
  EXPECT_EQ(ExitCodeOf(reads, everything), 0);
  everything.permissions["read"].deny = {"/proc/self"};
  EXPECT_EQ(ExitCodeOf(reads, everything), 5);
}

TEST(Embed, AListAllowsWhatIsInIt) {
  RuntimeOptions options;
  options.permissions["env"].allow = {"HOME"};
  EXPECT_EQ(ExitCodeOf("Deno.env.get('HOME'); try { Deno.env.get('PATH') } catch { Deno.exit(5) }",
                       options),
            5);
}

TEST(Embed, AnUnknownPermissionIsAnError) {
  RuntimeOptions options;
  options.permissions["raed"].allow_all = true;
  std::string error;
  EXPECT_EQ(Runtime::Create(options, &error), nullptr);
  EXPECT_EQ(error, "unknown permission \"raed\"");
}

TEST(Embed, AMistakeInAPermissionIsAnError) {
  RuntimeOptions options;
  options.permissions["net"].allow = {"a b"};
  std::string error;
  EXPECT_EQ(Runtime::Create(options, &error), nullptr);
  EXPECT_NE(error.find("a b"), std::string::npos) << error;
}

TEST(Embed, StopsFromAnotherThread) {
  for (const char* text : {"for (;;);", "await new Promise(() => setInterval(() => {}, 1000))"}) {
    std::string error;
    auto runtime = Runtime::Create({}, &error);
    ASSERT_TRUE(runtime) << error;
    std::thread stopper([&] {
      std::this_thread::sleep_for(std::chrono::milliseconds(30));
      runtime->Stop(9);
    });
    EXPECT_EQ(runtime->RunText("test.js", text), 9) << text;
    stopper.join();
  }
}

TEST(Embed, StoppedBeforeItRunsNothingOfItRuns) {
  std::string error;
  auto runtime = Runtime::Create({}, &error);
  ASSERT_TRUE(runtime) << error;
  runtime->Stop(4);
  testing::internal::CaptureStdout();
  EXPECT_EQ(runtime->RunText("test.js", "console.log('ran')"), 4);
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "");
}

TEST(Embed, ARuntimeRunsOneModule) {
  std::string error;
  auto runtime = Runtime::Create({}, &error);
  ASSERT_TRUE(runtime) << error;
  EXPECT_EQ(runtime->RunText("test.js", "Deno.exitCode = 2"), 2);
  EXPECT_EQ(runtime->RunText("test.js", ""), -1);
  EXPECT_EQ(runtime->RunFile("test.js"), -1);
}

TEST(Embed, AFileThatIsNotThereIsTold) {
  std::string error;
  auto runtime = Runtime::Create({}, &error);
  ASSERT_TRUE(runtime) << error;
  testing::internal::CaptureStderr();
  EXPECT_EQ(runtime->RunFile("/nowhere/x.js"), 1);
  EXPECT_NE(testing::internal::GetCapturedStderr().find("/nowhere/x.js"), std::string::npos);
}

TEST(Embed, TypeScriptByTheName) {
  std::string error;
  auto runtime = Runtime::Create({}, &error);
  ASSERT_TRUE(runtime) << error;
  EXPECT_EQ(runtime->RunText("a.ts", "const code: number = 8; Deno.exit(code)"), 8);
}

TEST(Embed, ALimitEndsTheScript) {
  RuntimeOptions options;
  options.max_time_ms = 50;
  testing::internal::CaptureStderr();
  EXPECT_EQ(ExitCodeOf("for (;;);", options), 124);
  EXPECT_NE(testing::internal::GetCapturedStderr(), "");
}

TEST(Embed, ThreadsHaveRuntimesOfTheirOwn) {
  int codes[4] = {};
  std::vector<std::thread> threads;
  for (int& code : codes) {
    threads.emplace_back([&code, index = static_cast<int>(&code - codes)] {
      code = ExitCodeOf("await 0; Deno.exit(10 + " + std::to_string(index) + ")");
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (int i = 0; i < 4; ++i) EXPECT_EQ(codes[i], 10 + i);
}

TEST(Embed, RuntimesComeAndGo) {
  for (int i = 0; i < 20; ++i) EXPECT_EQ(ExitCodeOf("Deno.exit(2)"), 2);
}

TEST(EmbedExample, RunsItsScript) {
  const std::string command =
      std::string(RT_EMBED_EXAMPLE) + " " + RT_EMBED_SOURCES + "/words.js 2>&1";
  FILE* pipe = popen(command.c_str(), "r");
  ASSERT_NE(pipe, nullptr);
  std::string output;
  char buffer[512];
  while (std::fgets(buffer, sizeof buffer, pipe) != nullptr) output += buffer;
  EXPECT_EQ(pclose(pipe), 0);
  EXPECT_EQ(output,
            "words: 11\nagain: the\nagain: and\nagain: fox\nNotCapable for what was not granted\n");
}

}  // namespace

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  std::string error;
  if (auto early = Runtime::Create({}, &error);
      early || error != "rt::embed::Initialize has not been called") {
    std::fprintf(stderr, "a runtime before Initialize: %s\n", error.c_str());
    return 1;
  }
  if (rt::embed::Initialize({.v8_flags = {"--no-such-flag"}}, &error) ||
      !rt::embed::Initialize({}, &error)) {
    std::fprintf(stderr, "Initialize: %s\n", error.c_str());
    return 1;
  }
  return RUN_ALL_TESTS();
}
