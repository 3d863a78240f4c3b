// The few functions of simdutf we call. V8's archive carries the library but not its headers; what
// is declared here must match the library's own declarations. Include nowhere but in this folder.
#pragma once

#include <cstddef>
#include <cstdint>

namespace simdutf {

enum error_code : int { SUCCESS = 0 };

struct result {
  error_code error;
  size_t count;
};

enum base64_options : uint64_t { base64_default = 0 };
enum last_chunk_handling_options : uint64_t { loose = 0 };

bool validate_ascii(const char* data, size_t size) noexcept;
bool validate_utf8(const char* data, size_t size) noexcept;
bool validate_utf16(const char16_t* data, size_t size) noexcept;

// The length of the result, as if the input were well-formed.
size_t utf16_length_from_utf8(const char* data, size_t size) noexcept;
size_t utf8_length_from_latin1(const char* data, size_t size) noexcept;
size_t utf8_length_from_utf16(const char16_t* data, size_t size) noexcept;

// What was written; 0 when the input is malformed or does not fit Latin-1.
size_t convert_utf8_to_latin1(const char* data, size_t size, char* out) noexcept;
size_t convert_utf8_to_utf16(const char* data, size_t size, char16_t* out) noexcept;
size_t convert_latin1_to_utf8(const char* data, size_t size, char* out) noexcept;
size_t convert_valid_utf16_to_utf8(const char16_t* data, size_t size, char* out) noexcept;

size_t base64_length_from_binary(size_t size, base64_options options) noexcept;
size_t binary_to_base64(const char* data, size_t size, char* out, base64_options options) noexcept;
size_t maximal_binary_length_from_base64(const char* data, size_t size) noexcept;
// Forgiving-base64 decode of the Infra standard; `count` is the number of bytes written.
result base64_to_binary(const char* data, size_t size, char* out, base64_options options,
                        last_chunk_handling_options last_chunk) noexcept;

}  // namespace simdutf
