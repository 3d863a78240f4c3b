// How arguments and results look in a trace: as JSON, short, without secrets. Never runs user code:
// getters and proxies are not asked.
#pragma once

#include <v8.h>

#include <cstddef>
#include <string>
#include <string_view>

#include "src/op/op_decl.h"
#include "src/op/trace.h"

namespace rt {

// A JSON string literal; bytes that are no UTF-8 become "?".
void AppendJsonString(std::string* out, std::string_view text);

// Argument `index` of an op, or its result (kResult), as a JSON value.
inline constexpr int kResult = -1;
void AppendTraceValue(std::string* out, v8::Isolate* isolate, const OpDecl& op, int index,
                      const TraceValue& value);

// Bytes in buffers and strings.
size_t BytesOf(v8::Isolate* isolate, const TraceValue& value);

// "TypeError: message", without secrets and without a stack.
std::string DescribeThrown(v8::Isolate* isolate, v8::Local<v8::Value> exception);

}  // namespace rt
