// The JavaScript built-ins (js/): ES modules named `rt:<path under js/>`, which import each other and, by
// name, ops from `rt:ops/<extension>`. Loaded once, when the snapshot is built; user code can import none.
#pragma once

#include <v8.h>

#include <string>

#include "src/base/result.h"
#include "src/op/op_host.h"

namespace rt {

// Compiles, links and evaluates `rt:bootstrap/main.js` and all it imports, from the folder `js_root`.
// Errors name the module; an import of an op that does not exist is one.
Result<void> LoadBuiltins(OpHost& host, v8::Local<v8::Context> context, const std::string& js_root);

}  // namespace rt
