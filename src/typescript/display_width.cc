#include "src/typescript/display_width.h"

#include <algorithm>
#include <iterator>

namespace rt::typescript {
namespace {

struct Range {
  uint32_t first;
  uint32_t last;
};

// Blocks, not the last character of Unicode's tables: a mark one column off is no harm.
constexpr Range kWide[] = {
    {0x1100, 0x115f},   {0x231a, 0x231b},   {0x23e9, 0x23ec},   {0x2614, 0x2615},
    {0x2648, 0x2653},   {0x26aa, 0x26ab},   {0x26bd, 0x26be},   {0x26c4, 0x26c5},
    {0x2705, 0x2705},   {0x270a, 0x270b},   {0x2728, 0x2728},   {0x274c, 0x274c},
    {0x2753, 0x2755},   {0x2757, 0x2757},   {0x2795, 0x2797},   {0x2b1b, 0x2b1c},
    {0x2b50, 0x2b50},   {0x2e80, 0x303e},   {0x3041, 0x4dbf},   {0x4e00, 0xa4cf},
    {0xa960, 0xa97c},   {0xac00, 0xd7a3},   {0xf900, 0xfaff},   {0xfe10, 0xfe19},
    {0xfe30, 0xfe6b},   {0xff01, 0xff60},   {0xffe0, 0xffe6},   {0x1b000, 0x1b2ff},
    {0x1f004, 0x1f004}, {0x1f18e, 0x1f19a}, {0x1f200, 0x1f320}, {0x1f32d, 0x1f64f},
    {0x1f680, 0x1f6ff}, {0x1f7e0, 0x1f7eb}, {0x1f90c, 0x1f9ff}, {0x1fa70, 0x1faff},
    {0x20000, 0x3fffd},
};
constexpr Range kNone[] = {
    {0x0000, 0x001f}, {0x007f, 0x009f}, {0x0300, 0x036f}, {0x0483, 0x0489},   {0x0591, 0x05bd},
    {0x0610, 0x061a}, {0x064b, 0x065f}, {0x093c, 0x093c}, {0x0941, 0x0948},   {0x0e31, 0x0e31},
    {0x0e34, 0x0e3a}, {0x0e47, 0x0e4e}, {0x1ab0, 0x1aff}, {0x1dc0, 0x1dff},   {0x200b, 0x200f},
    {0x202a, 0x202e}, {0x2060, 0x206f}, {0x20d0, 0x20ff}, {0x302a, 0x302d},   {0x3099, 0x309a},
    {0xfe00, 0xfe0f}, {0xfe20, 0xfe2f}, {0xfeff, 0xfeff}, {0x1f3fb, 0x1f3ff}, {0xe0000, 0xe0fff},
};
// What a terminal would act on, or a reader be deceived by.
constexpr Range kEscaped[] = {
    {0x0000, 0x0008}, {0x000a, 0x001f}, {0x007f, 0x009f}, {0x061c, 0x061c}, {0x200b, 0x200c},
    {0x200e, 0x200f}, {0x2028, 0x202e}, {0x2060, 0x206f}, {0xfeff, 0xfeff},
};

template <size_t N>
bool IsIn(const Range (&ranges)[N], uint32_t character) {
  const Range* after =
      std::upper_bound(std::begin(ranges), std::end(ranges), character,
                       [](uint32_t value, const Range& range) { return value < range.first; });
  return after != std::begin(ranges) && character <= std::prev(after)->last;
}

}  // namespace

uint32_t NextCharacter(std::string_view text, size_t* at) {
  const auto byte = [&](size_t offset) {
    return *at + offset < text.size() ? static_cast<unsigned char>(text[*at + offset]) : 0u;
  };
  const uint32_t lead = byte(0);
  const size_t size = lead < 0xc0 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  uint32_t character = size == 1 ? lead : lead & (0x7fu >> size);
  for (size_t i = 1; i < size; ++i) character = character << 6 | (byte(i) & 0x3f);
  *at = std::min(*at + size, text.size());
  return character;
}

int DisplayWidth(uint32_t character) {
  if (character == '\t') return 4;
  if (character < 0x300) return IsIn(kNone, character) ? 0 : 1;
  return IsIn(kNone, character) ? 0 : IsIn(kWide, character) ? 2 : 1;
}

std::string Shown(uint32_t character, std::string_view bytes) {
  if (!IsIn(kEscaped, character)) return std::string(bytes);
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text = character < 0x100 ? "\\x" : "\\u";
  for (int shift = character < 0x100 ? 4 : 12; shift >= 0; shift -= 4) {
    text += kDigits[character >> shift & 15];
  }
  return text;
}

}  // namespace rt::typescript
