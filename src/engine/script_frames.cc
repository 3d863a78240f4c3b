// See the header.
#include "src/engine/script_frames.h"

#include "src/engine/strings.h"

namespace rt {

std::string ScriptFrame::FunctionName(v8::Isolate* isolate) const {
  v8::Local<v8::String> name = frame->GetFunctionName();
  return name.IsEmpty() ? std::string() : ToUtf8(isolate, name);
}

std::string ScriptFrame::Place() const {
  return url + ":" + std::to_string(line) + ":" + std::to_string(column);
}

std::string DescribeFrame(const std::string& function, const std::string& place) {
  return function.empty() ? "    at " + place : "    at " + function + " (" + place + ")";
}

void WalkScriptFrames(v8::Isolate* isolate, int most,
                      const std::function<bool(const ScriptFrame&)>& visit) {
  v8::Local<v8::StackTrace> frames = v8::StackTrace::CurrentStackTrace(isolate, most);
  for (int i = 0; i < frames->GetFrameCount(); ++i) {
    v8::Local<v8::StackFrame> frame = frames->GetFrame(isolate, static_cast<uint32_t>(i));
    v8::Local<v8::String> script = frame->GetScriptNameOrSourceURL();
    if (script.IsEmpty() || script->Length() == 0) continue;
    std::string url = ToUtf8(isolate, script);
    if (url.starts_with("rt:")) continue;
    if (!visit({std::move(url), frame->GetLineNumber(), frame->GetColumn(), frame})) return;
  }
}

}  // namespace rt
