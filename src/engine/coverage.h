// Which code of an isolate ran, and how often: V8's precise coverage, by its inspector, without one
// listening anywhere. Isolate's thread. Runs no JavaScript.
#pragma once

#include <v8.h>

#include <memory>
#include <string>

namespace rt {

class CoverageRecorder {
 public:
  // From now on calls and blocks are counted. Costs optimisation; start it before the code is
  // compiled that is to be seen. Must end before the context does.
  CoverageRecorder(v8::Isolate* isolate, v8::Local<v8::Context> context);
  ~CoverageRecorder();
  CoverageRecorder(const CoverageRecorder&) = delete;
  CoverageRecorder& operator=(const CoverageRecorder&) = delete;

  // The answer to Profiler.takePreciseCoverage: {"id":…,"result":{"result":[{scriptId, url,
  // functions}]}}. Offsets count UTF-16 units of what V8 ran.
  std::string Take();

 private:
  class Session;
  std::unique_ptr<Session> session_;
};

}  // namespace rt
