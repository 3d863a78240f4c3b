// Text encodings; see encoding.h. Must never read past its input: the bytes are the script's.
#include "src/ext/web/encoding.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <string>

#include "src/ext/web/simdutf.h"

namespace rt {
namespace {

constexpr char16_t kReplacement = 0xfffd;

Error TooLong() {
  return Error::Range("Cannot create a string longer than 0x1fffffe8 characters");
}
Error Malformed() {
  Error error = Error::Type("The encoded data is not valid");
  error.code = "ERR_ENCODING_INVALID_ENCODED_DATA";
  return error;
}

Result<v8::Local<v8::String>> Made(v8::MaybeLocal<v8::String> string) {
  v8::Local<v8::String> made;
  if (!string.ToLocal(&made)) return TooLong();
  return made;
}

Result<v8::Local<v8::String>> OneByte(v8::Isolate* isolate, std::span<const uint8_t> bytes) {
  if (bytes.size() > static_cast<size_t>(v8::String::kMaxLength)) return TooLong();
  return Made(v8::String::NewFromOneByte(isolate, bytes.data(), v8::NewStringType::kNormal,
                                         static_cast<int>(bytes.size())));
}

Result<v8::Local<v8::String>> TwoByte(v8::Isolate* isolate, const std::u16string& text) {
  if (text.size() > static_cast<size_t>(v8::String::kMaxLength)) return TooLong();
  return Made(v8::String::NewFromTwoByte(isolate, reinterpret_cast<const uint16_t*>(text.data()),
                                         v8::NewStringType::kNormal,
                                         static_cast<int>(text.size())));
}

const char* AsChars(std::span<const uint8_t> bytes) {
  return reinterpret_cast<const char*>(bytes.data());
}

// From here on simdutf beats V8's decoder, allocation included.
constexpr size_t kLongText = 64;

// Nothing when the text is malformed.
std::optional<v8::MaybeLocal<v8::String>> DecodeLongUtf8(v8::Isolate* isolate,
                                                         std::span<const uint8_t> bytes) {
  const size_t length = simdutf::utf16_length_from_utf8(AsChars(bytes), bytes.size());
  if (length > static_cast<size_t>(v8::String::kMaxLength)) return std::nullopt;
  // Never longer than the bytes themselves, whatever they are.
  const auto latin1 = std::make_unique_for_overwrite<char[]>(bytes.size());
  if (const size_t size =
          simdutf::convert_utf8_to_latin1(AsChars(bytes), bytes.size(), latin1.get())) {
    return v8::String::NewFromOneByte(isolate, reinterpret_cast<const uint8_t*>(latin1.get()),
                                      v8::NewStringType::kNormal, static_cast<int>(size));
  }
  const auto utf16 = std::make_unique_for_overwrite<char16_t[]>(bytes.size());
  const size_t size = simdutf::convert_utf8_to_utf16(AsChars(bytes), bytes.size(), utf16.get());
  if (size == 0) return std::nullopt;
  return v8::String::NewFromTwoByte(isolate, reinterpret_cast<const uint16_t*>(utf16.get()),
                                    v8::NewStringType::kNormal, static_cast<int>(size));
}

Result<v8::Local<v8::String>> DecodeUtf8(v8::Isolate* isolate, std::span<const uint8_t> bytes,
                                         bool fatal, bool keep_bom) {
  if (!keep_bom && bytes.size() >= 3 && bytes[0] == 0xef && bytes[1] == 0xbb && bytes[2] == 0xbf) {
    bytes = bytes.subspan(3);
  }
  if (bytes.empty()) return v8::String::Empty(isolate);
  if (simdutf::validate_ascii(AsChars(bytes), bytes.size())) return OneByte(isolate, bytes);
  if (fatal && !simdutf::validate_utf8(AsChars(bytes), bytes.size())) return Malformed();
  if (bytes.size() >= kLongText) {
    const std::optional<v8::MaybeLocal<v8::String>> made = DecodeLongUtf8(isolate, bytes);
    if (made) return Made(*made);
  }
  // V8 replaces malformed sequences just as the standard says.
  if (bytes.size() > static_cast<size_t>(v8::String::kMaxLength)) return TooLong();
  return Made(v8::String::NewFromUtf8(isolate, AsChars(bytes), v8::NewStringType::kNormal,
                                      static_cast<int>(bytes.size())));
}

bool IsHighSurrogate(char16_t unit) {
  return (unit & 0xfc00) == 0xd800;
}
bool IsLowSurrogate(char16_t unit) {
  return (unit & 0xfc00) == 0xdc00;
}

char16_t UnitAt(std::span<const uint8_t> bytes, size_t index, bool big_endian) {
  const uint8_t first = bytes[2 * index];
  const uint8_t second = bytes[2 * index + 1];
  return static_cast<char16_t>(big_endian ? first << 8 | second : second << 8 | first);
}

Result<v8::Local<v8::String>> DecodeUtf16(v8::Isolate* isolate, std::span<const uint8_t> bytes,
                                          bool big_endian, bool fatal, bool keep_bom) {
  const size_t units = bytes.size() / 2;
  if (units > static_cast<size_t>(v8::String::kMaxLength)) return TooLong();
  std::u16string text;
  text.reserve(units + 1);
  size_t i = !keep_bom && units > 0 && UnitAt(bytes, 0, big_endian) == 0xfeff ? 1 : 0;
  while (i < units) {
    const char16_t unit = UnitAt(bytes, i++, big_endian);
    if (IsHighSurrogate(unit) && i < units && IsLowSurrogate(UnitAt(bytes, i, big_endian))) {
      text += unit;
      text += UnitAt(bytes, i++, big_endian);
    } else if (IsHighSurrogate(unit) || IsLowSurrogate(unit)) {
      if (fatal) return Malformed();
      text += kReplacement;
    } else {
      text += unit;
    }
  }
  if (bytes.size() % 2 != 0) {
    if (fatal) return Malformed();
    // A high surrogate and an odd byte are one error, not two.
    const bool after_high =
        units > 0 && IsHighSurrogate(UnitAt(bytes, units - 1, big_endian)) && !text.empty();
    if (!after_high) text += kReplacement;
  }
  return TwoByte(isolate, text);
}

// What the bytes 0x80 to 0x9f are in windows-1252.
constexpr char16_t kWindows1252[32] = {
    0x20ac, 0x0081, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
    0x2039, 0x0152, 0x008d, 0x017d, 0x008f, 0x0090, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
    0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0x009d, 0x017e, 0x0178};

Result<v8::Local<v8::String>> DecodeWindows1252(v8::Isolate* isolate,
                                                std::span<const uint8_t> bytes) {
  const auto is_special = [](uint8_t byte) { return byte >= 0x80 && byte <= 0x9f; };
  if (std::none_of(bytes.begin(), bytes.end(), is_special)) return OneByte(isolate, bytes);
  if (bytes.size() > static_cast<size_t>(v8::String::kMaxLength)) return TooLong();
  std::u16string text(bytes.size(), u'\0');
  for (size_t i = 0; i < bytes.size(); ++i) {
    text[i] = is_special(bytes[i]) ? kWindows1252[bytes[i] - 0x80] : bytes[i];
  }
  return TwoByte(isolate, text);
}

// The length a UTF-8 sequence has by its first byte, and the second byte's range; 0: no first byte.
struct Utf8Lead {
  size_t length;
  uint8_t second_min;
  uint8_t second_max;
};
Utf8Lead LeadOf(uint8_t byte) {
  if (byte >= 0xc2 && byte <= 0xdf) return {2, 0x80, 0xbf};
  if (byte == 0xe0) return {3, 0xa0, 0xbf};
  if (byte == 0xed) return {3, 0x80, 0x9f};
  if (byte >= 0xe1 && byte <= 0xef) return {3, 0x80, 0xbf};
  if (byte == 0xf0) return {4, 0x90, 0xbf};
  if (byte == 0xf4) return {4, 0x80, 0x8f};
  if (byte >= 0xf1 && byte <= 0xf3) return {4, 0x80, 0xbf};
  return {0, 0, 0};
}

uint32_t UnfinishedUtf8(std::span<const uint8_t> bytes) {
  const size_t limit = std::min<size_t>(bytes.size(), 3);
  for (size_t back = 1; back <= limit; ++back) {
    const uint8_t byte = bytes[bytes.size() - back];
    if ((byte & 0xc0) == 0x80) continue;
    const Utf8Lead lead = LeadOf(byte);
    if (lead.length <= back) return 0;
    if (back > 1) {
      const uint8_t second = bytes[bytes.size() - back + 1];
      if (second < lead.second_min || second > lead.second_max) return 0;
    }
    return static_cast<uint32_t>(back);
  }
  return 0;
}

// How long a string's UTF-8 is, and whether all its surrogates are paired.
struct Utf8Plan {
  size_t size;
  bool well_formed;
};

Utf8Plan PlanUtf8(v8::Isolate* isolate, v8::Local<v8::String> text) {
  {
    const v8::String::ValueView view(isolate, text);
    const size_t length = static_cast<size_t>(view.length());
    if (view.is_one_byte()) {
      return {simdutf::utf8_length_from_latin1(reinterpret_cast<const char*>(view.data8()), length),
              true};
    }
    const auto* units = reinterpret_cast<const char16_t*>(view.data16());
    if (simdutf::validate_utf16(units, length)) {
      return {simdutf::utf8_length_from_utf16(units, length), true};
    }
  }
  return {text->Utf8LengthV2(isolate), false};
}

// Writes plan.size bytes.
void WriteUtf8(v8::Isolate* isolate, v8::Local<v8::String> text, const Utf8Plan& plan, char* out) {
  if (!plan.well_formed) {
    text->WriteUtf8V2(isolate, out, plan.size, v8::String::WriteFlags::kReplaceInvalidUtf8);
    return;
  }
  const v8::String::ValueView view(isolate, text);
  const size_t length = static_cast<size_t>(view.length());
  if (view.is_one_byte()) {
    simdutf::convert_latin1_to_utf8(reinterpret_cast<const char*>(view.data8()), length, out);
  } else {
    simdutf::convert_valid_utf16_to_utf8(reinterpret_cast<const char16_t*>(view.data16()), length,
                                         out);
  }
}

}  // namespace

Result<v8::Local<v8::String>> DecodeText(v8::Isolate* isolate, std::span<const uint8_t> bytes,
                                         Encoding encoding, bool fatal, bool keep_bom) {
  if (bytes.empty()) return v8::String::Empty(isolate);
  switch (encoding) {
    case Encoding::kUtf8:
      return DecodeUtf8(isolate, bytes, fatal, keep_bom);
    case Encoding::kUtf16Le:
      return DecodeUtf16(isolate, bytes, false, fatal, keep_bom);
    case Encoding::kUtf16Be:
      return DecodeUtf16(isolate, bytes, true, fatal, keep_bom);
    case Encoding::kWindows1252:
      return DecodeWindows1252(isolate, bytes);
  }
  RT_UNREACHABLE();
}

uint32_t UnfinishedBytes(std::span<const uint8_t> bytes, Encoding encoding) {
  switch (encoding) {
    case Encoding::kUtf8:
      return UnfinishedUtf8(bytes);
    case Encoding::kUtf16Le:
    case Encoding::kUtf16Be: {
      const size_t units = bytes.size() / 2;
      const bool after_high =
          units > 0 && IsHighSurrogate(UnitAt(bytes, units - 1, encoding == Encoding::kUtf16Be));
      return static_cast<uint32_t>(bytes.size() % 2) + (after_high ? 2 : 0);
    }
    case Encoding::kWindows1252:
      return 0;
  }
  RT_UNREACHABLE();
}

v8::MaybeLocal<v8::Uint8Array> EncodeUtf8(v8::Isolate* isolate, v8::Local<v8::String> text) {
  const Utf8Plan plan = PlanUtf8(isolate, text);
  std::unique_ptr<v8::BackingStore> store = v8::ArrayBuffer::NewBackingStore(
      isolate, plan.size, v8::BackingStoreInitializationMode::kUninitialized,
      v8::BackingStoreOnFailureMode::kReturnNull);
  if (!store) return {};
  if (plan.size > 0) WriteUtf8(isolate, text, plan, static_cast<char*>(store->Data()));
  return v8::Uint8Array::New(v8::ArrayBuffer::New(isolate, std::move(store)), 0, plan.size);
}

EncodedInto EncodeUtf8Into(v8::Isolate* isolate, v8::Local<v8::String> text,
                           std::span<uint8_t> target) {
  if (target.empty()) return {};
  size_t read = 0;
  const size_t written =
      text->WriteUtf8V2(isolate, reinterpret_cast<char*>(target.data()), target.size(),
                        v8::String::WriteFlags::kReplaceInvalidUtf8, &read);
  return {static_cast<uint32_t>(read), static_cast<uint32_t>(written)};
}

}  // namespace rt
