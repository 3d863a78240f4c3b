#include "src/runtime/repl_session.h"

#include <uv.h>

#include <algorithm>

#include "src/config/json.h"
#include "src/engine/inspector_session.h"
#include "src/engine/strings.h"
#include "src/runtime/builtins.h"
#include "src/runtime/report.h"
#include "src/runtime/snapshot.h"
#include "src/typescript/fallback/fallback.h"
#include "src/typescript/repl_input.h"

namespace rt {
namespace {

constexpr double kCompletionMs = 500;
constexpr size_t kMaxNames = 5000;

// JSON whose characters beyond ASCII are escaped, so that it is one byte a character whatever the
// code says.
std::string AsciiJson(v8::Isolate* isolate, std::string_view text) {
  v8::Local<v8::String> string;
  if (!TryToV8String(isolate, text).ToLocal(&string)) return "\"\"";
  std::vector<uint16_t> units(static_cast<size_t>(string->Length()));
  string->WriteV2(isolate, 0, static_cast<uint32_t>(units.size()), units.data());
  std::string out = "\"";
  for (const uint16_t unit : units) {
    if (unit >= 0x20 && unit < 0x7f && unit != '"' && unit != '\\') {
      out += static_cast<char>(unit);
    } else {
      char escape[8];
      std::snprintf(escape, sizeof escape, "\\u%04x", unit);
      out += escape;
    }
  }
  return out + "\"";
}

}  // namespace

// The session with V8's inspector. Answers come while a message is dispatched or, for code that
// waits, in a later turn.
class ReplSession::Inspector final : public InspectorSession {
 public:
  using InspectorSession::InspectorSession;

  // The answer is taken with Take(), now or later.
  void Send(const std::string& method, const std::string& params) {
    answered_ = false;
    ++id_;
    Dispatch("{\"id\":" + std::to_string(id_) + ",\"method\":\"" + method +
             "\",\"params\":" + params + "}");
  }
  bool answered() const { return answered_; }

  // The "result" of the answer; empty for an error, or when there is none yet.
  v8::MaybeLocal<v8::Object> Take() {
    v8::EscapableHandleScope handles(isolate());
    v8::Local<v8::Context> context = InspectorSession::context();
    v8::Local<v8::Value> answer;
    if (!answered_ || answer_.IsEmpty()) return {};
    const bool parsed = v8::JSON::Parse(context, answer_.Get(isolate())).ToLocal(&answer);
    answer_.Reset();
    v8::Local<v8::Value> result;
    if (!parsed || !answer->IsObject() ||
        !answer.As<v8::Object>()
             ->Get(context, ToInternalized(isolate(), "result"))
             .ToLocal(&result) ||
        !result->IsObject()) {
      return {};
    }
    return handles.Escape(result.As<v8::Object>());
  }

  v8::MaybeLocal<v8::Object> Call(const std::string& method, const std::string& params) {
    Send(method, params);
    return Take();
  }

  // What a RemoteObject stands for.
  v8::MaybeLocal<v8::Value> Unwrap(v8::Local<v8::Object> remote) {
    v8::Local<v8::Context> context = InspectorSession::context();
    const auto get = [&](const char* name) {
      v8::Local<v8::Value> value;
      if (!remote->Get(context, ToInternalized(isolate(), name)).ToLocal(&value)) {
        value = v8::Undefined(isolate());
      }
      return value;
    };
    if (v8::Local<v8::Value> id = get("objectId"); id->IsString()) {
      const std::string text = ToUtf8(isolate(), id.As<v8::String>());
      v8::Local<v8::Value> value;
      v8::Local<v8::Context> its_context;
      std::unique_ptr<v8_inspector::StringBuffer> error;
      if (!v8_session().unwrapObject(&error, AsciiView(text), &value, &its_context, nullptr))
        return {};
      return value;
    }
    if (v8::Local<v8::Value> special = get("unserializableValue"); special->IsString()) {
      const std::string text = ToUtf8(isolate(), special.As<v8::String>());
      if (text == "-0") return v8::Number::New(isolate(), -0.0);
      if (text == "NaN") return v8::Number::New(isolate(), std::nan(""));
      if (text == "Infinity") return v8::Number::New(isolate(), HUGE_VAL);
      if (text == "-Infinity") return v8::Number::New(isolate(), -HUGE_VAL);
      // A BigInt, "123n": a literal, which has no effect.
      v8::Local<v8::Script> script;
      if (!v8::Script::Compile(context, special.As<v8::String>()).ToLocal(&script)) return {};
      return script->Run(context);
    }
    v8::Local<v8::Value> type = get("type");
    if (type->IsString() && ToUtf8(isolate(), type.As<v8::String>()) == "undefined") {
      return v8::Undefined(isolate());
    }
    return get("value");
  }

 private:
  void OnAnswer(int id, v8::Local<v8::String> message) override {
    if (id != id_) return;  // to what was interrupted
    answered_ = true;
    if (message->Length() > 0) answer_.Reset(isolate(), message);
  }

  v8::Global<v8::String> answer_;
  bool answered_ = false;
  int id_ = 0;
};

ReplSession::ReplSession(Runtime& runtime)
    : runtime_(runtime), isolate_(runtime.isolate()), transpiler_([&] {
        return typescript::Transpiler::Options{
            .cache_folder = "",
            .compiler_options = {},
            .make_fallback =
                [&runtime] {
                  return typescript::MakeFallback(
                      {BuiltinSnapshot(), runtime.host().external_references()});
                },
            .second_opinion = false};
      }()) {}

ReplSession::~ReplSession() {
  runtime_.SetUncaughtHandler({});
}

Result<std::unique_ptr<ReplSession>> ReplSession::Create(Runtime& runtime, const std::string& url) {
  std::unique_ptr<ReplSession> session(new ReplSession(runtime));
  RT_TRY_VOID(session->Start(url));
  return session;
}

Result<void> ReplSession::Start(const std::string& url) {
  url_ = url;
  v8::HandleScope handles(isolate_);
  v8::Local<v8::Context> context = runtime_.v8_context();
  RT_TRY(v8::Local<v8::Object> hooks, LoadLazyBundle(runtime_.host(), context, ReplBundle()));
  hooks_.Reset(isolate_, hooks);
  if (!runtime_.StartEmptyMain(url)) {
    return Error::Make(ErrorClass::kError, "the REPL could not be started");
  }
  inspector_ = std::make_unique<Inspector>(isolate_, context);
  runtime_.SetUncaughtHandler([this](v8::Local<v8::Value> error, bool in_promise) {
    uncaught_.push_back(CallText("thrown", error, in_promise));
  });
  return {};
}

std::string ReplSession::CallText(const char* hook, v8::Local<v8::Value> value, bool in_promise) {
  v8::HandleScope handles(isolate_);
  v8::Local<v8::Context> context = runtime_.v8_context();
  v8::TryCatch caught(isolate_);
  v8::Local<v8::Value> function;
  v8::Local<v8::Value> text;
  v8::Local<v8::Value> arguments[] = {value, v8::Boolean::New(isolate_, in_promise)};
  if (hooks_.Get(isolate_)->Get(context, ToInternalized(isolate_, hook)).ToLocal(&function) &&
      function->IsFunction() &&
      function.As<v8::Function>()
          ->Call(context, v8::Undefined(isolate_), 2, arguments)
          .ToLocal(&text) &&
      text->IsString()) {
    return ToUtf8(isolate_, text.As<v8::String>());
  }
  // A getter or a custom inspection of the value threw, or is being interrupted.
  if (caught.HasTerminated()) return "(interrupted)";
  return "(cannot be shown: " + DescribeException(isolate_, caught.Exception()) + ")";
}

std::string ReplSession::Prepare(const std::string& input) {
  std::string code = typescript::ImportsToCalls(input);
  // What TypeScript refuses V8 will refuse in fewer words, or it is no TypeScript but valid.
  auto made = transpiler_.Transpile(
      {.url = url_, .config_path = "", .type = typescript::MediaType::kTypeScript, .source = code});
  return made.ok() ? std::move(made->code) : code;
}

ReplSession::Outcome ReplSession::Evaluate(const std::string& input) {
  v8::HandleScope handles(isolate_);
  const std::string code = Prepare(input);
  bool is_syntax_error = false;
  if (typescript::LooksLikeObject(input)) {
    Outcome outcome = Run("(" + Prepare("(" + input + "\n)") + ")", &is_syntax_error);
    if (!is_syntax_error) return outcome;
  }
  return Run(code, &is_syntax_error);
}

ReplSession::Outcome ReplSession::Run(const std::string& code, bool* is_syntax_error) {
  v8::Local<v8::Context> context = runtime_.v8_context();
  *is_syntax_error = false;
  BeginInterruptible();
  inspector_->Send("Runtime.evaluate",
                   "{\"expression\":" + AsciiJson(isolate_, code) +
                       ",\"objectGroup\":\"repl\",\"replMode\":true,\"includeCommandLineAPI\":"
                       "false}");
  bool goes_on = runtime_.RunWhile([this] { return !inspector_->answered(); }, interrupted_);
  v8::Local<v8::Object> answer;
  if (goes_on && !interrupted_ && !inspector_->Take().ToLocal(&answer)) {
    // "Promise was collected": what is awaited can never settle, and is waited for all the same.
    goes_on = runtime_.RunWhile([] { return true; }, interrupted_);
  }
  EndInterruptible();
  if (interrupted_) {
    isolate_->CancelTerminateExecution();
    return {.kind = Kind::kInterrupted, .text = ""};
  }
  if (!goes_on) {
    exit_code_ = runtime_.EndedWith();
    return {.kind = Kind::kEnded, .text = ""};
  }
  const auto get = [&](v8::Local<v8::Object> object, const char* name) {
    v8::Local<v8::Value> value;
    if (!object->Get(context, ToInternalized(isolate_, name)).ToLocal(&value)) {
      value = v8::Undefined(isolate_);
    }
    return value;
  };
  v8::Local<v8::Value> value = v8::Undefined(isolate_);
  v8::Local<v8::Value> details = get(answer, "exceptionDetails");
  const bool threw = details->IsObject();
  v8::Local<v8::Value> remote =
      threw ? get(details.As<v8::Object>(), "exception") : get(answer, "result");
  if (remote->IsObject()) std::ignore = inspector_->Unwrap(remote.As<v8::Object>()).ToLocal(&value);
  if (threw && remote->IsObject()) {
    v8::Local<v8::Value> name = get(remote.As<v8::Object>(), "className");
    // Of code that did not begin to run.
    v8::Local<v8::Value> stack = get(details.As<v8::Object>(), "stackTrace");
    *is_syntax_error = name->IsString() && stack->IsUndefined() &&
                       ToUtf8(isolate_, name.As<v8::String>()) == "SyntaxError";
    if (*is_syntax_error) {
      Outcome outcome{.kind = Kind::kThrown, .text = CallText("thrown", value, false)};
      outcome.redeclares = outcome.text.ends_with("has already been declared");
      return outcome;
    }
  }
  // Showing it may run the user's code, an endless loop included.
  BeginInterruptible();
  Outcome outcome{.kind = threw ? Kind::kThrown : Kind::kValue,
                  .text = CallText(threw ? "thrown" : "result", value, false)};
  EndInterruptible();
  if (interrupted_) {
    isolate_->CancelTerminateExecution();
    outcome = {.kind = Kind::kInterrupted, .text = ""};
  }
  // The value is `_`; nobody else needs the inspector's handle.
  inspector_->Call("Runtime.releaseObjectGroup", "{\"objectGroup\":\"repl\"}");
  return outcome;
}

ReplSession::Waited ReplSession::WaitForInput(int fd, const std::function<void(bool)>& running) {
  uv_poll_t poll;
  struct State {
    bool readable = false;
    Loop* loop;
  } state{.loop = &runtime_.host().loop()};
  poll.data = &state;
  if (uv_poll_init(runtime_.host().loop().uv(), &poll, fd) != 0) {
    return Waited::kReadable;  // reading waits
  }
  uv_poll_start(&poll, UV_READABLE | UV_DISCONNECT, [](uv_poll_t* handle, int, int) {
    auto* told = static_cast<State*>(handle->data);
    told->readable = true;
    told->loop->NoteWork();
  });
  // Around each poll: while it sleeps no JavaScript runs.
  uv_prepare_t before_poll;
  uv_check_t after_poll;
  before_poll.data = const_cast<void*>(static_cast<const void*>(&running));
  after_poll.data = before_poll.data;
  uv_prepare_init(poll.loop, &before_poll);
  uv_check_init(poll.loop, &after_poll);
  if (running) {
    uv_prepare_start(&before_poll, [](uv_prepare_t* handle) {
      (*static_cast<const std::function<void(bool)>*>(handle->data))(false);
    });
    uv_check_start(&after_poll, [](uv_check_t* handle) {
      (*static_cast<const std::function<void(bool)>*>(handle->data))(true);
    });
    running(true);
  }
  BeginInterruptible();  // what runs meanwhile
  bool stopped = false;
  const bool goes_on =
      runtime_.RunWhile([&] { return !state.readable && !pressed_; }, interrupted_, &stopped);
  if (running) running(false);
  EndInterruptible();
  const bool interrupted = interrupted_.exchange(false);
  if (interrupted) isolate_->CancelTerminateExecution();
  // The key came while it was a signal, before or after what it could have stopped.
  const bool pressed = pressed_.exchange(false) || (interrupted && !stopped);
  uv_poll_stop(&poll);
  uv_prepare_stop(&before_poll);
  uv_check_stop(&after_poll);
  int open = 0;
  for (uv_handle_t* handle :
       {reinterpret_cast<uv_handle_t*>(&poll), reinterpret_cast<uv_handle_t*>(&before_poll),
        reinterpret_cast<uv_handle_t*>(&after_poll)}) {
    ++open;
    handle->data = &open;
    uv_close(handle, [](uv_handle_t* closed) { --*static_cast<int*>(closed->data); });
  }
  while (open > 0) runtime_.host().loop().Poll(false);
  if (!goes_on && !isolate_->IsExecutionTerminating()) exit_code_ = runtime_.EndedWith();
  if (!goes_on) return Waited::kEnded;
  if (stopped) return Waited::kInterrupted;
  return pressed ? Waited::kPressed : Waited::kReadable;
}

void ReplSession::Finish() {
  {
    const std::lock_guard lock(interrupt_);
    finishing_ = true;
  }
  exit_code_ = runtime_.FinishMain();
}

std::vector<std::string> ReplSession::TakeUncaught() {
  std::vector<std::string> texts = std::exchange(uncaught_, {});
  v8::HandleScope handles(isolate_);
  std::string others = CallText("takeUncaught", v8::Undefined(isolate_), false);
  if (!others.empty()) others.pop_back();  // the line end
  if (!others.empty()) texts.push_back(std::move(others));
  return texts;
}

void ReplSession::BeginInterruptible() {
  const std::lock_guard lock(interrupt_);
  interrupted_ = false;
  evaluating_ = true;
}

void ReplSession::EndInterruptible() {
  const std::lock_guard lock(interrupt_);
  evaluating_ = false;
}

bool ReplSession::Interrupt() {
  const std::lock_guard lock(interrupt_);
  if (finishing_) return false;
  if (evaluating_) {
    interrupted_ = true;
    isolate_->TerminateExecution();
  } else {
    pressed_ = true;
  }
  runtime_.host().loop().Wake();
  return true;
}

std::vector<std::string> ReplSession::GlobalNames() {
  std::vector<std::string> names = PropertiesOf("globalThis");
  v8::Local<v8::Context> context = runtime_.v8_context();
  v8::Local<v8::Object> answer;
  v8::Local<v8::Value> list;
  if (inspector_->Call("Runtime.globalLexicalScopeNames", "{}").ToLocal(&answer) &&
      answer->Get(context, ToInternalized(isolate_, "names")).ToLocal(&list) && list->IsArray()) {
    v8::Local<v8::Array> array = list.As<v8::Array>();
    for (uint32_t i = 0; i < array->Length() && names.size() < kMaxNames; ++i) {
      v8::Local<v8::Value> name;
      if (array->Get(context, i).ToLocal(&name) && name->IsString()) {
        names.push_back(ToUtf8(isolate_, name.As<v8::String>()));
      }
    }
  }
  for (const std::string_view keyword : typescript::Keywords()) names.emplace_back(keyword);
  return names;
}

std::vector<std::string> ReplSession::PropertiesOf(const std::string& expression) {
  std::vector<std::string> names;
  v8::Local<v8::Context> context = runtime_.v8_context();
  const auto get = [&](v8::Local<v8::Value> object, const char* name) {
    v8::Local<v8::Value> value = v8::Undefined(isolate_);
    if (object->IsObject()) {
      std::ignore =
          object.As<v8::Object>()->Get(context, ToInternalized(isolate_, name)).ToLocal(&value);
    }
    return value;
  };
  const auto evaluate = [&](const std::string& code) {
    v8::Local<v8::Object> answer;
    const bool ok =
        inspector_
            ->Call("Runtime.evaluate",
                   "{\"expression\":" + AsciiJson(isolate_, code) +
                       ",\"objectGroup\":\"complete\",\"throwOnSideEffect\":true,\"silent\":true,"
                       "\"timeout\":" +
                       std::to_string(kCompletionMs) + "}")
            .ToLocal(&answer);
    return ok && get(answer, "exceptionDetails")->IsUndefined() ? get(answer, "result")
                                                                : v8::Undefined(isolate_);
  };
  v8::Local<v8::Value> object = evaluate(expression);
  if (!get(object, "objectId")->IsString()) {
    // A primitive: what it inherits.
    v8::Local<v8::Value> type = get(object, "type");
    const std::string kind = type->IsString() ? ToUtf8(isolate_, type.As<v8::String>()) : "";
    const char* prototype = kind == "string"    ? "String.prototype"
                            : kind == "number"  ? "Number.prototype"
                            : kind == "boolean" ? "Boolean.prototype"
                            : kind == "bigint"  ? "BigInt.prototype"
                            : kind == "symbol"  ? "Symbol.prototype"
                                                : nullptr;
    if (prototype == nullptr || get(object, "subtype")->IsString()) return names;
    object = evaluate(prototype);
  }
  v8::Local<v8::Value> id = get(object, "objectId");
  v8::Local<v8::Object> answer;
  if (id->IsString() &&
      inspector_
          ->Call("Runtime.getProperties",
                 "{\"objectId\":" + AsciiJson(isolate_, ToUtf8(isolate_, id.As<v8::String>())) +
                     ",\"nonIndexedPropertiesOnly\":true}")
          .ToLocal(&answer)) {
    v8::Local<v8::Value> list = get(answer, "result");
    const uint32_t length = list->IsArray() ? list.As<v8::Array>()->Length() : 0;
    for (uint32_t i = 0; i < length && names.size() < kMaxNames; ++i) {
      v8::Local<v8::Value> entry;
      if (!list.As<v8::Array>()->Get(context, i).ToLocal(&entry)) continue;
      v8::Local<v8::Value> name = get(entry, "name");
      if (name->IsString() && get(entry, "symbol")->IsUndefined()) {
        names.push_back(ToUtf8(isolate_, name.As<v8::String>()));
      }
    }
  }
  inspector_->Call("Runtime.releaseObjectGroup", "{\"objectGroup\":\"complete\"}");
  return names;
}

std::vector<std::string> ReplSession::Complete(std::string_view before, size_t* start) {
  v8::HandleScope handles(isolate_);
  v8::TryCatch caught(isolate_);
  const typescript::CompletionPlace place = typescript::PlaceToComplete(before);
  *start = place.start;
  std::vector<std::string> names;
  if (!place.possible) return names;
  names = place.object.empty() ? GlobalNames() : PropertiesOf(place.object);
  const std::string prefix(before.substr(place.start));
  std::erase_if(names, [&](const std::string& name) {
    return !name.starts_with(prefix) || !typescript::IsName(name);
  });
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

}  // namespace rt
