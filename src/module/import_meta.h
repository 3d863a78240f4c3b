// import.meta: url, main, and for files dirname and filename; resolve().
#pragma once

#include <v8.h>

#include <string>

#include "src/op/op_host.h"

namespace rt {

// Defines the properties on the fresh object V8 made. `host` outlives the context.
void FillImportMeta(v8::Local<v8::Context> context, v8::Local<v8::Object> meta,
                    const std::string& url, bool is_main, OpHost& host);

}  // namespace rt
