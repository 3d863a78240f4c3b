#include "src/cli/profile.h"

#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>

#include "src/base/make_folders.h"
#include "src/base/output.h"
#include "src/cli/messages.h"
#include "src/engine/heap_snapshot.h"
#include "src/permissions/sinks.h"

namespace rt::cli {
namespace {

// "CPU.20260131.235959.1234.0.001.cpuprofile"
std::string FileName(const char* kind, const char* ending) {
  static std::atomic<unsigned> count = 0;
  const time_t now = time(nullptr);
  tm parts{};
  localtime_r(&now, &parts);
  char text[128];
  std::snprintf(text, sizeof text, "%s.%04d%02d%02d.%02d%02d%02d.%d.0.%03u.%s", kind,
                parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min,
                parts.tm_sec, static_cast<int>(getpid()), ++count, ending);
  return text;
}

std::string PathIn(const std::string& folder, const std::string& name) {
  if (folder.empty()) return name;
  (void)MakeFolders(folder, 0777);  // whether it worked shows when a file is opened
  return folder.ends_with('/') ? folder + name : folder + "/" + name;
}

// Profiles name functions, files and strings of the program: for this user.
int OpenNew(const std::string& path) {
  return open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
}

void WriteProfile(const char* flag, const std::string& path, std::string_view json) {
  const int fd = OpenNew(path);
  const bool written = fd >= 0 && WriteFully(fd, json);
  const int code = errno;
  if (fd >= 0) close(fd);
  if (!written) {
    PrintWarning(std::string(flag) + ": " + Error::FromErrno(code, "write", path).message);
  }
}

// The member "profile" of a result, which is all the result has.
std::string_view ProfileOf(std::string_view answer) {
  constexpr std::string_view kBegin = "\"result\":{\"profile\":";
  const size_t begin = answer.find(kBegin);
  if (begin == std::string_view::npos || !answer.ends_with("}}")) return {};
  return answer.substr(begin + kBegin.size(), answer.size() - begin - kBegin.size() - 2);
}

void WriteSnapshot(v8::Isolate* isolate) {
  v8::HandleScope handles(isolate);
  const std::string path = FileName("Heap", "heapsnapshot");
  const int fd = OpenNew(path);
  if (fd < 0) {
    PrintWarning("--heapsnapshot-signal: " + Error::FromErrno(errno, "open", path).message);
    return;
  }
  const auto written = WriteHeapSnapshot(isolate, fd);
  close(fd);
  if (!written.ok()) {
    unlink(path.c_str());  // a part of one is none
    return PrintWarning("--heapsnapshot-signal: " + written.error().message + ": " + path);
  }
  WriteInTurn(STDERR_FILENO, "rt: wrote a heap snapshot to " + path + "\n");
}

sem_t snapshot_wanted;
void OnSnapshotSignal(int) {
  const int saved = errno;
  sem_post(&snapshot_wanted);
  errno = saved;
}

struct SignalName {
  const char* name;
  int number;
};
constexpr SignalName kSignalNames[] = {{"SIGUSR1", SIGUSR1}, {"SIGHUP", SIGHUP},
                                       {"SIGQUIT", SIGQUIT}, {"SIGALRM", SIGALRM},
                                       {"SIGURG", SIGURG},   {"SIGWINCH", SIGWINCH}};

}  // namespace

Result<std::unique_ptr<Profile>> Profile::Start(const Invocation& invocation, Runtime& runtime) {
  if (!invocation.cpu_prof && !invocation.heap_prof) return std::unique_ptr<Profile>();
  std::unique_ptr<Profile> profile(new Profile(invocation, runtime));
  InspectorAgent& agent = *runtime.EnsureInspector();
  if (invocation.cpu_prof) {
    agent.Call(R"({"id":1,"method":"Profiler.enable"})");
    agent.Call(R"({"id":2,"method":"Profiler.setSamplingInterval","params":{"interval":)" +
               std::to_string(invocation.cpu_prof_interval_us) + "}}");
    agent.Call(R"({"id":3,"method":"Profiler.start"})");
  }
  if (invocation.heap_prof) {
    agent.Call(R"({"id":4,"method":"HeapProfiler.enable"})");
    agent.Call(
        R"({"id":5,"method":"HeapProfiler.startSampling","params":{"samplingInterval":524288}})");
  }
  return profile;
}

void Profile::Finish() {
  InspectorAgent& agent = *runtime_.EnsureInspector();
  if (invocation_.cpu_prof) {
    const std::string answer = agent.Call(R"({"id":6,"method":"Profiler.stop"})");
    const std::string name = invocation_.cpu_prof_name.empty() ? FileName("CPU", "cpuprofile")
                                                               : invocation_.cpu_prof_name;
    WriteProfile("--cpu-prof", PathIn(invocation_.cpu_prof_dir, name), ProfileOf(answer));
  }
  if (invocation_.heap_prof) {
    const std::string answer = agent.Call(R"({"id":7,"method":"HeapProfiler.stopSampling"})");
    const std::string name = invocation_.heap_prof_name.empty() ? FileName("Heap", "heapprofile")
                                                                : invocation_.heap_prof_name;
    WriteProfile("--heap-prof", PathIn(invocation_.heap_prof_dir, name), ProfileOf(answer));
  }
}

std::vector<std::string> ProfileFolders(const Invocation& invocation) {
  const auto cwd = CurrentDirectory();
  if (!cwd.ok()) return {};
  std::vector<std::string> folders;
  const auto add = [&](const std::string& folder) {
    folders.push_back(folder.starts_with('/') ? folder : *cwd + "/" + folder);
  };
  const auto add_of = [&](const std::string& folder, const std::string& name) {
    add(PathIn(folder, name).substr(0, PathIn(folder, name).rfind('/') + 1));
  };
  if (invocation.cpu_prof) add_of(invocation.cpu_prof_dir, invocation.cpu_prof_name);
  if (invocation.heap_prof) add_of(invocation.heap_prof_dir, invocation.heap_prof_name);
  if (!invocation.heapsnapshot_signal.empty()) add("");
  return folders;
}

Result<void> WriteSnapshotsOnSignal(const std::string& signal_name,
                                    std::shared_ptr<LiveRuntimes> live) {
  int number = 0;
  for (const SignalName& each : kSignalNames) {
    if (signal_name == each.name) number = each.number;
  }
  if (number == 0) {
    std::string known;
    for (const SignalName& each : kSignalNames) {
      known.append(known.empty() ? "" : ", ").append(each.name);
    }
    return Error::Type("--heapsnapshot-signal=" + signal_name + ": expected one of " + known);
  }
  sem_init(&snapshot_wanted, 0, 0);
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  pthread_t thread;
  auto* const share = new std::shared_ptr<LiveRuntimes>(std::move(live));
  const auto run = [](void* data) -> void* {
    LiveRuntimes& all_of_them = **static_cast<std::shared_ptr<LiveRuntimes>*>(data);
    for (;;) {
      if (sem_wait(&snapshot_wanted) != 0) continue;
      for (const LiveRuntimes::Entry& entry : all_of_them.List()) {
        if (entry.is_worker) continue;
        all_of_them.VisitOne(
            entry.id,
            [](Runtime& runtime, const LiveRuntimes::Entry&, bool) {
              WriteSnapshot(runtime.isolate());
            },
            60'000);
      }
    }
  };
  const int status = pthread_create(&thread, nullptr, run, share);
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  if (status != 0) return Error::FromErrno(status, "pthread_create");
  pthread_detach(thread);
  struct sigaction action {};
  action.sa_handler = OnSnapshotSignal;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  sigaction(number, &action, nullptr);
  return {};
}

}  // namespace rt::cli
