// The four ICU functions the URL parser calls. The V8 archive contains ICU 77 but the package has
// no ICU headers, so exactly what is called is declared here; nothing else of rt may declare ICU
// symbols of its own for this purpose. Signatures and values are those of ICU's public uidna.h (C
// API, stable since ICU 4.6).
#pragma once

#include <cstdint>

#include "src/base/icu.h"

extern "C" {

// Opaque: a UTS #46 instance. Immutable and thread-safe once opened.
struct UIDNA;

struct UIDNAInfo {
  int16_t size;  // sizeof(UIDNAInfo), set by the caller
  int8_t is_transitional_different;
  int8_t reserved_b3;
  uint32_t errors;  // kUidnaError… bits
  int32_t reserved_i2;
  int32_t reserved_i3;
};

UIDNA* RT_ICU(uidna_openUTS46)(uint32_t options, int32_t* error_code);
void RT_ICU(uidna_close)(UIDNA* idna);
int32_t RT_ICU(uidna_nameToASCII_UTF8)(const UIDNA* idna, const char* name, int32_t length,
                                       char* dest, int32_t capacity, UIDNAInfo* info,
                                       int32_t* error_code);
int32_t RT_ICU(uidna_nameToUnicodeUTF8)(const UIDNA* idna, const char* name, int32_t length,
                                        char* dest, int32_t capacity, UIDNAInfo* info,
                                        int32_t* error_code);

}  // extern "C"

namespace rt::url {

static_assert(sizeof(UIDNAInfo) == 16);

// Options of uidna_openUTS46.
inline constexpr uint32_t kUidnaCheckBidi = 4;
inline constexpr uint32_t kUidnaCheckContextJ = 8;
inline constexpr uint32_t kUidnaNontransitionalToAscii = 0x10;
inline constexpr uint32_t kUidnaNontransitionalToUnicode = 0x20;

// UIDNAInfo::errors that belong to VerifyDnsLength and CheckHyphens.
inline constexpr uint32_t kUidnaErrorEmptyLabel = 1;
inline constexpr uint32_t kUidnaErrorLabelTooLong = 2;
inline constexpr uint32_t kUidnaErrorDomainNameTooLong = 4;
inline constexpr uint32_t kUidnaErrorLeadingHyphen = 8;
inline constexpr uint32_t kUidnaErrorTrailingHyphen = 0x10;
inline constexpr uint32_t kUidnaErrorHyphen34 = 0x20;

// UErrorCode values.
inline constexpr int32_t kIcuOk = 0;
inline constexpr int32_t kIcuBufferOverflow = 15;

}  // namespace rt::url
