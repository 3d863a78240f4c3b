// Indexes of the legacy encodings; see legacy_index.h. Must never trust that a converter is there:
// V8_ROOT may be another V8, with less of ICU's data.
#include "src/ext/encoding/legacy_index.h"

#include <initializer_list>
#include <span>

#include "src/base/icu.h"
#include "src/ext/encoding/legacy_big5.h"

// ICU's public ucnv.h (C API), as much of it as is called here.
extern "C" {
struct UConverter;
UConverter* RT_ICU(ucnv_open)(const char* name, int32_t* error_code);
void RT_ICU(ucnv_close)(UConverter* converter);
int32_t RT_ICU(ucnv_toUChars)(UConverter* converter, char16_t* dest, int32_t capacity,
                              const char* source, int32_t size, int32_t* error_code);
void RT_ICU(ucnv_setToUCallBack)(UConverter* converter, void (*action)(), const void* context,
                                 void (**old_action)(), const void** old_context,
                                 int32_t* error_code);
void RT_ICU(UCNV_TO_U_CALLBACK_STOP)();
}

namespace rt {
namespace {

struct SingleByteSource {
  std::string_view name;  // the standard's
  const char* converter;  // ICU's; null: in kIso8859_16
};
constexpr SingleByteSource kSingleBytes[] = {
    {"ibm866", "ibm-866_P100-1995"},        {"iso-8859-2", "ibm-912_P100-1995"},
    {"iso-8859-3", "ibm-913_P100-2000"},    {"iso-8859-4", "ibm-914_P100-1995"},
    {"iso-8859-5", "ibm-915_P100-1995"},    {"iso-8859-6", "ibm-1089_P100-1995"},
    {"iso-8859-7", "ibm-9005_X110-2007"},   {"iso-8859-8", "ibm-5012_P100-1999"},
    {"iso-8859-8-i", "ibm-5012_P100-1999"}, {"iso-8859-10", "iso-8859_10-1998"},
    {"iso-8859-13", "ibm-921_P100-1995"},   {"iso-8859-14", "iso-8859_14-1998"},
    {"iso-8859-15", "ibm-923_P100-1998"},   {"iso-8859-16", nullptr},
    {"koi8-r", "ibm-878_P100-1996"},        {"koi8-u", "ibm-1168_P100-2002"},
    {"macintosh", "macos-0_2-10.2"},        {"windows-874", "windows-874-2000"},
    {"windows-1250", "ibm-5346_P100-1998"}, {"windows-1251", "ibm-5347_P100-1998"},
    {"windows-1253", "ibm-5349_P100-1998"}, {"windows-1254", "ibm-5350_P100-1998"},
    {"windows-1255", "ibm-9447_P100-2002"}, {"windows-1256", "ibm-9448_X100-2005"},
    {"windows-1257", "ibm-9449_P100-2002"}, {"windows-1258", "ibm-5354_P100-1998"},
    {"x-mac-cyrillic", "macos-7_3-10.2"},
};

// Where the standard's single-byte index differs from ICU's converter; 0: no code point.
struct SingleBytePatch {
  std::string_view name;
  uint8_t byte;
  char16_t code_point;
};
constexpr SingleBytePatch kPatches[] = {
    {"koi8-u", 0xae, 0x045e}, {"koi8-u", 0xbe, 0x040e},  {"windows-874", 0xdb, 0},
    {"windows-874", 0xdc, 0}, {"windows-874", 0xdd, 0},  {"windows-874", 0xde, 0},
    {"windows-874", 0xfc, 0}, {"windows-874", 0xfd, 0},  {"windows-874", 0xfe, 0},
    {"windows-874", 0xff, 0}, {"windows-1253", 0xaa, 0}, {"windows-1255", 0xca, 0x05ba},
};

// ICU's data has no ISO-8859-16: where it differs from ISO-8859-1.
struct Difference {
  uint8_t byte;
  char16_t code_point;
};
constexpr Difference kIso8859_16[] = {
    {0xa1, 0x0104}, {0xa2, 0x0105}, {0xa3, 0x0141}, {0xa4, 0x20ac}, {0xa5, 0x201e}, {0xa6, 0x0160},
    {0xa8, 0x0161}, {0xaa, 0x0218}, {0xac, 0x0179}, {0xae, 0x017a}, {0xaf, 0x017b}, {0xb2, 0x010c},
    {0xb3, 0x0142}, {0xb4, 0x017d}, {0xb5, 0x201d}, {0xb8, 0x017e}, {0xb9, 0x010d}, {0xba, 0x0219},
    {0xbc, 0x0152}, {0xbd, 0x0153}, {0xbe, 0x0178}, {0xbf, 0x017c}, {0xc3, 0x0102}, {0xc5, 0x0106},
    {0xd0, 0x0110}, {0xd1, 0x0143}, {0xd5, 0x0150}, {0xd7, 0x015a}, {0xd8, 0x0170}, {0xdd, 0x0118},
    {0xde, 0x021a}, {0xe3, 0x0103}, {0xe5, 0x0107}, {0xf0, 0x0111}, {0xf1, 0x0144}, {0xf5, 0x0151},
    {0xf7, 0x015b}, {0xf8, 0x0171}, {0xfd, 0x0119}, {0xfe, 0x021b},
};

// One of ICU's converters, asked for one character at a time.
class IcuConverter {
 public:
  explicit IcuConverter(const char* name) {
    int32_t error = 0;
    converter_ = RT_ICU(ucnv_open)(name, &error);
    if (error > 0) converter_ = nullptr;
    if (!converter_) return;
    void (*old_action)() = nullptr;
    const void* old_context = nullptr;
    error = 0;
    RT_ICU(ucnv_setToUCallBack)
    (converter_, RT_ICU(UCNV_TO_U_CALLBACK_STOP), nullptr, &old_action, &old_context, &error);
  }
  ~IcuConverter() {
    if (converter_) RT_ICU(ucnv_close)(converter_);
  }
  IcuConverter(const IcuConverter&) = delete;
  IcuConverter& operator=(const IcuConverter&) = delete;

  bool ok() const { return converter_ != nullptr; }

  // The one code point that these bytes are; 0 for none, several, or one for private use.
  char32_t Decode(std::initializer_list<uint32_t> bytes, bool private_use = false) {
    char source[4];
    int32_t size = 0;
    for (const uint32_t byte : bytes) source[size++] = static_cast<char>(byte);
    char16_t text[8];
    int32_t error = 0;
    const int32_t length = RT_ICU(ucnv_toUChars)(converter_, text, 8, source, size, &error);
    if (error > 0) return 0;
    if (length == 2 && (text[0] & 0xfc00) == 0xd800) {
      return 0x10000 + (static_cast<char32_t>(text[0] & 0x3ff) << 10) + (text[1] & 0x3ff);
    }
    if (length != 1 || text[0] == 0xfffd) return 0;
    if (!private_use && text[0] >= 0xe000 && text[0] <= 0xf8ff) return 0;
    return text[0];
  }

 private:
  UConverter* converter_;
};

Error Missing(const char* converter) {
  return Error::Make(ErrorClass::kNotSupported,
                     std::string("the ICU of this build has no converter ") + converter);
}

// Fills an index once: `pointer_count` entries, each decode(converter, pointer).
template <class F>
Result<const LegacyIndexes::Index*> Fill(LegacyIndexes::Index& index, const char* name,
                                         uint32_t pointer_count, F decode) {
  if (!index.empty()) return &index;
  IcuConverter converter(name);
  if (!converter.ok()) return Missing(name);
  index.resize(pointer_count);
  for (uint32_t pointer = 0; pointer < pointer_count; ++pointer) {
    index[pointer] = decode(converter, pointer);
  }
  return &index;
}

// How many trail bytes a lead byte has, and where they start, per encoding.
constexpr uint32_t kGbTrails = 190;
constexpr uint32_t kBig5Trails = 157;
constexpr uint32_t kSjisTrails = 188;
constexpr uint32_t kEucTrails = 94;
constexpr uint32_t kEucKrTrails = 190;

}  // namespace

Result<LegacyEncoding> LegacyEncodingFromName(std::string_view name) {
  static constexpr std::pair<std::string_view, LegacyEncoding> kNames[] = {
      {"gbk", LegacyEncoding::kGb18030},
      {"gb18030", LegacyEncoding::kGb18030},
      {"big5", LegacyEncoding::kBig5},
      {"euc-jp", LegacyEncoding::kEucJp},
      {"iso-2022-jp", LegacyEncoding::kIso2022Jp},
      {"shift_jis", LegacyEncoding::kShiftJis},
      {"euc-kr", LegacyEncoding::kEucKr},
      {"x-user-defined", LegacyEncoding::kXUserDefined},
  };
  for (const auto& [known, encoding] : kNames) {
    if (known == name) return encoding;
  }
  for (uint32_t i = 0; i < std::size(kSingleBytes); ++i) {
    if (kSingleBytes[i].name == name) {
      return static_cast<LegacyEncoding>(static_cast<uint32_t>(LegacyEncoding::kFirstSingleByte) +
                                         i);
    }
  }
  return Error::Make(ErrorClass::kNotFound, "no such encoding");
}

bool IsLegacyEncoding(uint32_t number) {
  return number < static_cast<uint32_t>(LegacyEncoding::kFirstSingleByte) + std::size(kSingleBytes);
}

Result<const LegacyIndexes::Index*> LegacyIndexes::Gb18030() {
  return Fill(gb18030_, "gb18030-2022", 126 * kGbTrails, [](IcuConverter& icu, uint32_t pointer) {
    const uint32_t trail = pointer % kGbTrails;
    return icu.Decode({0x81 + pointer / kGbTrails, trail + (trail < 0x3f ? 0x40 : 0x41)}, true);
  });
}

Result<const LegacyIndexes::Index*> LegacyIndexes::Gb18030FourByte() {
  return Fill(gb18030_four_, "gb18030-2022", kGb18030FourByteCount,
              [](IcuConverter& icu, uint32_t pointer) -> char32_t {
                if (pointer == 7457) return 0xe7c7;
                return icu.Decode({0x81 + pointer / 12600, 0x30 + pointer / 1260 % 10,
                                   0x81 + pointer / 10 % 126, 0x30 + pointer % 10},
                                  true);
              });
}

Result<const LegacyIndexes::Index*> LegacyIndexes::Big5() {
  if (!big5_.empty()) return &big5_;
  RT_TRY(
      const Index* index,
      Fill(big5_, "ibm-1375_P100-2008", 126 * kBig5Trails, [](IcuConverter& icu, uint32_t pointer) {
        const uint32_t trail = pointer % kBig5Trails;
        return icu.Decode({0x81 + pointer / kBig5Trails, trail + (trail < 0x3f ? 0x40 : 0x62)});
      }));
  for (const Big5Addition& addition : std::span(kBig5Additions, kBig5AdditionCount)) {
    const uint32_t trail = addition.bytes & 0xff;
    big5_[((addition.bytes >> 8) - 0x81) * kBig5Trails + trail - (trail < 0x7f ? 0x40 : 0x62)] =
        addition.code_point;
  }
  return index;
}

Result<const LegacyIndexes::Index*> LegacyIndexes::Jis0208() {
  // Shift_JIS reaches all of it; the pointers for private use are the decoder's.
  return Fill(jis0208_, "ibm-943_P15A-2003", 60 * kSjisTrails,
              [](IcuConverter& icu, uint32_t pointer) {
                const uint32_t lead = pointer / kSjisTrails;
                const uint32_t trail = pointer % kSjisTrails;
                return icu.Decode(
                    {lead + (lead < 0x1f ? 0x81 : 0xc1), trail + (trail < 0x3f ? 0x40 : 0x41)});
              });
}

Result<const LegacyIndexes::Index*> LegacyIndexes::Jis0212() {
  return Fill(jis0212_, "euc-jp-2007", kEucTrails * kEucTrails,
              [](IcuConverter& icu, uint32_t pointer) -> char32_t {
                const uint32_t row = pointer / kEucTrails;
                // Rows 83 and 84 are IBM's extensions, which the standard leaves out.
                if (row == 0xf3 - 0xa1 || row == 0xf4 - 0xa1) return 0;
                return icu.Decode({0x8f, 0xa1 + row, 0xa1 + pointer % kEucTrails});
              });
}

Result<const LegacyIndexes::Index*> LegacyIndexes::EucKr() {
  return Fill(euc_kr_, "windows-949-2000", 126 * kEucKrTrails,
              [](IcuConverter& icu, uint32_t pointer) {
                return icu.Decode({0x81 + pointer / kEucKrTrails, 0x41 + pointer % kEucKrTrails});
              });
}

Result<const LegacyIndexes::SingleByte*> LegacyIndexes::Single(LegacyEncoding encoding) {
  std::unique_ptr<SingleByte>& table = single_[encoding];
  if (table) return table.get();
  auto made = std::make_unique<SingleByte>();
  const SingleByteSource& source =
      kSingleBytes[static_cast<uint32_t>(encoding) -
                   static_cast<uint32_t>(LegacyEncoding::kFirstSingleByte)];
  if (source.converter) {
    IcuConverter icu(source.converter);
    if (!icu.ok()) return Missing(source.converter);
    for (uint32_t i = 0; i < 128; ++i) {
      (*made)[i] = static_cast<char16_t>(icu.Decode({0x80 + i}, true));
    }
  } else {
    for (uint32_t i = 0; i < 128; ++i) (*made)[i] = static_cast<char16_t>(0x80 + i);
    for (const Difference& d : kIso8859_16) (*made)[d.byte - 0x80] = d.code_point;
  }
  for (const SingleBytePatch& patch : kPatches) {
    if (patch.name == source.name) (*made)[patch.byte - 0x80] = patch.code_point;
  }
  table = std::move(made);
  return table.get();
}

}  // namespace rt
