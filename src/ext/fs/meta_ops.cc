// Ops on what is known about files, on links, and on folders too large to list at once. Like
// ops.cc: checked before they return, the rest on the thread pool.
#include <sys/stat.h>

#include "src/ext/fs/fs.h"
#include "src/ext/fs/values.h"
#include "src/loop/pool_task.h"
#include "src/op/op.h"
#include "src/permissions/dir_stream.h"
#include "src/permissions/meta_sinks.h"
#include "src/permissions/sinks.h"
#include "src/permissions/sys_grant.h"
#include "src/permissions/wall_helper.h"

namespace rt {
namespace {

using ReadPath = Granted<Perm::kRead, PathTarget>;
using ReadEntry = Granted<Perm::kRead, EntryTarget>;
using WritePath = Granted<Perm::kWrite, PathTarget>;
using LinkEnd = GrantedReadWrite<EntryTarget>;
using AllRead = Granted<Perm::kRead, Everything>;
using AllWrite = Granted<Perm::kWrite, Everything>;

constexpr uint32_t kModeBits = 07777;

// --- mode, owner, times ---

Result<void> op_fs_chmod_sync(OpContext&, WritePath path, uint32_t mode) {
  return Chmod(path, mode & kModeBits);
}
Task<Result<void>> op_fs_chmod(OpContext& cx, WritePath path, uint32_t mode) {
  return OnPool(cx.loop(),
                [path = std::move(path), mode] { return Chmod(path, mode & kModeBits); });
}

Result<void> op_fs_chown_sync(OpContext&, WritePath path, std::optional<uint32_t> user,
                              std::optional<uint32_t> group) {
  return Chown(path, user, group);
}
Task<Result<void>> op_fs_chown(OpContext& cx, WritePath path, std::optional<uint32_t> user,
                               std::optional<uint32_t> group) {
  return OnPool(cx.loop(),
                [path = std::move(path), user, group] { return Chown(path, user, group); });
}

Result<void> op_fs_utime_sync(OpContext&, WritePath path, FileTimesArgument times) {
  return SetTimes(path, ToFileTimes(times));
}
Task<Result<void>> op_fs_utime(OpContext& cx, WritePath path, FileTimesArgument times) {
  return OnPool(cx.loop(), [path = std::move(path), times = ToFileTimes(times)] {
    return SetTimes(path, times);
  });
}

// --- links ---

Result<void> op_fs_link_sync(OpContext&, LinkEnd from, LinkEnd to) {
  return Link(from, to);
}
Task<Result<void>> op_fs_link(OpContext& cx, LinkEnd from, LinkEnd to) {
  return OnPool(cx.loop(), [from = std::move(from), to = std::move(to)] { return Link(from, to); });
}

// All of reading and writing is asked for first: no answer about the path before.
Result<void> op_fs_symlink_sync(OpContext&, AllRead read, AllWrite write, std::string target,
                                LinkEnd path) {
  return Symlink(read, write, target, path);
}
Task<Result<void>> op_fs_symlink(OpContext& cx, AllRead read, AllWrite write, std::string target,
                                 LinkEnd path) {
  return OnPool(cx.loop(), [read, write, target = std::move(target), path = std::move(path)] {
    return Symlink(read, write, target, path);
  });
}

Result<std::string> op_fs_read_link_sync(OpContext&, ReadEntry path) {
  return ReadLink(path);
}
Task<Result<std::string>> op_fs_read_link(OpContext& cx, ReadEntry path) {
  return OnPool(cx.loop(), [path = std::move(path)] { return ReadLink(path); });
}

// --- folders in portions ---

// A portion crosses to JavaScript in one call. This much keeps that short, and most folders whole;
// of a larger one the rest comes in larger portions.
constexpr size_t kFirstPortion = 1024;
constexpr size_t kNextPortion = 4096;

class DirStreamResource final : public Resource {
 public:
  explicit DirStreamResource(std::shared_ptr<DirStream> stream)
      : Resource(TypeIdOf<DirStreamResource>()), stream_(std::move(stream)) {}

  std::string_view name() const override { return "dirStream"; }
  // A job on the pool shares the stream: its descriptor is closed after that.
  void Close() override { stream_.reset(); }

  // Null while a portion is being read, and when closed.
  std::shared_ptr<DirStream> Take() { return std::exchange(stream_, nullptr); }
  void GiveBack(std::shared_ptr<DirStream> stream) { stream_ = std::move(stream); }

 private:
  std::shared_ptr<DirStream> stream_;
};

// What is left of the folder, as a resource, if anything may be.
struct DirPortion {
  DirListing entries;
  std::optional<Rid> rest;
};
RT_STRUCT(DirPortion, RT_FIELD(entries), RT_FIELD(rest))

struct OpenedDir {
  std::shared_ptr<DirStream> stream;
  std::vector<DirEntry> entries;
};
Result<OpenedDir> OpenDir(const ReadPath& path) {
  RT_TRY(std::shared_ptr<DirStream> stream, DirStream::Open(path));
  RT_TRY(auto entries, stream->Next(kFirstPortion));
  return OpenedDir{std::move(stream), std::move(entries)};
}

Task<Result<DirPortion>> op_fs_open_dir(OpContext& cx, ReadPath path) {
  const auto open = [path = std::move(path)] { return OpenDir(path); };
  RT_CO_TRY(OpenedDir opened, co_await OnPool(cx.loop(), open));
  DirPortion portion{.entries = {std::move(opened.entries)}, .rest = {}};
  if (!opened.stream->at_end()) {
    RT_CO_TRY(portion.rest,
              cx.resources().Add(MakeResource<DirStreamResource>(std::move(opened.stream))));
  }
  co_return portion;
}

// Empty: the end. The caller closes the resource.
Task<Result<DirListing>> op_fs_next_entries(OpContext& cx, Ref<DirStreamResource> dir) {
  Loop& loop = cx.loop();
  std::shared_ptr<DirStream> stream = dir->Take();
  if (!stream) co_return Error::Make(ErrorClass::kBusy, "the folder is being read");
  const auto next = [stream] { return stream->Next(kNextPortion); };
  auto entries = co_await OnPool(loop, next);
  dir->GiveBack(std::move(stream));
  if (!entries.ok()) co_return entries.TakeError();
  co_return DirListing{std::move(*entries)};
}

// --- the mask for new files ---

// Without a mask: the current one, which can only be read by setting it.
uint32_t op_fs_umask(OpContext&, std::optional<uint32_t> mask, SysGrant<"umask">) {
  if (mask) {
    const auto wanted = static_cast<mode_t>(*mask & 0777);
    if (WallHelper* helper = WallHelper::Get()) helper->SetUmask(wanted);
    return umask(wanted);
  }
  const mode_t current = umask(0777);
  umask(current);
  return current;
}

constexpr std::array kOps = {
    RT_OP(op_fs_chmod_sync, Needs<Perm::kWrite>),
    RT_OP(op_fs_chmod, Needs<Perm::kWrite>),
    RT_OP(op_fs_chown_sync, Needs<Perm::kWrite>),
    RT_OP(op_fs_chown, Needs<Perm::kWrite>),
    RT_OP(op_fs_utime_sync, Needs<Perm::kWrite>),
    RT_OP(op_fs_utime, Needs<Perm::kWrite>),
    RT_OP(op_fs_link_sync, Needs<Perm::kRead, Perm::kWrite>),
    RT_OP(op_fs_link, Needs<Perm::kRead, Perm::kWrite>),
    RT_OP(op_fs_symlink_sync, Needs<Perm::kRead, Perm::kWrite>),
    RT_OP(op_fs_symlink, Needs<Perm::kRead, Perm::kWrite>),
    RT_OP(op_fs_read_link_sync, Needs<Perm::kRead>),
    RT_OP(op_fs_read_link, Needs<Perm::kRead>),
    RT_OP(op_fs_open_dir, Needs<Perm::kRead>),
    RT_OP(op_fs_next_entries, OnResource),
    RT_OP(op_fs_umask, Needs<Perm::kSys>),
};
static_assert(UniqueNames(kOps));

}  // namespace

Extension FsMetaExtension() {
  return {.name = "fs_meta", .ops = kOps};
}

}  // namespace rt
