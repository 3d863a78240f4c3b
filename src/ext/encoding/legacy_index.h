// The indexes of the Encoding Standard (https://encoding.spec.whatwg.org/#indexes): pointer to code
// point. Made from ICU's converters when an encoding is first used, with what the standard adds.
// One per runtime, on its thread.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <string_view>
#include <vector>

#include "src/base/result.h"

namespace rt {

// The encodings of this folder. Single-byte ones are kFirstSingleByte plus their place in the list
// of legacy_index.cc.
enum class LegacyEncoding : uint32_t {
  kGb18030,  // and GBK, which decodes the same
  kBig5,
  kEucJp,
  kIso2022Jp,
  kShiftJis,
  kEucKr,
  kXUserDefined,
  kFirstSingleByte,
};

// By the standard's name ("windows-1251"), or NotFound.
Result<LegacyEncoding> LegacyEncodingFromName(std::string_view name);
bool IsLegacyEncoding(uint32_t number);

class LegacyIndexes {
 public:
  // Index by pointer; 0 where there is no code point.
  using Index = std::vector<char32_t>;
  using SingleByte = std::array<char16_t, 128>;

  // NotSupported when this build's ICU lacks the converter.
  Result<const Index*> Gb18030();
  Result<const Index*> Gb18030FourByte();  // pointers below kGb18030FourByteCount
  Result<const Index*> Big5();
  Result<const Index*> Jis0208();
  Result<const Index*> Jis0212();
  Result<const Index*> EucKr();
  Result<const SingleByte*> Single(LegacyEncoding encoding);

 private:
  Index gb18030_, gb18030_four_, big5_, jis0208_, jis0212_, euc_kr_;
  std::map<LegacyEncoding, std::unique_ptr<SingleByte>> single_;
};

inline constexpr uint32_t kGb18030FourByteCount = 39420;

}  // namespace rt
