#include "src/cli/args/fill.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "src/base/suggest.h"
#include "src/cli/args/quantities.h"

namespace rt::cli {
namespace {

// Of names and of addresses, zone included.
constexpr double kDefaultWhyAlive = 5;
constexpr double kLongestWhyAlive = 1e6;
constexpr std::string_view kHostCharacters =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_:%";

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

}  // namespace

bool TakesFiles(Command command) {
  return command == Command::kTest || command == Command::kBench || command == Command::kCache ||
         command == Command::kCheck || command == Command::kTrace || command == Command::kWhy;
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

}  // namespace rt::cli
