// The ops of node:inspector and node:v8. What a session says is queued and handed to JavaScript
// where that may run: when its own call ends, while the program is paused, or in the next turn.
#include <fcntl.h>

#include <unordered_map>
#include <utility>
#include <vector>

#include "src/engine/heap_snapshot.h"
#include "src/engine/isolate_tasks.h"
#include "src/engine/platform.h"
#include "src/engine/strings.h"
#include "src/ext/inspector/inspector.h"
#include "src/op/op.h"
#include "src/permissions/sinks.h"
#include "src/permissions/sys_grant.h"

namespace rt {
namespace {

using InspectorGrant = SysGrant<"inspector">;

class DeliverTask final : public v8::Task {
 public:
  explicit DeliverTask(std::function<void()> run) : run_(std::move(run)) {}
  void Run() override { run_(); }

 private:
  std::function<void()> run_;
};

class InspectorState final : public ExtensionState {
 public:
  explicit InspectorState(OpHost& host) : host_(host) {}

  void Shutdown() override {
    sessions_.clear();
    deliver_.Reset();
    control.reset();
    agent = nullptr;
  }

  Result<uint32_t> Connect(v8::Local<v8::Function> deliver) {
    if (!agent) return Error::Make(ErrorClass::kNotSupported, "there is no inspector here");
    deliver_.Reset(host_.isolate(), deliver);
    const std::shared_ptr<InspectorAgent> made = agent();
    const uint32_t id = ++last_id_;
    Session& session = sessions_[id];
    session.agent = made;
    session.local = made->ConnectLocal([this, id](std::string text) { Receive(id, text); },
                                       [this, id] { Deliver(id); });
    return id;
  }

  // What it has said since, as an array of JSON texts.
  v8::MaybeLocal<v8::Value> Dispatch(uint32_t id, const std::string& message) {
    const auto found = sessions_.find(id);
    if (found == sessions_.end()) return v8::Array::New(host_.isolate());
    // It may end in the middle of it.
    const std::shared_ptr<InspectorAgent> made = found->second.agent;
    ++found->second.calls;
    made->DispatchLocal(found->second.local, message);
    const auto after = sessions_.find(id);
    if (after == sessions_.end()) return v8::Array::New(host_.isolate());
    --after->second.calls;
    return Take(after->second);
  }

  void Disconnect(uint32_t id) {
    const auto found = sessions_.find(id);
    if (found == sessions_.end()) return;
    const Session session = std::move(found->second);
    sessions_.erase(found);
    session.agent->DisconnectLocal(session.local);
  }

  std::function<std::shared_ptr<InspectorAgent>()> agent;
  std::shared_ptr<InspectorControl> control;

 private:
  struct Session {
    std::shared_ptr<InspectorAgent> agent;
    uint64_t local = 0;
    int calls = 0;  // of Dispatch under way
    bool announced = false;
    std::vector<std::string> messages{};
  };

  v8::Local<v8::Value> Take(Session& session) {
    v8::Isolate* isolate = host_.isolate();
    v8::LocalVector<v8::Value> texts(isolate);
    for (const std::string& message : std::exchange(session.messages, {})) {
      v8::Local<v8::String> text;
      // What is longer than a string can be nobody could read.
      if (TryToV8String(isolate, message).ToLocal(&text)) texts.push_back(text);
    }
    return v8::Array::New(isolate, texts.data(), texts.size());
  }

  // V8 may be in the middle of anything.
  void Receive(uint32_t id, std::string& text) {
    const auto found = sessions_.find(id);
    if (found == sessions_.end()) return;
    Session& session = found->second;
    session.messages.push_back(std::move(text));
    if (session.calls > 0 || std::exchange(session.announced, true)) return;
    if (const auto tasks = TasksOf(host_.isolate())) {
      tasks->Post(std::make_unique<DeliverTask>([this, id] { Deliver(id); }),
                  IsolateTasks::For::kHousekeeping, false);
    }
  }

  void Deliver(uint32_t id) {
    const auto found = sessions_.find(id);
    if (found == sessions_.end()) return;
    found->second.announced = false;
    if (found->second.messages.empty()) return;
    v8::Isolate* isolate = host_.isolate();
    v8::HandleScope handles(isolate);
    v8::Local<v8::Context> context = isolate->GetCurrentContext();
    v8::Local<v8::Value> arguments[] = {v8::Integer::NewFromUnsigned(isolate, id),
                                        Take(found->second)};
    v8::TryCatch caught(isolate);
    const bool threw =
        deliver_.Get(isolate)->Call(context, v8::Undefined(isolate), 2, arguments).IsEmpty();
    if (threw && !caught.HasTerminated()) host_.ReportException(caught.Exception());
  }

  OpHost& host_;
  v8::Global<v8::Function> deliver_;  // (session, texts); one function for all
  std::unordered_map<uint32_t, Session> sessions_;
  uint32_t last_id_ = 0;
};

Result<uint32_t> op_inspector_connect(OpContext& cx, v8::Local<v8::Value> deliver, InspectorGrant) {
  if (!deliver->IsFunction()) return Error::Type("expected a function");
  return cx.State<InspectorState>().Connect(deliver.As<v8::Function>());
}

v8::MaybeLocal<v8::Value> op_inspector_dispatch(OpContext& cx, uint32_t session,
                                                std::string message) {
  return cx.State<InspectorState>().Dispatch(session, message);
}

void op_inspector_disconnect(OpContext& cx, uint32_t session) {
  cx.State<InspectorState>().Disconnect(session);
}

std::optional<std::string> op_inspector_url(OpContext& cx, InspectorGrant) {
  const auto& control = cx.State<InspectorState>().control;
  std::string url = control ? control->Url() : "";
  if (url.empty()) return std::nullopt;
  return url;
}

Result<void> op_inspector_open(OpContext& cx, GrantedListen address, InspectorGrant) {
  const auto& control = cx.State<InspectorState>().control;
  if (!control) {
    return Error::Make(ErrorClass::kNotSupported,
                       "only a main program that rt runs can open the inspector");
  }
  if (!address->ip) {
    return Error::Type("inspector.open: the host must be an IP address or \"localhost\"");
  }
  return control->Open(address->host, address->port.value_or(0));
}

void op_inspector_close(OpContext& cx, InspectorGrant) {
  if (const auto& control = cx.State<InspectorState>().control) control->Close();
}

// False: nobody listens.
bool op_inspector_wait(OpContext& cx, InspectorGrant) {
  InspectorState& state = cx.State<InspectorState>();
  if (!state.control || state.control->Url().empty() || !state.agent) return false;
  state.agent()->WaitForDebugger();
  return true;
}

// ---- node:v8

// All that the heap holds, built-ins' secrets included: only for the file's owner.
Result<void> op_inspector_write_heap_snapshot(OpContext& cx, Granted<Perm::kWrite, PathTarget> path,
                                              InspectorGrant) {
  RT_TRY(const OwnedFd file, OpenForWrite(path, "open", O_CREAT | O_TRUNC, 0600));
  return WriteHeapSnapshot(cx.isolate(), file.get());
}

// In the order of js/ext/inspector/v8.js.
std::vector<double> op_inspector_heap_statistics(OpContext& cx) {
  v8::HeapStatistics heap;
  cx.isolate()->GetHeapStatistics(&heap);
  std::vector<double> values;
  for (const size_t value :
       {heap.total_heap_size(), heap.total_heap_size_executable(), heap.total_physical_size(),
        heap.total_available_size(), heap.used_heap_size(), heap.heap_size_limit(),
        heap.malloced_memory(), heap.peak_malloced_memory(), heap.does_zap_garbage(),
        heap.number_of_native_contexts(), heap.number_of_detached_contexts(),
        heap.total_global_handles_size(), heap.used_global_handles_size(),
        heap.external_memory()}) {
    values.push_back(static_cast<double>(value));
  }
  return values;
}

constexpr std::array kOps = {
    RT_OP(op_inspector_connect, Needs<Perm::kSys>),
    RT_OP(op_inspector_dispatch, NoPerm<"a session that was granted">),
    RT_OP(op_inspector_disconnect, NoPerm<"a session that was granted">),
    RT_OP(op_inspector_url, Needs<Perm::kSys>),
    RT_OP(op_inspector_open, Needs<Perm::kNet, Perm::kSys>),
    RT_OP(op_inspector_close, Needs<Perm::kSys>),
    RT_OP(op_inspector_wait, Needs<Perm::kSys>),
    RT_OP(op_inspector_write_heap_snapshot, Needs<Perm::kWrite, Perm::kSys>),
    RT_OP(op_inspector_heap_statistics, NoPerm<"sizes of the script's own heap">),
};
static_assert(UniqueNames(kOps));

InspectorState& StateOf(OpHost& host) {
  return static_cast<InspectorState&>(*host.FindState("inspector"));
}

}  // namespace

Extension InspectorExtension() {
  return {.name = "inspector",
          .ops = kOps,
          .make_state = [](OpHost& host) -> std::unique_ptr<ExtensionState> {
            return std::make_unique<InspectorState>(host);
          },
          .lazy = true};
}

void SetInspectorAgent(OpHost& host, std::function<std::shared_ptr<InspectorAgent>()> agent) {
  StateOf(host).agent = std::move(agent);
}

void SetInspectorControl(OpHost& host, std::shared_ptr<InspectorControl> control) {
  StateOf(host).control = std::move(control);
}

}  // namespace rt
