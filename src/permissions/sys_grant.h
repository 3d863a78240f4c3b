// SysGrant<"hostname">: an op argument that says in the signature which fact about the machine the
// op tells, so that no caller can ask for another one. Takes no JavaScript value; put it last.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

#include "src/permissions/grant_access.h"

namespace rt {

template <size_t N>
struct SysKindName {
  char text[N];
  constexpr SysKindName(const char (&literal)[N]) { std::copy_n(literal, N, text); }
};

// `Kind` is one of IsSysKind().
template <SysKindName Kind>
class [[nodiscard]] SysGrant {
 public:
  static constexpr std::string_view kKind = Kind.text;

 private:
  friend struct Granter<SysGrant>;
  explicit SysGrant(Granted<Perm::kSys, SysKind>) {}
};

template <SysKindName Kind>
struct Granter<SysGrant<Kind>> {
  using Raw = NoRaw;
  static constexpr std::array kPerms{Perm::kSys};
  static Result<SysGrant<Kind>> Check(Permissions& permissions, Raw, std::string_view api) {
    RT_TRY(auto granted, GrantAccess::CheckSys(permissions, Kind.text, api));
    return SysGrant<Kind>(std::move(granted));
  }
};

}  // namespace rt
