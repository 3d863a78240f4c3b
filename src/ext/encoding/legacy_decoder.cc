// Decoders of the legacy encodings; see legacy_decoder.h. Each Step is one turn of the standard's
// "handler".
#include "src/ext/encoding/legacy_decoder.h"

#include <initializer_list>

namespace rt {
namespace {

constexpr int kEnd = -1;

bool IsAscii(int byte) {
  return byte >= 0 && byte < 0x80;
}
bool In(int byte, int low, int high) {
  return byte >= low && byte <= high;
}

// The bytes, with those a decoder puts back in front.
class Input {
 public:
  explicit Input(std::span<const uint8_t> bytes) : bytes_(bytes) {}

  int Next() {
    if (restored_ > 0) return restored_bytes_[--restored_];
    return at_ < bytes_.size() ? bytes_[at_++] : kEnd;
  }
  // In reading order; never more than a decoder has taken, so four always suffice. The end is not
  // put back.
  void Restore(std::initializer_list<int> bytes) {
    for (const int* byte = bytes.end(); byte != bytes.begin();) {
      --byte;
      if (*byte != kEnd) restored_bytes_[restored_++] = static_cast<uint8_t>(*byte);
    }
  }
  // The next two bytes if the first is not ASCII; false: there are none, or bytes were put back.
  bool PeekPair(uint32_t* lead, uint32_t* trail) const {
    if (restored_ > 0 || bytes_.size() - at_ < 2 || bytes_[at_] < 0x81) return false;
    *lead = bytes_[at_];
    *trail = bytes_[at_ + 1];
    return true;
  }
  void SkipPair() { at_ += 2; }
  // The run of ASCII bytes that comes next.
  std::span<const uint8_t> AsciiRun() {
    if (restored_ > 0) return {};
    size_t end = at_;
    while (end < bytes_.size() && bytes_[end] < 0x80) ++end;
    const auto run = bytes_.subspan(at_, end - at_);
    at_ = end;
    return run;
  }

 private:
  std::span<const uint8_t> bytes_;
  size_t at_ = 0;
  std::array<uint8_t, 8> restored_bytes_{};
  size_t restored_ = 0;
};

enum class Step { kOk, kError, kFinished };

struct Context {
  Input& in;
  LegacyState& state;
  std::u16string& text;

  Step Emit(char32_t code_point) {
    if (code_point == 0) return Step::kError;
    if (code_point >= 0x10000) {
      text += static_cast<char16_t>(0xd800 + ((code_point - 0x10000) >> 10));
      text += static_cast<char16_t>(0xdc00 + (code_point & 0x3ff));
    } else {
      text += static_cast<char16_t>(code_point);
    }
    return Step::kOk;
  }
  Step EmitByte(int byte) {
    text += static_cast<char16_t>(byte);
    return Step::kOk;
  }
  // The index's character, or the error that gives an ASCII trail byte back.
  Step EmitOrRestore(char32_t code_point, int byte) {
    if (code_point != 0) return Emit(code_point);
    if (IsAscii(byte)) in.Restore({byte});
    return Step::kError;
  }
};

char32_t At(const LegacyIndexes::Index& index, uint32_t pointer) {
  return pointer < index.size() ? index[pointer] : 0;
}

// What nearly every decoder does with the end of the stream while `first` may be set.
Step AtEnd(LegacyState& state) {
  if (state.first == 0) return Step::kFinished;
  state.first = 0;
  return Step::kError;
}

// https://encoding.spec.whatwg.org/#gb18030-decoder
struct Gb18030 {
  LegacyIndexes& indexes;
  const LegacyIndexes::Index& two;
  const LegacyIndexes::Index* four = nullptr;  // when first needed

  // What a whole two-byte character is; 0: left to the steps.
  char32_t Pair(uint32_t lead, uint32_t trail) const {
    if (trail < 0x40 || trail == 0x7f || trail == 0xff) return 0;
    return At(two, (lead - 0x81) * 190 + trail - (trail < 0x7f ? 0x40 : 0x41));
  }

  char32_t Ranges(uint32_t pointer) {
    if ((pointer >= kGb18030FourByteCount && pointer < 189000) || pointer > 1237575) return 0;
    if (pointer >= 189000) return 0x10000 + pointer - 189000;
    if (!four) {
      auto made = indexes.Gb18030FourByte();
      if (!made.ok()) return 0;  // not without the two-byte index, which the same converter made
      four = *made;
    }
    return At(*four, pointer);
  }

  Step operator()(Context& cx, int byte) {
    LegacyState& s = cx.state;
    if (byte == kEnd) {
      if (s.first == 0 && s.second == 0 && s.third == 0) return Step::kFinished;
      s = {};
      return Step::kError;
    }
    if (s.third != 0) {
      const LegacyState was = s;
      s = {};
      if (!In(byte, 0x30, 0x39)) {
        cx.in.Restore({was.second, was.third, byte});
        return Step::kError;
      }
      return cx.Emit(Ranges((was.first - 0x81u) * 12600 + (was.second - 0x30u) * 1260 +
                            (was.third - 0x81u) * 10 + static_cast<uint32_t>(byte) - 0x30));
    }
    if (s.second != 0) {
      if (In(byte, 0x81, 0xfe)) {
        s.third = static_cast<uint8_t>(byte);
        return Step::kOk;
      }
      cx.in.Restore({s.second, byte});
      s = {};
      return Step::kError;
    }
    if (s.first != 0) {
      if (In(byte, 0x30, 0x39)) {
        s.second = static_cast<uint8_t>(byte);
        return Step::kOk;
      }
      const uint32_t lead = s.first;
      s.first = 0;
      char32_t code_point = 0;
      if (In(byte, 0x40, 0x7e) || In(byte, 0x80, 0xfe)) {
        const uint32_t offset = byte < 0x7f ? 0x40 : 0x41;
        code_point = At(two, (lead - 0x81) * 190 + static_cast<uint32_t>(byte) - offset);
      }
      return cx.EmitOrRestore(code_point, byte);
    }
    if (IsAscii(byte)) return cx.EmitByte(byte);
    if (byte == 0x80) return cx.Emit(0x20ac);
    if (byte == 0xff) return Step::kError;
    s.first = static_cast<uint8_t>(byte);
    return Step::kOk;
  }
};

// https://encoding.spec.whatwg.org/#big5-decoder
struct Big5 {
  const LegacyIndexes::Index& index;

  char32_t Pair(uint32_t lead, uint32_t trail) const {
    if (trail >= 0x40 && trail <= 0x7e) return At(index, (lead - 0x81) * 157 + trail - 0x40);
    if (trail < 0xa1 || trail == 0xff) return 0;
    return At(index, (lead - 0x81) * 157 + trail - 0x62);
  }

  Step operator()(Context& cx, int byte) {
    LegacyState& s = cx.state;
    if (byte == kEnd) return AtEnd(s);
    if (s.first != 0) {
      const uint32_t lead = s.first;
      s.first = 0;
      char32_t code_point = 0;
      if (In(byte, 0x40, 0x7e) || In(byte, 0xa1, 0xfe)) {
        const uint32_t offset = byte < 0x7f ? 0x40 : 0x62;
        const uint32_t pointer = (lead - 0x81) * 157 + static_cast<uint32_t>(byte) - offset;
        // Four pointers are a letter and a combining accent.
        if (pointer == 1133 || pointer == 1135 || pointer == 1164 || pointer == 1166) {
          cx.text += pointer < 1164 ? u'\u00ca' : u'\u00ea';
          cx.text += pointer == 1133 || pointer == 1164 ? u'\u0304' : u'\u030c';
          return Step::kOk;
        }
        code_point = At(index, pointer);
      }
      return cx.EmitOrRestore(code_point, byte);
    }
    if (IsAscii(byte)) return cx.EmitByte(byte);
    if (!In(byte, 0x81, 0xfe)) return Step::kError;
    s.first = static_cast<uint8_t>(byte);
    return Step::kOk;
  }
};

// https://encoding.spec.whatwg.org/#euc-jp-decoder
struct EucJp {
  const LegacyIndexes::Index& jis0208;
  const LegacyIndexes::Index& jis0212;

  Step operator()(Context& cx, int byte) {
    LegacyState& s = cx.state;
    if (byte == kEnd) return AtEnd(s);
    if (s.first == 0x8e && In(byte, 0xa1, 0xdf)) {
      s.first = 0;
      return cx.Emit(0xff61 - 0xa1 + static_cast<char32_t>(byte));
    }
    if (s.first == 0x8f && In(byte, 0xa1, 0xfe)) {
      s.jis0212 = 1;
      s.first = static_cast<uint8_t>(byte);
      return Step::kOk;
    }
    if (s.first != 0) {
      const int lead = s.first;
      s.first = 0;
      char32_t code_point = 0;
      if (In(lead, 0xa1, 0xfe) && In(byte, 0xa1, 0xfe)) {
        code_point = At(s.jis0212 ? jis0212 : jis0208,
                        static_cast<uint32_t>((lead - 0xa1) * 94 + byte - 0xa1));
      }
      s.jis0212 = 0;
      return cx.EmitOrRestore(code_point, byte);
    }
    if (IsAscii(byte)) return cx.EmitByte(byte);
    if (byte != 0x8e && byte != 0x8f && !In(byte, 0xa1, 0xfe)) return Step::kError;
    s.first = static_cast<uint8_t>(byte);
    return Step::kOk;
  }
};

// https://encoding.spec.whatwg.org/#shift_jis-decoder
struct ShiftJis {
  const LegacyIndexes::Index& jis0208;

  Step operator()(Context& cx, int byte) {
    LegacyState& s = cx.state;
    if (byte == kEnd) return AtEnd(s);
    if (s.first != 0) {
      const uint32_t lead = s.first;
      s.first = 0;
      char32_t code_point = 0;
      if (In(byte, 0x40, 0x7e) || In(byte, 0x80, 0xfc)) {
        const uint32_t offset = byte < 0x7f ? 0x40 : 0x41;
        const uint32_t pointer =
            (lead - (lead < 0xa0 ? 0x81 : 0xc1)) * 188 + static_cast<uint32_t>(byte) - offset;
        // End-user-defined characters: private use.
        if (pointer >= 8836 && pointer <= 10715) return cx.Emit(0xe000 - 8836 + pointer);
        code_point = At(jis0208, pointer);
      }
      return cx.EmitOrRestore(code_point, byte);
    }
    if (byte <= 0x80) return cx.EmitByte(byte);
    if (In(byte, 0xa1, 0xdf)) return cx.Emit(0xff61 - 0xa1 + static_cast<char32_t>(byte));
    if (!In(byte, 0x81, 0x9f) && !In(byte, 0xe0, 0xfc)) return Step::kError;
    s.first = static_cast<uint8_t>(byte);
    return Step::kOk;
  }
};

// https://encoding.spec.whatwg.org/#euc-kr-decoder
struct EucKr {
  const LegacyIndexes::Index& index;

  char32_t Pair(uint32_t lead, uint32_t trail) const {
    if (trail < 0x41 || trail == 0xff) return 0;
    return At(index, (lead - 0x81) * 190 + trail - 0x41);
  }

  Step operator()(Context& cx, int byte) {
    LegacyState& s = cx.state;
    if (byte == kEnd) return AtEnd(s);
    if (s.first != 0) {
      const uint32_t lead = s.first;
      s.first = 0;
      const char32_t code_point =
          In(byte, 0x41, 0xfe) ? At(index, (lead - 0x81) * 190 + static_cast<uint32_t>(byte) - 0x41)
                               : 0;
      return cx.EmitOrRestore(code_point, byte);
    }
    if (IsAscii(byte)) return cx.EmitByte(byte);
    if (!In(byte, 0x81, 0xfe)) return Step::kError;
    s.first = static_cast<uint8_t>(byte);
    return Step::kOk;
  }
};

// https://encoding.spec.whatwg.org/#iso-2022-jp-decoder
struct Iso2022Jp {
  enum Mode : uint8_t { kAscii, kRoman, kKatakana, kLead, kTrail, kEscapeStart, kEscape };
  const LegacyIndexes::Index& jis0208;

  Step operator()(Context& cx, int byte) {
    LegacyState& s = cx.state;
    switch (s.mode) {
      case kTrail:
        return Trail(cx, byte);
      case kEscapeStart:
        if (byte == 0x24 || byte == 0x28) {
          s.first = static_cast<uint8_t>(byte);
          s.mode = kEscape;
          return Step::kOk;
        }
        cx.in.Restore({byte});
        s.output = 0;
        s.mode = s.out_mode;
        return Step::kError;
      case kEscape:
        return Escape(cx, byte);
      default:
        break;
    }
    if (byte == 0x1b) {
      s.mode = kEscapeStart;
      return Step::kOk;
    }
    if (byte == kEnd) return Step::kFinished;
    s.output = 0;
    if (s.mode == kKatakana) {
      return In(byte, 0x21, 0x5f) ? cx.Emit(0xff61 - 0x21 + static_cast<char32_t>(byte))
                                  : Step::kError;
    }
    if (s.mode == kLead) {
      if (!In(byte, 0x21, 0x7e)) return Step::kError;
      s.first = static_cast<uint8_t>(byte);
      s.mode = kTrail;
      return Step::kOk;
    }
    if (byte > 0x7f || byte == 0x0e || byte == 0x0f) return Step::kError;
    if (s.mode == kRoman && byte == 0x5c) return cx.Emit(0xa5);
    if (s.mode == kRoman && byte == 0x7e) return cx.Emit(0x203e);
    return cx.EmitByte(byte);
  }

  Step Trail(Context& cx, int byte) {
    LegacyState& s = cx.state;
    if (byte == 0x1b) {
      s.mode = kEscapeStart;
      return Step::kError;
    }
    s.mode = kLead;
    if (!In(byte, 0x21, 0x7e)) return Step::kError;
    return cx.Emit(At(jis0208, static_cast<uint32_t>((s.first - 0x21) * 94 + byte - 0x21)));
  }

  Step Escape(Context& cx, int byte) {
    LegacyState& s = cx.state;
    const int lead = s.first;
    s.first = 0;
    int mode = -1;
    if (lead == 0x28 && byte == 0x42) mode = kAscii;
    if (lead == 0x28 && byte == 0x4a) mode = kRoman;
    if (lead == 0x28 && byte == 0x49) mode = kKatakana;
    if (lead == 0x24 && (byte == 0x40 || byte == 0x42)) mode = kLead;
    if (mode >= 0) {
      s.mode = s.out_mode = static_cast<uint8_t>(mode);
      const bool repeated = s.output != 0;
      s.output = 1;
      return repeated ? Step::kError : Step::kOk;
    }
    cx.in.Restore({lead, byte});
    s.output = 0;
    s.mode = s.out_mode;
    return Step::kError;
  }
};

struct XUserDefined {
  Step operator()(Context& cx, int byte) {
    if (byte == kEnd) return Step::kFinished;
    return IsAscii(byte) ? cx.EmitByte(byte) : cx.Emit(0xf780 - 0x80 + static_cast<char32_t>(byte));
  }
};

Error Malformed();

// https://encoding.spec.whatwg.org/#single-byte-decoder
Result<void> RunSingleByte(const LegacyIndexes::SingleByte& table, std::span<const uint8_t> bytes,
                           bool fatal, std::u16string& text) {
  const size_t start = text.size();
  text.resize(start + bytes.size());
  char16_t* out = text.data() + start;
  for (const uint8_t byte : bytes) {
    char16_t unit = byte < 0x80 ? byte : table[byte - 0x80];
    if (unit == 0 && byte != 0) {
      if (fatal) return Malformed();
      unit = u'\ufffd';
    }
    *out++ = unit;
  }
  return {};
}

Error Malformed() {
  Error error = Error::Type("The encoded data is not valid");
  error.code = "ERR_ENCODING_INVALID_ENCODED_DATA";
  return error;
}

template <class Decoder>
Result<void> Run(Decoder decoder, std::span<const uint8_t> bytes, bool fatal, bool last,
                 LegacyState& state, std::u16string& text) {
  Input in(bytes);
  Context cx{in, state, text};
  for (;;) {
    if constexpr (!std::is_same_v<Decoder, Iso2022Jp>) {
      if (state.first == 0) {
        const std::span<const uint8_t> ascii = in.AsciiRun();
        if (!ascii.empty()) text.append(ascii.begin(), ascii.end());
      }
    }
    if constexpr (requires { decoder.Pair(0u, 0u); }) {
      // The usual case, without a turn for each byte.
      uint32_t lead = 0;
      uint32_t trail = 0;
      while (state.first == 0 && in.PeekPair(&lead, &trail)) {
        const char32_t code_point = decoder.Pair(lead, trail);
        if (code_point == 0) break;
        in.SkipPair();
        cx.Emit(code_point);
      }
    }
    const int byte = in.Next();
    if (byte == kEnd && !last) return {};
    const Step step = decoder(cx, byte);
    if (step == Step::kFinished) return {};
    if (step == Step::kOk) continue;
    if (fatal) return Malformed();
    text += u'\ufffd';
  }
}

}  // namespace

Result<void> DecodeLegacy(LegacyIndexes& indexes, LegacyEncoding encoding,
                          std::span<const uint8_t> bytes, bool fatal, bool last, LegacyState& state,
                          std::u16string& text) {
  text.reserve(text.size() + bytes.size());
  switch (encoding) {
    case LegacyEncoding::kGb18030: {
      RT_TRY(const auto* two, indexes.Gb18030());
      return Run(Gb18030{indexes, *two}, bytes, fatal, last, state, text);
    }
    case LegacyEncoding::kBig5: {
      RT_TRY(const auto* index, indexes.Big5());
      return Run(Big5{*index}, bytes, fatal, last, state, text);
    }
    case LegacyEncoding::kEucJp: {
      RT_TRY(const auto* jis0208, indexes.Jis0208());
      RT_TRY(const auto* jis0212, indexes.Jis0212());
      return Run(EucJp{*jis0208, *jis0212}, bytes, fatal, last, state, text);
    }
    case LegacyEncoding::kIso2022Jp: {
      RT_TRY(const auto* jis0208, indexes.Jis0208());
      return Run(Iso2022Jp{*jis0208}, bytes, fatal, last, state, text);
    }
    case LegacyEncoding::kShiftJis: {
      RT_TRY(const auto* jis0208, indexes.Jis0208());
      return Run(ShiftJis{*jis0208}, bytes, fatal, last, state, text);
    }
    case LegacyEncoding::kEucKr: {
      RT_TRY(const auto* index, indexes.EucKr());
      return Run(EucKr{*index}, bytes, fatal, last, state, text);
    }
    case LegacyEncoding::kXUserDefined:
      return Run(XUserDefined{}, bytes, fatal, last, state, text);
    default: {
      RT_TRY(const auto* table, indexes.Single(encoding));
      return RunSingleByte(*table, bytes, fatal, text);
    }
  }
}

}  // namespace rt
