// Rules, queries, revocation, messages, and deny-wins against a naive model.
#include "src/permissions/permissions.h"

#include <random>

#include "src/permissions/env_sinks.h"
#include "tests/unit/permissions/support.h"

namespace rt::test {
namespace {

PermStatus Ask(const Permissions& permissions, Perm perm, const PermDescriptor& what = {}) {
  const Result<PermStatus> status = permissions.Query(perm, what);
  EXPECT_TRUE(status.ok()) << MessageOf(status);
  return status.ok() ? *status : PermStatus{};
}

constexpr PermStatus kGranted{PermState::kGranted, false};
constexpr PermStatus kPartial{PermState::kGranted, true};
constexpr PermStatus kPrompt{PermState::kPrompt, false};
constexpr PermStatus kDenied{PermState::kDenied, false};

TEST(Permissions, Names) {
  EXPECT_EQ(PermName(Perm::kImport), "import");
  EXPECT_EQ(PermFromName("sys"), Perm::kSys);
  EXPECT_FALSE(PermFromName("hrtime"));
  EXPECT_EQ(PermStateName(PermState::kPrompt), "prompt");
}

TEST(Permissions, NothingIsGrantedByDefault) {
  Permissions none = Make({});
  for (size_t i = 0; i < kPermCount; ++i) {
    EXPECT_EQ(Ask(none, static_cast<Perm>(i)), kPrompt);
    EXPECT_FALSE(none.IsUnscoped(static_cast<Perm>(i)));
  }
  EXPECT_FALSE(none.IsEverything());
  EXPECT_EQ(MessageOf(Read(none, "x")),
            "Requires read access to \"x\", run again with the --allow-read flag");
  EXPECT_EQ(MessageOf(GrantAccess::CheckPath<Perm::kWrite>(none, "/tmp", "", "<TMP>")),
            "Requires write access to <TMP>, run again with the --allow-write flag");
  EXPECT_EQ(MessageOf(GrantAccess::CheckOpen(none, "x", true, true, "")),
            "Requires read access to \"x\", run again with the --allow-read flag");
  EXPECT_EQ(MessageOf(GrantAccess::CheckOpen(none, "x", false, true, "")),
            "Requires write access to \"x\", run again with the --allow-write flag");
  EXPECT_EQ(MessageOf(GrantAccess::CheckEnv(none, "HOME", "")),
            "Requires env access to \"HOME\", run again with the --allow-env flag");
  EXPECT_EQ(MessageOf(GrantAccess::CheckAllEnv(none, "")),
            "Requires env access, run again with the --allow-env flag");
  EXPECT_EQ(MessageOf(GrantAccess::CheckSys(none, "hostname", "")),
            "Requires sys access to \"hostname\", run again with the --allow-sys flag");
  EXPECT_EQ(MessageOf(GrantAccess::CheckRun(none, "ls", "")),
            "Requires run access to \"ls\", run again with the --allow-run flag");
  EXPECT_EQ(MessageOf(GrantAccess::CheckEverything<Perm::kRun>(none, "")),
            "Requires run access, run again with the --allow-run flag");
  EXPECT_EQ(MessageOf(GrantAccess::CheckFfi(none, "x.so", "")),
            "Requires ffi access to \"x.so\", run again with the --allow-ffi flag");
}

TEST(Permissions, EverythingAllowed) {
  Permissions all = Everything();
  EXPECT_TRUE(all.IsEverything());
  for (size_t i = 0; i < kPermCount; ++i) EXPECT_EQ(Ask(all, static_cast<Perm>(i)), kGranted);
  EXPECT_EQ((*Read(all, "a/../b"))->how(), PathTarget::How::kDirect);
  EXPECT_TRUE(GrantAccess::CheckAllEnv(all, "").ok());
  EXPECT_TRUE(GrantAccess::CheckEverything<Perm::kRun>(all, "").ok());
}

TEST(Permissions, BadEntriesNameFlagAndEntry) {
  const auto message = [](Perm perm, bool allow, const std::string& entry) {
    PermissionOptions options;
    (allow ? options[perm].allow_list : options[perm].deny_list) = {entry};
    const Result<Permissions> made = Permissions::FromOptions(options);
    return MessageOf(made);
  };
  EXPECT_EQ(message(Perm::kNet, true, "a b"),
            "--allow-net=a b: invalid host 'a b': invalid char found in FQDN");
  EXPECT_EQ(message(Perm::kNet, false, "a.com:99999"),
            "--deny-net=a.com:99999: invalid port in 'a.com:99999': '99999'");
  EXPECT_EQ(message(Perm::kRead, true, ""), "--allow-read=: Empty path is not allowed");
  EXPECT_EQ(message(Perm::kEnv, true, "A=B"), "--allow-env=A=B: invalid env var name: 'A=B'");
  EXPECT_EQ(message(Perm::kEnv, false, "A*B"), "--deny-env=A*B: \"*\" is only allowed at the end");
  EXPECT_EQ(message(Perm::kSys, true, "foo"), "--allow-sys=foo: unknown system info kind \"foo\"");
  EXPECT_EQ(message(Perm::kRun, true, ""), "--allow-run=: Empty command name not allowed");
  EXPECT_EQ(message(Perm::kWrite, true, std::string("a\0b", 3)).substr(0, 14), "--allow-write=");
}

TEST(Permissions, S35_DenyWinsOverEverything) {
  const TempFolder folder;
  folder.File("a", "");
  PermissionOptions options;
  options[Perm::kRead] = {.allow_all = true, .allow_list = {folder.path()}, .deny_all = true};
  options[Perm::kNet] = {.allow_all = true, .deny_list = {"a.com:80"}};
  // A more specific allow does not beat a wider deny.
  options[Perm::kWrite] = {.allow_list = {folder / "a"}, .deny_list = {folder.path()}};
  options[Perm::kEnv] = {.allow_list = {"FOO_A"}, .deny_list = {"FOO_*"}};
  options[Perm::kSys] = {.allow_list = {"hostname"}, .deny_list = {"hostname"}};
  Permissions permissions = Make(options);
  EXPECT_TRUE(IsNotCapable(Read(permissions, folder / "a")));
  EXPECT_EQ(Ask(permissions, Perm::kRead), kDenied);
  EXPECT_TRUE(IsNotCapable(Write(permissions, folder / "a")));
  EXPECT_TRUE(IsNotCapable(GrantAccess::CheckEnv(permissions, "FOO_A", "")));
  EXPECT_TRUE(IsNotCapable(GrantAccess::CheckSys(permissions, "hostname", "")));
  EXPECT_TRUE(IsNotCapable(GrantAccess::CheckNet(permissions, {"a.com", 80}, "")));
  EXPECT_TRUE(GrantAccess::CheckNet(permissions, {"a.com", 81}, "").ok());
  EXPECT_EQ(Ask(permissions, Perm::kNet), kPartial);
  EXPECT_TRUE(IsNotCapable(GrantAccess::CheckEverything<Perm::kNet>(permissions, "")));
}

TEST(Permissions, S35_PropertyAgainstNaiveModel) {
  // Names over a tiny alphabet, so that random rules and targets meet often.
  std::mt19937 random(35);
  const auto name = [&] {
    std::string text;
    for (int i = 0, n = 1 + static_cast<int>(random() % 3); i < n; ++i) {
      text += static_cast<char>('A' + random() % 2);
    }
    return text;
  };
  const auto pattern = [&] { return random() % 3 == 0 ? name() + "*" : name(); };
  const auto covers = [](const std::string& rule, const std::string& target) {
    if (rule.back() != '*') return rule == target;
    return target.compare(0, rule.size() - 1, rule, 0, rule.size() - 1) == 0;
  };
  int counts[3] = {};
  for (int i = 0; i < 20000; ++i) {
    PermRules rules;
    rules.allow_all = random() % 4 == 0;
    rules.deny_all = random() % 8 == 0;
    for (int n = static_cast<int>(random() % 3); n > 0; --n) rules.allow_list.push_back(pattern());
    for (int n = static_cast<int>(random() % 3); n > 0; --n) rules.deny_list.push_back(pattern());
    PermissionOptions options;
    options[Perm::kEnv] = rules;
    Permissions permissions = Make(options);
    for (int j = 0; j < 6; ++j) {
      const std::string target = name();
      bool allowed = rules.allow_all;
      bool denied = rules.deny_all;
      for (const std::string& rule : rules.allow_list) allowed = allowed || covers(rule, target);
      for (const std::string& rule : rules.deny_list) denied = denied || covers(rule, target);
      const PermState expected = denied    ? PermState::kDenied
                                 : allowed ? PermState::kGranted
                                           : PermState::kPrompt;
      ASSERT_EQ(Ask(permissions, Perm::kEnv, target).state, expected) << target;
      ASSERT_EQ(GrantAccess::CheckEnv(permissions, target, "").ok(),
                expected == PermState::kGranted);
      ++counts[static_cast<int>(expected)];
    }
  }
  for (const int count : counts) EXPECT_GT(count, 1000);
}

TEST(Permissions, S35_PathPropertyAgainstNaiveModel) {
  // A real tree two levels deep: every combination of a few allow and deny rules.
  const TempFolder folder;
  const char* const kNames[] = {"a", "ab", "b"};
  std::vector<std::string> all = {""};
  for (const char* outer : kNames) {
    folder.Folder(outer);
    all.push_back(std::string("/") + outer);
    for (const char* inner : kNames) {
      folder.Folder(std::string(outer) + "/" + inner);
      all.push_back(std::string("/") + outer + "/" + inner);
    }
  }
  const auto covers = [](const std::string& rule, const std::string& target) {
    return target == rule || target.compare(0, rule.size() + 1, rule + "/") == 0;
  };
  std::mt19937 random(36);
  for (int i = 0; i < 2000; ++i) {
    std::vector<std::string> allow;
    std::vector<std::string> deny;
    for (int n = 1 + static_cast<int>(random() % 2); n > 0; --n)
      allow.push_back(all[random() % all.size()]);
    for (int n = static_cast<int>(random() % 3); n > 0; --n)
      deny.push_back(all[random() % all.size()]);
    PermissionOptions options;
    for (const std::string& rule : allow)
      options[Perm::kRead].allow_list.push_back(folder.path() + rule);
    for (const std::string& rule : deny)
      options[Perm::kRead].deny_list.push_back(folder.path() + rule);
    Permissions permissions = Make(options);
    for (int j = 0; j < 4; ++j) {
      const std::string& target = all[random() % all.size()];
      bool allowed = false;
      bool denied = false;
      bool below = false;
      for (const std::string& rule : allow) allowed = allowed || covers(rule, target);
      for (const std::string& rule : deny) {
        denied = denied || covers(rule, target);
        below = below || (rule != target && covers(target, rule));
      }
      const auto granted = Read(permissions, folder.path() + target);
      ASSERT_EQ(granted.ok(), allowed && !denied) << target;
      const PermStatus status = Ask(permissions, Perm::kRead, folder.path() + target);
      ASSERT_EQ(status.partial, allowed && !denied && below) << target;
      if (granted.ok()) {
        ASSERT_EQ((*granted)->denied_below(), below) << target;
      }
    }
  }
}

TEST(Permissions, QueryStates) {
  PermissionOptions options;
  options[Perm::kRead] = {.allow_list = {"/etc"}, .deny_list = {"/etc/passwd"}};
  options[Perm::kNet] = {.allow_list = {"a.com:80", "b.com"}};
  Permissions permissions = Make(options);
  EXPECT_EQ(Ask(permissions, Perm::kRead), kPrompt);
  EXPECT_EQ(Ask(permissions, Perm::kRead, "/etc"), kPartial);
  EXPECT_EQ(Ask(permissions, Perm::kRead, "/etc/hosts"), kGranted);
  EXPECT_EQ(Ask(permissions, Perm::kRead, "/etc/passwd"), kDenied);
  EXPECT_EQ(Ask(permissions, Perm::kRead, "/"), kPrompt);
  EXPECT_EQ(Ask(permissions, Perm::kNet, "a.com:80"), kGranted);
  EXPECT_EQ(Ask(permissions, Perm::kNet, "a.com"), kPrompt);
  EXPECT_EQ(Ask(permissions, Perm::kNet, "b.com:1"), kGranted);
  EXPECT_EQ(Ask(permissions, Perm::kNet, "[::1]:80"), kPrompt);
  EXPECT_FALSE(permissions.Query(Perm::kNet, "a b").ok());
  EXPECT_FALSE(permissions.Query(Perm::kNet, "a.com:").ok());
  EXPECT_FALSE(permissions.Query(Perm::kNet, "").ok());
  EXPECT_FALSE(permissions.Query(Perm::kNet, ":80").ok());
  EXPECT_FALSE(permissions.Query(Perm::kRead, "").ok());
  EXPECT_FALSE(permissions.Query(Perm::kSys, "zz").ok());
  EXPECT_FALSE(permissions.Query(Perm::kEnv, "A=B").ok());
}

TEST(Permissions, Revoke) {
  PermissionOptions options;
  options[Perm::kRead].allow_list = {"/etc", "/usr/lib"};
  options[Perm::kNet].allow_all = true;
  options[Perm::kEnv].allow_list = {"A", "B"};
  Permissions permissions = Make(options);
  EXPECT_EQ(*permissions.Revoke(Perm::kRead, "/etc/hosts"), kPrompt);
  EXPECT_TRUE(IsNotCapable(Read(permissions, "/etc/passwd")));
  EXPECT_TRUE(Read(permissions, "/usr/lib/x").ok());
  EXPECT_EQ(*permissions.Revoke(Perm::kRead, "/usr"), kPrompt);
  EXPECT_TRUE(IsNotCapable(Read(permissions, "/usr/lib/x")));
  EXPECT_TRUE(permissions.IsUnscoped(Perm::kNet));
  EXPECT_EQ(*permissions.Revoke(Perm::kNet), kPrompt);
  EXPECT_FALSE(permissions.IsUnscoped(Perm::kNet));
  EXPECT_TRUE(IsNotCapable(GrantAccess::CheckNet(permissions, {"a.com", 1}, "")));
  EXPECT_EQ(*permissions.Revoke(Perm::kEnv, "A"), kPrompt);
  EXPECT_EQ(Ask(permissions, Perm::kEnv, "B"), kGranted);
}

TEST(Permissions, RequestWithoutTerminalChangesNothing) {
  Permissions none = Make({});
  EXPECT_EQ(*none.Request(Perm::kEnv, "A"), kDenied);
  EXPECT_EQ(*none.Request(Perm::kEnv), kDenied);
  EXPECT_EQ(*none.Query(Perm::kEnv, "A"), kPrompt);
  EXPECT_TRUE(IsNotCapable(GrantAccess::CheckEnv(none, "A", "")));
}

TEST(Env, S34_ListObeysDeny) {
  PermissionOptions options;
  options[Perm::kEnv] = {.allow_all = true, .deny_list = {"RT_TEST_SECRET", "RT_TEST_PRE_*"}};
  Permissions permissions = Make(options);
  Permissions all = Everything();
  for (const char* name : {"RT_TEST_SECRET", "RT_TEST_PRE_1", "RT_TEST_OPEN"}) {
    ASSERT_TRUE(SetEnv(*GrantAccess::CheckEnv(all, name, ""), "v").ok());
  }
  const auto names = [&](Permissions& from) {
    std::string text;
    for (const auto& [name, value] : ListEnv(*GrantAccess::CheckAllEnv(from, ""))) {
      if (name.starts_with("RT_TEST_")) text += name + "=" + value + ";";
    }
    return text;
  };
  EXPECT_EQ(names(permissions), "RT_TEST_OPEN=v;");
  EXPECT_EQ(names(all), "RT_TEST_SECRET=v;RT_TEST_PRE_1=v;RT_TEST_OPEN=v;");
  EXPECT_TRUE(IsNotCapable(GrantAccess::CheckEnv(permissions, "RT_TEST_SECRET", "")));
  EXPECT_TRUE(IsNotCapable(GrantAccess::CheckEnv(permissions, "RT_TEST_PRE_1", "")));

  const auto open = GrantAccess::CheckEnv(permissions, "RT_TEST_OPEN", "");
  ASSERT_TRUE(open.ok());
  EXPECT_EQ(GetEnv(*open), "v");
  EXPECT_FALSE(SetEnv(*open, std::string_view("a\0b", 3)).ok());
  ASSERT_TRUE(UnsetEnv(*open).ok());
  EXPECT_EQ(GetEnv(*open), std::nullopt);

  // Lists grant single names, never the whole.
  PermissionOptions listed;
  listed[Perm::kEnv].allow_list = {"RT_TEST_*"};
  Permissions some = Make(listed);
  EXPECT_TRUE(GrantAccess::CheckEnv(some, "RT_TEST_OPEN", "").ok());
  EXPECT_TRUE(IsNotCapable(GrantAccess::CheckEnv(some, "HOME", "")));
  EXPECT_TRUE(IsNotCapable(GrantAccess::CheckAllEnv(some, "")));
}

TEST(Env, BadNamesAreTypeErrors) {
  Permissions all = Everything();
  EXPECT_EQ(MessageOf(GrantAccess::CheckEnv(all, "", "")), "Key is an empty string.");
  EXPECT_EQ(MessageOf(GrantAccess::CheckEnv(all, "a=b", "")),
            "Key contains invalid characters: \"a=b\"");
  EXPECT_EQ(MessageOf(GrantAccess::CheckEnv(all, std::string("a\0b", 3), "")),
            "Key contains invalid characters: \"a\\0b\"");
}

TEST(Run, S32_NamesAreFixedAtTheStart) {
  const TempFolder folder;
  folder.Folder("bin");
  folder.File("bin/tool", "#!/bin/sh\n");
  folder.File("tool", "#!/bin/sh\n");
  ASSERT_EQ(chmod((folder / "bin/tool").c_str(), 0755), 0);
  ASSERT_EQ(chmod((folder / "tool").c_str(), 0755), 0);
  const std::string before = getenv("PATH");
  setenv("PATH", (folder / "bin").c_str(), 1);
  PermissionOptions options;
  options[Perm::kRun].allow_list = {"tool"};
  Permissions permissions = Make(options);
  setenv("PATH", folder.path().c_str(), 1);
  const auto granted = GrantAccess::CheckRun(permissions, "tool", "");
  ASSERT_TRUE(granted.ok());
  EXPECT_EQ((*granted)->path, folder / "bin/tool");
  EXPECT_TRUE(GrantAccess::CheckRun(permissions, folder / "bin/tool", "").ok());
  EXPECT_TRUE(IsNotCapable(GrantAccess::CheckRun(permissions, folder / "tool", "")));
  // Another file under the granted name is another program.
  folder.File("bin/other", "#!/bin/sh\n");
  ASSERT_EQ(chmod((folder / "bin/other").c_str(), 0755), 0);
  ASSERT_EQ(rename((folder / "bin/other").c_str(), (folder / "bin/tool").c_str()), 0);
  EXPECT_TRUE(IsNotCapable(GrantAccess::CheckRun(permissions, "tool", "")));
  setenv("PATH", before.c_str(), 1);
}

TEST(Granter, PermissionsOfAnArgumentTypeAreKnownAtCompileTime) {
  static_assert(GrantedArgument<Granted<Perm::kRead, PathTarget>>);
  static_assert(!GrantedArgument<std::string>);
  static_assert(Granter<Granted<Perm::kNet, HostPort>>::kPerms[0] == Perm::kNet);
  static_assert(Granter<GrantedReadWrite<EntryTarget>>::kPerms.size() == 2);
  static_assert(!std::is_default_constructible_v<Granted<Perm::kEnv, EnvName>>);
  static_assert(!std::is_constructible_v<Granted<Perm::kEnv, EnvName>, EnvName>);
  static_assert(!std::is_constructible_v<Granted<Perm::kWrite, PathTarget>,
                                         Granted<Perm::kRead, PathTarget>>);
  static_assert(!std::is_constructible_v<Granted<Perm::kRead, PathTarget>,
                                         Granted<Perm::kRead, EntryTarget>>);
  Permissions all = Everything();
  EXPECT_TRUE((Granter<Granted<Perm::kNet, HostPort>>::Check(all, {"a.com", 80}, "").ok()));
  EXPECT_TRUE((Granter<Granted<Perm::kEnv, AllEnv>>::Check(all, {}, "").ok()));
  EXPECT_TRUE((Granter<Granted<Perm::kRead, rt::Everything>>::Check(all, {}, "").ok()));
}

}  // namespace
}  // namespace rt::test
