// See the header.
#include "src/ext/net/dns_records.h"

#include <ares.h>
#include <arpa/inet.h>

#include <utility>

namespace rt {
namespace {

constexpr std::pair<std::string_view, uint16_t> kTypes[] = {
    {"A", 1},    {"NS", 2},    {"CNAME", 5}, {"SOA", 6},    {"PTR", 12},  {"MX", 15},
    {"TXT", 16}, {"AAAA", 28}, {"SRV", 33},  {"NAPTR", 35}, {"CAA", 257}, {"ANAME", 65305},
};

Error Malformed() {
  return Error::Make(ErrorClass::kInvalidData, "malformed DNS answer");
}

// Reads on from a place in the message; the first thing that does not fit makes all else fail.
class Reader {
 public:
  Reader(std::span<const uint8_t> message, size_t at, size_t end)
      : message_(message), at_(at), end_(end) {}

  bool failed() const { return failed_; }
  size_t at() const { return at_; }
  size_t left() const { return end_ - at_; }

  uint32_t Number(size_t bytes) {
    if (!Has(bytes)) return 0;
    uint32_t number = 0;
    for (size_t i = 0; i < bytes; ++i) number = number << 8 | message_[at_++];
    return number;
  }
  std::string Text(size_t size) {
    if (!Has(size)) return {};
    std::string text(reinterpret_cast<const char*>(message_.data()) + at_, size);
    at_ += size;
    return text;
  }
  // A length byte, then so many characters.
  std::string CharacterString() { return Text(Number(1)); }
  // With the final dot. Labels may point elsewhere in the message.
  std::string Name() {
    if (!Has(1)) return {};
    char* expanded = nullptr;
    long used = 0;
    const int status = ares_expand_name(message_.data() + at_, message_.data(),
                                        static_cast<int>(message_.size()), &expanded, &used);
    if (status != ARES_SUCCESS || !Has(static_cast<size_t>(used))) {
      if (status == ARES_SUCCESS) ares_free_string(expanded);
      failed_ = true;
      return {};
    }
    at_ += static_cast<size_t>(used);
    std::string name(expanded);
    ares_free_string(expanded);
    return name + ".";
  }
  void Skip(size_t bytes) {
    if (Has(bytes)) at_ += bytes;
  }

 private:
  bool Has(size_t bytes) {
    failed_ = failed_ || bytes > end_ - at_;
    return !failed_;
  }

  std::span<const uint8_t> message_;
  size_t at_;
  size_t end_;
  bool failed_ = false;
};

std::string Address(Reader& data, int family) {
  char text[INET6_ADDRSTRLEN] = "";
  const std::string bytes = data.Text(family == AF_INET ? 4 : 16);
  if (!data.failed()) inet_ntop(family, bytes.data(), text, sizeof text);
  return text;
}

DnsRecord ReadRecord(Reader& data, uint16_t type) {
  const auto number = [&](size_t bytes) { return std::to_string(data.Number(bytes)); };
  // Braces: left to right.
  switch (type) {
    case 1:
      return {Address(data, AF_INET)};
    case 28:
      return {Address(data, AF_INET6)};
    case 2:
    case 5:
    case 12:
    case 65305:
      return {data.Name()};
    case 6:
      return DnsRecord{data.Name(), data.Name(), number(4), number(4),
                       number(4),   number(4),   number(4)};
    case 15:
      return DnsRecord{number(2), data.Name()};
    case 33:
      return DnsRecord{number(2), number(2), number(2), data.Name()};
    case 35:
      return DnsRecord{number(2),
                       number(2),
                       data.CharacterString(),
                       data.CharacterString(),
                       data.CharacterString(),
                       data.Name()};
    case 257: {
      const uint32_t flags = data.Number(1);
      std::string tag = data.CharacterString();
      return {std::to_string(flags >> 7 & 1), std::move(tag), data.Text(data.left())};
    }
    default: {  // TXT
      DnsRecord texts;
      while (!data.failed() && data.left() > 0) texts.push_back(data.CharacterString());
      return texts;
    }
  }
}

}  // namespace

std::optional<uint16_t> DnsTypeNumber(std::string_view name) {
  for (const auto& [known, number] : kTypes) {
    if (known == name) return number;
  }
  return std::nullopt;
}

Result<std::vector<DnsRecord>> ParseDnsAnswer(std::span<const uint8_t> answer, uint16_t type) {
  Reader message(answer, 0, answer.size());
  message.Skip(4);
  const uint32_t questions = message.Number(2);
  const uint32_t answers = message.Number(2);
  message.Skip(4);
  for (uint32_t i = 0; i < questions && !message.failed(); ++i) {
    (void)message.Name();
    message.Skip(4);
  }
  std::vector<DnsRecord> records;
  for (uint32_t i = 0; i < answers; ++i) {
    (void)message.Name();
    const uint32_t record_type = message.Number(2);
    message.Skip(6);  // class, time to live
    const uint32_t size = message.Number(2);
    if (message.failed() || size > message.left()) return Malformed();
    if (record_type == type) {
      Reader data(answer, message.at(), message.at() + size);
      records.push_back(ReadRecord(data, type));
      if (data.failed()) return Malformed();
    }
    message.Skip(size);
  }
  if (message.failed()) return Malformed();
  return records;
}

}  // namespace rt
