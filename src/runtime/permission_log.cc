// One line a check.
#include "src/runtime/permission_log.h"

#include <v8.h>

#include <chrono>
#include <cstdio>

#include "src/base/output.h"
#include "src/base/redact.h"
#include "src/engine/script_frames.h"
#include "src/permissions/api_name.h"
#include "src/permissions/env_sinks.h"

namespace rt {
namespace {

constexpr int kFramesToLookAt = 32;

// "file:///a.js:3:7" of the innermost frame that is not a built-in's; empty if there is none.
std::string ScriptLocation() {
  v8::Isolate* isolate = v8::Isolate::TryGetCurrent();
  if (isolate == nullptr || !isolate->InContext()) return {};
  v8::HandleScope handles(isolate);
  std::string place;
  WalkScriptFrames(isolate, kFramesToLookAt, [&](const ScriptFrame& frame) {
    place = frame.Place();
    return false;
  });
  return place;
}

std::string_view DecisionName(const Decision& decision) {
  if (decision.granted()) return "granted";
  return decision.ignored ? "ignored" : "denied";
}

}  // namespace

void PermissionLog::Observe(const PermissionEvent& event) {
  if (options_.record) {
    const std::lock_guard guard(lock_);
    const std::string api = ApiName(event.api);
    if (event.perm == Perm::kWrite && api.starts_with("Deno.makeTemp") &&
        event.target == TemporaryDirectory()) {
      grants_.AddTemporary(event.target);
    }
    grants_.Add(event.perm, event.target);
  }
  if (options_.fd < 0 || (options_.only_refused && event.decision.granted())) return;
  const double now =
      std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
  char time[32];
  std::snprintf(time, sizeof time, "%.6f", now);
  const std::string location = ScriptLocation();
  const bool is_op = event.api.starts_with("op_");
  std::string line = "{\"time\":";
  line.append(time);
  line.append(",\"op\":").append(is_op ? JsonText(event.api) : "null");
  line.append(",\"api\":").append(event.api.empty() ? "null" : JsonText(ApiName(event.api)));
  line.append(",\"kind\":").append(JsonText(event.kernel_state ? "all" : PermName(event.perm)));
  line.append(",\"target\":");
  line.append(event.target.empty() ? "null" : JsonText(RedactCredentials(event.target)));
  line.append(",\"decision\":").append(JsonText(DecisionName(event.decision)));
  line.append(",\"rule\":").append(JsonText(RuleText(event.perm, event.decision)));
  line.append(",\"location\":")
      .append(location.empty() ? "null" : JsonText(RedactCredentials(location)));
  line.append("}\n");
  const std::lock_guard guard(lock_);
  WriteInTurn(options_.fd, line);
}

GrantSet PermissionLog::grants() const {
  const std::lock_guard guard(lock_);
  return grants_;
}

}  // namespace rt
