#include "src/ext/fs/values.h"

#include <sys/sysmacros.h>

namespace rt {
namespace {

// From this size on, V8 uses the file's memory as it is.
constexpr size_t kExternalText = 256 * 1024;

class TextMemory final : public v8::String::ExternalOneByteStringResource {
 public:
  explicit TextMemory(Bytes bytes) : bytes_(std::move(bytes)) {}
  const char* data() const override { return reinterpret_cast<const char*>(bytes_.data()); }
  size_t length() const override { return bytes_.size(); }

 private:
  Bytes bytes_;
};

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

v8::MaybeLocal<v8::Value> ToJs<FileText>::Make(OpHost& host, FileText text) {
  v8::Isolate* isolate = host.isolate();
  const std::string_view view = text.bytes.view();
  if (!text.ascii) return TryToV8String(isolate, view).FromMaybe(v8::Local<v8::String>());
  if (view.size() > static_cast<size_t>(v8::String::kMaxLength)) return {};
  if (view.size() < kExternalText) return ToOneByteString(isolate, view);
  auto* memory = new TextMemory(std::move(text.bytes));
  v8::Local<v8::String> string;
  if (v8::String::NewExternalOneByte(isolate, memory).ToLocal(&string)) return string;
  delete memory;
  return {};
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
      .ino = static_cast<double>(info.stx_ino),
      .mode = mode,
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

v8::MaybeLocal<v8::Value> ToJs<DirListing>::Make(OpHost& host, DirListing listing) {
  std::vector<v8::Local<v8::Value>> items;
  items.reserve(listing.entries.size());
  for (DirEntry& entry : listing.entries) {
    DirItem item{.name = std::move(entry.name),
                 .is_file = entry.kind == DirEntry::Kind::kFile,
                 .is_directory = entry.kind == DirEntry::Kind::kDirectory,
                 .is_symlink = entry.kind == DirEntry::Kind::kSymlink};
    v8::Local<v8::Value> value;
    if (!ToJs<DirItem>::Make(host, std::move(item)).ToLocal(&value)) return {};
    items.push_back(value);
  }
  return v8::Array::New(host.isolate(), items.data(), items.size());
}

}  // namespace rt
