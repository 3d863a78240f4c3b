// Checks --trace-ops patterns against the rows of the op table.
#include "src/cli/trace_option.h"

#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <string_view>
#include <vector>

#include "src/base/suggest.h"
#include "src/op/trace_sink.h"
#include "src/runtime/extensions.h"

namespace rt::cli {
namespace {

// What a handler finds its way by; made once, never destroyed.
struct Finisher {
  std::shared_ptr<TraceSink> sink;
  sem_t raised;
  std::atomic<int> number = 0;
};
std::atomic<Finisher*> finisher = nullptr;

void OnStop(int number) {
  const int saved = errno;
  if (Finisher* self = finisher) {
    self->number = number;
    sem_post(&self->raised);
  }
  errno = saved;
}

void* RunFinisher(void* data) {
  auto& self = *static_cast<Finisher*>(data);
  while (sem_wait(&self.raised) != 0) continue;
  self.sink->Finish();
  const int number = self.number;
  signal(number, SIG_DFL);
  sigset_t only;
  sigemptyset(&only);
  sigaddset(&only, number);
  pthread_sigmask(SIG_UNBLOCK, &only, nullptr);
  raise(number);
  _exit(128 + number);
}

}  // namespace

Result<int> OpenTraceFile(const std::string& path) {
  const int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0) return Error::Type("--trace-file: " + Error::FromErrno(errno, "open", path).message);
  return fd;
}

Result<TraceOptions> MakeTraceOptions(const Invocation& invocation) {
  TraceOptions options;
  if (invocation.trace_patterns) {
    RT_TRY(options.filter, MakeTraceFilter(*invocation.trace_patterns));
  } else if (invocation.trace_summary) {
    options.filter = TraceFilter::Everything();
  }
  options.origins = invocation.why_alive.has_value();
  if (!options.filter.enabled()) return options;
  TraceSink::Options output{.lines = invocation.trace_patterns.has_value(),
                            .summary = invocation.trace_summary};
  if (invocation.trace_output == TraceOutput::kJson) output.format = TraceFormat::kJson;
  if (invocation.trace_output == TraceOutput::kPerfetto) output.format = TraceFormat::kPerfetto;
  if (!invocation.trace_file.empty()) {
    RT_TRY(output.fd, OpenTraceFile(invocation.trace_file));
    output.owns_fd = true;
  }
  options.sink = std::make_shared<TraceSink>(output);
  return options;
}

void FinishTraceOnSignals(std::shared_ptr<TraceSink> sink) {
  auto* self = new Finisher();
  self->sink = std::move(sink);
  sem_init(&self->raised, 0, 0);
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  pthread_t thread;
  const bool made = pthread_create(&thread, nullptr, RunFinisher, self) == 0;
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  if (!made) return;
  pthread_detach(thread);
  finisher = self;
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction now {};
    if (sigaction(number, nullptr, &now) != 0 || now.sa_handler == SIG_IGN) continue;
    struct sigaction action {};
    action.sa_handler = OnStop;
    action.sa_flags = SA_RESTART;
    sigemptyset(&action.sa_mask);
    sigaction(number, &action, nullptr);
  }
}

Result<TraceFilter> MakeTraceFilter(const std::string& patterns) {
  if (patterns.empty()) return TraceFilter::Everything();
  std::vector<std::string_view> names;
  for (const Extension& extension : AllExtensions()) {
    for (const OpDecl& op : extension.ops) names.push_back(op.name);
  }
  for (size_t start = 0; start <= patterns.size();) {
    const size_t end = std::min(patterns.find(',', start), patterns.size());
    const std::string pattern = patterns.substr(start, end - start);
    start = end + 1;
    const TraceFilter one = TraceFilter::FromPatterns(pattern);
    bool matched = false;
    for (const std::string_view name : names) matched = matched || one.Matches(name);
    if (matched) continue;
    std::string message = "--trace-ops=" + pattern + ": no operation has such a name";
    if (auto nearest = Nearest(pattern, names)) {
      message += "\nDid you mean \"" + std::string(*nearest) + "\"?";
    } else {
      message += "\nSee \"rt ops\"";
    }
    return Error::Type(message);
  }
  return TraceFilter::FromPatterns(patterns);
}

}  // namespace rt::cli
