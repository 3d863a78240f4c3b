// The web extension: what js/ext/web needs of C++ (text encodings, base64, the clock,
// facts about the machine that navigator shows). Touches no file, network or environment.
#pragma once

#include "src/op/op_host.h"

namespace rt {

Extension WebExtension();

Extension WebErrorsExtension();
// V8 asks, of objects made by templates, whether they are errors: whether DOMException made them.
bool IsErrorObject(v8::Isolate* isolate, v8::Local<v8::Object> object);

}  // namespace rt
