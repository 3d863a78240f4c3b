#include "src/cli/control/listener.h"

#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <mutex>
#include <thread>

#include "src/base/output.h"
#include "src/cli/control/control_folder.h"
#include "src/cli/trace_option.h"
#include "src/engine/platform.h"
#include "src/op/trace_sink.h"
#include "src/runtime/runtime.h"
#include "src/runtime/why_alive.h"

namespace rt::cli {
namespace {

constexpr size_t kLongestRequest = 16 * 1024;
constexpr int kPatienceMs = 2000;
constexpr unsigned kVisitMs = 1000;

// A signal has nothing but this to find anything by. Made once, never destroyed.
struct Control {
  ControlOptions options;
  sem_t signals;
  std::atomic<bool> has_thread = false;
  std::mutex starting;
  std::atomic<Loop*> loop = nullptr;
};
std::atomic<Control*> control = nullptr;
// Of PrepareControl; -1: none.
int post_socket = -1;

void Answer(int socket, std::string_view text) {
  (void)WriteFully(socket, text);
}

// "trace <text|json|perfetto> <patterns>": until the other side goes.
void ServeTrace(Control& self, int socket, const std::string& request) {
  const size_t space = request.find(' ', 6);
  const std::string format = request.substr(6, space == std::string::npos ? space : space - 6);
  const std::string patterns = space == std::string::npos ? "" : request.substr(space + 1);
  auto filter = MakeTraceFilter(patterns);
  TraceSink::Options to_socket{.fd = socket, .is_stream = true};
  if (format == "json") to_socket.format = TraceFormat::kJson;
  if (format == "perfetto") to_socket.format = TraceFormat::kPerfetto;
  if (!filter.ok()) {
    Answer(socket,
           "error " + filter.error().message.substr(0, filter.error().message.find('\n')) + "\n");
    return;
  }
  Answer(socket, "ok\n");
  const int buffer = 1 << 20;
  setsockopt(socket, SOL_SOCKET, SO_SNDBUF, &buffer, sizeof buffer);
  TraceOptions options(std::move(*filter));
  options.sink = std::make_shared<TraceSink>(to_socket);
  // Who is busy in a call that cannot be interrupted is traced as soon as that ends.
  (void)self.options.live->VisitAll(
      [&](Runtime& runtime, const LiveRuntimes::Entry&, bool) { runtime.Retrace(&options); },
      kVisitMs);
  while (!options.sink->broken()) {
    pollfd waiting{socket, POLLIN, 0};
    const int ready = poll(&waiting, 1, kPatienceMs);
    if (ready < 0 && errno == EINTR) continue;
    if (ready > 0) break;  // it left, or says something it has no business to
  }
  options.sink->Abandon();
  (void)self.options.live->VisitAll(
      [](Runtime& runtime, const LiveRuntimes::Entry&, bool) { runtime.Retrace(nullptr); },
      kVisitMs);
}

void Serve(Control& self, int socket) {
  auto request = ReadLine(socket, kLongestRequest, kPatienceMs);
  if (request.ok()) {
    if (*request == "why") {
      Answer(socket, "ok\n" + DescribeWhyAlive(*self.options.live));
    } else if (request->starts_with("trace ")) {
      ServeTrace(self, socket, *request);
    } else {
      Answer(socket, "error unknown request\n");
    }
  }
  close(socket);
}

// Our end of a connection with whoever waits for this process; -1: nobody does whom to trust.
int Connect(const Control& self) {
  auto folder = OpenControlFolder(self.options.cache_folder, false);
  if (!folder.ok()) return -1;
  const std::string path = ControlSocketPath(*folder, getpid());
  int connected = -1;
  struct stat info;
  int ends[2];
  // Nobody but this user makes a socket there.
  if (post_socket >= 0 && lstat(path.c_str(), &info) == 0 && S_ISSOCK(info.st_mode) &&
      info.st_uid == geteuid() && socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0) {
    connected = ends[0];
    if (!SendEnd(post_socket, path, ends[1])) {
      close(connected);
      connected = -1;
    }
    close(ends[1]);
  }
  close(*folder);
  return connected;
}

void Run(Control& self) {
  for (;;) {
    if (sem_wait(&self.signals) != 0) continue;
    const int connected = Connect(self);
    if (connected >= 0) {
      std::thread([&self, connected] { Serve(self, connected); }).detach();
    } else if (self.options.on_plain_signal) {
      self.options.on_plain_signal();
    }
  }
}

// Any thread but a handler's.
void StartThread(Control& self) {
  const std::lock_guard lock(self.starting);
  if (self.has_thread) return;
  // Signals are for the program's threads.
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  pthread_t thread;
  const auto run = [](void* data) -> void* {
    Run(*static_cast<Control*>(data));
    return nullptr;
  };
  if (pthread_create(&thread, nullptr, run, &self) == 0) {
    pthread_setname_np(thread, "rt-control");
    pthread_detach(thread);
    self.has_thread = true;
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

// Async-signal-safe: stores, sem_post, uv_async_send.
void OnSignal(int, siginfo_t* info, void*) {
  // A script may send its own process signals: that must not open a debugger, which could do in any
  // of our runtimes what the sender may not.
  if (info->si_pid == getpid()) return;
  const int saved = errno;
  if (Control* self = control) {
    sem_post(&self->signals);
    if (!self->has_thread) {
      self->options.live->RaiseCall();
      if (Loop* loop = self->loop) loop->Wake();
    }
  }
  errno = saved;
}

}  // namespace

void PrepareControl() {
  post_socket = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
}

void InstallControl(ControlOptions options) {
  auto* self = new Control();
  self->options = std::move(options);
  sem_init(&self->signals, 0, 0);
  self->options.live->SetAttend([self] { StartThread(*self); });
  control = self;
  // A program that computes without end lets V8 compile it on another thread sooner or later: from
  // then on the signal is heard even if the loop is never reached.
  OnFirstWorkerThread([self] { StartThread(*self); });
  struct sigaction action {};
  action.sa_sigaction = OnSignal;
  action.sa_flags = SA_RESTART | SA_SIGINFO;
  sigemptyset(&action.sa_mask);
  sigaction(SIGUSR2, &action, nullptr);
}

void SetControlLoop(Loop* loop) {
  if (Control* self = control) self->loop = loop;
}

}  // namespace rt::cli
