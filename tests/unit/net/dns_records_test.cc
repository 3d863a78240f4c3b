// DNS answers as peers send them: cut off anywhere, or changed anywhere, they are refused or read,
// never read past their end (AddressSanitizer watches).
#include "src/ext/net/dns_records.h"

#include <gtest/gtest.h>

namespace rt {
namespace {

// One question for x.test MX, one answer: preference 10, mail.x.test through a pointer.
const std::vector<uint8_t> kAnswer = {
    0,    1,   0x81, 0x80, 0,   1,   0,   1,    0, 0,  0, 0,  // head
    1,    'x', 4,    't',  'e', 's', 't', 0,    0, 15, 0, 1,  // question
    0xc0, 12,  0,    15,   0,   1,   0,   0,    0, 60, 0, 9,  // answer
    0,    10,  4,    'm',  'a', 'i', 'l', 0xc0, 12};

TEST(DnsRecords, Reads) {
  auto records = ParseDnsAnswer(kAnswer, 15);
  ASSERT_TRUE(records.ok());
  ASSERT_EQ(records->size(), 1u);
  EXPECT_EQ((*records)[0], (DnsRecord{"10", "mail.x.test."}));
  EXPECT_TRUE(ParseDnsAnswer(kAnswer, 1)->empty());
}

TEST(DnsRecords, CutOffAnywhere) {
  for (size_t size = 0; size < kAnswer.size(); ++size) {
    const std::vector<uint8_t> cut(kAnswer.begin(), kAnswer.begin() + static_cast<ptrdiff_t>(size));
    EXPECT_FALSE(ParseDnsAnswer(cut, 15).ok()) << size;
  }
}

TEST(DnsRecords, EveryByteChangedIsReadOrRefused) {
  for (size_t at = 0; at < kAnswer.size(); ++at) {
    for (const int value : {0, 1, 0x3f, 0x40, 0xc0, 0xff}) {
      for (const uint16_t type : {1, 6, 15, 16, 33, 35, 257}) {
        std::vector<uint8_t> changed = kAnswer;
        changed[at] = static_cast<uint8_t>(value);
        (void)ParseDnsAnswer(changed, type).ok();
      }
    }
  }
}

TEST(DnsRecords, NamesThatPointAtThemselvesEnd) {
  std::vector<uint8_t> loop = kAnswer;
  loop[loop.size() - 1] = static_cast<uint8_t>(loop.size() - 2);
  EXPECT_FALSE(ParseDnsAnswer(loop, 15).ok());
}

TEST(DnsRecords, Types) {
  EXPECT_EQ(DnsTypeNumber("CAA"), 257);
  EXPECT_FALSE(DnsTypeNumber("X").has_value());
  EXPECT_FALSE(DnsTypeNumber("a").has_value());
}

}  // namespace
}  // namespace rt
