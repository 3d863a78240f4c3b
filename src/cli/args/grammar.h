// The flags of each command, told to CLI11. Only this folder includes it: it throws.
#pragma once

#include <CLI/CLI.hpp>

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "src/cli/args/invocation.h"

namespace rt::cli {

// Where CLI11 puts what it reads. A list flag given without a value leaves an empty text.
struct FlagValues {
  std::array<std::vector<std::string>, kPermCount> allow;
  std::array<std::vector<std::string>, kPermCount> deny;
  std::vector<std::string> ignore_read;
  std::vector<std::string> ignore_env;
  std::vector<std::string> permission_trace;
  std::vector<std::string> permission_set;
  bool permission_audit = false;
  bool os_sandbox = false;
  bool no_os_sandbox = false;
  bool allow_all = false;
  bool no_prompt = false;
  std::vector<std::string> trace_ops;
  std::string trace_format;
  std::string trace_file;
  bool trace_summary = false;
  std::vector<std::string> why_alive;
  std::vector<std::string> inspect;
  std::vector<std::string> inspect_brk;
  std::vector<std::string> inspect_wait;
  bool cpu_prof = false;
  std::string cpu_prof_dir;
  std::string cpu_prof_name;
  std::string cpu_prof_interval;
  bool heap_prof = false;
  std::string heap_prof_dir;
  std::string heap_prof_name;
  std::string heapsnapshot_signal;
  std::string crash_test;
  std::vector<std::string> v8_flags;
  std::string seed;
  std::string cert;
  std::vector<std::string> ignore_certificates;
  std::string max_memory;
  std::string max_cpu_time;
  std::string max_time;
  std::string location;
  bool quiet = false;
  bool cached_only = false;
  bool no_remote = false;
  bool no_npm = false;
  bool no_code_cache = false;
  std::vector<std::string> env_file;
  std::vector<std::string> preload;
  std::vector<std::string> reload;
  std::vector<std::string> lock;
  bool no_lock = false;
  bool frozen = false;
  std::string config;
  bool no_config = false;
  std::string import_map;
  std::string ext;
  bool print = false;
  std::string port;
  std::string host;
  std::string filter;
  std::vector<std::string> fail_fast;
  std::vector<std::string> shuffle;
  bool parallel = false;
  bool no_run = false;
  bool permit_no_files = false;
  std::vector<std::string> ignore_files;
  std::string timeout;
  std::string reporter;
  std::string junit_path;
  std::vector<std::string> coverage;
  std::vector<std::string> watch;
  bool lcov = false;
  bool html = false;
  std::string output;
  std::string cwd;
  bool eval_command = false;
  bool if_present = false;
  bool dry_run = false;
  bool lib = false;
  bool serve = false;
  bool man = false;
  std::string eval_code;
  std::vector<std::string> eval_files;
  std::string history_file;
  std::vector<std::string> include;
  std::vector<std::string> exclude;
  bool json = false;
  bool check_all = false;
  std::vector<std::string> check;
  std::vector<std::string> no_check;
  bool markdown = false;
  bool version = false;
  bool help = false;
};

// The parser of one command. `shorthand`: `rt [flags] file`, which is `run` and also knows
// --version. CLI11 stops at the first argument that is no flag; `values` must outlive the parser.
// With `arguments`, flags that none of them can mean are left out: telling CLI11 about all of them
// takes longer than the rest of the parsing.
std::unique_ptr<CLI::App> MakeGrammar(Command command, bool shorthand, FlagValues& values,
                                      const std::vector<std::string>* arguments = nullptr);

// The long form of a one-letter list flag ('N': "--allow-net"); empty for other letters.
std::string LongListFlag(char letter);

// All long names, with dashes, of a command's flags.
std::vector<std::string> FlagNames(const CLI::App& grammar);

}  // namespace rt::cli
