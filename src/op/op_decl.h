// OpDecl: one row of the op table, made by RT_OP at compile time. Everything rt knows about an op
// is here: entry points, arity, argument types, and what it needs to be allowed.
#pragma once

#include <v8-fast-api-calls.h>
#include <v8.h>

#include <algorithm>
#include <cstdint>
#include <span>
#include <string_view>

#include "src/permissions/permission.h"

namespace rt {

class OpHost;

enum class OpKind : uint8_t { kSync, kAsync };

// How an op is authorised; see the templates below.
enum class Authority : uint8_t { kNeeds, kOnResource, kInBody, kNone };

struct PermissionSpec {
  Authority authority;
  uint16_t mask;    // bit per Perm
  const char* why;  // for kInBody and kNone
};

template <size_t N>
struct FixedString {
  char text[N];
  constexpr FixedString(const char (&literal)[N]) { std::copy_n(literal, N, text); }
};

constexpr uint16_t PermBit(Perm perm) {
  return static_cast<uint16_t>(1u << static_cast<unsigned>(perm));
}

// The op takes a Granted<P, …> for exactly these permissions: the check is made before it runs.
template <Perm... P>
struct Needs {
  static_assert(sizeof...(P) > 0, "name a permission, or use NoPerm<\"why\">");
  static constexpr uint16_t kMask = (PermBit(P) | ...);
  static constexpr PermissionSpec kSpec{Authority::kNeeds, kMask, nullptr};
};

// Authority came with the resource: the op takes a Ref<R>.
struct OnResource {
  static constexpr PermissionSpec kSpec{Authority::kOnResource, 0, nullptr};
};

// The target is known only inside (a DNS answer, options that decide): the op checks through
// GrantAccess before each use. Its reason is shown by `rt ops`, and its denied case must be tested
// all the same.
template <FixedString Why, Perm... P>
struct InBody {
  static constexpr uint16_t kMask = (PermBit(P) | ... | 0);
  static constexpr PermissionSpec kSpec{Authority::kInBody, kMask, Why.text};
};

// Touches nothing a permission guards; says why.
template <FixedString Why>
struct NoPerm {
  static constexpr PermissionSpec kSpec{Authority::kNone, 0, Why.text};
};

inline constexpr size_t kMaxOpArguments = 10;

struct OpDecl {
  std::string_view name;
  uint8_t arity;  // JavaScript arguments, without the promise id of async ops
  OpKind kind;
  bool fast;
  PermissionSpec permission;
  const char* argument_types[kMaxOpArguments];
  const char* result_type;
  v8::FunctionCallback slow;
  const v8::CFunction* (*fast_function)();
};

template <size_t N>
consteval bool UniqueNames(const std::array<OpDecl, N>& table) {
  for (size_t i = 0; i < N; ++i) {
    for (size_t j = i + 1; j < N; ++j) {
      if (table[i].name == table[j].name) return false;
    }
  }
  return true;
}

}  // namespace rt
