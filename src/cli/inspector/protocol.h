// What clients of the debugger may say, and hear: the part of the Chrome DevTools Protocol that is
// V8's, as its authors describe it.
#pragma once

#include <string_view>

namespace rt::cli {

// JSON, for /json/protocol. For as long as the process.
std::string_view InspectorProtocol();

}  // namespace rt::cli
