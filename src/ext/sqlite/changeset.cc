#include "src/ext/sqlite/changeset.h"

#include <sqlite3.h>

#include <optional>

namespace rt {
namespace {

constexpr uint64_t kMostColumns = 65536;  // as SQLite's own check
enum ValueType : uint8_t { kUndefined, kInteger, kFloat, kText, kBlob, kNull };

class Reader {
 public:
  explicit Reader(std::span<const uint8_t> bytes) : rest_(bytes) {}

  bool at_end() const { return rest_.empty(); }

  std::optional<uint8_t> Byte() {
    if (rest_.empty()) return std::nullopt;
    const uint8_t byte = rest_.front();
    rest_ = rest_.subspan(1);
    return byte;
  }
  bool Skip(uint64_t count) {
    if (count > rest_.size()) return false;
    rest_ = rest_.subspan(count);
    return true;
  }
  // SQLite's: seven bits a byte, the highest first; a ninth byte counts whole.
  std::optional<uint64_t> Varint() {
    uint64_t value = 0;
    for (int i = 0; i < 9; ++i) {
      const auto byte = Byte();
      if (!byte) return std::nullopt;
      if (i == 8) return value << 8 | *byte;
      value = value << 7 | (*byte & 0x7F);
      if ((*byte & 0x80) == 0) return value;
    }
    return std::nullopt;
  }
  // Up to and with the 0 byte; there is one before it.
  bool Name() {
    for (size_t i = 0; i < rest_.size(); ++i) {
      if (rest_[i] == 0) return Skip(i + 1);
    }
    return false;
  }
  bool Value() {
    const auto type = Byte();
    if (!type) return false;
    switch (*type) {
      case kUndefined:
      case kNull:
        return true;
      case kInteger:
      case kFloat:
        return Skip(8);
      case kText:
      case kBlob: {
        const auto size = Varint();
        return size && Skip(*size);
      }
      default:
        return false;
    }
  }
  bool Values(size_t count) {
    for (size_t i = 0; i < count; ++i) {
      if (!Value()) return false;
    }
    return true;
  }

 private:
  std::span<const uint8_t> rest_;
};

struct Table {
  bool is_patchset = false;
  size_t columns = 0;
  size_t keys = 0;
};

bool ReadTable(Reader& reader, bool is_patchset, Table& table) {
  const auto columns = reader.Varint();
  if (!columns || *columns == 0 || *columns > kMostColumns) return false;
  table = {.is_patchset = is_patchset, .columns = static_cast<size_t>(*columns)};
  for (size_t i = 0; i < table.columns; ++i) {
    const auto key = reader.Byte();
    if (!key) return false;
    if (*key != 0) ++table.keys;
  }
  return reader.Name();
}

bool ReadChange(Reader& reader, uint8_t operation, const Table& table) {
  if (!reader.Byte()) return false;  // whether it was indirect
  switch (operation) {
    case SQLITE_INSERT:
      return reader.Values(table.columns);
    case SQLITE_DELETE:
      return reader.Values(table.is_patchset ? table.keys : table.columns);
    case SQLITE_UPDATE:
      // The old values and the new; of a patchset one record with keys and new values.
      return reader.Values(table.columns) && (table.is_patchset || reader.Values(table.columns));
    default:
      return false;
  }
}

}  // namespace

bool IsWholeChangeset(std::span<const uint8_t> bytes) {
  Reader reader(bytes);
  Table table;
  while (!reader.at_end()) {
    const uint8_t what = *reader.Byte();
    if (what == 'T' || what == 'P') {
      if (!ReadTable(reader, what == 'P', table)) return false;
    } else if (table.columns == 0 || !ReadChange(reader, what, table)) {
      return false;
    }
  }
  return true;
}

}  // namespace rt
