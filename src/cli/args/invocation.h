// What the command line said, as plain data. Filled by ParseArguments, read by the commands.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "src/permissions/permissions.h"
#include "src/typescript/media_type.h"

namespace rt {
class EmbeddedModules;
}

namespace rt::cli {

enum class Command : uint8_t {
  kRun,
  kEval,
  kServe,
  kRecord,
  kTest,
  kBench,
  kCoverage,
  kTask,
  kInfo,
  kCache,
  kClean,
  kInit,
  kRepl,
  kCompile,
  kCheck,
  kTypes,
  kCompletions,
  kOps,
  kTrace,
  kWhy,
  kVersion,
  kHelp
};

enum class OpsFormat : uint8_t { kTable, kJson, kMarkdown };

enum class CoverageFormat : uint8_t { kTable, kLcov, kHtml, kAll };

// --inspect and its kin: whether the program waits for a debugger, and whether it stops at once.
enum class InspectStart : uint8_t { kRun, kWait, kBreak };

enum class TraceOutput : uint8_t { kText, kJson, kPerfetto };

enum class ReporterKind : uint8_t { kPretty, kDot, kTap, kJunit };

// rt test and rt bench.
struct TestInvocation {
  std::vector<std::string> files;   // files, folders, patterns; none: the current folder
  std::vector<std::string> ignore;  // --ignore
  std::string filter;               // --filter
  int fail_fast = 0;                // 0: not given
  bool shuffle = false;
  std::optional<uint32_t> shuffle_seed;
  bool parallel = false;
  bool no_run = false;
  bool permit_no_files = false;
  uint64_t timeout_ms = 0;  // 0: none
  ReporterKind reporter = ReporterKind::kPretty;
  std::string junit_path;               // --junit-path, or empty
  std::optional<std::string> coverage;  // --coverage: a folder
  bool json = false;                    // bench
};

// The commands around a program: task, clean, init, repl, compile, help.
struct ToolInvocation {
  std::vector<std::string> files;       // cache, check
  bool json = false;                    // info
  std::string cwd;                      // task --cwd, or empty
  bool eval = false;                    // task --eval: the operand is the command itself
  bool if_present = false;              // task
  bool dry_run = false;                 // clean
  bool lib = false;                     // init
  bool serve = false;                   // init
  bool check_all = false;               // check --all
  bool man = false;                     // help: as a manual page
  std::string eval_code;                // repl --eval, or empty
  std::vector<std::string> eval_files;  // repl
  std::string history_file;             // repl, or empty: the default
  std::string output;                   // compile, or empty
  std::vector<std::string> include;     // compile
  std::vector<std::string> exclude;     // compile
};

struct Invocation {
  Command command = Command::kRun;
  bool shorthand = false;  // `rt [flags] file`, without "run"

  // run, serve: the file as typed ("-": standard input). eval: the code. help: the command asked
  // about, or empty.
  std::string operand;
  std::vector<std::string> script_args;  // everything after the operand, untouched

  PermissionOptions permissions;
  std::optional<std::string> trace_patterns;  // --trace-ops: empty text means all
  TraceOutput trace_output = TraceOutput::kText;
  std::string trace_file;  // --trace-file, or empty: stderr
  bool trace_summary = false;
  std::optional<double> why_alive;     // --why-alive: seconds
  std::optional<std::string> inspect;  // host:port, or empty: the usual
  InspectStart inspect_start = InspectStart::kRun;
  bool cpu_prof = false;
  std::string cpu_prof_dir;
  std::string cpu_prof_name;
  uint32_t cpu_prof_interval_us = 1000;
  bool heap_prof = false;
  std::string heap_prof_dir;
  std::string heap_prof_name;
  std::string heapsnapshot_signal;
  std::string crash_test;                       // see src/cli/crash/crash_test.h
  std::optional<int> pid;                       // of trace and why
  std::optional<std::string> permission_trace;  // a file, or empty: stderr
  bool permission_audit = false;
  bool os_sandbox = false;                    // asked for by name
  bool no_os_sandbox = false;                 // neither of the two: on where it can be had
  std::optional<std::string> permission_set;  // -P: its name, or empty: "default"
  std::vector<std::string> v8_flags;
  std::optional<uint64_t> seed;
  std::string location;  // --location: http or https URL, or empty
  bool quiet = false;
  std::optional<std::string> config_path;  // --config
  std::vector<std::string> preloads;       // --preload, as typed
  std::vector<std::string> env_files;      // --env-file; the first that names a variable wins
  bool cached_only = false;
  bool no_remote = false;
  bool no_npm = false;
  bool no_code_cache = false;
  std::optional<std::vector<std::string>> reload;  // --reload; empty: everything
  std::optional<std::string> lock;                 // --lock; empty: the default name
  bool no_lock = false;
  bool frozen = false;
  bool no_config = false;                      // --no-config
  std::optional<std::string> import_map_path;  // --import-map
  std::string cert;                            // --cert
  bool ignore_certificates = false;  // --unsafely-ignore-certificate-errors; for these hosts only:
  std::vector<std::string> ignore_certificate_hosts;

  // --ext: the main module's language, whatever its name says.
  std::optional<typescript::MediaType> media_type;
  uint64_t max_memory = 0;  // bytes; 0: no limit, for all three
  uint64_t max_cpu_ms = 0;
  uint64_t max_time_ms = 0;

  bool watch = false;                                 // run, test: --watch
  std::vector<std::string> watch_paths;               // --watch=PATHS
  int module_report_fd = -1;                          // in a watched process: see src/cli/watch.h
  std::shared_ptr<const EmbeddedModules> embedded{};  // of a compiled program
  bool check = false;                                 // --check: before anything runs
  bool print = false;                                 // eval -p
  std::optional<uint16_t> port;                       // serve --port
  std::string host = "0.0.0.0";                       // serve --host
  TestInvocation test;                                // test, bench
  ToolInvocation tool;
  CoverageFormat coverage_format = CoverageFormat::kTable;
  std::string coverage_output;               // coverage --output, or empty
  OpsFormat ops_format = OpsFormat::kTable;  // ops
};

}  // namespace rt::cli
