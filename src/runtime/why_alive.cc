#include "src/runtime/why_alive.h"

#include <uv.h>

#include <algorithm>
#include <cstdio>
#include <map>
#include <mutex>

#include "src/engine/script_frames.h"
#include "src/engine/strings.h"
#include "src/permissions/prompt.h"
#include "src/runtime/report.h"
#include "src/runtime/runtime.h"

namespace rt {
namespace {

constexpr unsigned kPatienceMs = 1000;
constexpr size_t kMostRows = 100;
constexpr int kFrames = 8;

std::string Duration(double ms) {
  char text[32];
  std::snprintf(text, sizeof text, ms < 10'000 ? "%.1f s" : "%.0f s", std::max(0.0, ms) / 1e3);
  return text;
}

struct Row {
  std::string what;
  std::string age;
  std::string target;
  std::string at;
};

void AppendRows(std::string* text, std::vector<Row> rows, bool knows_places) {
  const size_t count = rows.size();
  if (count > kMostRows) rows.resize(kMostRows);
  for (const Row& row : rows) {
    text->append("    ").append(row.what);
    if (!row.age.empty()) text->append(", ").append(row.age);
    if (!row.target.empty()) text->append(": ").append(EscapeForTerminal(row.target));
    text->append("\n        ");
    if (!row.at.empty()) {
      text->append("at ").append(EscapeForTerminal(row.at));
    } else {
      text->append(knows_places ? "from rt itself" : "from a line that was not noted");
    }
    text->append("\n");
  }
  if (count > kMostRows) {
    text->append("    and ").append(std::to_string(count - kMostRows)).append(" more\n");
  }
}

double NumberOf(v8::Isolate* isolate, v8::Local<v8::Object> object, const char* name) {
  v8::Local<v8::Value> value;
  if (!object->Get(isolate->GetCurrentContext(), ToInternalized(isolate, name)).ToLocal(&value) ||
      !value->IsNumber()) {
    return 0;
  }
  return value.As<v8::Number>()->Value();
}

// The timers that are set. Runs built-in JavaScript.
void ListTimers(Runtime& runtime, std::vector<Row>* referenced, size_t* unreferenced) {
  v8::Isolate* isolate = runtime.isolate();
  v8::Local<v8::Context> context = runtime.v8_context();
  v8::TryCatch caught(isolate);
  v8::Local<v8::Value> internals;
  v8::Local<v8::Value> active;
  v8::Local<v8::Value> list;
  if (!runtime.host()
           .hooks()
           ->Get(context, ToInternalized(isolate, "internals"))
           .ToLocal(&internals) ||
      !internals->IsObject() ||
      !internals.As<v8::Object>()
           ->Get(context, ToInternalized(isolate, "activeTimers"))
           .ToLocal(&active) ||
      !active->IsFunction() ||
      !active.As<v8::Function>()
           ->Call(context, v8::Undefined(isolate), 0, nullptr)
           .ToLocal(&list) ||
      !list->IsArray()) {
    return;
  }
  const double now = static_cast<double>(uv_hrtime()) / 1e6;
  const uint32_t count = list.As<v8::Array>()->Length();
  for (uint32_t i = 0; i < count; ++i) {
    v8::Local<v8::Value> item;
    if (!list.As<v8::Array>()->Get(context, i).ToLocal(&item) || !item->IsObject()) continue;
    v8::Local<v8::Object> timer = item.As<v8::Object>();
    auto get = [&](const char* name) {
      return timer->Get(context, ToInternalized(isolate, name))
          .FromMaybe(v8::Undefined(isolate).As<v8::Value>());
    };
    if (!get("referenced")->IsTrue()) {
      ++*unreferenced;
      continue;
    }
    const double delay = NumberOf(isolate, timer, "delay");
    const double due = NumberOf(isolate, timer, "due");
    Row row{.what = get("repeat")->IsTrue() ? "interval" : "timer",
            .age = Duration(now - (due - delay)) + " old",
            .target = "fires in " + Duration(due - now),
            .at = {}};
    char every[48];
    std::snprintf(every, sizeof every, " (%s%.0f ms)", get("repeat")->IsTrue() ? "every " : "of ",
                  delay);
    row.target += every;
    v8::Local<v8::Value> origin = get("origin");
    if (origin->IsString()) row.at = ToUtf8(isolate, origin.As<v8::String>());
    referenced->push_back(std::move(row));
  }
}

std::string RunningFrames(v8::Isolate* isolate, Runtime& runtime) {
  std::string text;
  WalkScriptFrames(isolate, kFrames, [&](const ScriptFrame& frame) {
    const auto place = runtime.positions().Original(frame.url, {frame.line, frame.column});
    const std::string frame_text =
        DescribeFrame(frame.FunctionName(isolate), frame.url + ":" + std::to_string(place.line) +
                                                       ":" + std::to_string(place.column));
    text += EscapeForTerminal(frame_text) + "\n";
    return true;
  });
  return text;
}

}  // namespace

std::string DescribeWaits(Runtime& runtime, const LiveRuntimes::Entry& entry, bool idle) {
  v8::Isolate* isolate = runtime.isolate();
  v8::HandleScope handles(isolate);
  OpHost& host = runtime.host();
  const bool knows_places = host.tracer().options().origins;
  const uint64_t now_ms = uv_hrtime() / 1'000'000;
  // Names, targets and places are a script's own: it must not steer the terminal of whoever asks.
  std::string text = EscapeForTerminal(entry.name) + " (" + EscapeForTerminal(entry.url) +
                     "), running for " + Duration(static_cast<double>(now_ms - entry.started_ms)) +
                     "\n";
  if (!idle) text += "  is running JavaScript now\n" + RunningFrames(isolate, runtime);

  std::vector<Row> rows;
  size_t unreferenced = 0;
  size_t counted = 0;
  host.async_calls().ForEachPending([&](const AsyncCall& call) {
    if (!call.referenced()) {
      ++unreferenced;
      return;
    }
    ++counted;
    Row row{.what = std::string(call.decl().name),
            .age = Duration(static_cast<double>(host.loop().NowMs() - call.started_ms())) + " old",
            .target = {},
            .at = {}};
    if (const OpOrigin* origin = host.tracer().OriginOf(call.promise_id())) {
      row.target = origin->target;
      row.at = origin->at;
    }
    rows.push_back(std::move(row));
  });
  std::vector<AliveItem> items;
  for (const auto& state : host.states()) {
    if (state) state->ListAlive(&items);
  }
  bool has_timers = false;
  for (AliveItem& item : items) {
    ++counted;
    if (item.what == "timers") {
      has_timers = true;
      if (idle) continue;
    }
    Row row{.what = std::move(item.what),
            .age = {},
            .target = std::move(item.target),
            .at = std::move(item.at)};
    if (item.since_ms != 0) {
      row.age = Duration(static_cast<double>(host.loop().NowMs() - item.since_ms)) + " old";
    }
    rows.push_back(std::move(row));
  }
  if (idle) {
    size_t quiet_timers = 0;
    std::vector<Row> timers;
    ListTimers(runtime, &timers, &quiet_timers);
    unreferenced += quiet_timers;
    if (has_timers) rows.insert(rows.end(), timers.begin(), timers.end());
    for (const std::string& place : runtime.PendingAwaits()) {
      rows.push_back(
          {.what = "top-level await", .age = {}, .target = "has not settled", .at = place});
    }
  }
  if (host.loop().refs() > counted) {
    rows.push_back({.what = std::to_string(host.loop().refs() - counted) +
                            " more (locks of navigator.locks, Atomics.waitAsync with a timeout)",
                    .age = {},
                    .target = {},
                    .at = {}});
  }
  if (isolate->HasPendingBackgroundTasks()) {
    rows.push_back({.what = "compiling WebAssembly", .age = {}, .target = {}, .at = {}});
  }
  if (rows.empty()) {
    text += idle ? "  waits for nothing: it is about to end\n" : "";
  } else {
    text += idle ? "  waits for\n" : "  and will wait for\n";
    AppendRows(&text, std::move(rows), knows_places);
  }
  if (unreferenced > 0) {
    text +=
        "  " + std::to_string(unreferenced) + " more would not keep it running (unreferenced)\n";
  }
  if (!knows_places) {
    text +=
        "  Lines and targets are noted only from the start: rt --why-alive, and then ask again.\n";
  }
  return text;
}

std::string DescribeWhyAlive(LiveRuntimes& live) {
  std::mutex mutex;
  std::map<uint64_t, std::string> parts;
  const auto missing = live.VisitAll(
      [&](Runtime& runtime, const LiveRuntimes::Entry& entry, bool idle) {
        std::string part = DescribeWaits(runtime, entry, idle);
        const std::lock_guard lock(mutex);
        parts[entry.id] = std::move(part);
      },
      kPatienceMs);
  for (const auto& entry : missing) {
    parts[entry.id] = entry.name + " (" + entry.url +
                      ")\n  does not answer: it is in a synchronous operation, thread " +
                      std::to_string(entry.thread) + "\n";
  }
  std::string text;
  for (const auto& [id, part] : parts) text += part;
  return text;
}

}  // namespace rt
