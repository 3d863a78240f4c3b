// UTS #46 through ICU; see idna.h. The only file that calls ICU's IDNA functions.
#include "src/ext/url/idna.h"

#include <limits>

#include "src/base/check.h"
#include "src/ext/url/icu_idna.h"

namespace rt::url {
namespace {

using Convert = decltype(&RT_ICU(uidna_nameToASCII_UTF8));

constexpr uint32_t kIgnoredErrors = kUidnaErrorEmptyLabel | kUidnaErrorLabelTooLong |
                                    kUidnaErrorDomainNameTooLong | kUidnaErrorLeadingHyphen |
                                    kUidnaErrorTrailingHyphen | kUidnaErrorHyphen34;

// One UTS #46 instance for the process, opened by the first caller. It is immutable and ICU
// documents it as thread-safe, so sharing it between runtimes shares no state; it is never closed
// because workers may still use it while the process exits.
const UIDNA* Idna() {
  static const UIDNA* const idna = [] {
    int32_t status = kIcuOk;
    const UIDNA* opened =
        RT_ICU(uidna_openUTS46)(kUidnaCheckBidi | kUidnaCheckContextJ |
                                    kUidnaNontransitionalToAscii | kUidnaNontransitionalToUnicode,
                                &status);
    // ICU's data is linked into the executable: opening can fail only if the build is broken.
    RT_CHECK(status <= kIcuOk && opened != nullptr);
    return opened;
  }();
  return idna;
}

std::optional<std::string> Run(Convert convert, std::string_view domain) {
  if (domain.size() > std::numeric_limits<int32_t>::max() / 8) return std::nullopt;
  std::string out(domain.size() * 2 + 32, '\0');
  for (int attempt = 0; attempt < 2; ++attempt) {
    UIDNAInfo info{};
    info.size = sizeof info;
    int32_t status = kIcuOk;
    const int32_t length = convert(Idna(), domain.data(), static_cast<int32_t>(domain.size()),
                                   out.data(), static_cast<int32_t>(out.size()), &info, &status);
    if (status == kIcuBufferOverflow && length > 0) {
      out.resize(static_cast<size_t>(length) + 1);
      continue;
    }
    if (status > kIcuOk || length < 0 || (info.errors & ~kIgnoredErrors) != 0) return std::nullopt;
    out.resize(static_cast<size_t>(length));
    return out;
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> DomainToAscii(std::string_view domain) {
  return Run(RT_ICU(uidna_nameToASCII_UTF8), domain);
}

std::string DomainToUnicode(std::string_view domain) {
  return Run(RT_ICU(uidna_nameToUnicodeUTF8), domain).value_or(std::string(domain));
}

}  // namespace rt::url
