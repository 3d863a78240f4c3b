// The one list of flags. Nothing here decides what a flag does.
#include "src/cli/args/grammar.h"

#include "src/cli/args/commands.h"

namespace rt::cli {
namespace {

constexpr const char* kPermissionGroup = "Permissions";
constexpr const char* kServeGroup = "Server";
constexpr const char* kLimitGroup = "Limits";
constexpr const char* kDebugGroup = "Debugging";
constexpr const char* kModuleGroup = "Modules of other hosts";
constexpr const char* kRunGroup = "Flags";
constexpr const char* kTestGroup = "Tests";
constexpr const char* kBenchGroup = "Benchmarks";
constexpr const char* kToolGroup = "Flags of this command";
constexpr const char* kOtherGroup = "Other";

constexpr const char* kExtText =
    "Language of the program (js, ts, tsx, jsx, ...), whatever its name";

struct PermissionText {
  char letter;  // 0: none
  const char* list;
  const char* allow;
};

// Indexed by Perm. Letters as in Deno.
constexpr std::array<PermissionText, kPermCount> kPermissionTexts = {{
    {'R', "[=PATHS]", "Reading files"},
    {'W', "[=PATHS]", "Writing files"},
    {'N', "[=HOSTS]", "Connecting and listening (host, host:port)"},
    {'E', "[=NAMES]", "Environment variables"},
    {0, "[=PROGRAMS]", "Starting programs"},
    {'S', "[=KINDS]", "Facts about this machine (hostname, osRelease, ...)"},
    {0, "[=PATHS]", "Loading native libraries"},
    {'I', "[=HOSTS]", "Importing modules from other hosts"},
}};

// Tells CLI11 about flags, one group after another.
class Builder {
 public:
  Builder(CLI::App& app, const std::vector<std::string>* arguments)
      : app_(app), arguments_(arguments) {}

  void Group(const char* group) { group_ = group; }

  // A flag without a value. `letter` 0: only the long name.
  void Switch(char letter, std::string_view name, bool& value, const char* text) {
    if (!MayMean(letter, name)) return;
    app_.add_flag(Names(letter, name, ""), value, text)->disable_flag_override()->group(group_);
  }

  // A flag that may carry a value after "=" and never takes the next argument. `{}`: without a
  // value CLI11 stores an empty text.
  void List(char letter, std::string_view name, std::vector<std::string>& values, const char* list,
            const std::string& text) {
    if (!MayMean(letter, name)) return;
    app_.add_flag(Names(letter, name, "{}"), values, text)->type_name(list)->group(group_);
  }

  // A flag that needs a value: after "=", or the next argument.
  void Value(char letter, std::string_view name, std::string& value, const char* type,
             const char* text) {
    if (!MayMean(letter, name)) return;
    app_.add_option(Names(letter, name, ""), value, text)
        ->type_name(type)
        ->take_last()
        ->group(group_);
  }

  // The same; given more than once, all of them count.
  void Values(char letter, std::string_view name, std::vector<std::string>& values,
              const char* type, const char* text) {
    if (!MayMean(letter, name)) return;
    app_.add_option(Names(letter, name, ""), values, text)
        ->type_name(type)
        ->expected(1)
        ->allow_extra_args(false)
        ->take_all()
        ->group(group_);
  }

  // Like Value, shown nowhere.
  void Hidden(std::string_view name, std::string& value) {
    if (arguments_ == nullptr || !MayMean(0, name)) return;
    app_.add_option(Names(0, name, ""), value)->take_last()->group("");
  }

 private:
  static std::string Names(char letter, std::string_view name, const char* suffix) {
    std::string names;
    if (letter != 0) names.append("-").append(1, letter).append(suffix).append(",");
    return names.append("--").append(name).append(suffix);
  }

  bool MayMean(char letter, std::string_view name) const {
    if (!arguments_) return true;
    for (const std::string_view argument : *arguments_) {
      if (!argument.starts_with('-')) continue;
      if (argument.starts_with("--")) {
        if (argument.substr(2).starts_with(name)) return true;
      } else if (letter != 0 && argument.find(letter) != std::string_view::npos) {
        return true;
      }
    }
    return false;
  }

  CLI::App& app_;
  const std::vector<std::string>* arguments_;
  const char* group_ = "";
};

void AddAllow(Builder& builder, FlagValues& values) {
  builder.Group(kPermissionGroup);
  for (size_t i = 0; i < kPermCount; ++i) {
    const PermissionText& text = kPermissionTexts[i];
    const std::string name(PermName(static_cast<Perm>(i)));
    builder.List(text.letter, "allow-" + name, values.allow[i], text.list, text.allow);
  }
}

void AddDeny(Builder& builder, FlagValues& values) {
  builder.Group(kPermissionGroup);
  for (size_t i = 0; i < kPermCount; ++i) {
    const std::string name(PermName(static_cast<Perm>(i)));
    builder.List(0, "deny-" + name, values.deny[i], kPermissionTexts[i].list,
                 "Refuse " + name + ", whatever is allowed");
  }
  builder.List(0, "ignore-read", values.ignore_read, "[=PATHS]",
               "Reading these finds nothing (NotFound)");
  builder.List(0, "ignore-env", values.ignore_env, "[=NAMES]",
               "These variables seem not to be set");
}

void AddChecking(Builder& builder, FlagValues& values) {
  builder.Group(kPermissionGroup);
  builder.Switch(0, "no-prompt", values.no_prompt, "Refuse instead of asking at the terminal");
  builder.List('P', "permission-set", values.permission_set, "[=NAME]",
               "Use a permission set of deno.json (default: \"default\")");
  builder.List(0, "permission-trace", values.permission_trace, "[=FILE]",
               "Write a line of JSON for every permission check (default: to stderr)");
  builder.Switch(0, "permission-audit", values.permission_audit,
                 "Log what is not granted, and do it");
  builder.Switch(0, "os-sandbox", values.os_sandbox,
                 "Let the kernel refuse what no permission needs, too (on by default)");
  builder.Switch(0, "no-os-sandbox", values.no_os_sandbox, "Leave the kernel out of it");
}

// What tests and benchmarks share.
void AddSelection(Builder& builder, FlagValues& values) {
  builder.Value(0, "filter", values.filter, "=TEXT",
                "Only those whose name includes this, or matches /this/");
  builder.List(0, "ignore", values.ignore_files, "=PATHS", "Leave these files or folders out");
  builder.Switch(0, "no-run", values.no_run, "Load the files without running anything");
  builder.Switch(0, "permit-no-files", values.permit_no_files, "It is no error to find no files");
}

void AddTest(Builder& builder, FlagValues& values) {
  builder.Group(kTestGroup);
  AddSelection(builder, values);
  builder.List(0, "fail-fast", values.fail_fast, "[=N]", "Stop after N failures (default: 1)");
  builder.List(0, "shuffle", values.shuffle, "[=SEED]", "Run files and tests in another order");
  builder.Switch(0, "parallel", values.parallel,
                 "Run files at the same time: as many as processors, or DENO_JOBS");
  builder.Value(0, "timeout", values.timeout, "=TIME",
                "A test may take this long (500ms, 10s; default: no limit)");
  builder.Value(0, "reporter", values.reporter, "=NAME", "pretty (the default), dot, tap or junit");
  builder.Value(0, "junit-path", values.junit_path, "=FILE",
                "Write a JUnit report to this file, too (\"-\": to stdout)");
  builder.List(0, "coverage", values.coverage, "[=DIR]",
               "Say which lines and branches ran (default: into coverage/)");
}

void AddBench(Builder& builder, FlagValues& values) {
  builder.Group(kBenchGroup);
  AddSelection(builder, values);
  builder.Switch(0, "json", values.json, "Write the results as JSON");
}

void AddWatch(Builder& builder, FlagValues& values) {
  builder.Group(kRunGroup);
  builder.List(0, "watch", values.watch, "[=PATHS]",
               "Run again when a module, or one of these, changes");
}

// Where a project's settings come from.
void AddConfig(Builder& builder, FlagValues& values) {
  builder.Value('c', "config", values.config, "=FILE",
                "Use this deno.json instead of the nearest one above the program");
  builder.Switch(0, "no-config", values.no_config, "Do not look for a deno.json");
  builder.Value(0, "import-map", values.import_map, "=FILE", "Use this import map");
}

void AddCertificates(Builder& builder, FlagValues& values) {
  builder.Value(0, "cert", values.cert, "=FILE", "Trust these certificates besides the system's");
  builder.List(0, "unsafely-ignore-certificate-errors", values.ignore_certificates, "[=HOSTS]",
               "Do not verify TLS peers, or not these");
}

void AddModules(Builder& builder, FlagValues& values) {
  builder.Group(kModuleGroup);
  builder.List('r', "reload", values.reload, "[=PREFIXES]",
               "Ask again for modules of other hosts, or those that begin so");
  builder.Switch(0, "cached-only", values.cached_only,
                 "Load nothing from other hosts that is not in the cache");
  builder.Switch(0, "no-remote", values.no_remote, "Refuse modules of other hosts");
  builder.Switch(0, "no-npm", values.no_npm, "Refuse packages of npm registries");
  builder.List(0, "lock", values.lock, "[=FILE]",
               "Check downloads against this lock file (default: deno.lock)");
  builder.Switch(0, "no-lock", values.no_lock, "Do not use the project's lock file");
  builder.Switch(0, "frozen", values.frozen, "Fail if the lock file would change");
}

// Loading modules without running them.
void AddGraph(Builder& builder, FlagValues& values) {
  builder.Group(kRunGroup);
  AddConfig(builder, values);
  AddCertificates(builder, values);
  builder.Switch('q', "quiet", values.quiet, "No messages of rt's own besides errors");
  AddModules(builder, values);
  builder.Group(kPermissionGroup);
  const auto import = static_cast<size_t>(Perm::kImport);
  const PermissionText& text = kPermissionTexts[import];
  builder.List(text.letter, "allow-import", values.allow[import], text.list, text.allow);
  builder.List(0, "deny-import", values.deny[import], text.list,
               "Refuse import, whatever is allowed");
}

// Types are not checked unless one asks for it: --no-check is what happens anyway.
void AddCheck(Builder& builder, FlagValues& values) {
  builder.Group(kRunGroup);
  builder.List(0, "check", values.check, "[=all]",
               "Check types first (all: of other hosts' modules, too)");
  builder.List(0, "no-check", values.no_check, "[=remote]", "Do not check types (the default)");
}

void AddTraceOutput(Builder& builder, FlagValues& values) {
  builder.Value(0, "trace-format", values.trace_format, "=FORMAT",
                "What --trace-ops writes: text (the default), json or perfetto");
  builder.Value(0, "trace-file", values.trace_file, "=FILE", "Where --trace-ops writes");
}

void AddDebugging(Builder& builder, FlagValues& values) {
  builder.Group(kDebugGroup);
  builder.List(0, "inspect", values.inspect, "[=HOST:PORT]",
               "Let a debugger connect (default: 127.0.0.1:9229)");
  builder.List(0, "inspect-wait", values.inspect_wait, "[=HOST:PORT]",
               "The same, and wait for one before the program starts");
  builder.List(0, "inspect-brk", values.inspect_brk, "[=HOST:PORT]",
               "The same, and stop at the program's first statement");
  builder.Switch(0, "cpu-prof", values.cpu_prof, "Write a CPU profile at the end");
  builder.Value(0, "cpu-prof-dir", values.cpu_prof_dir, "=DIR", "The folder it goes to");
  builder.Value(0, "cpu-prof-name", values.cpu_prof_name, "=NAME", "Its file's name");
  builder.Value(0, "cpu-prof-interval", values.cpu_prof_interval, "=N",
                "Microseconds between samples (default: 1000)");
  builder.Switch(0, "heap-prof", values.heap_prof, "Write a profile of allocations at the end");
  builder.Value(0, "heap-prof-dir", values.heap_prof_dir, "=DIR", "The folder it goes to");
  builder.Value(0, "heap-prof-name", values.heap_prof_name, "=NAME", "Its file's name");
  builder.Value(0, "heapsnapshot-signal", values.heapsnapshot_signal, "=SIGNAL",
                "Write a heap snapshot whenever this signal comes");
  builder.List(0, "why-alive", values.why_alive, "[=SECONDS]",
               "After so long (default: 5), say what keeps the program running");
  AddTraceOutput(builder, values);
  builder.Switch(0, "trace-summary", values.trace_summary,
                 "At the end, say how often each operation was called and its times");
  builder.Hidden("crash-test", values.crash_test);
}

void AddProgram(Builder& builder, FlagValues& values) {
  builder.Group(kRunGroup);
  builder.Value(0, "ext", values.ext, "=EXT", kExtText);
  builder.List(0, "trace-ops", values.trace_ops, "[=PATTERNS]",
               "Write a line to stderr for every operation (op_fs_*,op_http_wait)");
  builder.List(0, "v8-flags", values.v8_flags, "=FLAGS", "Flags for V8, separated by commas");
  builder.Value(0, "seed", values.seed, "=N", "Make Math.random repeatable");
  AddConfig(builder, values);
  builder.List(0, "env-file", values.env_file, "[=FILE]",
               "Set the environment variables of this file (default: .env)");
  builder.Values(0, "preload", values.preload, "=FILE",
                 "Run this module before the main module; more than once if need be");
  builder.Switch(0, "no-code-cache", values.no_code_cache,
                 "Neither use nor keep compiled code from one run to the next");
  AddCertificates(builder, values);
  builder.Group(kLimitGroup);
  builder.Value(0, "max-memory", values.max_memory, "=SIZE",
                "End the program beyond this (512m, 2g)");
  builder.Value(0, "max-cpu-time", values.max_cpu_time, "=TIME",
                "End the program when it has computed this long (500ms, 10s, 2m)");
  builder.Value(0, "max-time", values.max_time, "=TIME", "End the program after this time");
  builder.Group(kRunGroup);
  builder.Value(0, "location", values.location, "=URL",
                "What `location` is, for web APIs that need an origin");
  builder.Switch('q', "quiet", values.quiet, "No messages of rt's own besides errors");
  AddModules(builder, values);
}

// The commands around a program.
void AddTool(Command command, Builder& builder, FlagValues& values) {
  builder.Group(kToolGroup);
  switch (command) {
    case Command::kTask:
      builder.Value(0, "cwd", values.cwd, "=DIR", "Run the task in this folder");
      builder.Switch(0, "eval", values.eval_command,
                     "The argument is a command, not the name of a task");
      builder.Switch(0, "if-present", values.if_present, "It is no error if there is no such task");
      builder.Value('c', "config", values.config, "=FILE",
                    "Use this deno.json instead of the nearest one above the folder");
      builder.Switch('q', "quiet", values.quiet, "Do not say what is run");
      break;
    case Command::kInfo:
      builder.Switch(0, "json", values.json, "As JSON");
      AddGraph(builder, values);
      break;
    case Command::kCheck:
      builder.Switch(0, "all", values.check_all, "Check modules of other hosts and packages, too");
      [[fallthrough]];
    case Command::kCache:
      AddGraph(builder, values);
      break;
    case Command::kClean:
      builder.Switch(0, "dry-run", values.dry_run, "Say what would be removed, and keep it");
      builder.Switch('q', "quiet", values.quiet, "No messages of rt's own besides errors");
      break;
    case Command::kInit:
      builder.Switch(0, "lib", values.lib, "A library, to be published");
      builder.Switch(0, "serve", values.serve, "A web server, for \"rt serve\"");
      builder.Switch('q', "quiet", values.quiet, "No messages of rt's own besides errors");
      break;
    case Command::kRepl:
      builder.Value(0, "eval", values.eval_code, "=CODE", "Run this first");
      builder.List(0, "eval-file", values.eval_files, "=FILES", "Run these files first");
      builder.Value(0, "history-file", values.history_file, "=FILE",
                    "Keep the history here (default: in rt's cache folder)");
      break;
    case Command::kCompile:
      builder.Value('o', "output", values.output, "=FILE",
                    "The executable (default: the program's name)");
      builder.List(0, "include", values.include, "=PATHS",
                   "Put these modules, files or folders into the executable, too");
      builder.List(0, "exclude", values.exclude, "=PATHS", "Leave these out of what is included");
      break;
    case Command::kHelp:
      builder.Switch(0, "man", values.man, "All of it, as a manual page (troff)");
      break;
    default:
      break;
  }
}

}  // namespace

std::unique_ptr<CLI::App> MakeGrammar(Command command, bool shorthand, FlagValues& values,
                                      const std::vector<std::string>* arguments) {
  auto app = std::make_unique<CLI::App>();
  app->set_help_flag();
  app->prefix_command();
  Builder builder(*app, arguments);
  switch (command) {
    case Command::kServe:
      builder.Group(kServeGroup);
      builder.Value(0, "port", values.port, "=N",
                    "Port to listen on, 0: any free one (default: 8000)");
      builder.Value(0, "host", values.host, "=HOST", "Address to listen on (default: 0.0.0.0)");
      [[fallthrough]];
    case Command::kRun:
      builder.Group(kPermissionGroup);
      builder.Switch('A', "allow-all", values.allow_all, "Allow everything");
      AddAllow(builder, values);
      AddDeny(builder, values);
      AddChecking(builder, values);
      if (command == Command::kRun) AddWatch(builder, values);
      AddCheck(builder, values);
      AddProgram(builder, values);
      AddDebugging(builder, values);
      break;
    case Command::kTest:
    case Command::kBench:
      if (command == Command::kTest) {
        AddTest(builder, values);
        AddWatch(builder, values);
      } else {
        AddBench(builder, values);
      }
      AddCheck(builder, values);
      builder.Group(kPermissionGroup);
      builder.Switch('A', "allow-all", values.allow_all, "Allow everything");
      AddAllow(builder, values);
      AddDeny(builder, values);
      AddChecking(builder, values);
      AddProgram(builder, values);
      break;
    case Command::kRecord:
      AddProgram(builder, values);
      AddDebugging(builder, values);
      break;
    case Command::kEval:
      builder.Group(kRunGroup);
      builder.Switch('p', "print", values.print, "Print the value of the expression");
      builder.Group(kPermissionGroup);
      builder.Switch('A', "allow-all", values.allow_all,
                     "Allow everything, which eval does anyway");
      AddDeny(builder, values);
      AddChecking(builder, values);
      AddProgram(builder, values);
      AddDebugging(builder, values);
      break;
    case Command::kCoverage:
      builder.Group(kRunGroup);
      builder.Switch(0, "lcov", values.lcov, "As LCOV's tracefile");
      builder.Switch(0, "html", values.html, "As HTML pages, in html/ of the folder");
      builder.Value(0, "output", values.output, "=PATH", "Where --lcov or --html goes instead");
      break;
    case Command::kOps:
      builder.Group(kRunGroup);
      builder.Switch(0, "json", values.json, "As JSON");
      builder.Switch(0, "markdown", values.markdown, "As Markdown");
      break;
    case Command::kRepl:
    case Command::kCompile:
      AddTool(command, builder, values);
      builder.Group(kPermissionGroup);
      builder.Switch('A', "allow-all", values.allow_all, "Allow everything");
      AddAllow(builder, values);
      AddDeny(builder, values);
      AddChecking(builder, values);
      AddProgram(builder, values);
      break;
    case Command::kTask:
    case Command::kInfo:
    case Command::kCache:
    case Command::kClean:
    case Command::kInit:
    case Command::kCheck:
    case Command::kTypes:
    case Command::kCompletions:
    case Command::kHelp:
      AddTool(command, builder, values);
      break;
    case Command::kTrace:
      builder.Group(kRunGroup);
      builder.List(0, "trace-ops", values.trace_ops, "[=PATTERNS]",
                   "Trace only these operations (op_fs_*,op_http_wait)");
      AddTraceOutput(builder, values);
      break;
    case Command::kWhy:
    case Command::kVersion:
      break;
  }
  builder.Group(kOtherGroup);
  builder.Switch('h', "help", values.help, "Explain this command");
  if (shorthand) builder.Switch('V', "version", values.version, "Print versions");
  return app;
}

std::string LongListFlag(char letter) {
  if (letter == 'P') return "--permission-set";
  for (size_t i = 0; i < kPermCount; ++i) {
    if (letter != 0 && kPermissionTexts[i].letter == letter) {
      return "--allow-" + std::string(PermName(static_cast<Perm>(i)));
    }
  }
  return {};
}

std::vector<std::string> FlagNames(const CLI::App& grammar) {
  std::vector<std::string> names;
  for (const CLI::Option* option : grammar.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  return names;
}

}  // namespace rt::cli
