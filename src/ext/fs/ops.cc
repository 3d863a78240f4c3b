// Ops on paths: each in a synchronous and an asynchronous form. The asynchronous form is checked
// before it returns and does the rest on the thread pool, in one job, or at once where that cannot
// hold up the loop.
#include <algorithm>
#include <memory>

#include "src/ext/fs/fs.h"
#include "src/ext/fs/open.h"
#include "src/ext/fs/values.h"
#include "src/ext/fs/whole_file.h"
#include "src/loop/pool_task.h"
#include "src/op/op.h"
#include "src/permissions/cached_files.h"
#include "src/permissions/sinks.h"

namespace rt {
namespace {

using ReadPath = Granted<Perm::kRead, PathTarget>;
using ReadEntry = Granted<Perm::kRead, EntryTarget>;
using WritePath = Granted<Perm::kWrite, PathTarget>;
using WriteEntry = Granted<Perm::kWrite, EntryTarget>;
using Cancellation = std::optional<Ref<CancelHandle>>;

CancelFlag FlagOf(const Cancellation& cancellation) {
  return cancellation ? (*cancellation)->flag() : nullptr;
}

// What the kernel has in memory is answered at once, which takes a fraction of the way to the pool
// and back. In each turn of the loop only so often, and so much: a program that awaits one file
// after the other must still get to its timers and sockets.
class FsState final : public ExtensionState {
 public:
  bool MayAnswerAtOnce(const Loop& loop) {
    if (turn_ != loop.turn()) {
      turn_ = loop.turn();
      calls_left_ = kCallsPerTurn;
      bytes_left_ = kBytesPerTurn;
    }
    if (calls_left_ == 0) return false;
    --calls_left_;
    return true;
  }
  // The file, if it may be answered at once.
  std::optional<FileContents> ReadAtOnce(const Loop& loop, const ReadPath& path) {
    if (!MayAnswerAtOnce(loop) || bytes_left_ == 0) return std::nullopt;
    std::optional<FileContents> contents =
        ReadCachedFile(path, room(), std::min(bytes_left_, kMostAtOnce));
    if (contents) bytes_left_ -= contents->small.size() + contents->large.size();
    return contents;
  }

  // Room for a small file until it is a JavaScript value, which is before the next call.
  SmallFile& room() {
    if (room_ == nullptr) room_ = std::make_unique_for_overwrite<SmallFile>();
    return *room_;
  }

  // Where the blocking forms of stat leave what they found, for JavaScript to make its object of.
  StatNumbers& numbers() { return *numbers_; }
  Bytes NumbersForJs() {
    return Bytes(numbers_, reinterpret_cast<uint8_t*>(numbers_->data()), sizeof(StatNumbers));
  }

 private:
  static constexpr int kCallsPerTurn = 64;
  // About a millisecond, as are so many calls.
  static constexpr size_t kBytesPerTurn = 4 * 1024 * 1024;
  // To copy so much takes no longer than a way to the pool and back may.
  static constexpr size_t kMostAtOnce = 1024 * 1024;
  uint64_t turn_ = UINT64_MAX;
  int calls_left_ = 0;
  size_t bytes_left_ = 0;
  std::unique_ptr<SmallFile> room_;
  std::shared_ptr<StatNumbers> numbers_ = std::make_shared<StatNumbers>();
};

FsState& StateOf(OpContext& cx) {
  return cx.State<FsState>();
}

// --- open ---

Result<Rid> op_fs_open_sync(OpContext& cx, std::string path, OpenOptions options) {
  RT_TRY(OpenJob job, PrepareOpen(cx.permissions(), std::move(path), options, cx.op_name()));
  RT_TRY(OwnedFd fd, job.Run());
  return cx.resources().Add(
      MakeResource<FileResource>(cx.loop(), std::move(fd), std::move(job.rights)));
}

Task<Result<Rid>> op_fs_open(OpContext& cx, std::string path, OpenOptions options) {
  RT_CO_TRY(OpenJob job, PrepareOpen(cx.permissions(), std::move(path), options, cx.op_name()));
  FileResource::Rights rights = std::move(job.rights);
  const auto run = [job = std::move(job)] { return job.Run(); };
  RT_CO_TRY(OwnedFd fd, co_await OnPool(cx.loop(), run));
  co_return cx.resources().Add(
      MakeResource<FileResource>(cx.loop(), std::move(fd), std::move(rights)));
}

// --- whole files ---

Result<FileContents> op_fs_read_file_sync(OpContext& cx, ReadPath path) {
  return ReadWholeFile(path, StateOf(cx).room(), nullptr);
}

Task<Result<FileContents>> op_fs_read_file(OpContext& cx, ReadPath path,
                                           Cancellation cancellation) {
  // Who can cancel it is promised a promise.
  if (!cancellation) {
    if (auto contents = StateOf(cx).ReadAtOnce(cx.loop(), path)) co_return std::move(*contents);
  }
  auto read = [path = std::move(path), flag = FlagOf(cancellation)] {
    return ReadWholeFile(path, flag);
  };
  RT_CO_TRY(Bytes bytes, co_await OnPool(cx.loop(), std::move(read)));
  co_return FileContents::Of(std::move(bytes));
}

Result<FileText> op_fs_read_text_file_sync(OpContext& cx, ReadPath path) {
  RT_TRY(FileContents contents, ReadWholeFile(path, StateOf(cx).room(), nullptr));
  return DecodeContents(std::move(contents));
}

Task<Result<FileText>> op_fs_read_text_file(OpContext& cx, ReadPath path,
                                            Cancellation cancellation) {
  if (!cancellation) {
    if (auto contents = StateOf(cx).ReadAtOnce(cx.loop(), path)) {
      co_return DecodeContents(std::move(*contents));
    }
  }
  auto read = [path = std::move(path), flag = FlagOf(cancellation)] {
    return ReadWholeText(path, flag);
  };
  co_return co_await OnPool(cx.loop(), std::move(read));
}

Result<void> op_fs_write_file_sync(OpContext&, WritePath path, WriteOptions options,
                                   std::span<uint8_t> data) {
  return WriteWholeFile(path, options, data, nullptr);
}

Task<Result<void>> op_fs_write_file(OpContext& cx, WritePath path, WriteOptions options, Bytes data,
                                    Cancellation cancellation) {
  return OnPool(cx.loop(), [path = std::move(path), options, data = std::move(data),
                            flag = FlagOf(cancellation)] {
    return WriteWholeFile(path, options, data.span(), flag);
  });
}

std::span<const uint8_t> BytesOf(const std::string& text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

Result<void> op_fs_write_text_file_sync(OpContext&, WritePath path, WriteOptions options,
                                        std::string text) {
  return WriteWholeFile(path, options, BytesOf(text), nullptr);
}

Task<Result<void>> op_fs_write_text_file(OpContext& cx, WritePath path, WriteOptions options,
                                         std::string text, Cancellation cancellation) {
  return OnPool(cx.loop(), [path = std::move(path), options, text = std::move(text),
                            flag = FlagOf(cancellation)] {
    return WriteWholeFile(path, options, BytesOf(text), flag);
  });
}

// --- what is there ---

Result<FileInfo> DoStat(const ReadPath& path) {
  RT_TRY(const struct statx info, Stat(path));
  return MakeFileInfo(info);
}
// The memory that the next two leave their answer in.
Bytes op_fs_stat_numbers(OpContext& cx) {
  return StateOf(cx).NumbersForJs();
}
Result<void> op_fs_stat_sync(OpContext& cx, ReadPath path) {
  RT_TRY(const struct statx info, Stat(path));
  WriteStatNumbers(info, StateOf(cx).numbers());
  return {};
}
Task<Result<FileInfo>> op_fs_stat(OpContext& cx, ReadPath path) {
  if (StateOf(cx).MayAnswerAtOnce(cx.loop())) {
    if (const auto info = StatCached(path)) co_return MakeFileInfo(*info);
  }
  auto stat = [path = std::move(path)] { return DoStat(path); };
  co_return co_await OnPool(cx.loop(), std::move(stat));
}

Result<FileInfo> DoLstat(const ReadEntry& path) {
  RT_TRY(const struct statx info, Lstat(path));
  return MakeFileInfo(info);
}
Result<void> op_fs_lstat_sync(OpContext& cx, ReadEntry path) {
  RT_TRY(const struct statx info, Lstat(path));
  WriteStatNumbers(info, StateOf(cx).numbers());
  return {};
}
Task<Result<FileInfo>> op_fs_lstat(OpContext& cx, ReadEntry path) {
  return OnPool(cx.loop(), [path = std::move(path)] { return DoLstat(path); });
}

Result<DirListing> DoReadDir(const ReadPath& path) {
  RT_TRY(auto entries, ReadDir(path));
  return DirListing{std::move(entries)};
}
Result<DirListing> op_fs_read_dir_sync(OpContext&, ReadPath path) {
  return DoReadDir(path);
}

Result<std::string> op_fs_real_path_sync(OpContext&, ReadPath path) {
  return RealPath(path);
}
Task<Result<std::string>> op_fs_real_path(OpContext& cx, ReadPath path) {
  return OnPool(cx.loop(), [path = std::move(path)] { return RealPath(path); });
}

// --- changes ---

constexpr uint32_t kModeBits = 07777;

Result<void> op_fs_mkdir_sync(OpContext&, WriteEntry path, bool recursive, uint32_t mode) {
  return Mkdir(path, mode & kModeBits, recursive);
}
Task<Result<void>> op_fs_mkdir(OpContext& cx, WriteEntry path, bool recursive, uint32_t mode) {
  return OnPool(cx.loop(), [path = std::move(path), recursive, mode] {
    return Mkdir(path, mode & kModeBits, recursive);
  });
}

Result<void> op_fs_remove_sync(OpContext&, WriteEntry path, bool recursive) {
  return Remove(path, recursive);
}
Task<Result<void>> op_fs_remove(OpContext& cx, WriteEntry path, bool recursive) {
  return OnPool(cx.loop(), [path = std::move(path), recursive] { return Remove(path, recursive); });
}

Result<void> op_fs_rename_sync(OpContext&, GrantedReadWrite<EntryTarget> from, WriteEntry to) {
  return Rename(from, to);
}
Task<Result<void>> op_fs_rename(OpContext& cx, GrantedReadWrite<EntryTarget> from, WriteEntry to) {
  return OnPool(cx.loop(),
                [from = std::move(from), to = std::move(to)] { return Rename(from, to); });
}

Result<void> DoCopy(const ReadPath& from, const WritePath& to) {
  RT_TRY_VOID(CopyFile(from, to));
  return {};
}
Result<void> op_fs_copy_file_sync(OpContext&, ReadPath from, WritePath to) {
  return DoCopy(from, to);
}
Task<Result<void>> op_fs_copy_file(OpContext& cx, ReadPath from, WritePath to) {
  return OnPool(cx.loop(),
                [from = std::move(from), to = std::move(to)] { return DoCopy(from, to); });
}

Result<void> DoTruncate(const WritePath& path, int64_t length) {
  return Truncate(path, static_cast<uint64_t>(std::max<int64_t>(length, 0)));
}
Result<void> op_fs_truncate_sync(OpContext&, WritePath path, int64_t length) {
  return DoTruncate(path, length);
}
Task<Result<void>> op_fs_truncate(OpContext& cx, WritePath path, int64_t length) {
  return OnPool(cx.loop(), [path = std::move(path), length] { return DoTruncate(path, length); });
}

// --- temporaries ---

Result<std::string> DoMakeTempDir(const TempJob& job) {
  return MakeTempDir(job.dir, job.prefix, job.suffix);
}
Result<std::string> DoMakeTempFile(const TempJob& job) {
  return MakeTempFile(job.dir, job.prefix, job.suffix);
}

Task<Result<std::string>> RunTemp(OpContext& cx, Result<TempJob> prepared,
                                  Result<std::string> (*make)(const TempJob&)) {
  RT_CO_TRY(TempJob job, std::move(prepared));
  const auto run = [job = std::move(job), make] { return make(job); };
  co_return co_await OnPool(cx.loop(), run);
}

Result<std::string> op_fs_make_temp_dir_sync(OpContext& cx, std::optional<std::string> dir,
                                             std::string prefix, std::string suffix) {
  RT_TRY(const TempJob job, PrepareTemp(cx.permissions(), std::move(dir), std::move(prefix),
                                        std::move(suffix), cx.op_name()));
  return DoMakeTempDir(job);
}
Task<Result<std::string>> op_fs_make_temp_dir(OpContext& cx, std::optional<std::string> dir,
                                              std::string prefix, std::string suffix) {
  return RunTemp(cx,
                 PrepareTemp(cx.permissions(), std::move(dir), std::move(prefix), std::move(suffix),
                             cx.op_name()),
                 DoMakeTempDir);
}

Result<std::string> op_fs_make_temp_file_sync(OpContext& cx, std::optional<std::string> dir,
                                              std::string prefix, std::string suffix) {
  RT_TRY(const TempJob job, PrepareTemp(cx.permissions(), std::move(dir), std::move(prefix),
                                        std::move(suffix), cx.op_name()));
  return DoMakeTempFile(job);
}
Task<Result<std::string>> op_fs_make_temp_file(OpContext& cx, std::optional<std::string> dir,
                                               std::string prefix, std::string suffix) {
  return RunTemp(cx,
                 PrepareTemp(cx.permissions(), std::move(dir), std::move(prefix), std::move(suffix),
                             cx.op_name()),
                 DoMakeTempFile);
}

// --- the working directory ---

Result<void> op_fs_chdir(OpContext&, ReadPath path) {
  return ChangeDirectory(path);
}
Result<std::string> op_fs_cwd(OpContext&) {
  return CurrentDirectory();
}

constexpr std::array kOps = {
    RT_OP(op_fs_open_sync, InBody<"the options decide what is needed", Perm::kRead, Perm::kWrite>),
    RT_OP(op_fs_open, InBody<"the options decide what is needed", Perm::kRead, Perm::kWrite>),
    RT_OP(op_fs_read_file_sync, Needs<Perm::kRead>),
    RT_OP(op_fs_read_file, Needs<Perm::kRead>),
    RT_OP(op_fs_read_text_file_sync, Needs<Perm::kRead>),
    RT_OP(op_fs_read_text_file, Needs<Perm::kRead>),
    RT_OP(op_fs_write_file_sync, Needs<Perm::kWrite>),
    RT_OP(op_fs_write_file, Needs<Perm::kWrite>),
    RT_OP(op_fs_write_text_file_sync, Needs<Perm::kWrite>),
    RT_OP(op_fs_write_text_file, Needs<Perm::kWrite>),
    RT_OP(op_fs_stat_numbers, NoPerm<"memory, which only what was granted writes to">),
    RT_OP(op_fs_stat_sync, Needs<Perm::kRead>),
    RT_OP(op_fs_stat, Needs<Perm::kRead>),
    RT_OP(op_fs_lstat_sync, Needs<Perm::kRead>),
    RT_OP(op_fs_lstat, Needs<Perm::kRead>),
    RT_OP(op_fs_read_dir_sync, Needs<Perm::kRead>),
    RT_OP(op_fs_real_path_sync, Needs<Perm::kRead>),
    RT_OP(op_fs_real_path, Needs<Perm::kRead>),
    RT_OP(op_fs_mkdir_sync, Needs<Perm::kWrite>),
    RT_OP(op_fs_mkdir, Needs<Perm::kWrite>),
    RT_OP(op_fs_remove_sync, Needs<Perm::kWrite>),
    RT_OP(op_fs_remove, Needs<Perm::kWrite>),
    RT_OP(op_fs_rename_sync, Needs<Perm::kRead, Perm::kWrite>),
    RT_OP(op_fs_rename, Needs<Perm::kRead, Perm::kWrite>),
    RT_OP(op_fs_copy_file_sync, Needs<Perm::kRead, Perm::kWrite>),
    RT_OP(op_fs_copy_file, Needs<Perm::kRead, Perm::kWrite>),
    RT_OP(op_fs_truncate_sync, Needs<Perm::kWrite>),
    RT_OP(op_fs_truncate, Needs<Perm::kWrite>),
    RT_OP(op_fs_make_temp_dir_sync, InBody<"the folder may be the system's own", Perm::kWrite>),
    RT_OP(op_fs_make_temp_dir, InBody<"the folder may be the system's own", Perm::kWrite>),
    RT_OP(op_fs_make_temp_file_sync, InBody<"the folder may be the system's own", Perm::kWrite>),
    RT_OP(op_fs_make_temp_file, InBody<"the folder may be the system's own", Perm::kWrite>),
    RT_OP(op_fs_chdir, Needs<Perm::kRead>),
    RT_OP(op_fs_cwd, NoPerm<"the working directory is public, as in Deno 2">),
};
static_assert(UniqueNames(kOps));

}  // namespace

Extension FsExtension() {
  return {.name = "fs", .ops = kOps, .make_state = [](OpHost&) -> std::unique_ptr<ExtensionState> {
            return std::make_unique<FsState>();
          }};
}

}  // namespace rt
