// Deno.watchFs: a Watcher as a resource. The kernel says when there is something to read; nothing
// runs on the thread pool.
#include <utility>

#include "src/ext/fs/fs.h"
#include "src/ext/io/io.h"
#include "src/op/op.h"
#include "src/permissions/watcher.h"

namespace rt {

RT_STRUCT(WatchEvent, RT_FIELD(kind), RT_FIELD(paths), RT_FIELD(rescan))

namespace {

class WatchResource final : public Resource {
 public:
  WatchResource(Watcher watcher, std::unique_ptr<Readiness> readiness)
      : Resource(TypeIdOf<WatchResource>()),
        watcher_(std::move(watcher)),
        readiness_(std::move(readiness)) {}

  std::string_view name() const override { return "fsEvents"; }
  void Close() override {
    closed_ = true;
    readiness_->Cancel();
  }

  // The next events, at least one. Nothing: closed.
  Task<Result<std::vector<WatchEvent>>> Next() {
    const Ref<WatchResource> keep(this);
    for (;;) {
      if (closed_) co_return std::vector<WatchEvent>();
      RT_CO_TRY(auto events, watcher_.Read());
      if (!events.empty()) co_return events;
      if (!co_await readiness_->Wait()) co_return std::vector<WatchEvent>();
    }
  }

 private:
  Watcher watcher_;
  std::unique_ptr<Readiness> readiness_;
  bool closed_ = false;
};

Result<Rid> op_fs_watch(OpContext& cx, std::vector<std::string> paths, bool recursive) {
  std::vector<Granted<Perm::kRead, PathTarget>> granted;
  // All are judged before the first is looked at.
  for (std::string& path : paths) {
    RT_TRY(auto one,
           GrantAccess::CheckPath<Perm::kRead>(cx.permissions(), std::move(path), cx.op_name()));
    granted.push_back(std::move(one));
  }
  // After the checks: without any read permission the kernel's wall refuses this, too.
  RT_TRY(Watcher watcher, Watcher::Create(/*idle=*/granted.empty()));
  for (const auto& path : granted) RT_TRY_VOID(watcher.Add(path, recursive));
  RT_TRY(auto readiness, Readiness::Create(cx.loop(), watcher.fd(), Readiness::For::kReading));
  return cx.resources().Add(MakeResource<WatchResource>(std::move(watcher), std::move(readiness)));
}

Task<Result<std::vector<WatchEvent>>> op_fs_watch_next(OpContext&, Ref<WatchResource> watch) {
  return watch->Next();
}

constexpr std::array kOps = {
    RT_OP(op_fs_watch, InBody<"a list of paths, each checked", Perm::kRead>),
    RT_OP(op_fs_watch_next, OnResource),
};
static_assert(UniqueNames(kOps));

}  // namespace

Extension FsWatchExtension() {
  return {.name = "fs_watch", .ops = kOps};
}

}  // namespace rt
