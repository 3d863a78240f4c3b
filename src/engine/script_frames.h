// The program's own frames among those that run now: where a person would look. Runs no JavaScript;
// the isolate's thread, with a handle scope of the caller's.
#pragma once

#include <v8.h>

#include <functional>
#include <string>

namespace rt {

// A frame of a script, as V8 has it: whoever knows source maps translates the place.
struct ScriptFrame {
  std::string url;
  int line = 0;
  int column = 0;
  v8::Local<v8::StackFrame> frame;

  std::string FunctionName(v8::Isolate* isolate) const;  // empty: it has none
  // "url:line:column"
  std::string Place() const;
};

// "    at function (place)", or without a name "    at place".
std::string DescribeFrame(const std::string& function, const std::string& place);

// Calls `visit` for the program's frames among the `most` innermost ones, innermost first, until it
// returns false. Built-in code ("rt:…") and code without a name are passed over.
void WalkScriptFrames(v8::Isolate* isolate, int most,
                      const std::function<bool(const ScriptFrame&)>& visit);

}  // namespace rt
