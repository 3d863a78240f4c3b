// The few functions of simdutf that decode files. V8's archive carries the library but not its
// headers; what is declared here must match the library's own declarations. Include nowhere but in
// this folder.
#pragma once

#include <cstddef>

namespace simdutf {

bool validate_ascii(const char* data, size_t size) noexcept;
bool validate_utf8(const char* data, size_t size) noexcept;

// 0 if the text is not UTF-8 or has a character beyond U+00FF. `out` has room for `size` bytes.
size_t convert_utf8_to_latin1(const char* data, size_t size, char* out) noexcept;

size_t utf16_length_from_utf8(const char* data, size_t size) noexcept;
// The text must be valid. Returns how many code units were written.
size_t convert_valid_utf8_to_utf16le(const char* data, size_t size, char16_t* out) noexcept;

}  // namespace simdutf
