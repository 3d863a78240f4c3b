// rt repl, and `rt` alone on a terminal.
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <thread>

#include "src/base/cache_names.h"
#include "src/base/output.h"
#include "src/cli/cache_folder.h"
#include "src/cli/cli.h"
#include "src/cli/commands.h"
#include "src/cli/messages.h"
#include "src/cli/program.h"
#include "src/cli/project_option.h"
#include "src/cli/repl/editor.h"
#include "src/cli/repl/history_file.h"
#include "src/runtime/repl_session.h"
#include "src/typescript/repl_input.h"

namespace rt::cli {
namespace {

constexpr const char* kHelp =
    ".help         this text\n"
    ".load <file>  evaluate a file as if it had been typed\n"
    ".save <file>  write what was evaluated so far to a file\n"
    ".exit         leave, as Ctrl-D and close() do\n"
    "_             the last value; _error: the last error\n"
    "Tab           completes names, Ctrl-R searches the history, Ctrl-C ends what runs\n";

// First line of what .save writes. What was typed may declare a name twice, or throw: read back, it
// is not one program but one input after another.
constexpr std::string_view kSessionMark = "// rt repl: inputs, one after another\n";

void Say(const std::string& text) {
  WriteInTurn(STDOUT_FILENO, text + "\n");
}

class Repl {
 public:
  Repl(const Invocation& invocation, ReplSession& session, bool interactive)
      : invocation_(invocation), session_(session), interactive_(interactive) {}

  // The exit code.
  int Run() {
    for (const std::string& file : invocation_.tool.eval_files) {
      if (!EvaluateFile(file)) return Left(kExitError);
    }
    if (!invocation_.tool.eval_code.empty() &&
        !Evaluate(invocation_.tool.eval_code, /*shows=*/false)) {
      return Left(kExitError);
    }
    return interactive_ ? RunInteractively() : RunPiped();
  }

 private:
  int Left(int code) const { return ended_ ? session_.exit_code() : code; }

  // False: the program ended itself, or (unless shown) it threw.
  bool Evaluate(const std::string& code, bool shows) {
    return Show(session_.Evaluate(code), shows);
  }

  bool Show(const ReplSession::Outcome& outcome, bool shows) {
    if (outcome.kind == ReplSession::Kind::kEnded) {
      ended_ = true;
      return false;
    }
    const bool threw = outcome.kind == ReplSession::Kind::kThrown;
    if (outcome.kind == ReplSession::Kind::kInterrupted) {
      Say("(interrupted)");
    } else if (shows || threw) {
      Say(outcome.text);
    }
    ShowUncaught();
    return shows || !threw;
  }

  void ShowUncaught() {
    for (const std::string& text : session_.TakeUncaught()) Say(text);
  }

  // Nothing: it could not be read, as was said.
  static std::optional<std::string> ReadFile(const std::string& file) {
    const auto path = AbsolutePath(file);
    auto text = path.ok() ? ReadNamedText(*path) : Result<std::string>(path.error());
    if (text.ok()) return std::move(*text);
    PrintError(text.error().message, kExitError);
    return std::nullopt;
  }

  bool EvaluateFile(const std::string& file) {
    const auto text = ReadFile(file);
    return text && Evaluate(*text, /*shows=*/false);
  }

  void Load(const std::string& file) {
    const auto text = ReadFile(file);
    if (!text) return;
    if (!text->starts_with(kSessionMark)) {
      const ReplSession::Outcome outcome = session_.Evaluate(*text);
      if (!outcome.redeclares) {
        evaluated_ += *text + "\n";
        Show(outcome, /*shows=*/true);
        return;
      }
    }
    std::optional<ReplSession::Outcome> last;
    std::string_view inputs = *text;
    if (inputs.starts_with(kSessionMark)) inputs.remove_prefix(kSessionMark.size());
    for (const std::string& input : typescript::SplitInputs(inputs)) {
      evaluated_ += input + "\n";
      last = session_.Evaluate(input);
      if (last->kind == ReplSession::Kind::kValue) continue;
      const bool goes_on = last->kind == ReplSession::Kind::kThrown;
      Show(*std::exchange(last, std::nullopt), /*shows=*/true);
      if (!goes_on) return;
    }
    if (last) Show(*last, /*shows=*/true);
  }

  // ".name argument". False: it is none of these.
  bool RunCommand(const std::string& input) {
    const size_t space = input.find(' ');
    const std::string name = input.substr(0, space);
    std::string argument = space == std::string::npos ? "" : input.substr(space + 1);
    while (argument.ends_with(' ')) argument.pop_back();
    if (name == ".help") {
      WriteInTurn(STDOUT_FILENO, kHelp);
    } else if (name == ".exit") {
      leaves_ = true;
    } else if (name == ".load" && !argument.empty()) {
      Load(argument);
    } else if (name == ".save" && !argument.empty()) {
      Save(argument);
    } else if (name == ".load" || name == ".save") {
      Say(name + " needs the name of a file");
    } else {
      return false;
    }
    return true;
  }

  void Save(const std::string& file) {
    const int fd = open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    const bool opened = fd >= 0;
    const bool written = opened && WriteFully(fd, std::string(kSessionMark) + evaluated_);
    const int error = errno;
    if (opened && close(fd) == 0 && written) {
      Say("Saved to " + file);
    } else {
      PrintError(Error::FromErrno(error, opened ? "write" : "open", file).message, kExitError);
    }
  }

  // One input. False: leave.
  bool Take(const std::string& input) {
    if (input.find_first_not_of(" \t\r\n") == std::string::npos) return true;
    if (input[0] == '.' && RunCommand(input)) return !leaves_ && !ended_;
    evaluated_ += input + "\n";
    Evaluate(input, /*shows=*/true);
    return !ended_;
  }

  int RunPiped() {
    std::string input;
    std::string pending;
    char part[16 * 1024];
    bool open = true;
    while (open || !pending.empty()) {
      size_t end = pending.find('\n');
      if (end == std::string::npos && open) {
        if (session_.WaitForInput(STDIN_FILENO) == ReplSession::Waited::kEnded) {
          ended_ = true;
          return session_.exit_code();
        }
        ShowUncaught();
        const ssize_t size = read(STDIN_FILENO, part, sizeof part);
        if (size < 0 && (errno == EINTR || errno == EAGAIN)) continue;
        open = size > 0;
        if (open) pending.append(part, static_cast<size_t>(size));
        continue;
      }
      if (end == std::string::npos) end = pending.size();
      input += pending.substr(0, end);
      pending.erase(0, end + 1);
      if (!typescript::IsFinished(input)) {
        input += "\n";
        continue;
      }
      if (!Take(std::exchange(input, {}))) return ended_ ? session_.exit_code() : kExitOk;
    }
    if (!input.empty() && !Take(input)) return ended_ ? session_.exit_code() : kExitOk;
    return Finish();
  }

  int Finish() {
    session_.Finish();
    ShowUncaught();
    return session_.exit_code();
  }

  int RunInteractively() {
    std::string path = invocation_.tool.history_file;
    if (path.empty()) path = cache::PathOf(CacheFolder(), cache::kReplHistory);
    const HistoryFile history(path);
    auto editor = LineEditor::Create(
        {.color = WantsColor(STDOUT_FILENO),
         .wait =
             [this](int fd) {
               const auto waited = session_.WaitForInput(fd, &LineEditor::SetSignals);
               ShowUncaught();
               switch (waited) {
                 case ReplSession::Waited::kReadable:
                   return EditorOptions::Waited::kKey;
                 case ReplSession::Waited::kInterrupted:
                   return EditorOptions::Waited::kInterrupted;
                 case ReplSession::Waited::kPressed:
                   return EditorOptions::Waited::kPressed;
                 case ReplSession::Waited::kEnded:
                   break;
               }
               return EditorOptions::Waited::kEnded;
             },
         .complete = [this](std::string_view before,
                            size_t* start) { return session_.Complete(before, start); }});
    if (!editor) return RunPiped();
    for (const std::string& entry : history.Load()) editor->AddHistory(entry);
    if (!invocation_.quiet) {
      Say("rt " RT_VERSION "\nexit using ctrl+d, ctrl+c, or close()");
      if (invocation_.shorthand) {
        Say("REPL is running with all permissions allowed.\n"
            "To specify permissions, run `rt repl` with allow flags.");
      }
    }
    bool asked_once = false;  // Ctrl-C
    for (;;) {
      std::string input;
      switch (editor->Read(&input)) {
        case LineEditor::End::kEntered:
          break;
        case LineEditor::End::kInterrupted:
          if (asked_once) return Finish();
          asked_once = true;
          Say("press ctrl+c again to exit");
          continue;
        case LineEditor::End::kRunInterrupted:
          asked_once = false;
          Say("(interrupted)");
          continue;
        case LineEditor::End::kClosed:
          return Finish();
        case LineEditor::End::kStopped:
          return session_.exit_code();
      }
      asked_once = false;
      if (input.find_first_not_of(" \t\r\n") != std::string::npos) {
        editor->AddHistory(input);
        history.Add(input);
      }
      if (!Take(input)) return ended_ ? session_.exit_code() : Finish();
    }
  }

  const Invocation& invocation_;
  ReplSession& session_;
  const bool interactive_;
  bool leaves_ = false;
  bool ended_ = false;
  std::string evaluated_;
};

// SIGINT goes to a thread of its own, which ends what is being evaluated. While the program's last
// part runs, after Ctrl-D, it ends the process.
void WatchInterrupts(ReplSession* session) {
  std::thread([session] {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    for (int number = 0; sigwait(&signals, &number) == 0;) {
      if (!session->Interrupt()) _exit(128 + SIGINT);
    }
  }).detach();
}

}  // namespace

int ReplCommand(const Invocation& given) {
  Invocation invocation = given;
  const bool interactive = isatty(STDIN_FILENO) != 0 && isatty(STDOUT_FILENO) != 0;
  if (invocation.shorthand) invocation.permissions.AllowAll();
  if (interactive) {
    // Before there is any other thread.
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  }
  auto program = TextProgram("$rt$repl", invocation, "");
  if (!program.ok()) return PrintError(program.error().message, kExitError);
  // Who types may save and load files, so only on request.
  program->is_walled = invocation.os_sandbox;
  ProgramSetup setup;
  if (auto failed = SetUpProgram(invocation, *program, &setup)) return *failed;
  auto runtime = Runtime::Create(std::move(setup.options));
  if (!runtime.ok()) {
    const Error& error = runtime.error();
    return PrintError(error.message,
                      error.error_class == ErrorClass::kTypeError ? kExitUsage : kExitError);
  }
  const v8::HandleScope handles((*runtime)->isolate());
  auto session = ReplSession::Create(**runtime, program->url);
  if (!session.ok()) return PrintError(session.error().message, kExitError);
  if (interactive) WatchInterrupts(session->get());
  const int code = Repl(invocation, **session, interactive).Run();
#ifdef __SANITIZE_ADDRESS__
  if (!interactive) session->reset();  // else a thread refers to it until the end
#endif
  session->release();
  return LeaveProcess(std::move(*runtime), code);
}

}  // namespace rt::cli
