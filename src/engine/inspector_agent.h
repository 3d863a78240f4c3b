// InspectorAgent: V8's debugger of one isolate, and the clients that talk to it in the Chrome
// DevTools Protocol. Messages come from any thread and are dispatched on the isolate's: between
// turns, in the middle of JavaScript, or while it is paused, when the thread waits here for more.
// It knows no sockets.
#pragma once

#include <v8-inspector.h>
#include <v8.h>

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace rt {

// Where a client's answers go. Called on the isolate's thread; must not block.
class InspectorOutput {
 public:
  virtual ~InspectorOutput() = default;
  virtual void Send(std::string message) = 0;
};

class InspectorAgent final : public std::enable_shared_from_this<InspectorAgent>,
                             private v8_inspector::V8InspectorClient {
 public:
  // On the isolate's thread, with its context entered. `title`: what clients show.
  static std::shared_ptr<InspectorAgent> Create(v8::Isolate* isolate,
                                                v8::Local<v8::Context> context, std::string title);
  ~InspectorAgent() override;
  InspectorAgent(const InspectorAgent&) = delete;
  InspectorAgent& operator=(const InspectorAgent&) = delete;

  // ---- any thread
  // A new client: its number. Messages before the isolate saw it wait with it.
  uint64_t Connect(std::shared_ptr<InspectorOutput> output);
  void Dispatch(uint64_t client, std::string message);
  // Sent when the client has gone. A program that it had paused goes on.
  void Disconnect(uint64_t client);

  // ---- the isolate's thread
  // Waits until a client says Runtime.runIfWaitingForDebugger.
  void WaitForDebugger();
  // What JavaScript does next stops, if a client has enabled its debugger.
  void PauseOnNextStatement();
  // Calls of the script's console go to the clients, too.
  void MirrorConsole(v8::Local<v8::Context> context, v8::Local<v8::Object> v8_console);
  // An error nobody caught.
  void ExceptionThrown(v8::Local<v8::Context> context, v8::Local<v8::Value> exception,
                       v8::Local<v8::Message> message);
  // The isolate goes: clients are gone, later messages are dropped.
  void Close();

  // A session of the script itself. Its messages are handled at once; what it says comes to
  // `output`, in the middle of anything, which must not run JavaScript. `on_pause` may: it is
  // called when the program stops, before other clients are waited for. Without one of those the
  // program goes on right after.
  uint64_t ConnectLocal(std::function<void(std::string)> output, std::function<void()> on_pause);
  void DispatchLocal(uint64_t session, const std::string& message);
  // May be called by what the session itself runs.
  void DisconnectLocal(uint64_t session);

  // A call without a client, for what rt itself wants of the inspector: its answer, as JSON. What
  // comes besides as notifications goes to `notify`.
  std::string Call(const std::string& message,
                   const std::function<void(const std::string&)>& notify = {});

 private:
  class Session;
  struct Event {
    enum class Kind : uint8_t { kConnect, kMessage, kDisconnect } kind;
    uint64_t client;
    std::string message;
    std::shared_ptr<InspectorOutput> output;
  };

  InspectorAgent(v8::Isolate* isolate, v8::Local<v8::Context> context);

  void Push(Event event);
  // Handles what has come. May be entered again from a pause.
  void HandleEvents();
  bool Take(Event* event);
  void Handle(Event event);
  // Sessions that were closed while something of theirs was on the stack.
  void DropClosed();
  // Until `done`, or nobody is left who could say so.
  void WaitForEvents(const std::function<bool()>& done);

  void runMessageLoopOnPause(int) override;
  void quitMessageLoopOnPause() override;
  void runIfWaitingForDebugger(int) override;
  v8::Local<v8::Context> ensureDefaultContextInGroup(int) override;
  double currentTimeMS() override;

  v8::Isolate* isolate_;
  v8::Global<v8::Context> context_;
  std::unique_ptr<v8_inspector::V8Inspector> inspector_;
  std::map<uint64_t, std::unique_ptr<Session>> sessions_;
  struct Local {
    std::unique_ptr<Session> session;
    std::function<void()> on_pause;
  };
  std::map<uint64_t, Local> locals_;
  uint64_t next_local_ = 1;
  std::unique_ptr<Session> own_session_;  // of Call
  std::function<void(std::string text, bool is_answer)> own_receiver_;
  int depth_ = 0;  // of dispatches on the stack
  bool paused_ = false;
  bool waiting_ = false;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Event> events_;  // under mutex_
  uint64_t next_client_ = 1;
  bool closed_ = false;
  bool announced_ = false;  // an interrupt and a task are on their way
};

}  // namespace rt
