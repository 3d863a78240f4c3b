// Starting programs, waiting for them, signals to processes.
#include <poll.h>
#include <sys/types.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "src/ext/process/byte_collector.h"
#include "src/ext/process/child_resource.h"
#include "src/ext/process/command.h"
#include "src/ext/process/pipe_resource.h"
#include "src/ext/process/process.h"
#include "src/op/op.h"

namespace rt {
namespace {

struct SpawnResult {
  Rid rid;
  int32_t pid;
  std::optional<Rid> stdin_rid;
  std::optional<Rid> stdout_rid;
  std::optional<Rid> stderr_rid;
};
RT_STRUCT(SpawnResult, RT_FIELD(rid), RT_FIELD(pid), RT_FIELD(stdin_rid), RT_FIELD(stdout_rid),
          RT_FIELD(stderr_rid))

// `signal` is 0 for a child that ended by itself.
struct StatusResult {
  int32_t code;
  int32_t signal;
};
RT_STRUCT(StatusResult, RT_FIELD(code), RT_FIELD(signal))

struct OutputResult {
  int32_t code;
  int32_t signal;
  std::optional<Bytes> stdout_bytes;
  std::optional<Bytes> stderr_bytes;
};
RT_STRUCT(OutputResult, RT_FIELD(code), RT_FIELD(signal), RT_FIELD(stdout_bytes),
          RT_FIELD(stderr_bytes))

Result<std::optional<Rid>> AddPipe(OpContext& cx, OwnedFd fd, FdPoll::For direction,
                                   std::string_view name) {
  if (!fd) return std::optional<Rid>();
  RT_TRY(auto poll, FdPoll::Create(cx.loop(), std::move(fd), direction));
  RT_TRY(const Rid rid, cx.resources().Add(MakeResource<PipeResource>(std::move(poll), name)));
  return std::optional<Rid>(rid);
}

Result<SpawnResult> op_process_spawn(OpContext& cx, CommandOptions options) {
  RT_TRY(StartedCommand started, StartCommand(cx.permissions(), options, cx.op_name()));
  const pid_t pid = started.child.pid;
  RT_TRY(auto watch, ChildWatch::Start(cx.loop(), std::move(started.child)));
  cx.State<ProcessState>().Add(watch);
  SpawnResult result{.rid = 0, .pid = pid, .stdin_rid = {}, .stdout_rid = {}, .stderr_rid = {}};
  RT_TRY(result.rid, cx.resources().Add(MakeResource<ChildResource>(std::move(watch))));
  RT_TRY(result.stdin_rid,
         AddPipe(cx, std::move(started.pipes[0]), FdPoll::For::kWriting, "childStdin"));
  RT_TRY(result.stdout_rid,
         AddPipe(cx, std::move(started.pipes[1]), FdPoll::For::kReading, "childStdout"));
  RT_TRY(result.stderr_rid,
         AddPipe(cx, std::move(started.pipes[2]), FdPoll::For::kReading, "childStderr"));
  return result;
}

Task<Result<StatusResult>> op_process_wait(OpContext&, Ref<ChildResource> child) {
  const std::shared_ptr<ChildWatch> watch = child->watch();
  const std::optional<ExitStatus> status = co_await watch->Wait();
  if (!status) co_return Error::Make(ErrorClass::kInterrupted, "operation canceled", "ECANCELED");
  co_return StatusResult{.code = status->code, .signal = status->signal};
}

Task<Result<Bytes>> op_process_read_all(OpContext&, Ref<PipeResource> pipe) {
  return pipe->ReadAll();
}

// Reads all pipes at once, blocking, until each has ended.
Result<void> Collect(std::array<OwnedFd, 3>& pipes, std::array<ByteCollector, 3>& collectors) {
  for (;;) {
    std::array<pollfd, 3> waiting;
    std::array<size_t, 3> which{};
    nfds_t count = 0;
    for (const size_t i : {size_t{1}, size_t{2}}) {
      if (!pipes[i]) continue;
      which[count] = i;
      waiting[count++] = {pipes[i].get(), POLLIN, 0};
    }
    if (count == 0) return {};
    if (poll(waiting.data(), count, -1) < 0) {
      if (errno == EINTR) continue;
      return Error::FromErrno(errno, "poll");
    }
    for (nfds_t n = 0; n < count; ++n) {
      if (waiting[n].revents == 0) continue;
      OwnedFd& pipe = pipes[which[n]];
      ByteCollector& collector = collectors[which[n]];
      const std::span<uint8_t> room = collector.Room();
      if (room.empty()) return Error::FromErrno(ENOMEM, "read");
      const ssize_t got = read(pipe.get(), room.data(), room.size());
      if (got > 0) {
        collector.Filled(static_cast<size_t>(got));
      } else if (got == 0 || errno != EINTR) {
        pipe.Reset();
      }
    }
  }
}

Result<OutputResult> op_process_output_sync(OpContext& cx, CommandOptions options) {
  RT_TRY(StartedCommand started, StartCommand(cx.permissions(), options, cx.op_name()));
  const bool out = started.pipes[1].valid();
  const bool err = started.pipes[2].valid();
  std::array<ByteCollector, 3> collectors;
  auto collected = Collect(started.pipes, collectors);
  for (OwnedFd& pipe : started.pipes) pipe.Reset();
  const auto status =
      TakeExitStatus(started.child.pidfd, started.child.pid, true).value_or(ExitStatus{});
  if (!collected.ok()) return collected.TakeError();
  OutputResult result{
      .code = status.code, .signal = status.signal, .stdout_bytes = {}, .stderr_bytes = {}};
  if (out) result.stdout_bytes = collectors[1].Take();
  if (err) result.stderr_bytes = collectors[2].Take();
  return result;
}

// --- signals ---

// "ESRCH: No such process", as Deno says it.
Error KillError(Error error) {
  const size_t end = error.message.find(" (os error");
  error.message = error.code + ": " + error.message.substr(0, end);
  return error;
}

Result<void> op_process_kill_child(OpContext&, Ref<ChildResource> child, int32_t signal) {
  const ChildWatch& watch = *child->watch();
  const auto gone = [] { return Error::Type("Child process has already terminated"); };
  if (watch.status()) return gone();
  auto sent = SendSignalToChild(watch.pidfd(), signal);
  if (sent.ok()) return {};
  if (sent.error().sys_errno == ESRCH) return gone();
  return KillError(sent.TakeError());
}

Result<void> op_process_kill(OpContext& cx, int32_t pid, int32_t signal) {
  // The process is the main program's: a worker that may start nothing cannot end or stop it.
  if (pid == getpid() && !cx.host().run_info().is_worker) {
    auto sent = SendSignalToSelf(signal);
    if (!sent.ok()) return KillError(sent.TakeError());
    return {};
  }
  RT_TRY(const auto all, GrantAccess::CheckEverything<Perm::kRun>(cx.permissions(), cx.op_name()));
  auto sent = SendSignal(all, pid, signal);
  if (!sent.ok()) return KillError(sent.TakeError());
  return {};
}

constexpr std::array kOps = {
    RT_OP(op_process_spawn, InBody<"the program is found as the environment says", Perm::kRun>),
    RT_OP(op_process_output_sync,
          InBody<"the program is found as the environment says", Perm::kRun>),
    RT_OP(op_process_wait, OnResource),
    RT_OP(op_process_read_all, OnResource),
    RT_OP(op_process_kill_child, OnResource),
    RT_OP(op_process_kill,
          InBody<"a signal to rt itself is free for the main program", Perm::kRun>),
};
static_assert(UniqueNames(kOps));

}  // namespace

Extension ProcessExtension() {
  return {.name = "process", .ops = kOps, .make_state = [](OpHost& host) {
            return std::unique_ptr<ExtensionState>(new ProcessState(host));
          }};
}

}  // namespace rt
