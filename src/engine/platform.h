// V8's platform: the only process-wide state of rt. Initialised once, by main or a test, before the
// first isolate; never torn down before the process ends (workers may still be unwinding).
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "src/base/result.h"
#include "src/engine/isolate_tasks.h"

namespace v8 {
class Isolate;
class Platform;
}  // namespace v8

namespace rt {

struct PlatformOptions {
  std::vector<std::string> v8_flags;  // "--max-old-space-size=512"
  // Non-zero makes Math.random and hash seeds repeatable (`--seed`).
  uint64_t seed = 0;
};

// Fails with a TypeError that names a flag V8 does not know.
Result<void> InitializePlatform(const PlatformOptions& options);

v8::Platform* GetPlatform();

// Called once, when V8's background work starts its first thread; on any thread, must not post.
void OnFirstWorkerThread(std::function<void()> callback);

// Isolates are made in three steps, because V8 asks for their task runner while it initialises
// them: AllocateIsolate, v8::Isolate::Initialize (or a SnapshotCreator), IsolateInitialized. Any
// thread.
v8::Isolate* AllocateIsolate();
void IsolateInitialized(v8::Isolate* isolate);
// Drops the isolate's tasks and disposes of it. What V8's threads still post for it is dropped too.
void DisposeIsolate(v8::Isolate* isolate);

// Null for an isolate that AllocateIsolate did not make.
std::shared_ptr<IsolateTasks> TasksOf(v8::Isolate* isolate);

// Threads that V8's background work has started so far.
size_t WorkerThreadsStarted();
// None of them has anything to do: what they did for an isolate, they have posted to its tasks.
bool WorkerThreadsIdle();

}  // namespace rt
