#include "src/engine/inspector_agent.h"

#include <chrono>
#include <utility>
#include <vector>

#include "src/engine/inspector_text.h"
#include "src/engine/isolate_tasks.h"
#include "src/engine/platform.h"
#include "src/engine/strings.h"

namespace rt {
namespace {

constexpr int kContextGroup = 1;

class AgentTask final : public v8::Task {
 public:
  explicit AgentTask(std::function<void()> run) : run_(std::move(run)) {}
  void Run() override { run_(); }

 private:
  std::function<void()> run_;
};

}  // namespace

// One client's side of V8's inspector.
class InspectorAgent::Session final : public v8_inspector::V8Inspector::Channel {
 public:
  Session(v8_inspector::V8Inspector& inspector, std::function<void(std::string)> send)
      : send_(std::move(send)),
        session_(inspector.connect(kContextGroup, this, v8_inspector::StringView(),
                                   v8_inspector::V8Inspector::kFullyTrusted)) {}

  v8_inspector::V8InspectorSession& operator*() { return *session_; }
  v8_inspector::V8InspectorSession* operator->() { return session_.get(); }

  void Stop() {
    send_ = nullptr;
    if (!std::exchange(stopped_, true)) session_->stop();
  }
  bool stopped() const { return stopped_; }
  bool answers() const { return answers_; }

 private:
  void sendResponse(int, std::unique_ptr<v8_inspector::StringBuffer> message) override {
    answers_ = true;
    if (send_) send_(InspectorToUtf8(message->string()));
    answers_ = false;
  }
  void sendNotification(std::unique_ptr<v8_inspector::StringBuffer> message) override {
    if (send_) send_(InspectorToUtf8(message->string()));
  }
  void flushProtocolNotifications() override {}

  std::function<void(std::string)> send_;
  bool stopped_ = false;
  bool answers_ = false;
  std::unique_ptr<v8_inspector::V8InspectorSession> session_;
};

InspectorAgent::InspectorAgent(v8::Isolate* isolate, v8::Local<v8::Context> context)
    : isolate_(isolate), context_(isolate, context) {}

std::shared_ptr<InspectorAgent> InspectorAgent::Create(v8::Isolate* isolate,
                                                       v8::Local<v8::Context> context,
                                                       std::string title) {
  std::shared_ptr<InspectorAgent> agent(new InspectorAgent(isolate, context));
  agent->inspector_ = v8_inspector::V8Inspector::create(isolate, agent.get());
  const InspectorText name(title);
  v8_inspector::V8ContextInfo info(context, kContextGroup, name.view());
  constexpr std::string_view kDefault = R"({"isDefault":true,"type":"default"})";
  info.auxData = AsciiView(kDefault);
  agent->inspector_->contextCreated(info);
  return agent;
}

InspectorAgent::~InspectorAgent() = default;

uint64_t InspectorAgent::Connect(std::shared_ptr<InspectorOutput> output) {
  uint64_t client = 0;
  {
    const std::lock_guard lock(mutex_);
    client = next_client_++;
  }
  Push({Event::Kind::kConnect, client, {}, std::move(output)});
  return client;
}

void InspectorAgent::Dispatch(uint64_t client, std::string message) {
  Push({Event::Kind::kMessage, client, std::move(message), nullptr});
}

void InspectorAgent::Disconnect(uint64_t client) {
  Push({Event::Kind::kDisconnect, client, {}, nullptr});
}

void InspectorAgent::Push(Event event) {
  const std::lock_guard lock(mutex_);
  if (closed_) return;
  events_.push_back(std::move(event));
  changed_.notify_all();
  if (std::exchange(announced_, true)) return;
  // The isolate is there: Close() takes this lock. Whichever comes first handles them.
  isolate_->RequestInterrupt(
      [](v8::Isolate*, void* data) {
        const std::unique_ptr<std::shared_ptr<InspectorAgent>> agent(
            static_cast<std::shared_ptr<InspectorAgent>*>(data));
        (*agent)->HandleEvents();
      },
      new std::shared_ptr<InspectorAgent>(shared_from_this()));
  if (const auto tasks = TasksOf(isolate_)) {
    tasks->Post(
        std::make_unique<AgentTask>([agent = shared_from_this()] { agent->HandleEvents(); }),
        IsolateTasks::For::kHousekeeping, false);
  }
}

bool InspectorAgent::Take(Event* event) {
  const std::lock_guard lock(mutex_);
  if (closed_ || events_.empty()) {
    announced_ = false;
    return false;
  }
  *event = std::move(events_.front());
  events_.pop_front();
  return true;
}

void InspectorAgent::HandleEvents() {
  v8::HandleScope handles(isolate_);
  Event event;
  while (Take(&event)) Handle(std::move(event));
}

void InspectorAgent::Handle(Event event) {
  const std::shared_ptr<InspectorAgent> keep = shared_from_this();
  switch (event.kind) {
    case Event::Kind::kConnect:
      sessions_[event.client] = std::make_unique<Session>(
          *inspector_,
          [output = std::move(event.output)](std::string text) { output->Send(std::move(text)); });
      return;
    case Event::Kind::kMessage: {
      const auto found = sessions_.find(event.client);
      if (found == sessions_.end() || found->second->stopped()) return;
      const InspectorText text(event.message);
      v8::Context::Scope scope(context_.Get(isolate_));
      v8::TryCatch caught(isolate_);
      ++depth_;
      (*found->second)->dispatchProtocolMessage(text.view());
      --depth_;
      DropClosed();
      return;
    }
    case Event::Kind::kDisconnect: {
      const auto found = sessions_.find(event.client);
      if (found == sessions_.end()) return;
      // It may be in the middle of a call that led to a pause: it goes when that has ended.
      found->second->Stop();
      DropClosed();
      changed_.notify_all();
      return;
    }
  }
}

uint64_t InspectorAgent::ConnectLocal(std::function<void(std::string)> output,
                                      std::function<void()> on_pause) {
  const uint64_t id = next_local_++;
  locals_[id] = {std::make_unique<Session>(*inspector_, std::move(output)), std::move(on_pause)};
  return id;
}

void InspectorAgent::DispatchLocal(uint64_t session, const std::string& message) {
  const auto found = locals_.find(session);
  if (found == locals_.end() || found->second.session->stopped()) return;
  const std::shared_ptr<InspectorAgent> keep = shared_from_this();
  v8::HandleScope handles(isolate_);
  const InspectorText text(message);
  v8::Context::Scope scope(context_.Get(isolate_));
  v8::TryCatch caught(isolate_);
  ++depth_;
  (*found->second.session)->dispatchProtocolMessage(text.view());
  --depth_;
  DropClosed();
}

void InspectorAgent::DisconnectLocal(uint64_t session) {
  const auto found = locals_.find(session);
  if (found == locals_.end()) return;
  found->second.session->Stop();
  DropClosed();
}

void InspectorAgent::DropClosed() {
  if (depth_ > 0 || paused_) return;
  std::erase_if(sessions_, [](const auto& each) { return each.second->stopped(); });
  std::erase_if(locals_, [](const auto& each) { return each.second.session->stopped(); });
}

void InspectorAgent::WaitForEvents(const std::function<bool()>& done) {
  while (!done()) {
    Event event;
    if (Take(&event)) {
      v8::HandleScope handles(isolate_);
      Handle(std::move(event));
      continue;
    }
    std::unique_lock lock(mutex_);
    // Now and then JavaScript may have been told to end: a worker that is terminated.
    changed_.wait_for(lock, std::chrono::milliseconds(100),
                      [this] { return closed_ || !events_.empty(); });
    if (closed_ || isolate_->IsExecutionTerminating()) return;
  }
}

void InspectorAgent::runMessageLoopOnPause(int) {
  if (paused_) return;
  paused_ = true;
  // Any of them may go, or let the program go on, while another is told.
  std::vector<std::function<void()>> told;
  for (const auto& [id, local] : locals_) {
    if (!local.session->stopped()) told.push_back(local.on_pause);
  }
  for (const auto& tell : told) tell();
  WaitForEvents([this] {
    if (!paused_) return true;
    for (const auto& [id, session] : sessions_) {
      if (!session->stopped()) return false;
    }
    return true;  // nobody is left to say that it goes on
  });
  paused_ = false;
  DropClosed();
}

void InspectorAgent::quitMessageLoopOnPause() {
  paused_ = false;
}

void InspectorAgent::runIfWaitingForDebugger(int) {
  waiting_ = false;
}

v8::Local<v8::Context> InspectorAgent::ensureDefaultContextInGroup(int) {
  return context_.Get(isolate_);
}

double InspectorAgent::currentTimeMS() {
  return static_cast<double>(std::chrono::duration_cast<std::chrono::microseconds>(
                                 std::chrono::system_clock::now().time_since_epoch())
                                 .count()) /
         1e3;
}

void InspectorAgent::WaitForDebugger() {
  waiting_ = true;
  WaitForEvents([this] { return !waiting_; });
  waiting_ = false;
}

void InspectorAgent::PauseOnNextStatement() {
  v8::HandleScope handles(isolate_);
  for (auto& [id, session] : sessions_) {
    if (session->stopped()) continue;
    (*session)->schedulePauseOnNextStatement(AsciiView("Break on start"), AsciiView("{}"));
  }
}

void InspectorAgent::MirrorConsole(v8::Local<v8::Context> context,
                                   v8::Local<v8::Object> v8_console) {
  v8::HandleScope handles(isolate_);
  v8::TryCatch caught(isolate_);
  v8::Local<v8::Value> console;
  v8::Local<v8::Array> names;
  if (!context->Global()->Get(context, ToInternalized(isolate_, "console")).ToLocal(&console) ||
      !console->IsObject() || console->IsProxy() ||
      !v8_console->GetOwnPropertyNames(context, v8::SKIP_SYMBOLS).ToLocal(&names)) {
    return;
  }
  // A native function, so that the innermost frame a client is told is the script's.
  const auto both = [](const v8::FunctionCallbackInfo<v8::Value>& info) {
    v8::Isolate* isolate = info.GetIsolate();
    v8::Local<v8::Context> context = isolate->GetCurrentContext();
    v8::Local<v8::Array> parts = info.Data().As<v8::Array>();
    v8::Local<v8::Value> own;
    v8::Local<v8::Value> theirs;
    v8::Local<v8::Value> receiver;
    if (!parts->Get(context, 0).ToLocal(&theirs) || !parts->Get(context, 1).ToLocal(&own) ||
        !parts->Get(context, 2).ToLocal(&receiver)) {
      return;
    }
    v8::LocalVector<v8::Value> arguments(isolate);
    for (int i = 0; i < info.Length(); ++i) arguments.push_back(info[i]);
    {
      v8::TryCatch ignored(isolate);
      if (theirs.As<v8::Function>()
              ->Call(context, receiver, info.Length(), arguments.data())
              .IsEmpty() &&
          ignored.HasTerminated()) {
        ignored.ReThrow();
        return;
      }
    }
    v8::Local<v8::Value> result;
    if (own.As<v8::Function>()
            ->Call(context, info.This(), info.Length(), arguments.data())
            .ToLocal(&result)) {
      info.GetReturnValue().Set(result);
    }
  };
  for (uint32_t i = 0; i < names->Length(); ++i) {
    v8::Local<v8::Value> name;
    v8::Local<v8::Value> theirs;
    v8::Local<v8::Value> own;
    v8::Local<v8::Function> made;
    if (!names->Get(context, i).ToLocal(&name) || !name->IsString() ||
        !v8_console->Get(context, name).ToLocal(&theirs) || !theirs->IsFunction() ||
        !console.As<v8::Object>()->Get(context, name).ToLocal(&own) || !own->IsFunction()) {
      continue;
    }
    v8::Local<v8::Value> parts[] = {theirs, own, v8_console};
    if (!v8::Function::New(context, both, v8::Array::New(isolate_, parts, 3), 0,
                           v8::ConstructorBehavior::kThrow)
             .ToLocal(&made)) {
      continue;
    }
    made->SetName(name.As<v8::String>());
    if (!console.As<v8::Object>()->Set(context, name, made).FromMaybe(false)) continue;
  }
}

void InspectorAgent::ExceptionThrown(v8::Local<v8::Context> context, v8::Local<v8::Value> exception,
                                     v8::Local<v8::Message> message) {
  v8::HandleScope handles(isolate_);
  std::string url;
  std::string text = "Uncaught";
  int line = 0;
  int column = 0;
  int script = 0;
  std::unique_ptr<v8_inspector::V8StackTrace> stack;
  if (!message.IsEmpty()) {
    v8::Local<v8::Value> name = message->GetScriptResourceName();
    if (name->IsString()) url = ToUtf8(isolate_, name.As<v8::String>());
    line = message->GetLineNumber(context).FromMaybe(0);
    column = message->GetStartColumn(context).FromMaybe(0) + 1;
    text = ToUtf8(isolate_, message->Get());
    v8::Local<v8::StackTrace> frames = message->GetStackTrace();
    if (!frames.IsEmpty() && frames->GetFrameCount() > 0) {
      script = frames->GetFrame(isolate_, 0)->GetScriptId();
      stack = inspector_->createStackTrace(frames);
    }
  }
  const InspectorText detail(text);
  const InspectorText where(url);
  inspector_->exceptionThrown(context, AsciiView("Uncaught"), exception, detail.view(),
                              where.view(), static_cast<unsigned>(line),
                              static_cast<unsigned>(column), std::move(stack), script);
}

void InspectorAgent::Close() {
  {
    const std::lock_guard lock(mutex_);
    if (std::exchange(closed_, true)) return;
    events_.clear();
    changed_.notify_all();
  }
  v8::HandleScope handles(isolate_);
  own_session_.reset();
  sessions_.clear();
  locals_.clear();
  inspector_->contextDestroyed(context_.Get(isolate_));
  inspector_.reset();
  context_.Reset();
}

std::string InspectorAgent::Call(const std::string& message,
                                 const std::function<void(const std::string&)>& notify) {
  v8::HandleScope handles(isolate_);
  std::string answer;
  if (!own_session_) {
    own_session_ = std::make_unique<Session>(*inspector_, [this](std::string text) {
      if (own_receiver_) own_receiver_(std::move(text), own_session_->answers());
    });
  }
  own_receiver_ = [&](std::string text, bool is_answer) {
    if (is_answer) {
      answer = std::move(text);
    } else if (notify) {
      notify(text);
    }
  };
  (*own_session_)->dispatchProtocolMessage(InspectorText(message).view());
  own_receiver_ = nullptr;
  return answer;
}

}  // namespace rt
