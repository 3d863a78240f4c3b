#include "src/cli/test_process.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>

#include "src/cli/cli.h"
#include "src/cli/messages.h"
#include "src/cli/testing/coverage_data.h"
#include "src/cli/testing/discover.h"
#include "src/cli/wall.h"
#include "src/config/json.h"
#include "src/ext/testing/testing.h"
#include "src/module/specifier.h"
#include "src/permissions/sinks.h"
#include "src/runtime/report.h"

namespace rt::cli {
namespace {

// The runtime's side of the pipe.
class PipeTestHost final : public TestHost {
 public:
  explicit PipeTestHost(const TestChild& child) : nonce_(child.nonce) {
    // Standard output is the script's to close.
    fd_ = fcntl(child.out_fd, F_DUPFD_CLOEXEC, 100);
    if (fd_ < 0) fd_ = fcntl(child.out_fd, F_DUPFD_CLOEXEC, 3);
  }

  void Send(std::string_view event) override { WriteEvent(fd_, nonce_, event); }

  std::string FormatFailure(v8::Local<v8::Value> error) override {
    v8::Isolate* isolate = v8::Isolate::GetCurrent();
    return rt::FormatFailure(isolate, isolate->GetCurrentContext(), *host_, error);
  }

  void set_host(OpHost* host) { host_ = host; }

 private:
  int fd_;
  ChannelNonce nonce_;
  OpHost* host_ = nullptr;
};

std::string NumberText(const Json* value) {
  return std::to_string(value && value->AsNumber() ? static_cast<int64_t>(*value->AsNumber()) : 0);
}

// V8's list of functions, as JSON again.
std::string FunctionsJson(const Json& functions) {
  std::string text = "[";
  for (const Json& function : *functions.AsArray()) {
    const std::string* name = function.FindString("functionName");
    const Json* ranges = function.Find("ranges");
    if (!ranges || !ranges->AsArray()) continue;
    text += (text.size() > 1 ? ",{" : "{") + std::string("\"functionName\":") +
            QuoteJson(name ? *name : "") + ",\"ranges\":[";
    bool first = true;
    for (const Json& range : *ranges->AsArray()) {
      text += (first ? "{" : ",{") + std::string("\"startOffset\":") +
              NumberText(range.Find("startOffset")) +
              ",\"endOffset\":" + NumberText(range.Find("endOffset")) +
              ",\"count\":" + NumberText(range.Find("count")) + "}";
      first = false;
    }
    text += "]}";
  }
  return text + "]";
}

// The line of the source for each line of what V8 ran.
std::vector<int> SourceLines(const SourcePositions& positions, const std::string& url,
                             const std::string& generated) {
  std::vector<int> lines;
  for (size_t start = 0; start <= generated.size();) {
    size_t end = generated.find('\n', start);
    if (end == std::string::npos) end = generated.size();
    const size_t code = generated.find_first_not_of(" \t\r", start);
    if (code >= end) {
      lines.push_back(0);
    } else {
      lines.push_back(positions.OriginalLine(
          url, {static_cast<int>(lines.size()) + 1, static_cast<int>(code - start) + 1}));
    }
    start = end + 1;
  }
  return lines;
}

Result<void> SaveCoverage(Runtime& runtime, const std::string& folder) {
  RT_TRY(const Json answer, ParseJson(runtime.TakeCoverage()));
  const Json* result = answer.Find("result");
  const Json* list = result ? result->Find("result") : nullptr;
  if (!list || !list->AsArray()) {
    return Error::Make(ErrorClass::kError, "V8 gave no coverage");
  }
  std::vector<CoveredScript> scripts;
  for (const Json& script : *list->AsArray()) {
    const std::string* url = script.FindString("url");
    const Json* functions = script.Find("functions");
    if (!url || !url->starts_with("file:") || !functions || !functions->AsArray()) continue;
    CoveredScript& one = scripts.emplace_back();
    one.url = *url;
    one.functions_json = FunctionsJson(*functions);
    if (const std::string* generated = runtime.positions().Generated(*url)) {
      one.generated = *generated;
      one.lines = SourceLines(runtime.positions(), *url, *generated);
    }
  }
  return WriteCoverage(folder, scripts);
}

}  // namespace

std::optional<int> TestProcess::SetUp() {
  auto cwd = CurrentDirectory();
  if (!cwd.ok()) return PrintError(cwd.error().message, kExitError);
  cwd_ = *cwd;
  // deno.json is looked for from here, as there is no main module yet.
  Program program;
  program.url = PathToFileUrl(cwd_ + (cwd_ == "/" ? "" : "/") + "$rt$test.js");
  Invocation invocation = invocation_;
  // A prompt would be printed where nobody sees it.
  invocation.permissions.no_prompt = true;
  return SetUpProgram(invocation, program, &setup_);
}

Result<std::vector<std::string>> TestProcess::Files() {
  auto files = DiscoverFiles({.kind = kind_ == Kind::kTest ? "test" : "bench",
                              .operands = invocation_.test.files,
                              .ignore = invocation_.test.ignore,
                              .config = setup_.config ? &*setup_.config : nullptr,
                              .cwd = cwd_});
  if (!files.ok()) return files;
  for (const std::string& file : *files) {
    std::string folder = file.substr(0, std::max<size_t>(file.rfind('/'), 1));
    if (file_folders_.empty() || file_folders_.back() != folder) {
      file_folders_.push_back(std::move(folder));
    }
  }
  return files;
}

int TestProcess::RunChild(const TestChild& child) {
  PipeTestHost host(child);
  dup2(child.out_fd, STDOUT_FILENO);
  dup2(child.out_fd, STDERR_FILENO);
  close(child.out_fd);
  setup_.options.run_info.test_host = &host;
  // Both go to where the reporter writes.
  setup_.options.run_info.color_stderr = setup_.options.run_info.color_stdout;
  // Which file it will be is not known yet.
  WalledProgram walled{.url = PathToFileUrl(cwd_ + (cwd_ == "/" ? "" : "/") + "$rt$test.js"),
                       .read_folders = file_folders_};
  const bool covers = invocation_.test.coverage && !invocation_.test.no_run;
  // The script may change the current folder.
  const std::string& named = covers ? *invocation_.test.coverage : cwd_;
  const std::string coverage = named.starts_with('/') ? named : cwd_ + "/" + named;
  if (covers) walled.write_folders.push_back(coverage);
  if (setup_.options.remote.lock) walled.lock_file = setup_.options.remote.lock->path();
  RaiseWall(invocation_, setup_.options, walled);
  auto runtime = Runtime::Create(std::move(setup_.options));
  auto ready = runtime.ok() ? (*runtime)->LoadTesting() : Result<void>(runtime.TakeError());
  if (covers && ready.ok()) (*runtime)->StartCoverage();
  const auto job = ReadJob(child.job_fd);
  close(child.job_fd);
  if (!job) return kExitOk;
  if (!ready.ok()) {
    host.Send("{\"kind\":\"uncaught\",\"failure\":" + QuoteJson(ready.error().message) + "}");
    host.Send("{\"kind\":\"done\"}");
    return kExitOk;
  }
  host.set_host(&(*runtime)->host());
  (*runtime)->host().run_info().main_module = job->url;
  bool ended = false;
  const int code = (*runtime)->RunTestFile({.url = job->url,
                                            .options_json = job->options_json,
                                            .bench = kind_ == Kind::kBench,
                                            .no_run = invocation_.test.no_run},
                                           &ended);
  if (covers) {
    if (auto saved = SaveCoverage(**runtime, coverage); !saved.ok()) {
      host.Send("{\"kind\":\"uncaught\",\"failure\":" +
                QuoteJson("--coverage: " + saved.error().message) + "}");
    }
  }
  if (ended) host.Send("{\"kind\":\"exit\",\"code\":" + std::to_string(code) + "}");
  host.Send("{\"kind\":\"done\"}");
  return LeaveProcess(std::move(*runtime), kExitOk);
}

}  // namespace rt::cli
