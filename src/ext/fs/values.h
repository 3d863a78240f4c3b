// The structures file ops exchange with JavaScript, and how the larger ones become JavaScript
// values.
#pragma once

#include <sys/stat.h>

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "src/ext/fs/whole_file.h"
#include "src/op/op.h"
#include "src/permissions/meta_sinks.h"
#include "src/permissions/sinks.h"

namespace rt {

// A time stamp: a Date, or null where the file system keeps none.
struct FileTime {
  double ms = 0;
  bool known = false;
};
template <>
struct ToJs<FileTime> {
  static constexpr const char* kName = "Date";
  static v8::MaybeLocal<v8::Value> Make(OpHost& host, FileTime time);
};

// Deno.FileInfo, in the order Deno shows it.
struct FileInfo {
  bool is_file;
  bool is_directory;
  bool is_symlink;
  double size;
  FileTime mtime;
  FileTime atime;
  FileTime birthtime;
  FileTime ctime;
  double dev;
  uint32_t mode;
  double ino;
  uint32_t nlink;
  uint32_t uid;
  uint32_t gid;
  double rdev;
  uint32_t blksize;
  double blocks;
  bool is_block_device;
  bool is_char_device;
  bool is_fifo;
  bool is_socket;
};
RT_STRUCT(FileInfo, RT_FIELD(is_file), RT_FIELD(is_directory), RT_FIELD(is_symlink), RT_FIELD(size),
          RT_FIELD(mtime), RT_FIELD(atime), RT_FIELD(birthtime), RT_FIELD(ctime), RT_FIELD(dev),
          RT_FIELD(mode), RT_FIELD(ino), RT_FIELD(nlink), RT_FIELD(uid), RT_FIELD(gid),
          RT_FIELD(rdev), RT_FIELD(blksize), RT_FIELD(blocks), RT_FIELD(is_block_device),
          RT_FIELD(is_char_device), RT_FIELD(is_fifo), RT_FIELD(is_socket))

FileInfo MakeFileInfo(const struct statx& info);

// The same as numbers, of which js/ext/fs/file_info.js makes the object: size, mtime, atime,
// birthtime (NaN: not known), ctime, dev, mode, ino, nlink, uid, gid, rdev, blksize, blocks.
using StatNumbers = std::array<double, 14>;
void WriteStatNumbers(const struct statx& info, StatNumbers& out);

// A folder's entries: an array of names and kinds (DirEntry::Kind as a number) in turn, of which
// JavaScript makes an object when somebody looks at the entry.
struct DirListing {
  std::vector<DirEntry> entries;
};
template <>
struct ToJs<DirListing> {
  static constexpr const char* kName = "array";
  static v8::MaybeLocal<v8::Value> Make(OpHost& host, DirListing listing);
};

// The times of Deno.utime: whole seconds, rounded down, and nanoseconds.
struct FileTimesArgument {
  double access_seconds = 0;
  uint32_t access_nanos = 0;
  double modification_seconds = 0;
  uint32_t modification_nanos = 0;
};
RT_STRUCT(FileTimesArgument, RT_FIELD(access_seconds), RT_FIELD(access_nanos),
          RT_FIELD(modification_seconds), RT_FIELD(modification_nanos))

FileTimes ToFileTimes(const FileTimesArgument& times);

// Deno.OpenOptions, with the defaults filled in by JavaScript.
struct OpenOptions {
  bool read = false;
  bool write = false;
  bool append = false;
  bool truncate = false;
  bool create = false;
  bool create_new = false;
  std::optional<uint32_t> mode;
};
RT_STRUCT(OpenOptions, RT_FIELD(read), RT_FIELD(write), RT_FIELD(append), RT_FIELD(truncate),
          RT_FIELD(create), RT_FIELD(create_new), RT_FIELD(mode))

RT_STRUCT(WriteOptions, RT_FIELD(append), RT_FIELD(create), RT_FIELD(create_new), RT_FIELD(mode))

// A Uint8Array with memory of its own.
template <>
struct ToJs<FileContents> {
  static constexpr const char* kName = "Uint8Array";
  static v8::MaybeLocal<v8::Value> Make(OpHost& host, FileContents contents);
};

// A string; U+FFFD for what is not UTF-8. Large files are not copied.
template <>
struct ToJs<FileText> {
  static constexpr const char* kName = "string";
  static v8::MaybeLocal<v8::Value> Make(OpHost& host, FileText text);
};

}  // namespace rt
