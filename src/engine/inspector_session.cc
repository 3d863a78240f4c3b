#include "src/engine/inspector_session.h"

namespace rt {
namespace {

constexpr int kContextGroup = 1;

}  // namespace

InspectorSession::InspectorSession(v8::Isolate* isolate, v8::Local<v8::Context> context)
    : isolate_(isolate), context_(isolate, context) {
  inspector_ = v8_inspector::V8Inspector::create(isolate, this);
  inspector_->contextCreated(
      v8_inspector::V8ContextInfo(context, kContextGroup, v8_inspector::StringView()));
  session_ = inspector_->connect(kContextGroup, this, v8_inspector::StringView(),
                                 v8_inspector::V8Inspector::kFullyTrusted);
}

InspectorSession::~InspectorSession() {
  closed_ = true;  // what still waits for an answer is told so now; who would hear it is gone
  v8::HandleScope handles(isolate_);
  session_.reset();
  inspector_->contextDestroyed(context());
  inspector_.reset();
}

void InspectorSession::Dispatch(std::string_view message) {
  session_->dispatchProtocolMessage(AsciiView(message));
}

void InspectorSession::sendResponse(int id, std::unique_ptr<v8_inspector::StringBuffer> message) {
  if (closed_) return;
  const v8_inspector::StringView view = message->string();
  v8::HandleScope handles(isolate_);
  v8::Local<v8::String> text;
  const int length = static_cast<int>(view.length());
  // 8-bit ones are Latin-1.
  const bool made = view.is8Bit() ? v8::String::NewFromOneByte(isolate_, view.characters8(),
                                                               v8::NewStringType::kNormal, length)
                                        .ToLocal(&text)
                                  : v8::String::NewFromTwoByte(isolate_, view.characters16(),
                                                               v8::NewStringType::kNormal, length)
                                        .ToLocal(&text);
  OnAnswer(id, made ? text : v8::String::Empty(isolate_));
}

}  // namespace rt
