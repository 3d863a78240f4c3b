// A session of this process with its own V8 inspector: coverage and the REPL ask by it what V8
// tells no other way. Nobody listens anywhere. Isolate's thread; must end before the context does.
#pragma once

#include <v8-inspector.h>
#include <v8.h>

#include <memory>
#include <string_view>

#include "src/engine/inspector_text.h"

namespace rt {

class InspectorSession : private v8_inspector::V8InspectorClient,
                         private v8_inspector::V8Inspector::Channel {
 public:
  InspectorSession(v8::Isolate* isolate, v8::Local<v8::Context> context);
  virtual ~InspectorSession();
  InspectorSession(const InspectorSession&) = delete;
  InspectorSession& operator=(const InspectorSession&) = delete;

  // One message of the protocol, ASCII. Answers come to OnAnswer, mostly before this returns. May
  // run JavaScript, if the method does.
  void Dispatch(std::string_view message);

 protected:
  virtual void OnAnswer(int id, v8::Local<v8::String> message) = 0;

  v8::Isolate* isolate() const { return isolate_; }
  v8::Local<v8::Context> context() const { return context_.Get(isolate_); }
  v8_inspector::V8InspectorSession& v8_session() { return *session_; }

 private:
  void sendResponse(int id, std::unique_ptr<v8_inspector::StringBuffer> message) override;
  void sendNotification(std::unique_ptr<v8_inspector::StringBuffer>) override {}
  void flushProtocolNotifications() override {}
  v8::Local<v8::Context> ensureDefaultContextInGroup(int) override { return context(); }

  bool closed_ = false;
  v8::Isolate* isolate_;
  v8::Global<v8::Context> context_;
  std::unique_ptr<v8_inspector::V8Inspector> inspector_;
  std::unique_ptr<v8_inspector::V8InspectorSession> session_;
};

}  // namespace rt
