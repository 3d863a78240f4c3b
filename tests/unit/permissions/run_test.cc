// Which programs may be started, with which environment, and that the one that was checked is run.
#include <fcntl.h>
#include <sys/wait.h>

#include <cstdlib>

#include "src/permissions/env_sinks.h"
#include "src/permissions/programs.h"
#include "src/permissions/run_sinks.h"
#include "tests/unit/permissions/support.h"

namespace rt::test {
namespace {

// A folder as the PATH of the start.
class RunTest : public ::testing::Test {
 protected:
  RunTest() : before_(getenv("PATH")) { setenv("PATH", (folder_ / "bin").c_str(), 1); }
  ~RunTest() override { setenv("PATH", before_.c_str(), 1); }

  void Program(const std::string& name, const std::string& says) const {
    folder_.Folder(name.substr(0, name.rfind('/')));
    folder_.File(name, "#!/bin/sh\necho " + says + " \"$@\"\n");
    ASSERT_EQ(chmod((folder_ / name).c_str(), 0755), 0);
  }
  Permissions Allow(std::vector<std::string> list, std::vector<std::string> deny = {}) const {
    PermissionOptions options;
    options[Perm::kRun].allow_list = std::move(list);
    options[Perm::kRun].deny_list = std::move(deny);
    options[Perm::kWrite].allow_all = true;
    options.no_prompt = true;
    return Make(options);
  }
  static Result<Granted<Perm::kRun, rt::Program>> Check(Permissions& permissions,
                                                        const std::string& name) {
    return GrantAccess::CheckRun(permissions, name, "Deno.Command()");
  }
  // What a child that becomes the program prints, or "errno N".
  static std::string Output(const Granted<Perm::kRun, rt::Program>& program) {
    int ends[2];
    EXPECT_EQ(pipe(ends), 0);
    const pid_t child = fork();
    if (child == 0) {
      dup2(ends[1], STDOUT_FILENO);
      char name[] = "name", argument[] = "argument";
      char* argv[] = {name, argument, nullptr};
      char* envp[] = {nullptr};
      const int error_number = ExecGranted(program, argv, envp);
      dprintf(STDOUT_FILENO, "errno %d", error_number);
      _exit(1);
    }
    close(ends[1]);
    std::string text = ReadFd(ends[0]);
    close(ends[0]);
    waitpid(child, nullptr, 0);
    return text;
  }

  TempFolder folder_;
  std::string before_;
};

TEST_F(RunTest, GrantedProgramIsStarted) {
  Program("bin/tool", "tool");
  Permissions permissions = Allow({"tool"});
  const auto granted = Check(permissions, "tool");
  ASSERT_TRUE(granted.ok()) << MessageOf(granted);
  EXPECT_EQ((*granted)->path, folder_ / "bin/tool");
  EXPECT_EQ(Output(*granted), "tool argument\n");
  Permissions shell = Allow({"/bin/sh"});
  EXPECT_TRUE(Check(shell, "/bin/sh").ok());
  EXPECT_TRUE(IsNotCapable(Check(shell, "tool")));
}

TEST_F(RunTest, S32_WhatIsPutInItsPlaceIsNotStarted) {
  Program("bin/tool", "tool");
  Program("bin/other", "other");
  Permissions permissions = Allow({"tool"});
  const auto granted = Check(permissions, "tool");
  ASSERT_TRUE(granted.ok());
  // After the check: an ELF program would run from the descriptor, a script cannot.
  ASSERT_EQ(rename((folder_ / "bin/other").c_str(), (folder_ / "bin/tool").c_str()), 0);
  EXPECT_EQ(Output(*granted), "errno 2");
  EXPECT_TRUE(IsNotCapable(Check(permissions, "tool")));
}

TEST_F(RunTest, S32_ReplacedBinaryRunsFromItsDescriptor) {
  folder_.Folder("bin");
  std::filesystem::copy_file("/bin/echo", folder_ / "bin/echo");
  Permissions permissions = Allow({"echo"});
  const auto granted = Check(permissions, "echo");
  ASSERT_TRUE(granted.ok());
  Program("bin/evil", "evil");
  ASSERT_EQ(rename((folder_ / "bin/evil").c_str(), (folder_ / "bin/echo").c_str()), 0);
  EXPECT_EQ(Output(*granted), "argument\n");
}

TEST_F(RunTest, S32_PlantedOnPathEarlier) {
  folder_.Folder("early");
  Program("bin/tool", "tool");
  setenv("PATH", (folder_ / "early" + ":" + folder_ / "bin").c_str(), 1);
  Permissions permissions = Allow({"tool"});
  Program("early/tool", "planted");
  const auto granted = Check(permissions, "tool");
  ASSERT_TRUE(granted.ok()) << MessageOf(granted);
  EXPECT_EQ(Output(*granted), "tool argument\n");
  EXPECT_TRUE(IsNotCapable(Check(permissions, folder_ / "early/tool")));
  // What the script says about PATH does not matter under a list.
  EXPECT_EQ((*GrantAccess::CheckRun(permissions, {"tool", "", folder_ / "early"}, ""))->path,
            folder_ / "bin/tool");
}

TEST_F(RunTest, S32_MulticallBinaryIsManyPrograms) {
  Program("bin/box", "box");
  folder_.Link("bin/ls", "box");
  folder_.Link("bin/sh", "box");
  Permissions permissions = Allow({"ls"});
  EXPECT_TRUE(Check(permissions, "ls").ok());
  EXPECT_TRUE(IsNotCapable(Check(permissions, "sh")));
  EXPECT_TRUE(IsNotCapable(Check(permissions, "box")));
  // The same entry by a linked folder is the same program.
  folder_.Link("lib", "bin");
  EXPECT_TRUE(Check(permissions, folder_ / "lib/ls").ok());
  // A deny rule hits the file under every name.
  Permissions denied = Allow({"ls"}, {"box"});
  EXPECT_TRUE(IsNotCapable(Check(denied, "ls")));
}

TEST_F(RunTest, S32_GrantedProgramsCannotBeWritten) {
  Program("bin/tool", "tool");
  folder_.Link("alias", "bin/tool");
  Permissions permissions = Allow({"tool"});
  for (const char* name : {"bin/tool", "alias", "bin/../bin/tool"}) {
    EXPECT_TRUE(IsNotCapable(Write(permissions, folder_ / name))) << name;
    EXPECT_TRUE(IsNotCapable(GrantAccess::CheckOpen(permissions, folder_ / name, false, true, "")));
  }
  ASSERT_EQ(link((folder_ / "bin/tool").c_str(), (folder_ / "hard").c_str()), 0);
  EXPECT_TRUE(IsNotCapable(Write(permissions, folder_ / "hard")));
  EXPECT_TRUE(IsNotCapable(Entry<Perm::kWrite>(permissions, folder_ / "bin/tool")));
  EXPECT_TRUE(Write(permissions, folder_ / "free").ok());
  // Not by renaming the folder it is in either.
  const auto folder = Entry<Perm::kWrite>(permissions, folder_ / "bin");
  EXPECT_TRUE(!folder.ok() || (*folder)->denied_below());
}

TEST_F(RunTest, S32_InterpretersOfScriptsCannotBeWritten) {
  folder_.Folder("bin");
  folder_.Folder("late");
  const auto script = [&](const std::string& name, const std::string& line) {
    folder_.File(name, line + "\nx\n");
    ASSERT_EQ(chmod((folder_ / name).c_str(), 0755), 0);
  };
  setenv("PATH", ((folder_ / "bin") + ":" + (folder_ / "late")).c_str(), 1);
  script("real", "not a script");
  script("second", "#!" + (folder_ / "real"));
  folder_.Link("interp", "second");
  script("bin/direct", "#! " + (folder_ / "interp") + " -x");
  script("late/named", "not a script");
  script("bin/env", "not a script");
  script("bin/by_name", "#!" + (folder_ / "bin/env") + " -S A=b -i named -u");
  script("bin/missing", "#!" + (folder_ / "nothing"));
  script("bin/free", "no script #!" + (folder_ / "other"));
  Permissions permissions = Allow({"direct", "by_name", "missing", "free"});
  for (const char* name : {"second", "real", "bin/env", "late/named", "bin/named", "nothing"}) {
    EXPECT_TRUE(IsNotCapable(Write(permissions, folder_ / name))) << name;
    EXPECT_TRUE(IsNotCapable(Entry<Perm::kWrite>(permissions, folder_ / name))) << name;
  }
  EXPECT_TRUE(IsNotCapable(Entry<Perm::kWrite>(permissions, folder_ / "interp")));
  for (const char* name : {"other", "late/other", "bin/other"}) {
    EXPECT_TRUE(Write(permissions, folder_ / name).ok()) << name;
  }
}

TEST_F(RunTest, S32_LinkedFoldersOnTheWayStay) {
  Program("v1/bin/tool", "one");
  Program("v2/bin/tool", "two");
  folder_.Link("mid", "v1");
  folder_.Link("current", "mid/bin");
  Permissions permissions = Allow({folder_ / "current/tool"});
  for (const char* link : {"mid", "current"}) {
    EXPECT_TRUE(IsNotCapable(Entry<Perm::kWrite>(permissions, folder_ / link))) << link;
  }
  const auto folder = Entry<Perm::kWrite>(permissions, folder_ / "v1");
  EXPECT_TRUE(!folder.ok() || (*folder)->denied_below());
  // What else is behind the links may be written by their names.
  EXPECT_TRUE(Write(permissions, folder_ / "current/log").ok());
  EXPECT_TRUE(Write(permissions, folder_ / "mid/log").ok());
  EXPECT_TRUE(Entry<Perm::kWrite>(permissions, folder_ / "v2").ok());
}

TEST_F(RunTest, UnscopedFollowsTheChildsPath) {
  Program("bin/tool", "tool");
  Program("other/tool", "other");
  Permissions permissions = Unscoped({Perm::kRun});
  EXPECT_EQ((*Check(permissions, "tool"))->path, folder_ / "bin/tool");
  EXPECT_EQ((*GrantAccess::CheckRun(permissions, {"tool", "", folder_ / "other"}, ""))->path,
            folder_ / "other/tool");
  EXPECT_EQ((*GrantAccess::CheckRun(permissions, {"./tool", folder_ / "other", {}}, ""))->path,
            folder_ / "other/tool");
  EXPECT_EQ((*Check(permissions, "missing"))->path, "");
  EXPECT_EQ(Output(*Check(permissions, "missing")), "errno 2");
}

TEST_F(RunTest, MalformedNames) {
  Permissions permissions = Unscoped({Perm::kRun});
  EXPECT_EQ(MessageOf(Check(permissions, "")), "invalid command name");
  EXPECT_EQ(MessageOf(Check(permissions, std::string("a\0b", 3))), "invalid command name");
}

class ChildEnvTest : public RunTest {
 protected:
  static std::string EnvOf(Permissions& permissions, ChildEnvRequest request) {
    auto granted = GrantAccess::CheckChildEnv(permissions, std::move(request));
    if (!granted.ok()) return granted.error().message;
    std::string text;
    for (const std::string& entry : (*granted)->entries) text += entry + "\n";
    return text;
  }
};

TEST_F(ChildEnvTest, S32_VariablesThatSteerNeedUnscopedRun) {
  Permissions permissions = Allow({"tool"});
  EXPECT_EQ(EnvOf(permissions, {{{"LD_PRELOAD", "/x.so"}}, true}),
            "Requires --allow-run permissions to spawn subprocess with LD_PRELOAD environment "
            "variable. Alternatively, spawn with the environment variable unset.");
  EXPECT_EQ(EnvOf(permissions, {{{"LD_PRELOAD", "x"}, {"A", "b"}, {"BASH_ENV", "y"}}, true}),
            "Requires --allow-run permissions to spawn subprocess with LD_PRELOAD, BASH_ENV "
            "environment variables. Alternatively, spawn with these environment variables unset.");
  for (const char* name : {"LD_LIBRARY_PATH",
                           "ld_preload",
                           "DYLD_INSERT_LIBRARIES",
                           "ENV",
                           "NODE_OPTIONS",
                           "PYTHONSTARTUP",
                           "PYTHONPATH",
                           "GIT_SSH_COMMAND",
                           "GIT_CONFIG_COUNT",
                           "PERL5OPT",
                           "RUBYOPT",
                           "BASH_FUNC_ls%%",
                           "npm_config_node_options",
                           "PS4",
                           "IFS",
                           "GCONV_PATH",
                           "GIO_EXTRA_MODULES",
                           "MAVEN_OPTS",
                           "VK_ICD_FILENAMES",
                           "CC",
                           "RSYNC_RSH"}) {
    EXPECT_TRUE(EnvOf(permissions, {{{name, "x"}}, true}).starts_with("Requires")) << name;
    EXPECT_EQ(EnvOf(permissions, {{{name, ""}}, true}), std::string(name) + "=\n");
  }
  EXPECT_EQ(EnvOf(permissions, {{{"A", "1"}, {"B", "2"}, {"A", "3"}}, true}), "B=2\nA=3\n");
  Permissions all = Unscoped({Perm::kRun});
  EXPECT_EQ(EnvOf(all, {{{"LD_PRELOAD", "/x.so"}}, true}), "LD_PRELOAD=/x.so\n");
}

TEST_F(ChildEnvTest, S32_WhatTheUserSetPassesWhatTheScriptChangedDoesNot) {
  setenv("PYTHONPATH", "/user", 1);
  Permissions permissions = Allow({"tool"});
  EXPECT_NE(EnvOf(permissions, {}).find("PYTHONPATH=/user\n"), std::string::npos);
  setenv("PYTHONPATH", "/script", 1);  // Deno.env.set
  EXPECT_TRUE(EnvOf(permissions, {}).starts_with("Requires")) << EnvOf(permissions, {});
  EXPECT_EQ(EnvOf(permissions, {{{"PYTHONPATH", "/user"}}, true}), "PYTHONPATH=/user\n");
  unsetenv("PYTHONPATH");
}

// Keeps what it was told.
class Told : public PermissionObserver {
 public:
  void Observe(const PermissionEvent& event) override { text += std::string(event.target) + ";"; }
  std::string text;
};

TEST_F(ChildEnvTest, AnAuditLogsAndDoes) {
  setenv("PYTHONUNBUFFERED", "1", 1);
  PermissionOptions options;
  options.no_prompt = true;
  Permissions permissions = Make(options);
  Told told;
  permissions.Observe(&told, true);
  // What the person set at the start is not even worth a line.
  EXPECT_NE(EnvOf(permissions, {}).find("PYTHONUNBUFFERED=1\n"), std::string::npos);
  EXPECT_EQ(told.text, "");
  EXPECT_EQ(EnvOf(permissions, {{{"LD_PRELOAD", "/x"}}, true}), "LD_PRELOAD=/x\n");
  EXPECT_EQ(told.text, "environment:LD_PRELOAD;");
  permissions.Observe(&told, false);
  EXPECT_TRUE(EnvOf(permissions, {{{"LD_PRELOAD", "/x"}}, true}).starts_with("Requires"));
  unsetenv("PYTHONUNBUFFERED");
}

TEST_F(ChildEnvTest, S32_PathOnlyWithinThePathOfTheStart) {
  setenv("PATH", "/usr/bin:/bin", 1);
  Permissions permissions = Allow({"tool"});
  for (const char* path : {"/bin", "/bin:/usr/bin", "/usr/bin:/bin"}) {
    EXPECT_EQ(EnvOf(permissions, {{{"PATH", path}}, true}), std::string("PATH=") + path + "\n");
  }
  for (const char* path : {"/tmp", "/tmp:/bin", "/bin:", ":/bin", ".", "/bin:bin", "/bin/"}) {
    EXPECT_TRUE(EnvOf(permissions, {{{"PATH", path}}, true}).starts_with("Requires")) << path;
  }
}

TEST_F(ChildEnvTest, S34_DeniedVariablesAreNotInherited) {
  setenv("RT_SECRET_A", "a", 1);
  setenv("RT_OPEN", "o", 1);
  PermissionOptions options;
  options[Perm::kRun].allow_all = true;
  options[Perm::kEnv].deny_list = {"RT_SECRET*"};
  Permissions permissions = Make(options);
  const std::string env = EnvOf(permissions, {});
  EXPECT_EQ(env.find("RT_SECRET_A"), std::string::npos);
  EXPECT_NE(env.find("RT_OPEN=o\n"), std::string::npos);
  options[Perm::kEnv].deny_all = true;
  Permissions nothing = Make(options);
  EXPECT_EQ(EnvOf(nothing, {}), "");
  EXPECT_EQ(EnvOf(nothing, {{{"A", "b"}}, false}), "A=b\n");
}

TEST_F(ChildEnvTest, BadNamesAndValues) {
  Permissions all = Unscoped({Perm::kRun});
  EXPECT_EQ(EnvOf(all, {{{"", "x"}}, true}), "Key is an empty string.");
  EXPECT_EQ(EnvOf(all, {{{"A=B", "x"}}, true}), "Key contains invalid characters: \"A=B\"");
  EXPECT_EQ(EnvOf(all, {{{"A", std::string("x\0y", 3)}}, true}),
            "the value of \"A\" contains a NUL byte");
}

}  // namespace
}  // namespace rt::test
