#include "src/runtime/report.h"

#include "src/base/output.h"
#include "src/engine/strings.h"
#include "src/module/source_positions.h"
#include "src/permissions/prompt.h"
#include "src/typescript/code_frame.h"

namespace rt {
namespace {

constexpr size_t kMaxSourceLine = 160;

// Where an error came from: "" for rt's own code, which users cannot look at.
struct Place {
  std::string source_line;  // empty if unknown or too long to help
  std::string location;     // "file:///a.js:1:2"
  std::string url;
  int line = 0;
  int column = 0;  // from 0
};

bool IsUsers(const std::string& url) {
  return !url.empty() && !url.starts_with("rt:");
}

// A line of a script, from 1.
std::string LineOf(const std::string& source, int line) {
  size_t start = 0;
  for (int i = 1; i < line; ++i) {
    const size_t end = source.find('\n', start);
    if (end == std::string::npos) return "";
    start = end + 1;
  }
  std::string text = source.substr(start, source.find('\n', start) - start);
  if (text.ends_with('\r')) text.pop_back();
  return text;
}

Place PlaceOf(v8::Isolate* isolate, v8::Local<v8::Context> context,
              v8::Local<v8::Message> message) {
  Place place;
  if (message.IsEmpty()) return place;
  v8::Local<v8::Value> name = message->GetScriptResourceName();
  std::string url = name->IsString() ? ToUtf8(isolate, name.As<v8::String>()) : "";
  int line = message->GetLineNumber(context).FromMaybe(0);
  place.column = message->GetStartColumn(context).FromMaybe(0);
  v8::Local<v8::StackFrame> caller;
  if (!IsUsers(url)) {
    // Thrown by a built-in: the place of its call.
    v8::Local<v8::StackTrace> frames = message->GetStackTrace();
    if (frames.IsEmpty()) return place;
    for (int i = 0; i < frames->GetFrameCount() && caller.IsEmpty(); ++i) {
      v8::Local<v8::StackFrame> frame = frames->GetFrame(isolate, i);
      v8::Local<v8::String> script = frame->GetScriptName();
      if (script.IsEmpty() || !frame->IsUserJavaScript()) continue;
      url = ToUtf8(isolate, script);
      if (IsUsers(url)) caller = frame;
    }
    if (caller.IsEmpty()) return place;
    line = caller->GetLineNumber();
    place.column = caller->GetColumn() - 1;
  }
  const int line_run = line;
  std::optional<std::string> written;  // the line in the source, where that is not what V8 ran
  if (const SourcePositions* positions = SourcePositions::From(isolate)) {
    if (const std::string* made = positions->MadeFor(url)) {
      place.url = url;
      place.location = *made;
      place.column = 0;
      return place;
    }
    const typescript::SourcePlace original = positions->Original(url, {line, place.column + 1});
    line = original.line;
    place.column = original.column - 1;
    written = positions->Line(url, line);
  }
  place.url = url;
  place.line = line;
  place.location = url + ":" + std::to_string(line) + ":" + std::to_string(place.column + 1);
  v8::Local<v8::String> source;
  if (written) {
    // found
  } else if (!caller.IsEmpty()) {
    source = caller->GetScriptSource();
    if (!source.IsEmpty()) written = LineOf(ToUtf8(isolate, source), line_run);
  } else if (message->GetSourceLine(context).ToLocal(&source)) {
    written = ToUtf8(isolate, source);
  }
  if (written && written->size() <= kMaxSourceLine) place.source_line = std::move(*written);
  return place;
}

}  // namespace

std::string PlaceOfMessage(v8::Isolate* isolate, v8::Local<v8::Context> context,
                           v8::Local<v8::Message> message) {
  return PlaceOf(isolate, context, message).location;
}

std::string DescribeException(v8::Isolate* isolate, v8::Local<v8::Value> exception) {
  if (exception.IsEmpty()) return "unknown error";
  v8::Local<v8::Message> message = v8::Exception::CreateMessage(isolate, exception);
  v8::Local<v8::Value> stack;
  if (v8::TryCatch::StackTrace(isolate->GetCurrentContext(), exception).ToLocal(&stack) &&
      stack->IsString()) {
    return ToUtf8(isolate, stack.As<v8::String>());  // the message is its first line
  }
  std::string text = ToUtf8(isolate, message->Get());
  v8::Local<v8::StackTrace> frames = v8::Exception::GetStackTrace(exception);
  if (!frames.IsEmpty()) {
    for (int i = 0; i < frames->GetFrameCount(); ++i) {
      v8::Local<v8::StackFrame> frame = frames->GetFrame(isolate, i);
      text += "\n    at line " + std::to_string(frame->GetLineNumber()) + ":" +
              std::to_string(frame->GetColumn());
    }
  }
  return text;
}

std::string FormatFailure(v8::Isolate* isolate, v8::Local<v8::Context> context, OpHost& host,
                          v8::Local<v8::Value> exception) {
  v8::HandleScope handles(isolate);
  v8::TryCatch caught(isolate);
  v8::Local<v8::Message> message = v8::Exception::CreateMessage(isolate, exception);
  const Place place = PlaceOf(isolate, context, message);
  v8::Local<v8::Value> hook;
  v8::Local<v8::Value> formatted;
  if (host.hooks()->Get(context, ToInternalized(isolate, "formatFailure")).ToLocal(&hook) &&
      hook->IsFunction()) {
    v8::Local<v8::Value> arguments[] = {exception, ToV8String(isolate, place.source_line),
                                        v8::Integer::New(isolate, place.column),
                                        ToV8String(isolate, place.location)};
    if (hook.As<v8::Function>()
            ->Call(context, v8::Undefined(isolate), 4, arguments)
            .ToLocal(&formatted) &&
        formatted->IsString()) {
      return ToUtf8(isolate, formatted.As<v8::String>());
    }
  }
  // The error's own getters threw, or the stack is exhausted.
  std::string text = ToUtf8(isolate, message->Get());
  if (!place.location.empty()) text += "\n    at " + place.location;
  return text;
}

std::string FormatStalledAwaits(v8::Isolate* isolate, v8::Local<v8::Context> context,
                                const std::vector<v8::Local<v8::Message>>& stalled,
                                const std::string& main_url) {
  std::string text = "Top-level await promise never resolved\n";
  if (stalled.empty()) text += "    at " + main_url + "\n";
  for (v8::Local<v8::Message> message : stalled) {
    const Place place = PlaceOf(isolate, context, message);
    if (!place.source_line.empty()) {
      text += typescript::LineAndCaret(place.source_line, static_cast<size_t>(place.column));
    }
    if (!place.location.empty()) text += "    at " + place.location + "\n";
  }
  return text;
}

void ReportUncaught(v8::Isolate* isolate, v8::Local<v8::Context> context, OpHost& host,
                    v8::Local<v8::Value> exception, v8::Local<v8::Message> message,
                    bool in_promise) {
  v8::HandleScope handles(isolate);
  v8::TryCatch caught(isolate);
  const Place place = PlaceOf(isolate, context, message);
  const RunInfo& info = host.run_info();
  v8::Local<v8::Value> worker = v8::Undefined(isolate);
  if (info.is_worker) worker = ToV8String(isolate, EscapeForTerminal(info.worker_name));
  v8::Local<v8::Value> hook;
  v8::Local<v8::Value> formatted;
  if (host.hooks()->Get(context, ToInternalized(isolate, "formatUncaught")).ToLocal(&hook) &&
      hook->IsFunction()) {
    v8::Local<v8::Value> arguments[] = {exception,
                                        v8::Boolean::New(isolate, in_promise),
                                        ToV8String(isolate, place.source_line),
                                        v8::Integer::New(isolate, place.column),
                                        ToV8String(isolate, place.location),
                                        worker};
    if (hook.As<v8::Function>()
            ->Call(context, v8::Undefined(isolate), 6, arguments)
            .ToLocal(&formatted) &&
        formatted->IsString()) {
      WriteInTurn(2, ToUtf8(isolate, formatted.As<v8::String>()) + "\n");
      return;
    }
  }
  // The error's own getters threw, or the stack is exhausted.
  std::string text = "error: ";
  text += message.IsEmpty() ? "Uncaught exception" : ToUtf8(isolate, message->Get());
  if (!place.location.empty()) text += "\n    at " + place.location;
  WriteInTurn(2, text + "\n");
}

WorkerOutcome SummarizeUncaught(v8::Isolate* isolate, v8::Local<v8::Context> context,
                                v8::Local<v8::Value> exception, v8::Local<v8::Message> message,
                                bool in_promise) {
  v8::HandleScope handles(isolate);
  v8::TryCatch caught(isolate);
  const Place place = PlaceOf(isolate, context, message);
  WorkerOutcome outcome{.failed = true,
                        .message = {},
                        .filename = place.url,
                        .line = place.line,
                        .column = place.line > 0 ? place.column + 1 : 0};
  if (place.url.empty() && exception->IsNativeError()) {
    // No script is to blame: the module could not be loaded.
    v8::Local<v8::Value> text;
    if (exception.As<v8::Object>()
            ->Get(context, ToInternalized(isolate, "message"))
            .ToLocal(&text) &&
        text->IsString()) {
      outcome.message = ToUtf8(isolate, text.As<v8::String>());
      return outcome;
    }
  }
  outcome.message = message.IsEmpty() ? "Uncaught exception" : ToUtf8(isolate, message->Get());
  constexpr std::string_view kUncaught = "Uncaught ";
  if (in_promise && outcome.message.starts_with(kUncaught)) {
    outcome.message.insert(kUncaught.size(), "(in promise) ");
  }
  return outcome;
}

void ReportWorkerError(const RunInfo& info, const std::string& name, const std::string& message) {
  const std::string label = info.color_stderr ? "\x1b[1m\x1b[31merror\x1b[0m" : "error";
  WriteInTurn(
      2, label + ": Uncaught (in worker \"" + EscapeForTerminal(name) + "\") " + message + "\n");
}

void ReportStalledAwaits(v8::Isolate* isolate, v8::Local<v8::Context> context,
                         const std::vector<v8::Local<v8::Message>>& stalled,
                         const std::string& main_url) {
  WriteInTurn(2, "error: " + FormatStalledAwaits(isolate, context, stalled, main_url));
}

}  // namespace rt
