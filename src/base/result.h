// Result<T>: a value or an Error. We build without exceptions; this is how anything fails.
// Holding the error by pointer keeps a Result as small as its value plus one word.
#pragma once

#include <new>
#include <type_traits>
#include <utility>

#include "src/base/check.h"
#include "src/base/error.h"

namespace rt {

namespace internal {
// Out of line: otherwise every Result of the program would bring an Error's making and end along.
Error* NewError(Error&& error);
void DeleteError(Error* error);
}  // namespace internal

// Not on std::variant: its visitors were a tenth of what a file of ops takes to compile.
template <class T>
class [[nodiscard]] Result {
 public:
  using Value = T;

  template <class U = T>
  requires(std::is_convertible_v<U&&, T> && !std::is_same_v<std::remove_cvref_t<U>, Result> &&
           !std::is_same_v<std::remove_cvref_t<U>, Error>) Result(U&& value)
      : value_(std::forward<U>(value)), ok_(true) {}
  Result(Error error) : error_(internal::NewError(std::move(error))), ok_(false) {}
  // What is left behind keeps its kind: a value moved from, or an error that cannot be asked for.
  Result(Result&& other) noexcept : ok_(other.ok_) { Take(other); }
  Result& operator=(Result&& other) noexcept {
    if (this != &other) {
      Destroy();
      ok_ = other.ok_;
      Take(other);
    }
    return *this;
  }
  ~Result() { Destroy(); }

  bool ok() const { return ok_; }
  explicit operator bool() const { return ok_; }

  // RT_CHECKs ok().
  T& value() & {
    RT_CHECK(ok());
    return value_;
  }
  const T& value() const& {
    RT_CHECK(ok());
    return value_;
  }
  T&& value() && {
    RT_CHECK(ok());
    return std::move(value_);
  }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  // RT_CHECKs !ok().
  const Error& error() const {
    RT_CHECK(!ok() && error_);
    return *error_;
  }
  // Moves the error out, to pass it on: `if (!r.ok()) return r.TakeError();`
  Error TakeError() {
    RT_CHECK(!ok() && error_);
    return std::move(*error_);
  }

 private:
  void Destroy() {
    if (ok_) {
      value_.~T();
    } else if (error_) {
      internal::DeleteError(error_);
    }
  }
  void Take(Result& other) {
    if (ok_) {
      ::new (&value_) T(std::move(other.value_));
    } else {
      error_ = std::exchange(other.error_, nullptr);
    }
  }

  union {
    T value_;
    Error* error_;
  };
  bool ok_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  using Value = void;

  Result() = default;
  Result(Error error) : error_(internal::NewError(std::move(error))) {}
  Result(Result&& other) noexcept : error_(std::exchange(other.error_, nullptr)) {}
  Result& operator=(Result&& other) noexcept {
    std::swap(error_, other.error_);
    return *this;
  }
  ~Result() {
    if (error_) internal::DeleteError(error_);
  }

  bool ok() const { return error_ == nullptr; }
  explicit operator bool() const { return ok(); }
  const Error& error() const {
    RT_CHECK(!ok());
    return *error_;
  }
  Error TakeError() {
    RT_CHECK(!ok());
    return std::move(*error_);
  }

 private:
  Error* error_ = nullptr;
};

// Evaluates a Result expression; on failure returns its error from the enclosing function.
//   RT_TRY(auto fd, OpenFile(path));    RT_TRY_VOID(file.Flush());
#define RT_CONCAT_INNER(a, b) a##b
#define RT_CONCAT(a, b) RT_CONCAT_INNER(a, b)
#define RT_TRY(declaration, expression) \
  RT_TRY_IMPL(RT_CONCAT(rt_try_, __LINE__), declaration, expression)
#define RT_TRY_IMPL(temporary, declaration, expression) \
  auto temporary = (expression);                        \
  if (!temporary.ok()) return temporary.TakeError();    \
  declaration = std::move(temporary).value()
#define RT_TRY_VOID(expression)                                \
  do {                                                         \
    auto rt_try_result = (expression);                         \
    if (!rt_try_result.ok()) return rt_try_result.TakeError(); \
  } while (false)
// The same inside a coroutine.
#define RT_CO_TRY(declaration, expression) \
  RT_CO_TRY_IMPL(RT_CONCAT(rt_try_, __LINE__), declaration, expression)
#define RT_CO_TRY_IMPL(temporary, declaration, expression) \
  auto temporary = (expression);                           \
  if (!temporary.ok()) co_return temporary.TakeError();    \
  declaration = std::move(temporary).value()

}  // namespace rt
