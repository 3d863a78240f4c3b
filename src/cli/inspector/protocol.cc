// The file as the assembler included it (src/cli/CMakeLists.txt).
#include "src/cli/inspector/protocol.h"

extern "C" const char rt_js_protocol_data[];
extern "C" const char rt_js_protocol_end[];

namespace rt::cli {

std::string_view InspectorProtocol() {
  return {rt_js_protocol_data, rt_js_protocol_end};
}

}  // namespace rt::cli
