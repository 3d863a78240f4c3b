// Runs CLI11 and turns what it found into an Invocation. A flag that was misspelt or misplaced must
// never be ignored, and an empty list must never mean "all".
#include "src/cli/args/parse.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "src/base/suggest.h"
#include "src/cli/args/commands.h"
#include "src/cli/args/grammar.h"
#include "src/cli/args/quantities.h"

namespace rt::cli {
namespace {

// Of names and of addresses, zone included.
constexpr double kDefaultWhyAlive = 5;
constexpr double kLongestWhyAlive = 1e6;
constexpr std::string_view kHostCharacters =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_:%";

// What is handed to CLI11, argument for argument: it neither takes "-N=value" nor leaves "++"
// alone. The operand and the script's arguments are taken from the originals.
std::vector<std::string> ForCli11(std::span<const std::string> arguments) {
  std::vector<std::string> rewritten(arguments.begin(), arguments.end());
  for (std::string& argument : rewritten) {
    if (argument == "++") {
      argument = "./++";
    } else if (argument.size() >= 3 && argument[0] == '-' && argument[2] == '=') {
      const std::string long_name = LongListFlag(argument[1]);
      if (!long_name.empty()) argument.replace(0, 2, long_name);
    }
  }
  return rewritten;
}

Error UnknownFlag(const std::string& typed, Command command, bool shorthand) {
  const std::string name = typed.substr(0, typed.find('='));
  std::string message = "unknown flag \"" + name + "\" for rt " + std::string(InfoOf(command).name);
  for (const CommandInfo& other : AllCommands()) {
    FlagValues values;
    auto others = MakeGrammar(other.command, other.command == Command::kRun, values);
    if (others->get_option_no_throw(name) == nullptr) continue;
    if (command == Command::kEval && name.starts_with("--allow-")) {
      message += "\neval has every permission; take some away with --deny-" + name.substr(8);
    } else {
      message += "\nIt belongs to rt " + std::string(other.name);
    }
    return Error::Type(message);
  }
  FlagValues values;
  const std::vector<std::string> names = FlagNames(*MakeGrammar(command, shorthand, values));
  const std::vector<std::string_view> views(names.begin(), names.end());
  if (auto nearest = Nearest(name, views)) {
    message += "\nDid you mean \"" + std::string(*nearest) + "\"?";
  } else {
    message += "\nSee \"rt help " + std::string(InfoOf(command).name) + "\"";
  }
  return Error::Type(message);
}

// Splits at commas; ",," is a comma in an entry, as in Deno.
Result<std::vector<std::string>> SplitList(const std::string& flag, std::string_view list) {
  std::vector<std::string> entries;
  std::string entry;
  for (size_t i = 0; i <= list.size(); ++i) {
    if (i < list.size() && list[i] != ',') {
      entry += list[i];
    } else if (i + 1 < list.size() && list[i + 1] == ',') {
      entry += ',';
      ++i;
    } else {
      if (entry.empty()) {
        return Error::Type("--" + flag + "=" + std::string(list) + ": empty entry in the list");
      }
      entries.push_back(std::exchange(entry, {}));
    }
  }
  return entries;
}

Result<void> FillRules(const std::string& flag, const std::vector<std::string>& values, bool& all,
                       std::vector<std::string>& list) {
  for (const std::string& value : values) {
    if (value.empty()) {
      all = true;
      continue;
    }
    RT_TRY(const auto entries, SplitList(flag, value));
    list.insert(list.end(), entries.begin(), entries.end());
  }
  return {};
}

Result<void> FillPermissions(const FlagValues& values, PermissionOptions& permissions) {
  for (size_t i = 0; i < kPermCount; ++i) {
    const std::string name(PermName(static_cast<Perm>(i)));
    PermRules& rules = permissions.rules[i];
    if (values.allow_all && !values.allow[i].empty()) {
      return Error::Type("--allow-all conflicts with --allow-" + name);
    }
    RT_TRY_VOID(FillRules("allow-" + name, values.allow[i], rules.allow_all, rules.allow_list));
    RT_TRY_VOID(FillRules("deny-" + name, values.deny[i], rules.deny_all, rules.deny_list));
  }
  PermRules& read = permissions[Perm::kRead];
  RT_TRY_VOID(FillRules("ignore-read", values.ignore_read, read.ignore_all, read.ignore_list));
  PermRules& env = permissions[Perm::kEnv];
  RT_TRY_VOID(FillRules("ignore-env", values.ignore_env, env.ignore_all, env.ignore_list));
  if (values.allow_all) permissions.AllowAll();
  permissions.no_prompt = values.no_prompt;
  return {};
}

template <class T>
Result<T> ParseNumber(const char* flag, const std::string& text, const char* range) {
  T number{};
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || stop != end) {
    return Error::Type(std::string(flag) + "=" + text + ": expected a number from 0 to " + range);
  }
  return number;
}

Result<typescript::MediaType> ParseExtension(const std::string& text) {
  if (text == "js" || text == "mjs") return typescript::MediaType::kJavaScript;
  const auto type = typescript::MediaTypeOf("." + text);
  if (type == typescript::MediaType::kJavaScript || "." + text != typescript::ExtensionOf(type)) {
    return Error::Type("--ext=" + text + ": expected js, mjs, ts, mts, cts, tsx or jsx");
  }
  return type;
}

Result<void> FillCheck(const FlagValues& values, Invocation& invocation) {
  invocation.tool.check_all = values.check_all;
  for (const std::string& what : values.check) {
    if (!what.empty() && what != "all") {
      return Error::Type("--check=" + what + ": expected nothing, or all");
    }
    invocation.check = true;
    if (what == "all") invocation.tool.check_all = true;
  }
  for (const std::string& what : values.no_check) {
    if (!what.empty() && what != "remote") {
      return Error::Type("--no-check=" + what + ": expected nothing, or remote");
    }
    if (invocation.check && (what.empty() || invocation.tool.check_all)) {
      return Error::Type("--check conflicts with --no-check");
    }
  }
  return {};
}

Result<void> FillTracing(const FlagValues& values, Invocation& invocation) {
  if (values.trace_format == "json") {
    invocation.trace_output = TraceOutput::kJson;
  } else if (values.trace_format == "perfetto") {
    invocation.trace_output = TraceOutput::kPerfetto;
  } else if (!values.trace_format.empty() && values.trace_format != "text") {
    return Error::Type("--trace-format=" + values.trace_format +
                       ": expected text, json or perfetto");
  }
  invocation.trace_file = values.trace_file;
  invocation.trace_summary = values.trace_summary;
  const bool is_attached = invocation.command == Command::kTrace;
  if (!invocation.trace_patterns && !is_attached) {
    if (!values.trace_format.empty()) return Error::Type("--trace-format needs --trace-ops");
    if (!values.trace_file.empty()) return Error::Type("--trace-file needs --trace-ops");
  }
  if (invocation.trace_output == TraceOutput::kPerfetto && values.trace_file.empty() &&
      !is_attached) {
    return Error::Type("--trace-format=perfetto needs --trace-file=FILE");
  }
  for (const std::string& seconds : values.why_alive) {
    invocation.why_alive = kDefaultWhyAlive;
    if (seconds.empty()) continue;
    double number = 0;
    const char* const end = seconds.data() + seconds.size();
    const auto [stop, error] = std::from_chars(seconds.data(), end, number);
    if (error != std::errc() || stop != end || !(number > 0 && number <= kLongestWhyAlive)) {
      return Error::Type("--why-alive=" + seconds + ": expected a number of seconds");
    }
    invocation.why_alive = number;
  }
  invocation.crash_test = values.crash_test;
  const struct {
    const std::vector<std::string>& given;
    InspectStart start;
  } starts[] = {{values.inspect, InspectStart::kRun},
                {values.inspect_wait, InspectStart::kWait},
                {values.inspect_brk, InspectStart::kBreak}};
  for (const auto& each : starts) {
    for (const std::string& address : each.given) {
      if (!invocation.inspect || !address.empty()) invocation.inspect = address;
      invocation.inspect_start = each.start;
    }
  }
  invocation.cpu_prof = values.cpu_prof;
  invocation.cpu_prof_dir = values.cpu_prof_dir;
  invocation.cpu_prof_name = values.cpu_prof_name;
  invocation.heap_prof = values.heap_prof;
  invocation.heap_prof_dir = values.heap_prof_dir;
  invocation.heap_prof_name = values.heap_prof_name;
  invocation.heapsnapshot_signal = values.heapsnapshot_signal;
  if (!values.cpu_prof && (!values.cpu_prof_dir.empty() || !values.cpu_prof_name.empty() ||
                           !values.cpu_prof_interval.empty())) {
    return Error::Type("--cpu-prof-dir, --cpu-prof-name and --cpu-prof-interval need --cpu-prof");
  }
  if (!values.heap_prof && (!values.heap_prof_dir.empty() || !values.heap_prof_name.empty())) {
    return Error::Type("--heap-prof-dir and --heap-prof-name need --heap-prof");
  }
  if (!values.cpu_prof_interval.empty()) {
    RT_TRY(invocation.cpu_prof_interval_us,
           ParseNumber<uint32_t>("--cpu-prof-interval", values.cpu_prof_interval, "4294967295"));
    if (invocation.cpu_prof_interval_us == 0) {
      return Error::Type("--cpu-prof-interval=0: expected at least 1");
    }
  }
  return {};
}

Result<void> FillRunning(const FlagValues& values, Invocation& invocation) {
  invocation.preloads = values.preload;
  for (const std::string& file : values.env_file) {
    invocation.env_files.push_back(file.empty() ? ".env" : file);
  }
  invocation.cached_only = values.cached_only;
  invocation.no_remote = values.no_remote;
  invocation.no_npm = values.no_npm;
  invocation.no_code_cache = values.no_code_cache;
  bool reload_all = false;
  for (const std::string& prefixes : values.reload) {
    if (!invocation.reload) invocation.reload.emplace();
    if (prefixes.empty()) {
      reload_all = true;
      continue;
    }
    RT_TRY(const auto entries, SplitList("reload", prefixes));
    invocation.reload->insert(invocation.reload->end(), entries.begin(), entries.end());
  }
  if (reload_all) invocation.reload->clear();
  if (values.cached_only && invocation.reload) {
    return Error::Type("--cached-only conflicts with --reload");
  }
  for (const std::string& file : values.lock) invocation.lock = file;
  invocation.no_lock = values.no_lock;
  invocation.frozen = values.frozen;
  if (values.no_lock && (invocation.lock || values.frozen)) {
    return Error::Type("--no-lock conflicts with --lock and --frozen");
  }
  for (const std::string& patterns : values.trace_ops) {
    // Everything, however many patterns came besides.
    if (patterns.empty() || (invocation.trace_patterns && invocation.trace_patterns->empty())) {
      invocation.trace_patterns = "";
    } else if (invocation.trace_patterns) {
      invocation.trace_patterns->append(",").append(patterns);
    } else {
      invocation.trace_patterns = patterns;
    }
  }
  RT_TRY_VOID(FillTracing(values, invocation));
  for (const std::string& file : values.permission_trace) {
    if (!file.empty() || !invocation.permission_trace) invocation.permission_trace = file;
  }
  for (const std::string& name : values.permission_set) {
    if (invocation.permission_set && *invocation.permission_set != name) {
      return Error::Type("-P: only one permission set can be used");
    }
    invocation.permission_set = name;
  }
  invocation.permission_audit = values.permission_audit;
  invocation.os_sandbox = values.os_sandbox;
  invocation.no_os_sandbox = values.no_os_sandbox;
  if (values.os_sandbox && values.no_os_sandbox) {
    return Error::Type("--os-sandbox conflicts with --no-os-sandbox");
  }
  if (values.os_sandbox && values.permission_audit) {
    return Error::Type(
        "--os-sandbox conflicts with --permission-audit: the kernel cannot only log");
  }
  for (const std::string& flags : values.v8_flags) {
    if (flags.empty()) return Error::Type("--v8-flags needs a value: --v8-flags=--flag,--other");
    RT_TRY(const auto entries, SplitList("v8-flags", flags));
    invocation.v8_flags.insert(invocation.v8_flags.end(), entries.begin(), entries.end());
  }
  if (!values.seed.empty()) {
    RT_TRY(invocation.seed, ParseNumber<uint64_t>("--seed", values.seed, "2^64 - 1"));
  }
  invocation.cert = values.cert;
  bool every_host = false;
  for (const std::string& hosts : values.ignore_certificates) {
    invocation.ignore_certificates = true;
    if (hosts.empty()) {
      every_host = true;
      continue;
    }
    RT_TRY(const auto entries, SplitList("unsafely-ignore-certificate-errors", hosts));
    for (const std::string& host : entries) invocation.ignore_certificate_hosts.push_back(host);
  }
  if (every_host) invocation.ignore_certificate_hosts.clear();
  if (!values.max_memory.empty()) {
    RT_TRY(invocation.max_memory, ParseSize("--max-memory", values.max_memory));
  }
  if (!values.max_cpu_time.empty()) {
    RT_TRY(invocation.max_cpu_ms, ParseDuration("--max-cpu-time", values.max_cpu_time));
  }
  if (!values.max_time.empty()) {
    RT_TRY(invocation.max_time_ms, ParseDuration("--max-time", values.max_time));
  }
  for (const std::string& paths : values.watch) {
    invocation.watch = true;
    if (paths.empty()) continue;
    RT_TRY(const auto entries, SplitList("watch", paths));
    for (const std::string& path : entries) invocation.watch_paths.push_back(path);
  }
  RT_TRY_VOID(FillCheck(values, invocation));
  invocation.location = values.location;
  invocation.quiet = values.quiet;
  if (values.no_config && !values.config.empty()) {
    return Error::Type("--no-config conflicts with --config");
  }
  if (!values.config.empty()) invocation.config_path = values.config;
  invocation.no_config = values.no_config;
  if (!values.import_map.empty()) invocation.import_map_path = values.import_map;
  return {};
}

Result<int> ParseFailFast(const std::string& text) {
  RT_TRY(const uint32_t count, ParseNumber<uint32_t>("--fail-fast", text, "4294967295"));
  if (count == 0) return Error::Type("--fail-fast=0: expected at least 1");
  return static_cast<int>(std::min<uint32_t>(count, 1u << 30));
}

Result<void> FillTest(const FlagValues& values, TestInvocation& test) {
  test.filter = values.filter;
  test.parallel = values.parallel;
  test.no_run = values.no_run;
  test.permit_no_files = values.permit_no_files;
  test.junit_path = values.junit_path;
  test.json = values.json;
  for (const std::string& list : values.ignore_files) {
    if (list.empty()) return Error::Type("--ignore needs a value: --ignore=folder,file");
    RT_TRY(const auto entries, SplitList("ignore", list));
    test.ignore.insert(test.ignore.end(), entries.begin(), entries.end());
  }
  for (const std::string& count : values.fail_fast) {
    test.fail_fast = 1;
    if (count.empty()) continue;
    RT_TRY(test.fail_fast, ParseFailFast(count));
  }
  for (const std::string& seed : values.shuffle) {
    test.shuffle = true;
    if (seed.empty()) continue;
    RT_TRY(test.shuffle_seed, ParseNumber<uint32_t>("--shuffle", seed, "4294967295"));
  }
  for (const std::string& folder : values.coverage) {
    test.coverage = folder.empty() ? "coverage" : folder;
  }
  if (!values.timeout.empty()) {
    RT_TRY(test.timeout_ms, ParseDuration("--timeout", values.timeout));
  }
  if (values.reporter == "dot") {
    test.reporter = ReporterKind::kDot;
  } else if (values.reporter == "tap") {
    test.reporter = ReporterKind::kTap;
  } else if (values.reporter == "junit") {
    test.reporter = ReporterKind::kJunit;
  } else if (!values.reporter.empty() && values.reporter != "pretty") {
    return Error::Type("--reporter=" + values.reporter + ": expected pretty, dot, tap or junit");
  }
  return {};
}

Result<void> FillTool(const FlagValues& values, ToolInvocation& tool) {
  const auto add = [](const char* flag, const std::vector<std::string>& lists,
                      std::vector<std::string>& all) -> Result<void> {
    for (const std::string& list : lists) {
      if (list.empty()) {
        return Error::Type("--" + std::string(flag) + " needs a value: --" + flag + "=a,b");
      }
      RT_TRY(const auto entries, SplitList(flag, list));
      all.insert(all.end(), entries.begin(), entries.end());
    }
    return {};
  };
  RT_TRY_VOID(add("include", values.include, tool.include));
  RT_TRY_VOID(add("exclude", values.exclude, tool.exclude));
  RT_TRY_VOID(add("eval-file", values.eval_files, tool.eval_files));
  tool.json = values.json;
  tool.cwd = values.cwd;
  tool.eval = values.eval_command;
  tool.if_present = values.if_present;
  tool.dry_run = values.dry_run;
  tool.lib = values.lib;
  tool.serve = values.serve;
  tool.man = values.man;
  tool.eval_code = values.eval_code;
  tool.history_file = values.history_file;
  tool.output = values.output;
  if (tool.lib && tool.serve) return Error::Type("--lib conflicts with --serve");
  return {};
}

// How many arguments a command that runs no program has, besides flags; and whether it must.
struct OperandCount {
  size_t most;
  const char* needed = nullptr;  // what is missing if there is none
};

OperandCount OperandsOf(Command command) {
  switch (command) {
    case Command::kTask:  // the rest is the task's
      return {.most = SIZE_MAX};
    case Command::kHelp:
    case Command::kCoverage:
    case Command::kInfo:
    case Command::kInit:
      return {.most = 1};
    case Command::kCompletions:
      return {.most = 1, .needed = "shell"};
    default:
      return {.most = 0};
  }
}

bool TakesFiles(Command command) {
  return command == Command::kTest || command == Command::kBench || command == Command::kCache ||
         command == Command::kCheck || command == Command::kTrace || command == Command::kWhy;
}

// `rt trace attach PID`, `rt why PID`: the words between the flags.
Result<void> FillProcess(Invocation& invocation) {
  std::vector<std::string> words = std::move(invocation.test.files);
  invocation.test.files.clear();
  const std::string usage = "\nUsage: rt " + std::string(InfoOf(invocation.command).synopsis);
  if (invocation.command == Command::kTrace) {
    if (words.empty() || words[0] != "attach") {
      return Error::Type((words.empty() ? "expected \"attach\""
                                        : "expected \"attach\", not \"" + words[0] + "\"") +
                         usage);
    }
    words.erase(words.begin());
  }
  if (words.size() != 1) {
    return Error::Type(
        (words.empty() ? "no process given" : "unexpected argument \"" + words[1] + "\"") + usage);
  }
  int pid = 0;
  const char* const end = words[0].data() + words[0].size();
  const auto [stop, error] = std::from_chars(words[0].data(), end, pid);
  if (error != std::errc() || stop != end || pid <= 0) {
    return Error::Type("\"" + words[0] + "\" is not the number of a process");
  }
  invocation.pid = pid;
  return {};
}

// Files and flags may stand in any order before "--": the flags of `arguments`, and what is none
// goes to `files`. After "--" are the script's arguments.
std::vector<std::string> TakeFiles(Command command, std::span<const std::string> arguments,
                                   std::vector<std::string>& files,
                                   std::vector<std::string>& script_args) {
  FlagValues values;
  const auto grammar = MakeGrammar(command, false, values);
  std::vector<std::string> flags;
  for (size_t i = 0; i < arguments.size(); ++i) {
    const std::string& argument = arguments[i];
    if (argument == "--") {
      script_args.assign(arguments.begin() + static_cast<ptrdiff_t>(i) + 1, arguments.end());
      break;
    }
    if (argument.size() < 2 || argument[0] != '-') {
      files.push_back(argument);
      continue;
    }
    flags.push_back(argument);
    if (argument.find('=') != std::string::npos) continue;
    const CLI::Option* option = grammar->get_option_no_throw(argument);
    // Flags with an optional value are flags to CLI11, too: they never take the next argument.
    if (option && option->get_items_expected_min() > 0 && i + 1 < arguments.size())
      flags.push_back(arguments[++i]);
  }
  return flags;
}

Result<void> Fill(const FlagValues& values, Invocation& invocation) {
  RT_TRY_VOID(FillPermissions(values, invocation.permissions));
  RT_TRY_VOID(FillRunning(values, invocation));
  if (TakesFiles(invocation.command)) RT_TRY_VOID(FillTest(values, invocation.test));
  RT_TRY_VOID(FillTool(values, invocation.tool));
  invocation.print = values.print;
  if (!values.ext.empty()) {
    RT_TRY(invocation.media_type, ParseExtension(values.ext));
  }
  if (invocation.command == Command::kEval) invocation.permissions.AllowAll();
  if (!values.port.empty()) {
    RT_TRY(invocation.port, ParseNumber<uint16_t>("--port", values.port, "65535"));
  }
  if (!values.host.empty()) {
    if (values.host.find_first_not_of(kHostCharacters) != std::string::npos) {
      return Error::Type("--host=" + values.host + ": not a host name or address");
    }
    invocation.host = values.host;
  }
  if (values.lcov && values.html) return Error::Type("--lcov conflicts with --html");
  const bool is_coverage = invocation.command == Command::kCoverage;
  if (is_coverage && !values.output.empty() && !values.lcov && !values.html) {
    return Error::Type("--output needs --lcov or --html");
  }
  if (values.lcov) invocation.coverage_format = CoverageFormat::kLcov;
  if (values.html) invocation.coverage_format = CoverageFormat::kHtml;
  invocation.coverage_output = values.output;
  if (values.json && values.markdown) return Error::Type("--json conflicts with --markdown");
  if (values.json) invocation.ops_format = OpsFormat::kJson;
  if (values.markdown) invocation.ops_format = OpsFormat::kMarkdown;
  return {};
}

// The first argument that is no flag, and what follows it.
Result<void> FillOperand(std::span<const std::string> rest, Invocation& invocation) {
  const bool takes_program =
      invocation.command == Command::kRun || invocation.command == Command::kEval ||
      invocation.command == Command::kServe || invocation.command == Command::kRecord ||
      invocation.command == Command::kCompile;
  const std::string name(InfoOf(invocation.command).name);
  if (takes_program && (rest.empty() || rest[0].empty())) {
    // Empty code is a program, an empty file name is none.
    if (!rest.empty() && invocation.command == Command::kEval) return {};
    const std::string what = invocation.command == Command::kEval ? "code" : "file";
    return Error::Type("no " + what + " given\nUsage: rt " +
                       std::string(InfoOf(invocation.command).synopsis));
  }
  const OperandCount operands = OperandsOf(invocation.command);
  if (!takes_program && rest.size() > operands.most) {
    return Error::Type("unexpected argument \"" + rest[operands.most] + "\" for rt " + name);
  }
  if (operands.needed && (rest.empty() || rest[0].empty())) {
    return Error::Type("no " + std::string(operands.needed) + " given\nUsage: rt " +
                       std::string(InfoOf(invocation.command).synopsis));
  }
  if (rest.empty()) return {};
  invocation.operand = rest[0];
  invocation.script_args.assign(rest.begin() + 1, rest.end());
  return {};
}

// "--flag=" and "--flag={}": CLI11 takes both for the flag without a value, which would allow
// everything.
Result<void> RejectEmptyValues(std::span<const std::string> flags) {
  for (const std::string& flag : flags) {
    if (!flag.starts_with("--")) continue;
    const size_t equals = flag.find('=');
    if (equals == std::string::npos) continue;
    const std::string value = flag.substr(equals + 1);
    if (!value.empty() && value != "{}") continue;
    return Error::Type(flag + ": expected a value after \"=\"");
  }
  return {};
}

// In better words than CLI11's, where the flag was given a value it does not take.
Error WrongValue(const CLI::App& grammar, std::span<const std::string> arguments,
                 const CLI::Error& error) {
  for (const std::string& argument : arguments) {
    const size_t equals = argument.find('=');
    if (equals == std::string::npos || !argument.starts_with('-')) continue;
    const std::string name = argument.substr(0, equals);
    const CLI::Option* option = grammar.get_option_no_throw(name);
    if (option != nullptr && option->get_disable_flag_override()) {
      return Error::Type(name + " takes no value");
    }
  }
  return Error::Type(error.what());
}

Result<Invocation> ParseCommand(Command command, bool shorthand,
                                std::span<const std::string> arguments) {
  Invocation invocation;
  invocation.command = command;
  invocation.shorthand = shorthand;
  FlagValues values;
  std::vector<std::string> flags_only;
  if (TakesFiles(command)) {
    flags_only = TakeFiles(command, arguments, invocation.test.files, invocation.script_args);
    arguments = flags_only;
  }
  const std::vector<std::string> rewritten = ForCli11(arguments);
  const auto grammar = MakeGrammar(command, shorthand, values, &rewritten);
  try {
    // CLI11 wants them last first.
    grammar->parse(std::vector<std::string>(rewritten.rbegin(), rewritten.rend()));
  } catch (const CLI::Error& error) {
    return WrongValue(*grammar, rewritten, error);
  }
  const std::vector<std::string> unread = grammar->remaining();
  const bool marked = !unread.empty() && unread[0] == "--";  // everything after "--" is no flag
  if (!marked && !unread.empty() && unread[0].size() > 1 && unread[0][0] == '-') {
    return UnknownFlag(unread[0], command, shorthand);
  }
  const size_t flag_count = arguments.size() - unread.size();
  if (values.version || values.help) {
    invocation.command = values.version ? Command::kVersion : Command::kHelp;
    invocation.operand = values.version || shorthand ? "" : std::string(InfoOf(command).name);
    return invocation;
  }
  RT_TRY_VOID(RejectEmptyValues(std::span(rewritten).first(flag_count)));
  RT_TRY_VOID(Fill(values, invocation));
  if (command == Command::kTrace || command == Command::kWhy) {
    RT_TRY_VOID(FillProcess(invocation));
    return invocation;
  }
  if (command == Command::kCache || command == Command::kCheck) {
    invocation.tool.files = std::move(invocation.test.files);
  }
  if (TakesFiles(command) && unread.empty()) return invocation;
  RT_TRY_VOID(FillOperand(arguments.subspan(flag_count + (marked ? 1 : 0)), invocation));
  if (shorthand && !marked && flag_count > 0 && FindCommand(invocation.operand)) {
    return Error::Type("flags come after the command: rt " + invocation.operand +
                       " [flags] ...\nFor a file of that name write ./" + invocation.operand);
  }
  return invocation;
}

}  // namespace

Result<Invocation> ParseArguments(std::span<const std::string> arguments) {
  if (!arguments.empty()) {
    if (const CommandInfo* info = FindCommand(arguments[0])) {
      return ParseCommand(info->command, false, arguments.subspan(1));
    }
  }
  return ParseCommand(Command::kRun, true, arguments);
}

}  // namespace rt::cli
