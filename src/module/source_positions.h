// Where code of transpiled modules really stands: maps the places in stack traces and messages back
// to the source a person wrote, and keeps its lines for error messages. One for each runtime, on
// its thread. `error.stack` is made here when it is first asked for: V8 by itself would take the
// heading from when the error was made, whatever became of its name and message since.
#pragma once

#include <v8.h>

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "src/op/op_host.h"
#include "src/typescript/source_map.h"

namespace rt {

class SourcePositions {
 public:
  // Registers itself with the isolate. `host` outlives it.
  explicit SourcePositions(OpHost& host);
  ~SourcePositions();
  SourcePositions(const SourcePositions&) = delete;
  SourcePositions& operator=(const SourcePositions&) = delete;

  // Null in an isolate that has none.
  static SourcePositions* From(v8::Isolate* isolate);

  // `map` (JSON) may be empty: the places are right as they are.
  void Add(const std::string& url, std::string source, std::string_view map);

  // The module's code is rt's own, which nobody wants to see: places in it are told as the module,
  // and as where it is imported ("<url>:<line>:<column>"; empty: by an import() call).
  void AddMade(const std::string& url, const std::string& imported_at);
  // What stands behind "at" for any place in such a module; null: its code is the user's.
  const std::string* MadeFor(const std::string& url) const;

  // Keeps the code of a module that Add was given a map for, from now on; for coverage.
  void KeepGenerated() { keeps_generated_ = true; }
  void AddGenerated(const std::string& url, const std::string& code);
  // Null: the module was not transpiled, or its places are right as they are.
  const std::string* Generated(const std::string& url) const;

  // The place in the source; the same place where there is nothing to map.
  typescript::SourcePlace Original(const std::string& url, typescript::SourcePlace place) const;
  // The line of the source, from 1; 0 where transpiling made the place up (`this.a = a` of a
  // parameter property).
  int OriginalLine(const std::string& url, typescript::SourcePlace place) const;
  // A line of the source, from 1. Nothing: the module was not transpiled.
  std::optional<std::string> Line(const std::string& url, int line) const;

 private:
  struct Module {
    std::string source;
    std::string generated;
    std::optional<typescript::SourceMap> map;
  };
  static v8::MaybeLocal<v8::Value> PrepareStackTrace(v8::Local<v8::Context> context,
                                                     v8::Local<v8::Value> error,
                                                     v8::Local<v8::Array> sites);

  OpHost& host_;
  std::unordered_map<std::string, Module> modules_;
  std::unordered_map<std::string, std::string> made_;
  bool changes_places_ = false;
  bool keeps_generated_ = false;
};

}  // namespace rt
