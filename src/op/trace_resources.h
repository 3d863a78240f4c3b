// Which resource a traced call is about. Looks at its arguments and result, never at user code.
#pragma once

#include <span>
#include <string>

#include "src/op/op_decl.h"
#include "src/op/trace_frame.h"
#include "src/resource/resource_table.h"

namespace rt {

// `,"rid":3,"resource":"x"` for an argument that is one; `*in_words` gets " x (rid 3)" added.
std::string DescribeResource(ResourceTable& resources, const OpDecl& op,
                             std::span<const TraceValue> arguments, std::string* in_words);

// The same for a resource that the call opened.
std::string DescribeMade(ResourceTable& resources, v8::Isolate* isolate, const TraceFrame& frame,
                         const TraceValue& result);

}  // namespace rt
