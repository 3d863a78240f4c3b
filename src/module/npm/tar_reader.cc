#include "src/module/npm/tar_reader.h"

#include <algorithm>
#include <cstring>
#include <optional>

namespace rt {
namespace {

constexpr size_t kMaxTextEntry = size_t{1} << 20;

Error Damaged(const std::string& why) {
  return Error::Make(ErrorClass::kInvalidData, "the archive is damaged: " + why);
}

// A field of octal digits, or of bytes if its first bit is set (GNU).
std::optional<uint64_t> ReadNumber(const uint8_t* field, size_t size) {
  uint64_t value = 0;
  if (field[0] & 0x80) {
    if (field[0] != 0x80) return std::nullopt;  // negative, or beyond reason
    for (size_t i = 1; i < size; ++i) {
      if (value >> 55) return std::nullopt;
      value = value << 8 | field[i];
    }
    return value;
  }
  size_t i = 0;
  while (i < size && field[i] == ' ') ++i;
  for (; i < size && field[i] != ' ' && field[i] != '\0'; ++i) {
    if (field[i] < '0' || field[i] > '7' || value >> 60) return std::nullopt;
    value = value << 3 | static_cast<uint64_t>(field[i] - '0');
  }
  return value;
}

std::string ReadText(const uint8_t* field, size_t size) {
  const auto* text = reinterpret_cast<const char*>(field);
  return std::string(text, strnlen(text, size));
}

// "package/lib/a.js" to "lib/a.js"; empty: the outermost folder itself. Nothing: it leaves it.
std::optional<std::string> InsidePackage(std::string_view name) {
  if (name.starts_with('/') || name.find('\0') != std::string_view::npos) return std::nullopt;
  std::string path;
  bool is_first = true;
  while (!name.empty()) {
    const size_t slash = name.find('/');
    const std::string_view part = name.substr(0, slash);
    name.remove_prefix(slash == std::string_view::npos ? name.size() : slash + 1);
    if (part.empty() || part == ".") continue;
    if (part == "..") return std::nullopt;
    if (std::exchange(is_first, false)) continue;
    if (!path.empty()) path += '/';
    path += part;
  }
  return path;
}

}  // namespace

Result<void> TarReader::Feed(std::span<const uint8_t> bytes) {
  while (!bytes.empty() && !ended_) {
    if (in_entry_ && remaining_ > 0) {
      const auto size = static_cast<size_t>(std::min<uint64_t>(remaining_, bytes.size()));
      const auto piece = bytes.first(size);
      bytes = bytes.subspan(size);
      remaining_ -= size;
      if (body_ == Body::kFile) {
        RT_TRY_VOID(sink_.Write(piece));
      } else if (body_ != Body::kSkipped) {
        text_.append(reinterpret_cast<const char*>(piece.data()), piece.size());
      }
      if (remaining_ == 0) RT_TRY_VOID(EndEntry());
      continue;
    }
    if (padding_ > 0) {
      const size_t size = std::min(padding_, bytes.size());
      bytes = bytes.subspan(size);
      padding_ -= size;
      continue;
    }
    const size_t size = std::min(kBlock - header_filled_, bytes.size());
    std::memcpy(header_ + header_filled_, bytes.data(), size);
    header_filled_ += size;
    bytes = bytes.subspan(size);
    if (header_filled_ < kBlock) continue;
    header_filled_ = 0;
    RT_TRY_VOID(ReadHeader());
  }
  return {};
}

Result<void> TarReader::Finish() {
  // Some archives lack the empty blocks of the end.
  if (in_entry_ || padding_ > 0 || header_filled_ > 0) return Damaged("it is cut off");
  return {};
}

Result<void> TarReader::ReadHeader() {
  if (std::all_of(header_, header_ + kBlock, [](uint8_t byte) { return byte == 0; })) {
    ended_ = true;
    return {};
  }
  const auto stated = ReadNumber(header_ + 148, 8);
  uint64_t sum = 0;
  for (size_t i = 0; i < kBlock; ++i) sum += i >= 148 && i < 156 ? ' ' : header_[i];
  if (!stated || *stated != sum) return Damaged("a header's checksum is wrong");
  if (++entries_ > limits_.entries) return Damaged("it has too many entries");

  const auto stated_size = ReadNumber(header_ + 124, 12);
  if (!stated_size) return Damaged("a size is no number");
  const char type = static_cast<char>(header_[156]);
  const bool is_text = type == 'L' || type == 'K' || type == 'x' || type == 'g';
  const uint64_t size = has_next_size_ && !is_text ? next_size_ : *stated_size;
  if (size > limits_.total) return Damaged("a file is too large");
  remaining_ = size;
  padding_ = static_cast<size_t>((kBlock - size % kBlock) % kBlock);
  in_entry_ = true;
  body_ = Body::kSkipped;
  if (is_text) {
    if (size > kMaxTextEntry) return Damaged("a name is too long");
    text_.clear();
    if (type == 'L') body_ = Body::kLongName;
    if (type == 'x') body_ = Body::kPaxHeader;
  } else {
    std::string name = std::exchange(next_name_, {});
    has_next_size_ = false;
    if (name.empty()) {
      name = ReadText(header_, 100);
      const bool has_prefix = std::memcmp(header_ + 257, "ustar\0", 6) == 0;
      const std::string prefix = has_prefix ? ReadText(header_ + 345, 155) : std::string();
      if (!prefix.empty()) name = prefix + "/" + name;
    }
    // Links, devices and folders are nothing: folders are made for their files.
    const bool is_file = type == '0' || type == '\0' || type == '7';
    if (is_file) {
      if (name.size() > limits_.name) return Damaged("a name is too long");
      const auto path = InsidePackage(name);
      if (!path) return Damaged("\"" + name + "\" is outside the package");
      total_ += size;
      if (total_ > limits_.total) return Damaged("it unpacks to too much");
      if (!path->empty() && !name.ends_with('/')) {
        const auto mode = ReadNumber(header_ + 100, 8);
        RT_TRY_VOID(sink_.BeginFile(*path, mode && (*mode & 0111) != 0));
        body_ = Body::kFile;
      }
    }
  }
  return remaining_ == 0 ? EndEntry() : Result<void>();
}

Result<void> TarReader::EndEntry() {
  in_entry_ = false;
  switch (body_) {
    case Body::kFile:
      return sink_.EndFile();
    case Body::kLongName:
      next_name_ = text_.substr(0, text_.find('\0'));
      return {};
    case Body::kPaxHeader:
      return ReadPax();
    case Body::kSkipped:
      return {};
  }
  return {};
}

// POSIX pax: lines of "<length of the line> <key>=<value>\n".
Result<void> TarReader::ReadPax() {
  std::string_view rest = text_;
  while (!rest.empty()) {
    const size_t space = rest.find(' ');
    size_t length = 0;
    for (const char c : rest.substr(0, space)) {
      if (c < '0' || c > '9' || length > kMaxTextEntry) return Damaged("a header is no header");
      length = length * 10 + static_cast<size_t>(c - '0');
    }
    if (space == std::string_view::npos || length <= space + 1 || length > rest.size()) {
      return Damaged("a header is no header");
    }
    std::string_view line = rest.substr(space + 1, length - space - 1);
    rest.remove_prefix(length);
    if (line.ends_with('\n')) line.remove_suffix(1);
    const size_t equals = line.find('=');
    if (equals == std::string_view::npos) continue;
    const std::string_view key = line.substr(0, equals);
    const std::string_view value = line.substr(equals + 1);
    if (key == "path") next_name_ = value;
    if (key != "size") continue;
    next_size_ = 0;
    has_next_size_ = true;
    for (const char c : value) {
      if (c < '0' || c > '9' || next_size_ > limits_.total) return Damaged("a size is no number");
      next_size_ = next_size_ * 10 + static_cast<uint64_t>(c - '0');
    }
  }
  return {};
}

}  // namespace rt
