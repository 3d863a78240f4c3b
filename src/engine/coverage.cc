#include "src/engine/coverage.h"

#include <v8-inspector.h>

#include "src/engine/strings.h"

namespace rt {
namespace {

constexpr int kContextGroup = 1;

v8_inspector::StringView View(std::string_view text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

std::string ToText(v8::Isolate* isolate, const v8_inspector::StringView& view) {
  if (view.is8Bit()) {
    // Latin-1.
    v8::Local<v8::String> text;
    if (!v8::String::NewFromOneByte(isolate, view.characters8(), v8::NewStringType::kNormal,
                                    static_cast<int>(view.length()))
             .ToLocal(&text)) {
      return {};
    }
    return ToUtf8(isolate, text);
  }
  v8::Local<v8::String> text;
  if (!v8::String::NewFromTwoByte(isolate, view.characters16(), v8::NewStringType::kNormal,
                                  static_cast<int>(view.length()))
           .ToLocal(&text)) {
    return {};
  }
  return ToUtf8(isolate, text);
}

}  // namespace

class CoverageRecorder::Session final : public v8_inspector::V8InspectorClient,
                                        public v8_inspector::V8Inspector::Channel {
 public:
  Session(v8::Isolate* isolate, v8::Local<v8::Context> context)
      : isolate_(isolate), context_(isolate, context) {
    inspector_ = v8_inspector::V8Inspector::create(isolate, this);
    inspector_->contextCreated(
        v8_inspector::V8ContextInfo(context, kContextGroup, v8_inspector::StringView()));
    session_ = inspector_->connect(kContextGroup, this, v8_inspector::StringView(),
                                   v8_inspector::V8Inspector::kFullyTrusted);
  }
  ~Session() override {
    v8::HandleScope handles(isolate_);
    session_.reset();
    inspector_->contextDestroyed(context_.Get(isolate_));
    inspector_.reset();
  }

  std::string Call(std::string_view message) {
    v8::HandleScope handles(isolate_);
    answer_.clear();
    session_->dispatchProtocolMessage(View(message));
    return std::move(answer_);
  }

  void sendResponse(int, std::unique_ptr<v8_inspector::StringBuffer> message) override {
    answer_ = ToText(isolate_, message->string());
  }
  void sendNotification(std::unique_ptr<v8_inspector::StringBuffer>) override {}
  void flushProtocolNotifications() override {}

 private:
  v8::Isolate* isolate_;
  v8::Global<v8::Context> context_;
  std::unique_ptr<v8_inspector::V8Inspector> inspector_;
  std::unique_ptr<v8_inspector::V8InspectorSession> session_;
  std::string answer_;
};

CoverageRecorder::CoverageRecorder(v8::Isolate* isolate, v8::Local<v8::Context> context)
    : session_(std::make_unique<Session>(isolate, context)) {
  session_->Call(R"({"id":1,"method":"Profiler.enable"})");
  session_->Call(
      R"({"id":2,"method":"Profiler.startPreciseCoverage","params":{"callCount":true,"detailed":true}})");
}

CoverageRecorder::~CoverageRecorder() = default;

std::string CoverageRecorder::Take() {
  return session_->Call(R"({"id":3,"method":"Profiler.takePreciseCoverage"})");
}

}  // namespace rt
