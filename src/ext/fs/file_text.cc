#include "src/ext/fs/file_text.h"

#include <cstdlib>

#include "src/ext/fs/simdutf.h"

namespace rt {
namespace {

// Not zeroed: all of what will be shown is overwritten. No memory: empty.
Bytes AllocateRaw(size_t size) {
  auto* data = static_cast<uint8_t*>(std::malloc(size));
  if (!data) return {};
  return Bytes(std::shared_ptr<void>(data, [](void* memory) { std::free(memory); }), data, size);
}

}  // namespace

FileText DecodeFileText(Bytes utf8) {
  const char* text = utf8.view().data();
  const size_t size = utf8.size();
  if (size == 0 || simdutf::validate_ascii(text, size)) {
    return {std::move(utf8), FileText::Form::kLatin1};
  }
  // Gives up at the first character that does not fit.
  Bytes latin1 = AllocateRaw(size);
  if (!latin1.empty()) {
    const size_t length =
        simdutf::convert_utf8_to_latin1(text, size, reinterpret_cast<char*>(latin1.data()));
    if (length > 0) return {latin1.Slice(0, length), FileText::Form::kLatin1};
  }
  latin1 = Bytes();
  if (!simdutf::validate_utf8(text, size)) return {std::move(utf8), FileText::Form::kInvalid};
  const size_t units = simdutf::utf16_length_from_utf8(text, size);
  Bytes utf16 = AllocateRaw(units * sizeof(char16_t));
  // V8 decodes it as well, only later and slower.
  if (utf16.empty()) return {std::move(utf8), FileText::Form::kInvalid};
  simdutf::convert_valid_utf8_to_utf16le(text, size, reinterpret_cast<char16_t*>(utf16.data()));
  return {std::move(utf16), FileText::Form::kUtf16};
}

}  // namespace rt
