// The proof of the second wall: in rt_unchecked every op skips its permission check, and the kernel
// refuses all the same. Without the wall (--no-os-sandbox) the same calls succeed, so it is the
// wall that refuses.
#include <gtest/gtest.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace {

// A program that tries everything it was not granted, one line each.
constexpr const char* kAttempts = R"js(
const folder = Deno.args[0];
const attempts = {
  "read": () => Deno.readTextFileSync(folder + "/secret"),
  "read async": () => Deno.readTextFile(folder + "/secret"),
  "read a folder": () => [...Deno.readDirSync(folder)],
  "read a link": () => Deno.readTextFileSync(folder + "/given/link"),
  "read of a process": () => Deno.readTextFileSync("/proc/1/environ"),
  "read of this process": () => Deno.readTextFileSync("/proc/self/environ"),
  "private keys": () => [...Deno.readDirSync("/etc/ssl/private")],
  "write": () => Deno.writeTextFileSync(folder + "/secret", "x", { append: true }),
  "create": () => Deno.writeTextFileSync(folder + "/made", ""),
  "truncate": () => Deno.truncateSync(folder + "/other", 0),
  "mkdir": () => Deno.mkdirSync(folder + "/folder"),
  "rename": () => Deno.renameSync(folder + "/other", folder + "/renamed"),
  "link": () => Deno.linkSync(folder + "/renamed", folder + "/hard"),
  "symlink": () => Deno.symlinkSync("/", folder + "/soft"),
  "remove": () => Deno.removeSync(folder + "/renamed"),
  "temporary file": () => Deno.makeTempFileSync({ dir: folder }),
  "modes": () => Deno.chmodSync(folder + "/secret", 0o644),
  "times": () => Deno.utimeSync(folder + "/secret", 1, 1),
  "watch": () => Deno.watchFs(folder).close(),
  "what was typed": () => Deno.readTextFileSync(folder + "/cache/repl_history"),
  "packages of others": () => Deno.writeTextFileSync(folder + "/cache/npm/file", "x"),
  "checked by others": () => Deno.removeSync(folder + "/cache/checked/file"),
  "new in the cache": () => Deno.writeTextFileSync(folder + "/cache/file", "x"),
  "connect": () => Deno.connect({ hostname: "127.0.0.1", port: Number(Deno.args[1]) }),
  "listen": () => Deno.listen({ hostname: "127.0.0.1", port: 0 }).close(),
  "datagrams": () => Deno.listenDatagram({ hostname: "127.0.0.1", port: 0, transport: "udp" }).close(),
  "unix": () => Deno.connect({ transport: "unix", path: folder + "/socket" }),
  "run": () => new Deno.Command("/bin/true", { clearEnv: true }).outputSync(),
  "kill": () => Deno.kill(Number(Deno.args[2]), "SIGCONT"),
};
for (const [name, attempt] of Object.entries(attempts)) {
  try {
    await attempt();
    console.log(name + ": done");
  } catch (error) {
    console.log(name + ": " + error.name);
  }
}
)js";

class UncheckedRt : public ::testing::Test {
 protected:
  void SetUp() override {
    if (syscall(444, nullptr, size_t{0}, uint32_t{1}) < 4) GTEST_SKIP() << "needs Landlock 4";
    std::string name = (std::filesystem::temp_directory_path() / "rt-wall-XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
    std::filesystem::create_directories(folder_ / "app");
    std::filesystem::create_directories(folder_ / "given");
    std::filesystem::create_directories(folder_ / "cache/npm");
    std::filesystem::create_directories(folder_ / "cache/checked");
    for (const char* file :
         {"secret", "other", "given/file", "cache/repl_history", "cache/checked/file"}) {
      std::ofstream(folder_ / file) << "x";
    }
    std::filesystem::create_symlink("../secret", folder_ / "given/link");
    std::ofstream(folder_ / "app/main.js") << kAttempts;
  }
  void TearDown() override {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  std::string Run(const std::string& flags) const {
    const std::string command = "RT_DIR=" + (folder_ / "cache").string() +
                                " NO_COLOR=1 " RT_UNCHECKED " run --no-prompt " + flags + " " +
                                (folder_ / "app/main.js").string() + " " + folder_.string() +
                                " 1234 " + std::to_string(getpid()) + " 2>&1 </dev/null";
    FILE* const out = popen(command.c_str(), "r");
    std::string text;
    std::array<char, 4096> part{};
    while (const size_t size = fread(part.data(), 1, part.size(), out))
      text.append(part.data(), size);
    pclose(out);
    return text;
  }

  std::filesystem::path folder_;
};

TEST_F(UncheckedRt, ReachesEverythingWithoutTheWall) {
  const std::string text = Run("--no-os-sandbox");
  for (const char* name : {"read",
                           "read async",
                           "read a folder",
                           "read a link",
                           "write",
                           "create",
                           "truncate",
                           "mkdir",
                           "rename",
                           "link",
                           "symlink",
                           "remove",
                           "temporary file",
                           "modes",
                           "times",
                           "watch",
                           "what was typed",
                           "packages of others",
                           "checked by others",
                           "new in the cache",
                           "listen",
                           "datagrams",
                           "run",
                           "kill"}) {
    EXPECT_NE(text.find(std::string(name) + ": done"), std::string::npos) << name << "\n" << text;
  }
  EXPECT_NE(text.find("connect: ConnectionRefused"), std::string::npos) << text;
  EXPECT_NE(text.find("unix: NotFound"), std::string::npos) << text;
}

TEST_F(UncheckedRt, IsRefusedByTheKernel) {
  const std::string text = Run("");
  EXPECT_EQ(text.find(": done"), std::string::npos) << text;
  EXPECT_NE(text.find("read: PermissionDenied"), std::string::npos) << text;
  EXPECT_NE(text.find("write: PermissionDenied"), std::string::npos) << text;
  EXPECT_NE(text.find("connect: PermissionDenied"), std::string::npos) << text;
  EXPECT_NE(text.find("run: PermissionDenied"), std::string::npos) << text;
  EXPECT_NE(text.find("kill: PermissionDenied"), std::string::npos) << text;
}

// Something of each kind is granted, so there is a helper, which is asked and refuses, too.
TEST_F(UncheckedRt, IsRefusedWhatItWasNotGranted) {
  const std::string text = Run("--allow-read=" + (folder_ / "given").string() +
                               " --allow-write=" + (folder_ / "given").string() +
                               " --allow-net=listen:127.0.0.1:4444 --allow-run=sh");
  // Datagram sockets are no business of this kernel's rules about ports, nor is what changes no
  // bytes of the rules about paths. Where nothing of the kind is granted, the filter refuses them.
  for (const char* name : {"datagrams", "modes", "times"}) {
    EXPECT_NE(text.find(std::string(name) + ": done"), std::string::npos) << name << "\n" << text;
  }
  size_t done = 0;
  for (size_t at = text.find(": done"); at != std::string::npos; at = text.find(": done", at + 1)) {
    ++done;
  }
  EXPECT_EQ(done, 3u) << text;
  EXPECT_NE(text.find("listen: PermissionDenied"), std::string::npos) << text;
  EXPECT_NE(text.find("run: PermissionDenied"), std::string::npos) << text;
}

// The wall is up before any code of the user's runs.
TEST_F(UncheckedRt, PreloadedModulesAreBehindItToo) {
  std::ofstream(folder_ / "app/early.js") << R"js(
    try {
      console.log("early: " + Deno.readTextFileSync(Deno.args[0] + "/secret"));
    } catch (error) {
      console.log("early: " + error.name);
    }
  )js";
  const std::string flag = "--preload=" + (folder_ / "app/early.js").string();
  EXPECT_EQ(Run(flag).substr(0, 24), "early: PermissionDenied\n");
  EXPECT_EQ(Run(flag + " --no-os-sandbox").substr(0, 9), "early: x\n");
}

}  // namespace
