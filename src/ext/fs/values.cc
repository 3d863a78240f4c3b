#include "src/ext/fs/values.h"

#include <sys/sysmacros.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <memory>

namespace rt {
namespace {

// From this size on, V8 uses the file's memory as it is.
constexpr size_t kExternalText = 256 * 1024;

template <class Base, class Unit>
class TextMemory final : public Base {
 public:
  explicit TextMemory(Bytes bytes) : bytes_(std::move(bytes)) {}
  const Unit* data() const override { return reinterpret_cast<const Unit*>(bytes_.data()); }
  size_t length() const override { return bytes_.size() / sizeof(Unit); }

 private:
  Bytes bytes_;
};
using Latin1Memory = TextMemory<v8::String::ExternalOneByteStringResource, char>;
using Utf16Memory = TextMemory<v8::String::ExternalStringResource, uint16_t>;

// `make` is a constructor of v8::String that takes the memory over if it succeeds.
template <class Memory, class Make>
v8::MaybeLocal<v8::Value> MakeExternal(v8::Isolate* isolate, Bytes bytes, Make make) {
  auto memory = std::make_unique<Memory>(std::move(bytes));
  v8::Local<v8::String> string;
  if (!make(isolate, memory.get()).ToLocal(&string)) return {};
  (void)memory.release();
  return string;
}

FileTime MakeTime(const statx_timestamp& time, bool known) {
  // Whole milliseconds, rounded down, as Date counts them.
  const int64_t ms = time.tv_sec * 1000 + time.tv_nsec / 1'000'000;
  return {static_cast<double>(ms), known};
}

}  // namespace

v8::MaybeLocal<v8::Value> ToJs<FileTime>::Make(OpHost& host, FileTime time) {
  if (!time.known) return v8::Null(host.isolate());
  return v8::Date::New(host.isolate()->GetCurrentContext(), time.ms);
}

v8::MaybeLocal<v8::Value> ToJs<FileContents>::Make(OpHost& host, FileContents contents) {
  if (contents.small.empty()) return ToJs<Bytes>::Make(host, std::move(contents.large));
  v8::Local<v8::ArrayBuffer> buffer;
  // V8's own memory is a few allocations less than ours that it is told to keep.
  const auto mode = v8::BackingStoreInitializationMode::kUninitialized;
  if (!v8::ArrayBuffer::MaybeNew(host.isolate(), contents.small.size(), mode).ToLocal(&buffer)) {
    return {};
  }
  std::memcpy(buffer->Data(), contents.small.data(), contents.small.size());
  return v8::Uint8Array::New(buffer, 0, contents.small.size());
}

v8::MaybeLocal<v8::Value> ToJs<FileText>::Make(OpHost& host, FileText text) {
  v8::Isolate* isolate = host.isolate();
  if (text.form == FileText::Form::kInvalid) {
    return TryToV8String(isolate, text.bytes.view()).FromMaybe(v8::Local<v8::String>());
  }
  const bool wide = text.form == FileText::Form::kUtf16;
  const size_t length = wide ? text.bytes.size() / 2 : text.bytes.size();
  if (length > static_cast<size_t>(v8::String::kMaxLength)) return {};
  if (text.bytes.size() < kExternalText) {
    if (!wide) return ToOneByteString(isolate, text.bytes.view());
    return v8::String::NewFromTwoByte(isolate, reinterpret_cast<const uint16_t*>(text.bytes.data()),
                                      v8::NewStringType::kNormal, static_cast<int>(length))
        .FromMaybe(v8::Local<v8::String>());
  }
  if (wide) {
    return MakeExternal<Utf16Memory>(isolate, std::move(text.bytes),
                                     v8::String::NewExternalTwoByte);
  }
  return MakeExternal<Latin1Memory>(isolate, std::move(text.bytes), v8::String::NewExternalOneByte);
}

FileInfo MakeFileInfo(const struct statx& info) {
  const mode_t mode = info.stx_mode;
  return {
      .is_file = S_ISREG(mode),
      .is_directory = S_ISDIR(mode),
      .is_symlink = S_ISLNK(mode),
      .size = static_cast<double>(info.stx_size),
      .mtime = MakeTime(info.stx_mtime, true),
      .atime = MakeTime(info.stx_atime, true),
      .birthtime = MakeTime(info.stx_btime, (info.stx_mask & STATX_BTIME) != 0),
      .ctime = MakeTime(info.stx_ctime, true),
      .dev = static_cast<double>(makedev(info.stx_dev_major, info.stx_dev_minor)),
      .mode = mode,
      .ino = static_cast<double>(info.stx_ino),
      .nlink = info.stx_nlink,
      .uid = info.stx_uid,
      .gid = info.stx_gid,
      .rdev = static_cast<double>(makedev(info.stx_rdev_major, info.stx_rdev_minor)),
      .blksize = info.stx_blksize,
      .blocks = static_cast<double>(info.stx_blocks),
      .is_block_device = S_ISBLK(mode),
      .is_char_device = S_ISCHR(mode),
      .is_fifo = S_ISFIFO(mode),
      .is_socket = S_ISSOCK(mode),
  };
}

void WriteStatNumbers(const struct statx& info, StatNumbers& out) {
  const FileInfo known = MakeFileInfo(info);
  out = {
      known.size,
      known.mtime.ms,
      known.atime.ms,
      known.birthtime.known ? known.birthtime.ms : std::numeric_limits<double>::quiet_NaN(),
      known.ctime.ms,
      known.dev,
      static_cast<double>(known.mode),
      known.ino,
      static_cast<double>(known.nlink),
      static_cast<double>(known.uid),
      static_cast<double>(known.gid),
      known.rdev,
      static_cast<double>(known.blksize),
      known.blocks,
  };
}

FileTimes ToFileTimes(const FileTimesArgument& times) {
  // Further off than any file system counts, which takes the last moment it can.
  const auto seconds = [](double value) {
    constexpr double kMost = 9e18;
    return static_cast<time_t>(std::clamp(value, -kMost, kMost));
  };
  return {.access = {.tv_sec = seconds(times.access_seconds),
                     .tv_nsec = static_cast<long>(times.access_nanos)},
          .modification = {.tv_sec = seconds(times.modification_seconds),
                           .tv_nsec = static_cast<long>(times.modification_nanos)}};
}

v8::MaybeLocal<v8::Value> ToJs<DirListing>::Make(OpHost& host, DirListing listing) {
  v8::Isolate* const isolate = host.isolate();
  std::vector<v8::Local<v8::Value>> items;
  items.reserve(2 * listing.entries.size());
  for (const DirEntry& entry : listing.entries) {
    items.push_back(ToV8String(isolate, entry.name));
    items.push_back(v8::Integer::New(isolate, static_cast<int>(entry.kind)));
  }
  return v8::Array::New(isolate, items.data(), items.size());
}

}  // namespace rt
