// The command line's grammar: what becomes of every kind of argument.
#include "src/cli/args/parse.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace rt::cli {
namespace {

using Strings = std::vector<std::string>;

Result<Invocation> Parse(const Strings& arguments) {
  return ParseArguments(arguments);
}

Invocation MustParse(const Strings& arguments) {
  auto parsed = Parse(arguments);
  EXPECT_TRUE(parsed.ok()) << (parsed.ok() ? "" : parsed.error().message);
  return parsed.ok() ? *parsed : Invocation();
}

std::string ErrorOf(const Strings& arguments) {
  auto parsed = Parse(arguments);
  return parsed.ok() ? "no error" : parsed.error().message;
}

const PermRules& Rules(const Invocation& invocation, Perm perm) {
  return invocation.permissions[perm];
}

TEST(Parse, RunTakesFileAndItsArguments) {
  const Invocation run = MustParse({"run", "a.js", "x", "y"});
  EXPECT_EQ(run.command, Command::kRun);
  EXPECT_EQ(run.operand, "a.js");
  EXPECT_EQ(run.script_args, (Strings{"x", "y"}));
  EXPECT_FALSE(run.shorthand);
  EXPECT_FALSE(Rules(run, Perm::kNet).allow_all);
}

TEST(Parse, ShorthandIsRun) {
  const Invocation run = MustParse({"--allow-net", "server.js"});
  EXPECT_EQ(run.command, Command::kRun);
  EXPECT_TRUE(run.shorthand);
  EXPECT_EQ(run.operand, "server.js");
  EXPECT_TRUE(Rules(run, Perm::kNet).allow_all);
}

TEST(Parse, WhatFollowsTheFileIsTheScripts) {
  const Strings rest = {"--allow-net", "-A", "--", "++", "-R=x", "--unknown", "", "run", "--host="};
  Strings arguments = {"run", "-R", "a.js"};
  arguments.insert(arguments.end(), rest.begin(), rest.end());
  const Invocation run = MustParse(arguments);
  EXPECT_EQ(run.script_args, rest);
  EXPECT_TRUE(Rules(run, Perm::kRead).allow_all);
  EXPECT_FALSE(Rules(run, Perm::kNet).allow_all);
}

TEST(Parse, DashIsStandardInput) {
  EXPECT_EQ(MustParse({"run", "-A", "-", "x"}).operand, "-");
  EXPECT_EQ(MustParse({"-"}).operand, "-");
}

TEST(Parse, DoubleDashEndsFlags) {
  const Invocation run = MustParse({"run", "-A", "--", "--odd.js", "--", "x"});
  EXPECT_EQ(run.operand, "--odd.js");
  EXPECT_EQ(run.script_args, (Strings{"--", "x"}));
  EXPECT_EQ(ErrorOf({"run", "--"}).find("no file given"), 0u);
}

TEST(Parse, OddFileNames) {
  EXPECT_EQ(MustParse({"run", "++", "x"}).operand, "++");
  EXPECT_EQ(MustParse({"run", "/abs/a.js"}).operand, "/abs/a.js");
  EXPECT_EQ(MustParse({"run", "a=b.js"}).operand, "a=b.js");
}

TEST(Parse, ListFlagsNeverTakeTheNextArgument) {
  for (const char* flag : {"--allow-net", "--deny-read", "--trace-ops", "-R", "-N"}) {
    EXPECT_EQ(MustParse({"run", flag, "a.js"}).operand, "a.js") << flag;
  }
}

TEST(Parse, Lists) {
  const Invocation run = MustParse(
      {"run", "--allow-net=a.com,[::1]:80", "--allow-net=b.com", "--deny-net=c.com", "x"});
  EXPECT_FALSE(Rules(run, Perm::kNet).allow_all);
  EXPECT_EQ(Rules(run, Perm::kNet).allow_list, (Strings{"a.com", "[::1]:80", "b.com"}));
  EXPECT_EQ(Rules(run, Perm::kNet).deny_list, (Strings{"c.com"}));
}

TEST(Parse, DoubledCommaIsAComma) {
  EXPECT_EQ(Rules(MustParse({"run", "--allow-read=a,,b,c", "x"}), Perm::kRead).allow_list,
            (Strings{"a,b", "c"}));
}

TEST(Parse, ValuesCli11WouldInterpret) {
  const Strings words = {"true", "false", "[a]", "0", "-1", "a b", "%%", "\"q\"", "{x}"};
  for (const std::string& word : words) {
    const Invocation run = MustParse({"run", "--allow-read=" + word, "x"});
    EXPECT_FALSE(Rules(run, Perm::kRead).allow_all) << word;
    EXPECT_EQ(Rules(run, Perm::kRead).allow_list, (Strings{word}));
  }
}

TEST(Parse, EveryPermissionHasItsFlags) {
  for (size_t i = 0; i < kPermCount; ++i) {
    const Perm perm = static_cast<Perm>(i);
    const std::string name(PermName(perm));
    for (size_t j = 0; j < kPermCount; ++j) {
      const Perm other = static_cast<Perm>(j);
      EXPECT_EQ(Rules(MustParse({"--allow-" + name, "x"}), other).allow_all, i == j) << name;
      EXPECT_EQ(Rules(MustParse({"--deny-" + name, "x"}), other).deny_all, i == j) << name;
    }
    EXPECT_EQ(Rules(MustParse({"--allow-" + name + "=v", "x"}), perm).allow_list, (Strings{"v"}));
    EXPECT_EQ(Rules(MustParse({"--deny-" + name + "=v", "x"}), perm).deny_list, (Strings{"v"}));
  }
}

TEST(Parse, Letters) {
  const std::pair<const char*, Perm> letters[] = {{"-R", Perm::kRead}, {"-W", Perm::kWrite},
                                                  {"-N", Perm::kNet},  {"-E", Perm::kEnv},
                                                  {"-S", Perm::kSys},  {"-I", Perm::kImport}};
  for (const auto& [letter, perm] : letters) {
    EXPECT_TRUE(Rules(MustParse({letter, "x"}), perm).allow_all) << letter;
    EXPECT_EQ(Rules(MustParse({std::string(letter) + "=a,b", "x"}), perm).allow_list,
              (Strings{"a", "b"}));
  }
  const Invocation joined = MustParse({"-RNq", "x"});
  EXPECT_TRUE(Rules(joined, Perm::kRead).allow_all);
  EXPECT_TRUE(Rules(joined, Perm::kNet).allow_all);
  EXPECT_TRUE(joined.quiet);
}

TEST(Parse, AllowAll) {
  for (const char* flag : {"-A", "--allow-all"}) {
    const Invocation run = MustParse({flag, "--deny-env=HOME", "x"});
    for (const PermRules& rules : run.permissions.rules) EXPECT_TRUE(rules.allow_all);
    EXPECT_EQ(Rules(run, Perm::kEnv).deny_list, (Strings{"HOME"}));
  }
  EXPECT_EQ(ErrorOf({"-A", "--allow-net=a", "x"}), "--allow-all conflicts with --allow-net");
}

TEST(Parse, EmptyValuesNeverAllowEverything) {
  EXPECT_EQ(ErrorOf({"run", "--allow-net=", "x"}), "--allow-net=: expected a value after \"=\"");
  EXPECT_EQ(ErrorOf({"run", "--allow-read={}", "x"}),
            "--allow-read={}: expected a value after \"=\"");
  EXPECT_EQ(ErrorOf({"run", "-R=", "x"}), "--allow-read=: expected a value after \"=\"");
  EXPECT_EQ(ErrorOf({"run", "-R={}", "x"}), "--allow-read={}: expected a value after \"=\"");
  EXPECT_EQ(ErrorOf({"run", "--trace-ops=", "x"}), "--trace-ops=: expected a value after \"=\"");
  EXPECT_EQ(ErrorOf({"serve", "--port=", "x"}), "--port=: expected a value after \"=\"");
  EXPECT_EQ(ErrorOf({"run", "--allow-net=a,", "x"}), "--allow-net=a,: empty entry in the list");
  EXPECT_EQ(ErrorOf({"run", "--deny-net=,a", "x"}), "--deny-net=,a: empty entry in the list");
}

TEST(Parse, SwitchesTakeNoValue) {
  EXPECT_NE(ErrorOf({"run", "--no-prompt=false", "x"}), "no error");
  EXPECT_NE(ErrorOf({"run", "--allow-all=no", "x"}), "no error");
  EXPECT_TRUE(MustParse({"run", "--no-prompt", "x"}).permissions.no_prompt);
}

TEST(Parse, TraceOps) {
  EXPECT_FALSE(MustParse({"x"}).trace_patterns.has_value());
  EXPECT_EQ(MustParse({"--trace-ops", "x"}).trace_patterns, "");
  EXPECT_EQ(MustParse({"--trace-ops=op_a*,op_b", "--trace-ops=op_c", "x"}).trace_patterns,
            "op_a*,op_b,op_c");
  EXPECT_EQ(MustParse({"--trace-ops=op_a", "--trace-ops", "--trace-ops=op_b", "x"}).trace_patterns,
            "");
}

TEST(Parse, IgnoreLists) {
  const Invocation run = MustParse({"run", "--ignore-env=A,B*", "--ignore-read", "a.js"});
  EXPECT_EQ(Rules(run, Perm::kEnv).ignore_list, (Strings{"A", "B*"}));
  EXPECT_FALSE(Rules(run, Perm::kEnv).ignore_all);
  EXPECT_TRUE(Rules(run, Perm::kRead).ignore_all);
  EXPECT_NE(ErrorOf({"run", "--ignore-net", "a.js"}), "no error");
  EXPECT_NE(ErrorOf({"run", "--ignore-env=A,", "a.js"}), "no error");
}

TEST(Parse, PermissionTraceAndAudit) {
  EXPECT_FALSE(MustParse({"run", "a.js"}).permission_trace);
  EXPECT_EQ(MustParse({"run", "--permission-trace", "a.js"}).permission_trace, "");
  EXPECT_EQ(MustParse({"run", "--permission-trace=t.jsonl", "a.js"}).permission_trace, "t.jsonl");
  EXPECT_TRUE(MustParse({"serve", "--permission-audit", "a.js"}).permission_audit);
  EXPECT_TRUE(MustParse({"run", "--os-sandbox", "a.js"}).os_sandbox);
  EXPECT_NE(ErrorOf({"run", "--os-sandbox", "--permission-audit", "a.js"}), "no error");
}

TEST(Parse, RecordTakesAFileAndNoPermissions) {
  const Invocation record = MustParse({"record", "-q", "a.js", "x"});
  EXPECT_EQ(record.command, Command::kRecord);
  EXPECT_EQ(record.operand, "a.js");
  EXPECT_EQ(record.script_args, (Strings{"x"}));
  EXPECT_NE(ErrorOf({"record", "--allow-net", "a.js"}), "no error");
  EXPECT_EQ(ErrorOf({"record"}).find("no file given"), 0u);
}

TEST(Parse, V8Flags) {
  EXPECT_EQ(MustParse({"--v8-flags=--a,--b=1", "x"}).v8_flags, (Strings{"--a", "--b=1"}));
  EXPECT_EQ(ErrorOf({"--v8-flags", "x"}), "--v8-flags needs a value: --v8-flags=--flag,--other");
}

TEST(Parse, TlsTrust) {
  const Invocation none = MustParse({"x"});
  EXPECT_FALSE(none.ignore_certificates);
  EXPECT_EQ(none.cert, "");
  EXPECT_EQ(MustParse({"--cert=a.pem", "x"}).cert, "a.pem");
  const Invocation some =
      MustParse({"--unsafely-ignore-certificate-errors=localhost,other.test", "x"});
  EXPECT_TRUE(some.ignore_certificates);
  EXPECT_EQ(some.ignore_certificate_hosts, (Strings{"localhost", "other.test"}));
  // Without hosts it means all of them, whatever was named besides.
  const Invocation all = MustParse(
      {"--unsafely-ignore-certificate-errors=a", "--unsafely-ignore-certificate-errors", "x"});
  EXPECT_TRUE(all.ignore_certificates);
  EXPECT_TRUE(all.ignore_certificate_hosts.empty());
}

TEST(Parse, Seed) {
  EXPECT_FALSE(MustParse({"x"}).seed.has_value());
  EXPECT_EQ(MustParse({"--seed=0", "x"}).seed, 0u);
  EXPECT_EQ(MustParse({"--seed", "42", "x"}).seed, 42u);
  EXPECT_EQ(MustParse({"--seed=18446744073709551615", "x"}).seed, 18446744073709551615u);
  for (const char* bad : {"18446744073709551616", "-1", "1x", "0x10", " 1", "+1"}) {
    EXPECT_EQ(ErrorOf({std::string("--seed=") + bad, "x"}),
              std::string("--seed=") + bad + ": expected a number from 0 to 2^64 - 1");
  }
  EXPECT_NE(ErrorOf({"--seed"}), "no error");
}

TEST(Parse, Eval) {
  const Invocation eval = MustParse({"eval", "-p", "--deny-read", "1+1", "-p", "x"});
  EXPECT_EQ(eval.command, Command::kEval);
  EXPECT_TRUE(eval.print);
  EXPECT_EQ(eval.operand, "1+1");
  EXPECT_EQ(eval.script_args, (Strings{"-p", "x"}));
  EXPECT_TRUE(Rules(eval, Perm::kNet).allow_all);
  EXPECT_TRUE(Rules(eval, Perm::kRead).deny_all);
  EXPECT_EQ(MustParse({"eval", ""}).operand, "");
  EXPECT_EQ(MustParse({"eval", "--", "-1"}).operand, "-1");
  EXPECT_EQ(ErrorOf({"eval"}).find("no code given"), 0u);
}

TEST(Parse, Serve) {
  const Invocation serve = MustParse({"serve", "--port=0", "--host", "::1", "-R", "app.js"});
  EXPECT_EQ(serve.command, Command::kServe);
  EXPECT_EQ(serve.port, 0);
  EXPECT_EQ(serve.host, "::1");
  EXPECT_FALSE(MustParse({"serve", "app.js"}).port.has_value());
  EXPECT_EQ(MustParse({"serve", "app.js"}).host, "0.0.0.0");
  EXPECT_EQ(ErrorOf({"serve", "--port=65536", "a.js"}),
            "--port=65536: expected a number from 0 to 65535");
  EXPECT_EQ(ErrorOf({"serve", "--host=a\"b", "a.js"}), "--host=a\"b: not a host name or address");
}

TEST(Parse, Ops) {
  EXPECT_EQ(MustParse({"ops"}).ops_format, OpsFormat::kTable);
  EXPECT_EQ(MustParse({"ops", "--json"}).ops_format, OpsFormat::kJson);
  EXPECT_EQ(MustParse({"ops", "--markdown"}).ops_format, OpsFormat::kMarkdown);
  EXPECT_EQ(ErrorOf({"ops", "--json", "--markdown"}), "--json conflicts with --markdown");
  EXPECT_EQ(ErrorOf({"ops", "x"}), "unexpected argument \"x\" for rt ops");
}

TEST(Parse, VersionAndHelp) {
  for (const Strings& arguments :
       {Strings{"-V"}, Strings{"--version"}, Strings{"version"}, Strings{"-A", "-V", "x"}}) {
    EXPECT_EQ(MustParse(arguments).command, Command::kVersion);
  }
  for (const Strings& arguments : {Strings{"-h"}, Strings{"--help"}, Strings{"help"}}) {
    EXPECT_EQ(MustParse(arguments).command, Command::kHelp);
    EXPECT_EQ(MustParse(arguments).operand, "");
  }
  for (const Strings& arguments : {Strings{"run", "-h"}, Strings{"help", "run"}}) {
    EXPECT_EQ(MustParse(arguments).command, Command::kHelp);
    EXPECT_EQ(MustParse(arguments).operand, "run");
  }
  EXPECT_EQ(MustParse({"run", "x", "--help"}).command, Command::kRun);
  EXPECT_EQ(ErrorOf({"help", "run", "x"}), "unexpected argument \"x\" for rt help");
  EXPECT_EQ(ErrorOf({"run", "--version"}).find("unknown flag \"--version\""), 0u);
}

TEST(Parse, UnknownFlagsSuggestTheNearest) {
  EXPECT_EQ(ErrorOf({"run", "--alow-net", "x"}),
            "unknown flag \"--alow-net\" for rt run\nDid you mean \"--allow-net\"?");
  EXPECT_EQ(ErrorOf({"--allow-nte=a.com", "x"}),
            "unknown flag \"--allow-nte\" for rt run\nDid you mean \"--allow-net\"?");
  EXPECT_EQ(ErrorOf({"run", "-A", "--wildly-different", "x"}),
            "unknown flag \"--wildly-different\" for rt run\nSee \"rt help run\"");
  EXPECT_EQ(ErrorOf({"run", "-Z", "x"}), "unknown flag \"-Z\" for rt run\nSee \"rt help run\"");
  EXPECT_EQ(ErrorOf({"run", "-AZ", "x"}).find("unknown flag \"-Z\""), 0u);
}

TEST(Parse, FlagsOfAnotherCommand) {
  EXPECT_EQ(ErrorOf({"run", "--print", "x"}),
            "unknown flag \"--print\" for rt run\nIt belongs to rt eval");
  EXPECT_EQ(ErrorOf({"run", "--port=1", "x"}),
            "unknown flag \"--port\" for rt run\nIt belongs to rt serve");
  EXPECT_EQ(ErrorOf({"ops", "-A"}), "unknown flag \"-A\" for rt ops\nIt belongs to rt run");
  EXPECT_EQ(ErrorOf({"eval", "--allow-net=a", "1"}),
            "unknown flag \"--allow-net\" for rt eval\n"
            "eval has every permission; take some away with --deny-net");
}

TEST(Parse, CommandAfterFlags) {
  EXPECT_EQ(
      ErrorOf({"-A", "run", "x.js"}),
      "flags come after the command: rt run [flags] ...\nFor a file of that name write ./run");
  EXPECT_EQ(MustParse({"-A", "./run"}).operand, "./run");
  EXPECT_EQ(MustParse({"-A", "--", "run"}).operand, "run");
}

TEST(Parse, NothingToRun) {
  for (const Strings& arguments : {Strings{}, Strings{"run"}, Strings{"-A"}, Strings{"run", ""}}) {
    EXPECT_EQ(ErrorOf(arguments).find("no file given\nUsage: rt "), 0u);
  }
}

TEST(Parse, ModulesOfOtherHosts) {
  const Invocation all = *Parse({"run", "-r", "--reload=https://a/,https://b/", "--frozen", "x"});
  ASSERT_TRUE(all.reload);
  EXPECT_TRUE(all.reload->empty());
  EXPECT_TRUE(all.frozen);
  const Invocation some =
      *Parse({"run", "--reload=https://a/,https://b/", "--lock", "--no-remote", "x"});
  EXPECT_EQ(*some.reload, (std::vector<std::string>{"https://a/", "https://b/"}));
  EXPECT_EQ(some.lock, "");
  EXPECT_TRUE(some.no_remote);
  EXPECT_FALSE(some.no_npm);
  const Invocation more =
      *Parse({"run", "--no-npm", "--no-code-cache", "--preload=a.js", "--preload", "b.js", "x"});
  EXPECT_TRUE(more.no_npm);
  EXPECT_TRUE(more.no_code_cache);
  EXPECT_EQ(more.preloads, (std::vector<std::string>{"a.js", "b.js"}));
  EXPECT_EQ(more.operand, "x");
  EXPECT_EQ(ErrorOf({"run", "--cached-only", "-r", "x"}), "--cached-only conflicts with --reload");
  EXPECT_EQ(ErrorOf({"run", "--no-lock", "--frozen", "x"}),
            "--no-lock conflicts with --lock and --frozen");
}

TEST(Help, NamesEveryFlagAndCommand) {
  const std::string general = *HelpText("");
  for (const char* text : {"eval", "serve", "ops", "--allow-net", "--deny-import", "--trace-ops",
                           "--v8-flags", "--seed", "-q, --quiet", "-A, --allow-all", "--version"}) {
    EXPECT_NE(general.find(text), std::string::npos) << text;
  }
  EXPECT_NE(HelpText("serve")->find("--port=N"), std::string::npos);
  EXPECT_EQ(HelpText("ops")->find("--allow"), std::string::npos);
  auto unknown = HelpText("evla");
  ASSERT_FALSE(unknown.ok());
  EXPECT_EQ(unknown.error().message, "unknown command \"evla\"\nDid you mean \"eval\"?");
}

TEST(Help, LinesFitATerminal) {
  for (const char* command : {"", "run", "eval", "serve", "ops", "version", "help"}) {
    const std::string text = *HelpText(command);
    size_t start = 0;
    for (size_t end; (end = text.find('\n', start)) != std::string::npos; start = end + 1) {
      EXPECT_LE(end - start, 100u) << text.substr(start, end - start);
    }
    EXPECT_EQ(start, text.size());
  }
}

}  // namespace
}  // namespace rt::cli
