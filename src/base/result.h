// Result<T>: a value or an Error. We build without exceptions; this is how anything fails.
// Holding the error by pointer keeps a Result as small as its value plus one word.
#pragma once

#include <memory>
#include <type_traits>
#include <utility>
#include <variant>

#include "src/base/check.h"
#include "src/base/error.h"

namespace rt {

template <class T>
class [[nodiscard]] Result {
 public:
  using Value = T;

  template <class U = T>
  requires(std::is_convertible_v<U&&, T> && !std::is_same_v<std::remove_cvref_t<U>, Result> &&
           !std::is_same_v<std::remove_cvref_t<U>, Error>) Result(U&& value)
      : state_(std::in_place_index<0>, std::forward<U>(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::make_unique<Error>(std::move(error))) {}

  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  // RT_CHECKs ok().
  T& value() & {
    RT_CHECK(ok());
    return *std::get_if<0>(&state_);
  }
  const T& value() const& {
    RT_CHECK(ok());
    return *std::get_if<0>(&state_);
  }
  T&& value() && {
    RT_CHECK(ok());
    return std::move(*std::get_if<0>(&state_));
  }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  // RT_CHECKs !ok().
  const Error& error() const {
    RT_CHECK(!ok());
    return **std::get_if<1>(&state_);
  }
  // Moves the error out, to pass it on: `if (!r.ok()) return r.TakeError();`
  Error TakeError() {
    RT_CHECK(!ok());
    return std::move(**std::get_if<1>(&state_));
  }

 private:
  std::variant<T, std::unique_ptr<Error>> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  using Value = void;

  Result() = default;
  Result(Error error) : error_(std::make_unique<Error>(std::move(error))) {}

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
  std::unique_ptr<Error> error_;
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
