// Granted values: proof, in the type system, that a permission check was made. Only GrantAccess can
// make one; the sinks (sinks.h, the network and process code) accept nothing else. Values are
// immutable, own all they hold and may be moved to or copied on any thread.
#pragma once

#include <type_traits>
#include <utility>

#include "src/permissions/permission.h"

namespace rt {

class GrantAccess;

// `T` was checked against permission `P`. A moved-from value has an empty target, which every sink
// refuses; it never turns into a wider one.
template <Perm P, class T>
class [[nodiscard]] Granted {
 public:
  static constexpr Perm kPerm = P;
  using Target = T;

  Granted(Granted&&) noexcept = default;
  Granted& operator=(Granted&&) noexcept = default;
  Granted(const Granted&) = default;
  Granted& operator=(const Granted&) = default;

  const T& target() const { return target_; }
  const T& operator*() const { return target_; }
  const T* operator->() const { return &target_; }

 private:
  friend class GrantAccess;
  explicit Granted(T target) : target_(std::move(target)) {}

  T target_;
};

// `T` was checked for reading AND for writing (the source of a rename).
template <class T>
class [[nodiscard]] GrantedReadWrite {
 public:
  using Target = T;

  GrantedReadWrite(GrantedReadWrite&&) noexcept = default;
  GrantedReadWrite& operator=(GrantedReadWrite&&) noexcept = default;
  GrantedReadWrite(const GrantedReadWrite&) = default;
  GrantedReadWrite& operator=(const GrantedReadWrite&) = default;

  const T& target() const { return target_; }
  const T& operator*() const { return target_; }
  const T* operator->() const { return &target_; }

 private:
  friend class GrantAccess;
  explicit GrantedReadWrite(T target) : target_(std::move(target)) {}

  T target_;
};

// `T` was checked for what the call's own options ask for: reading, writing or both. Made by
// GrantAccess::CheckOpen in the body of an `InBody` op; OpenGranted() refuses flags beyond it.
template <class T>
class [[nodiscard]] GrantedFor {
 public:
  using Target = T;

  GrantedFor(GrantedFor&&) noexcept = default;
  GrantedFor& operator=(GrantedFor&&) noexcept = default;
  GrantedFor(const GrantedFor&) = default;
  GrantedFor& operator=(const GrantedFor&) = default;

  const T& target() const { return target_; }
  const T& operator*() const { return target_; }
  const T* operator->() const { return &target_; }
  bool may_read() const { return may_read_; }
  bool may_write() const { return may_write_; }

 private:
  friend class GrantAccess;
  GrantedFor(T target, bool may_read, bool may_write)
      : target_(std::move(target)), may_read_(may_read), may_write_(may_write) {}

  T target_;
  bool may_read_;
  bool may_write_;
};

// How an op argument of a granted type is made. Specialised in grant_access.h for every granted
// type an op may take:
//   using Raw = ...;                      what the JS argument converter produces
//   static constexpr std::array kPerms;   the permissions the check covers (compared with
//   Needs<...>) static Result<G> Check(Permissions&, Raw raw, std::string_view api_name);
template <class G>
struct Granter;

// True for every type with a Granter.
template <class G>
concept GrantedArgument = requires {
  typename Granter<G>::Raw;
};

}  // namespace rt
