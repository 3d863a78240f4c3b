#include "src/cli/crash/crash_report.h"

#include <cxxabi.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>
#include <unwind.h>
#include <uv.h>
#include <v8.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include "src/base/crash.h"
#include "src/base/redact.h"
#include "src/cli/args/commands.h"
#include "src/cli/crash/symbols.h"
#include "src/engine/isolate.h"
#include "src/op/op_host.h"

namespace rt::cli {
namespace {

constexpr int kSignals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT, SIGSYS};
// What is walked and named in a child of its own may hang.
constexpr int kChildPatienceMs = 5000;
constexpr int kMostFrames = 64;
constexpr size_t kLongestFlags = 4096;

// All that a report needs and a handler could not get. One for the process; written before any
// thread, read by handlers.
struct Prepared {
  char folder[PATH_MAX - 64] = {};
  char flags[kLongestFlags] = {};
  char versions[512] = {};
};
Prepared prepared;
// The thread that writes a report, by the kernel's number; 0: none.
std::atomic<int> reporting = 0;
std::atomic<bool> reported = false;

// Text to a descriptor through a small buffer; async-signal-safe.
class Out {
 public:
  explicit Out(int fd) : fd_(fd) {}
  ~Out() { Flush(); }

  Out& operator<<(std::string_view text) {
    for (const char c : text) Put(c);
    return *this;
  }
  Out& Decimal(uint64_t number) {
    char digits[24];
    size_t at = sizeof digits;
    do {
      digits[--at] = static_cast<char>('0' + number % 10);
      number /= 10;
    } while (number != 0);
    return *this << std::string_view(digits + at, sizeof digits - at);
  }
  Out& Hex(uint64_t number) {
    *this << "0x";
    bool begun = false;
    for (int shift = 60; shift >= 0; shift -= 4) {
      const unsigned digit = (number >> shift) & 15;
      begun = begun || digit != 0 || shift == 0;
      if (begun) Put("0123456789abcdef"[digit]);
    }
    return *this;
  }
  void Flush() {
    const char* at = buffer_;
    while (size_ > 0) {
      const ssize_t written = write(fd_, at, size_);
      if (written < 0 && errno == EINTR) continue;
      if (written <= 0) break;
      at += written;
      size_ -= static_cast<size_t>(written);
    }
    size_ = 0;
  }

 private:
  void Put(char c) {
    if (size_ == sizeof buffer_) Flush();
    buffer_[size_++] = c;
  }
  int fd_;
  size_t size_ = 0;
  char buffer_[1024];
};

std::string_view SignalName(int number) {
  switch (number) {
    case SIGSEGV:
      return "SIGSEGV: memory that is not there, or the end of the stack";
    case SIGBUS:
      return "SIGBUS: memory that cannot be read";
    case SIGFPE:
      return "SIGFPE: arithmetic error";
    case SIGILL:
      return "SIGILL: illegal instruction (V8 ends so when it is broken)";
    case SIGTRAP:
      return "SIGTRAP: trap (V8 ends so when it is broken)";
    case SIGABRT:
      return "SIGABRT: abort";
    case SIGSYS:
      return "SIGSYS: forbidden system call";
    default:
      return "signal";
  }
}

OpHost* HostOfThread() {
  v8::Isolate* isolate = v8::Isolate::TryGetCurrent();
  return isolate != nullptr ? static_cast<OpHost*>(isolate->GetData(kIsolateOpHost)) : nullptr;
}

// "2026-01-31T23:59:59Z"; gmtime may take locks.
void AppendTime(Out& out, time_t now) {
  int64_t days = now / 86400;
  const int64_t second = now % 86400;
  // Howard Hinnant's civil_from_days, for dates after 1970.
  days += 719468;
  const int64_t era = days / 146097;
  const int64_t day_of_era = days - era * 146097;
  const int64_t year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const int64_t day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const int64_t shifted = (5 * day_of_year + 2) / 153;
  const int64_t day = day_of_year - (153 * shifted + 2) / 5 + 1;
  const int64_t month = shifted < 10 ? shifted + 3 : shifted - 9;
  const int64_t year = year_of_era + era * 400 + (month <= 2 ? 1 : 0);
  const auto two = [&](int64_t number) {
    if (number < 10) out << "0";
    out.Decimal(static_cast<uint64_t>(number));
  };
  out.Decimal(static_cast<uint64_t>(year)) << "-";
  two(month);
  out << "-";
  two(day);
  out << "T";
  two(second / 3600);
  out << ":";
  two(second / 60 % 60);
  out << ":";
  two(second % 60);
  out << "Z";
}

// The folder and what is above it as far as it is missing; then a file of its own.
int OpenReport(char* path, size_t size) {
  if (prepared.folder[0] == '\0') return -1;
  std::snprintf(path, size, "%s", prepared.folder);
  for (char* at = path + 1; *at != '\0'; ++at) {
    if (*at != '/') continue;
    *at = '\0';
    mkdir(path, 0700);
    *at = '/';
  }
  mkdir(path, 0700);
  std::snprintf(path, size, "%s/rt-%d-%lld.txt", prepared.folder, static_cast<int>(getpid()),
                static_cast<long long>(time(nullptr)));
  return open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
}

void AppendOps(Out& out) {
  OpHost* host = HostOfThread();
  if (host == nullptr) {
    out << "\nLast operations: none, this thread runs no JavaScript\n";
    return;
  }
  const RecentOps& ops = host->recent_ops();
  out << "\nRuntime: " << (host->run_info().is_worker ? "a worker" : "the main program")
      << "\nLast operations, the newest first:\n";
  for (uint32_t age = 0; age < RecentOps::kCount && age < ops.total(); ++age) {
    const OpDecl* op = ops.At(age);
    if (op == nullptr) break;
    out << "  " << op->name << "\n";
  }
  if (ops.total() == 0) out << "  none yet\n";
  out << "  (";
  out.Decimal(ops.total()) << " in all)\n";
}

// ---- in the child: what may fail

struct Walk {
  Out* out;
  const Symbols* symbols;
  int frames = 0;
};

_Unwind_Reason_Code OnFrame(_Unwind_Context* context, void* data) {
  Walk& walk = *static_cast<Walk*>(data);
  int before = 0;
  const uintptr_t address = _Unwind_GetIPInfo(context, &before);
  if (address == 0 || walk.frames >= kMostFrames) return _URC_END_OF_STACK;
  Out& out = *walk.out;
  out << "  ";
  out.Hex(address) << " ";
  size_t offset = 0;
  // A return address may be the next function's first.
  const char* name = walk.symbols->Find(address - (before != 0 ? 0 : 1), &offset);
  Dl_info info{};
  if (name == nullptr && dladdr(reinterpret_cast<void*>(address), &info) != 0) {
    name = info.dli_sname;
    offset = address - reinterpret_cast<uintptr_t>(info.dli_saddr);
  }
  if (name != nullptr) {
    int status = -1;
    char* const readable = abi::__cxa_demangle(name, nullptr, nullptr, &status);
    out << (status == 0 && readable != nullptr ? readable : name) << "+";
    out.Hex(offset);
    free(readable);
  } else {
    out << "?";
  }
  if (info.dli_fname != nullptr && name == info.dli_sname) out << " in " << info.dli_fname;
  out << "\n";
  ++walk.frames;
  return _URC_NO_REASON;
}

void AppendNativeStack(Out& out) {
  out << "\nNative stack:\n";
  const Symbols symbols;
  Walk walk{&out, &symbols};
  _Unwind_Backtrace(OnFrame, &walk);
  out.Flush();
}

void AppendScriptStack(Out& out) {
  v8::Isolate* isolate = v8::Isolate::TryGetCurrent();
  if (isolate == nullptr || !isolate->InContext()) return;
  out << "\nJavaScript stack:\n";
  out.Flush();
  // The handler's stack is none of V8's: to it, there is nothing left.
  isolate->SetStackLimit(1);
  v8::HandleScope handles(isolate);
  const auto frames = v8::StackTrace::CurrentStackTrace(isolate, kMostFrames);
  const auto text = [&](v8::Local<v8::String> string, const char* otherwise) {
    char bytes[512];
    if (string.IsEmpty() || string->Length() == 0) {
      out << otherwise;
      return;
    }
    out << std::string_view(bytes,
                            string->WriteUtf8V2(isolate, bytes, sizeof bytes,
                                                v8::String::WriteFlags::kReplaceInvalidUtf8));
  };
  for (int i = 0; i < frames->GetFrameCount(); ++i) {
    const auto frame = frames->GetFrame(isolate, i);
    out << "  at ";
    text(frame->GetFunctionName(), "<anonymous>");
    out << " (";
    text(frame->GetScriptNameOrSourceURL(), "<unknown>");
    out << ":";
    out.Decimal(static_cast<uint64_t>(frame->GetLineNumber())) << ":";
    out.Decimal(static_cast<uint64_t>(frame->GetColumn())) << ")\n";
  }
  if (frames->GetFrameCount() == 0) out << "  none is running\n";
  out.Flush();
}

// Whether processes may be made: the kernel's wall around a program with limited permissions does
// not let it.
bool MayFork() {
  const pid_t child = _Fork();
  if (child == 0) _exit(0);
  if (child < 0) return false;
  while (waitpid(child, nullptr, 0) < 0 && errno == EINTR) continue;
  return true;
}

// Runs `append` in a child, which has a copy of everything, and copies what it says. What goes
// wrong there goes wrong there alone.
void AppendFromChild(Out& out, void (*append)(Out&), std::string_view what) {
  out.Flush();
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return;
  const pid_t child = _Fork();
  if (child == 0) {
    for (const int number : kSignals) signal(number, SIG_DFL);
    Out to_parent(ends[1]);
    append(to_parent);
    to_parent.Flush();
    _exit(0);
  }
  close(ends[1]);
  bool timed_out = false;
  char part[1024];
  while (child > 0) {
    pollfd waiting{ends[0], POLLIN, 0};
    const int ready = poll(&waiting, 1, kChildPatienceMs);
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0) {
      timed_out = true;
      break;
    }
    const ssize_t size = read(ends[0], part, sizeof part);
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) break;
    out << std::string_view(part, static_cast<size_t>(size));
  }
  close(ends[0]);
  int status = 0;
  if (child > 0) {
    if (timed_out) kill(child, SIGKILL);
    waitpid(child, &status, 0);
  }
  if (child < 0 || timed_out || status != 0) {
    out << "\n(" << what << " could not be read to its end)\n";
  }
  out.Flush();
}

void SayWhere(const char* path) {
  Out out(STDERR_FILENO);
  out << "\nrt crashed. A report was written to\n  " << path
      << "\nIt stays on this machine. Please add it to a bug report if you can.\n";
}

// What may go wrong, where nothing but this process can do it: it ends if it does, or if it takes
// too long, with what has been written until then.
void AppendHere(Out& out) {
  out.Flush();
  for (const int number : kSignals) signal(number, SIG_DFL);
  signal(SIGALRM, SIG_DFL);
  sigset_t let;
  sigemptyset(&let);
  sigaddset(&let, SIGALRM);
  for (const int number : kSignals) sigaddset(&let, number);
  pthread_sigmask(SIG_UNBLOCK, &let, nullptr);
  alarm(kChildPatienceMs / 1000);
  AppendNativeStack(out);
  if (HostOfThread() != nullptr) AppendScriptStack(out);
  alarm(0);
}

void WriteReport(const char* reason, int signal_number, const siginfo_t* info,
                 const ucontext_t* context) {
  char path[PATH_MAX];
  const int file = OpenReport(path, sizeof path);
  {
    Out out(file >= 0 ? file : STDERR_FILENO);
    out << "rt crash report\n\nReason: ";
    if (reason != nullptr) {
      out << reason;
    } else {
      out << SignalName(signal_number);
      if (info != nullptr && (signal_number == SIGSEGV || signal_number == SIGBUS)) {
        out << ", address ";
        out.Hex(reinterpret_cast<uintptr_t>(info->si_addr));
      }
    }
    out << "\nTime: ";
    AppendTime(out, time(nullptr));
    out << "\nProcess: ";
    out.Decimal(static_cast<uint64_t>(getpid())) << ", thread ";
    out.Decimal(static_cast<uint64_t>(syscall(SYS_gettid))) << "\n";
    out << prepared.versions << "\nCommand line, without the script's arguments:\n  "
        << prepared.flags << "\n";
#if defined(__x86_64__)
    if (context != nullptr) {
      out << "At: ";
      out.Hex(static_cast<uint64_t>(context->uc_mcontext.gregs[REG_RIP])) << "\n";
    }
#elif defined(__aarch64__)
    if (context != nullptr) {
      out << "At: ";
      out.Hex(context->uc_mcontext.pc) << "\n";
    }
#endif
    AppendOps(out);
    if (MayFork()) {
      AppendFromChild(out, AppendNativeStack, "the native stack");
      if (HostOfThread() != nullptr)
        AppendFromChild(out, AppendScriptStack, "the JavaScript stack");
      out.Flush();
      if (file >= 0) SayWhere(path);
    } else {
      // Said first: what follows may be the end.
      if (file >= 0) SayWhere(path);
      AppendHere(out);
    }
  }
  if (file >= 0) close(file);
}

// True: this thread is the one to report. Others wait for the end of the process.
bool BeginReport() {
  const int self = static_cast<int>(syscall(SYS_gettid));
  int nobody = 0;
  if (reporting.compare_exchange_strong(nobody, self)) return !reported.exchange(true);
  if (nobody == self) return false;
  for (;;) pause();
}

void Report(const char* reason) {
  if (BeginReport()) WriteReport(reason, 0, nullptr, nullptr);
}

[[maybe_unused]] void OnSignal(int number, siginfo_t* info, void* context) {
  if (BeginReport()) WriteReport(nullptr, number, info, static_cast<ucontext_t*>(context));
  // The process ends by the signal, as it would have: for its parent, and for a core dump.
  signal(number, SIG_DFL);
  raise(number);
  sigset_t only;
  sigemptyset(&only);
  sigaddset(&only, number);
  pthread_sigmask(SIG_UNBLOCK, &only, nullptr);
  _exit(128 + number);
}

void Copy(char* to, size_t size, const std::string& text) {
  const size_t length = std::min(size - 1, text.size());
  std::memcpy(to, text.data(), length);
  to[length] = '\0';
}

// The flags before the operand or "--": what follows is the script's, and code given to `eval` is
// not for reports.
std::string FlagsOf(CommandLine line, const std::vector<std::string>& arguments) {
  constexpr std::string_view kCode = "--eval=";
  std::string text = line == CommandLine::kRt ? "rt" : "a compiled program";
  size_t at = 0;
  for (; line == CommandLine::kRt && at < arguments.size(); ++at) {
    const std::string& argument = arguments[at];
    const bool is_command = at == 0 && FindCommand(argument) != nullptr;
    if (!is_command && (!argument.starts_with('-') || argument == "--")) break;
    text += " " + (argument.starts_with(kCode) ? std::string(kCode) + "***"  // of `rt repl`
                                               : RedactSecrets(argument));
  }
  if (at < arguments.size()) {
    text += " (and " + std::to_string(arguments.size() - at) +
            (line == CommandLine::kRt ? " more)" : " arguments)");
  }
  return text;
}

}  // namespace

void InstallCrashReports(const std::string& folder, CommandLine line,
                         const std::vector<std::string>& arguments) {
  if (folder.size() < sizeof prepared.folder) Copy(prepared.folder, sizeof prepared.folder, folder);
  Copy(prepared.flags, sizeof prepared.flags, FlagsOf(line, arguments));
  utsname system{};
  uname(&system);
  Copy(prepared.versions, sizeof prepared.versions,
       std::string("Versions: rt " RT_VERSION ", V8 ") + v8::V8::GetVersion() + ", libuv " +
           uv_version_string() + ", " + system.sysname + " " + system.release + " " +
           system.machine + "\n");
  SetCrashReporter(Report);
#ifndef __SANITIZE_ADDRESS__  // has its own handlers, which say more
  // The main thread's; there for as long as the process.
  static CrashStack* const main_stack = new CrashStack();
  (void)main_stack;
  struct sigaction action {};
  action.sa_sigaction = OnSignal;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  sigfillset(&action.sa_mask);
  for (const int number : kSignals) sigaction(number, &action, nullptr);
#endif
}

}  // namespace rt::cli
