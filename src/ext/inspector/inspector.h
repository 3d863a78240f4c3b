// The inspector extension: sessions of a script with the debugger of its own isolate, the server
// other debuggers connect to, heap snapshots (https://nodejs.org/api/inspector.html). All of it
// asks for `sys` permission, kind "inspector". Per runtime, on its thread.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "src/base/result.h"
#include "src/engine/inspector_agent.h"
#include "src/op/op_host.h"

namespace rt {

Extension InspectorExtension();

// Who makes the runtime's agent when it is first asked for: src/runtime.
void SetInspectorAgent(OpHost& host, std::function<std::shared_ptr<InspectorAgent>()> agent);

// The process's server, as the main program may open and close it: src/cli.
class InspectorControl {
 public:
  virtual ~InspectorControl() = default;
  // "ws://127.0.0.1:9229/…"; empty: nobody listens.
  virtual std::string Url() = 0;
  // The caller has been granted it. Says on stderr where it listens.
  virtual Result<void> Open(const std::string& host, uint16_t port) = 0;
  // Clients get what was sent to them, and are told.
  virtual void Close() = 0;
};
// Null, and in workers: the server cannot be had.
void SetInspectorControl(OpHost& host, std::shared_ptr<InspectorControl> control);

}  // namespace rt
