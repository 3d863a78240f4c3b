// The workers of a runtime, by number. A number is never used again, so a stale one names nothing.
// The end of a runtime is the end of its workers. Each is a resource besides ("worker"), so that
// Deno.resources() lists it and `rt test` finds one that a test left running.
#include <tuple>
#include <unordered_map>
#include <utility>

#include "src/ext/worker/worker.h"
#include "src/op/op.h"
#include "src/permissions/prompt.h"

namespace rt {
namespace {

// Of what is said of a worker: its URL may be a whole program (data:).
constexpr size_t kLongestLabel = 200;

// Closing it is terminate() from elsewhere: the parent hears of the end as of any other.
class WorkerResource final : public Resource {
 public:
  explicit WorkerResource(std::shared_ptr<WorkerHandle> worker)
      : Resource(TypeIdOf<WorkerResource>()), worker_(std::move(worker)) {}
  std::string_view name() const override { return "worker"; }
  void Close() override { worker_->Terminate(); }

 private:
  std::shared_ptr<WorkerHandle> worker_;
};

class WorkerState final : public ExtensionState {
 public:
  explicit WorkerState(OpHost& host) : host_(host) {
    host.SetOnRevoke([this](Perm perm, const PermDescriptor& descriptor) {
      for (auto& [id, running] : workers_) running.worker->Revoke(perm, descriptor);
    });
  }
  void Shutdown() override {
    for (auto& [id, running] : workers_) running.worker->Terminate();
    workers_.clear();
  }

  Result<uint32_t> Add(std::shared_ptr<WorkerHandle> worker) {
    auto rid = host_.resources().Add(MakeResource<WorkerResource>(worker));
    if (!rid.ok()) {
      worker->Terminate();
      return rid.TakeError();
    }
    workers_[next_id_] = {std::move(worker), *rid};
    return next_id_++;
  }
  // Null: there is none of that number.
  std::shared_ptr<WorkerHandle> Take(uint32_t id) {
    const auto found = workers_.find(id);
    if (found == workers_.end()) return nullptr;
    Running running = std::move(found->second);
    workers_.erase(found);
    // Not there any more if a script closed it by its number.
    std::ignore = host_.resources().Take(running.rid);
    return std::move(running.worker);
  }

 private:
  struct Running {
    std::shared_ptr<WorkerHandle> worker;
    Rid rid = 0;
  };

  OpHost& host_;
  std::unordered_map<uint32_t, Running> workers_;
  uint32_t next_id_ = 1;
};

// As js/ext/worker/worker.js makes it.
struct WorkerOptions {
  std::string url;
  std::string name;
  std::optional<std::string> text;
  std::string media_type;
  // One for each permission, in the order of the enum Perm: "inherit", "none", "all", "list".
  std::vector<std::string> permission_modes;
  std::vector<std::vector<std::string>> permission_lists;
  std::vector<uint32_t> limits;  // old generation, young generation, code range, stack
};
RT_STRUCT(WorkerOptions, RT_FIELD(url), RT_FIELD(name), RT_FIELD(text), RT_FIELD(media_type),
          RT_FIELD(permission_modes), RT_FIELD(permission_lists), RT_FIELD(limits))

Result<RestrictOptions> ToRestrictOptions(WorkerOptions& options) {
  using Mode = RestrictOptions::Mode;
  if (options.permission_modes.size() != kPermCount ||
      options.permission_lists.size() != kPermCount) {
    return Error::Type("a worker needs a rule for each permission");
  }
  RestrictOptions restrict_options;
  for (size_t i = 0; i < kPermCount; ++i) {
    const std::string& mode = options.permission_modes[i];
    RestrictOptions::Rule& rule = restrict_options.rules[i];
    if (mode == "inherit") {
      rule.mode = Mode::kInherit;
    } else if (mode == "all") {
      rule.mode = Mode::kAll;
    } else if (mode == "list") {
      rule.mode = Mode::kList;
      rule.list = std::move(options.permission_lists[i]);
    } else {
      rule.mode = Mode::kNone;
    }
  }
  return restrict_options;
}

// Starts a worker: its number and that of the parent's end of the channel.
Result<std::pair<uint32_t, uint32_t>> op_worker_create(OpContext& cx, WorkerOptions options) {
  WorkerStarter* starter = cx.host().worker_starter();
  if (starter == nullptr) return Error::Make(ErrorClass::kNotSupported, "no workers here");
  if (options.limits.size() != 4) return Error::Type("a worker needs its limits");
  WorkerRequest request;
  RT_TRY(request.permissions, ToRestrictOptions(options));
  auto [ours, theirs] = PortEnd::MakePair();
  std::string label = "worker";
  if (!options.name.empty()) label += " \"" + EscapeForTerminal(options.name) + "\"";
  label += " (" + options.url.substr(0, kLongestLabel) + ")";
  request.url = std::move(options.url);
  request.name = std::move(options.name);
  request.text = std::move(options.text);
  request.media_type = std::move(options.media_type);
  request.limits = {.max_old_generation_mb = options.limits[0],
                    .max_young_generation_mb = options.limits[1],
                    .code_range_mb = options.limits[2],
                    .stack_mb = options.limits[3]};
  request.port = std::move(theirs);
  RT_TRY(std::shared_ptr<WorkerHandle> worker, starter->StartWorker(std::move(request)));
  RT_TRY(const uint32_t id, cx.State<WorkerState>().Add(std::move(worker)));
  return std::pair(id, AdoptPort(cx.host(), std::move(ours), std::move(label)));
}

void op_worker_terminate(OpContext& cx, uint32_t id) {
  if (const auto worker = cx.State<WorkerState>().Take(id)) worker->Terminate();
}

struct Outcome {
  bool failed;
  std::string message;
  std::string filename;
  int32_t line;
  int32_t column;
};
RT_STRUCT(Outcome, RT_FIELD(failed), RT_FIELD(message), RT_FIELD(filename), RT_FIELD(line),
          RT_FIELD(column))

// How a worker whose channel is closed has ended; the number is free then.
Outcome op_worker_outcome(OpContext& cx, uint32_t id) {
  const auto worker = cx.State<WorkerState>().Take(id);
  if (!worker) return {};
  WorkerOutcome outcome = worker->Outcome();
  return {.failed = outcome.failed,
          .message = std::move(outcome.message),
          .filename = std::move(outcome.filename),
          .line = outcome.line,
          .column = outcome.column};
}

// In a worker: ends it with the task that runs now.
void op_worker_close(OpContext& cx) {
  cx.host().RequestClose();
}

constexpr std::array kOps = {
    RT_OP(op_worker_create,
          NoPerm<"gives no more than it has; the module is judged as import()'s">),
    RT_OP(op_worker_terminate, NoPerm<"the script's own worker">),
    RT_OP(op_worker_outcome, NoPerm<"the script's own worker">),
    RT_OP(op_worker_close, NoPerm<"ends the script's own worker">),
};
static_assert(UniqueNames(kOps));

}  // namespace

Extension WorkerExtension() {
  return {.name = "worker",
          .ops = kOps,
          .make_state = [](OpHost& host) -> std::unique_ptr<ExtensionState> {
            return std::make_unique<WorkerState>(host);
          }};
}

}  // namespace rt
