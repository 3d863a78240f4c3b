// What a person sees of an error nobody caught. Text goes to stderr.
#pragma once

#include <v8.h>

#include <string>
#include <vector>

#include "src/ext/worker/worker.h"
#include "src/op/op_host.h"

namespace rt {

// `error: Uncaught (in promise) TypeError: …`, the source line with a caret, the stack without rt's
// own frames, causes. Uses the `formatUncaught` hook; if even that fails, says what it can without
// JavaScript.
void ReportUncaught(v8::Isolate* isolate, v8::Local<v8::Context> context, OpHost& host,
                    v8::Local<v8::Value> exception, v8::Local<v8::Message> message,
                    bool in_promise);

// The same for a test that failed: without "error: Uncaught", as text.
std::string FormatFailure(v8::Isolate* isolate, v8::Local<v8::Context> context, OpHost& host,
                          v8::Local<v8::Value> exception);

// Top-level awaits that can never settle, as text with a line end.
std::string FormatStalledAwaits(v8::Isolate* isolate, v8::Local<v8::Context> context,
                                const std::vector<v8::Local<v8::Message>>& stalled,
                                const std::string& main_url);
// The same for whoever started the worker it ended.
WorkerOutcome SummarizeUncaught(v8::Isolate* isolate, v8::Local<v8::Context> context,
                                v8::Local<v8::Value> exception, v8::Local<v8::Message> message,
                                bool in_promise);

// `error: Uncaught (in worker "name") …` for what has no exception: a module that cannot be read.
void ReportWorkerError(const RunInfo& info, const std::string& name, const std::string& message);

// Top-level awaits that can never settle: their places and source lines.
void ReportStalledAwaits(v8::Isolate* isolate, v8::Local<v8::Context> context,
                         const std::vector<v8::Local<v8::Message>>& stalled,
                         const std::string& main_url);

// "file:///a.js:1:2" in the source; empty: rt's own code.
std::string PlaceOfMessage(v8::Isolate* isolate, v8::Local<v8::Context> context,
                           v8::Local<v8::Message> message);

// The text of an exception, without running user code where that can be avoided; for internal
// failures.
std::string DescribeException(v8::Isolate* isolate, v8::Local<v8::Value> exception);

}  // namespace rt
