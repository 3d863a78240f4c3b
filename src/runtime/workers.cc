#include "src/runtime/workers.h"

#include <malloc.h>

#include <algorithm>
#include <chrono>

#include "src/base/output.h"
#include "src/engine/big_blocks.h"
#include "src/ext/sqlite/sqlite.h"
#include "src/permissions/prompt.h"
#include "src/runtime/report.h"
#include "src/runtime/worker_memory.h"
#include "src/runtime/worker_thread.h"

namespace rt {
namespace {

// What the built-ins take before a worker does anything is more than two. V8 ends the process when
// there is no room for them.
constexpr uint32_t kLeastHeapMb = 4;

}  // namespace

void LiveThreads::Add() {
  const std::lock_guard guard(mutex_);
  ++count_;
}

void LiveThreads::Remove() {
  // What workers leave in the allocator is spread over its arenas, which keep it otherwise.
  bool last = false;
  {
    const std::lock_guard guard(mutex_);
    last = count_ == 1;
  }
  if (last) {
    TrimBigBlocks();
    malloc_trim(0);
  }
  // Notified under the lock: who waits may destroy this right after.
  const std::lock_guard guard(mutex_);
  if (--count_ == 0) changed_.notify_all();
}

bool LiveThreads::WaitUntilNone(unsigned milliseconds) {
  std::unique_lock guard(mutex_);
  return changed_.wait_for(guard, std::chrono::milliseconds(milliseconds),
                           [this] { return count_ == 0; });
}

Workers::Workers(OpHost& host, ModuleMap& modules, WorkerTemplate made_like)
    : host_(host), modules_(modules), template_(std::move(made_like)) {
  if (!template_.live) template_.live = std::make_shared<LiveThreads>();
}

Result<std::shared_ptr<WorkerHandle>> Workers::StartWorker(WorkerRequest request) {
  constexpr size_t kMega = 1024 * 1024;
  const bool isolated =
      std::any_of(request.permissions.rules.begin(), request.permissions.rules.end(),
                  [](const auto& rule) { return rule.mode != RestrictOptions::Mode::kInherit; });
  // Before anything else, so that a script asking for too much learns nothing else.
  WorkerThread::Start start;
  RuntimeOptions& options = start.options;
  RT_TRY(options.made_permissions,
         Permissions::Restrict(host_.permissions(), request.permissions,
                               template_.may_prompt ? MakeStdioPromptTty() : nullptr));
  options.made_permissions->Observe(template_.permission_observer, template_.permission_audit);

  auto failed = [&](const Error& error) -> std::shared_ptr<WorkerHandle> {
    ReportWorkerError(host_.run_info(), request.name, error.message);
    return WorkerThread::Stillborn({.failed = true, .message = error.message, .filename = {}});
  };
  if (const uint32_t most = request.limits.max_old_generation_mb; 0 < most && most < kLeastHeapMb) {
    return failed(Error::Type(kWorkerOutOfMemory));
  }
  if (request.text) {
    start.text = std::move(*request.text);
    options.main_media = MediaTypeOfMime(request.media_type);
    if (!options.main_media && !request.media_type.empty()) {
      return failed(Error::Type("Expected a JavaScript module, but the blob's media type is \"" +
                                request.media_type + "\""));
    }
  } else if (!RemoteModules::IsRemote(request.url)) {
    auto source = modules_.ReadWorkerModule(request.url);
    if (!source.ok()) return failed(source.error());
    start.text = std::move(source->text);
    options.main_media = source->media;
  }

  WorkerModules& worker_modules = options.worker_modules.emplace();
  worker_modules.root = modules_.root();
  // Who may start a worker from a local file has read permission for it, or is local code.
  worker_modules.foreign = modules_.has_foreign() && !request.url.starts_with("file:");
  worker_modules.isolated = isolated;
  if (isolated) {
    RT_TRY(worker_modules.code_permissions, Permissions::Restrict(host_.permissions(), {}));
    worker_modules.code_permissions->Observe(template_.permission_observer,
                                             template_.permission_audit);
  }
  options.import_map = modules_.import_map();
  // As its parent is traced now, which is not always how it was at its start.
  options.trace = host_.tracer().options();
  options.trace.cause = host_.tracer().cause();
  options.live = template_.live_runtimes;
  options.inspectable = template_.inspectable;
  options.transpiled_folder = template_.transpiled_folder;
  options.compiler_options = template_.compiler_options;
  options.remote = template_.remote;
  options.embedded = template_.embedded;
  options.features = template_.features;
  options.remote.progress = false;
  options.worker_template = template_;
  options.limits = {.max_memory = template_.max_memory, .of_worker = true};
  options.max_old_bytes = request.limits.max_old_generation_mb * kMega;
  options.max_young_bytes = request.limits.max_young_generation_mb * kMega;
  options.code_range_bytes = request.limits.code_range_mb * kMega;
  start.stack_bytes = request.limits.stack_mb * kMega;

  // What a worker may not do alone it must not leave for its maker to find, either.
  if (!isolated) options.storage_owner = StorageOwner(host_);
  options.run_info = host_.run_info();
  RunInfo& info = options.run_info;
  info.is_worker = true;
  info.worker_name = std::move(request.name);
  info.location = request.url;
  info.main_module = request.url;
  if (isolated) info.hub = nullptr;
  start.url = std::move(request.url);
  start.port = std::move(request.port);
  auto launched = WorkerThread::Launch(std::move(start), template_.live);
  if (!launched.ok()) return failed(launched.error());
  return std::shared_ptr<WorkerHandle>(std::move(*launched));
}

}  // namespace rt
