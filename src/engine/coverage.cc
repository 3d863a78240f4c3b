#include "src/engine/coverage.h"

#include "src/engine/inspector_session.h"
#include "src/engine/strings.h"

namespace rt {

class CoverageRecorder::Session final : public InspectorSession {
 public:
  using InspectorSession::InspectorSession;

  std::string Call(std::string_view message) {
    answer_.clear();
    Dispatch(message);
    return std::move(answer_);
  }

 private:
  void OnAnswer(int, v8::Local<v8::String> message) override {
    answer_ = ToUtf8(isolate(), message);
  }

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
