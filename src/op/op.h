// From a C++ function to the entry points V8 calls. RT_OP(fn, Authority, Fast) makes a table row:
// the signature decides everything (see docs/ops.md), and a signature that breaks a rule does not
// compile.
//
//   Result<Rid> op_net_listen(OpContext& cx, Granted<Perm::kNet, HostPort> address); synchronous
//   Task<Result<Bytes>> op_fs_read_file(OpContext& cx, Granted<Perm::kRead, PathTarget>);
//   asynchronous
#pragma once

#include <v8-fast-api-calls.h>

#include <limits>
#if defined(__x86_64__)
#include <emmintrin.h>
#endif

#include "src/loop/task.h"
#include "src/op/convert.h"

namespace rt {

enum class Fast : uint8_t {
  kAuto,     // a fast call where the types allow it
  kRequire,  // losing the fast call is a compile error
  kOff,
};

namespace internal {

template <class T>
inline constexpr bool kIsResult = false;
template <class T>
inline constexpr bool kIsResult<Result<T>> = true;
template <class T>
inline constexpr bool kIsTask = false;
template <class T>
inline constexpr bool kIsTask<Task<T>> = true;
template <class T>
struct UnwrapResult {
  using Type = T;
};
template <class T>
struct UnwrapResult<Result<T>> {
  using Type = T;
};

// What V8's fast calls pass unboxed.
template <class T>
concept FastPrimitive = std::same_as<T, bool> || std::same_as<T, int32_t> ||
    std::same_as<T, uint32_t> || std::same_as<T, double>;
// What they may pass as a value that our converter then reads.
template <class T>
concept FastArgument = FastPrimitive<T> || std::same_as<T, std::span<uint8_t>>;
template <class T>
concept FastResult = std::same_as<T, void> || FastPrimitive<T>;
template <class T>
concept FastInteger = std::same_as<T, int32_t> || std::same_as<T, uint32_t>;
// Integers arrive as doubles: V8 would wrap one out of range, and 2^32 would name resource 0. (Any
// value is a boolean to a fast call; only the slow path sees that it was none.)
template <class T>
using FastAbi = std::conditional_t<FastInteger<T>, double,
                                   std::conditional_t<FastPrimitive<T>, T, v8::Local<v8::Value>>>;
// To the op's type. One instruction: a double that is out of range gives some integer, as the
// processor does it (in C++ that is undefined), and FastFits finds that it does not convert back.
template <class T>
T FastTake(FastAbi<T> value) {
#if defined(__x86_64__)
  if constexpr (std::same_as<T, int32_t>) return _mm_cvttsd_si32(_mm_set_sd(value));
  if constexpr (std::same_as<T, uint32_t>) {
    return static_cast<uint32_t>(_mm_cvttsd_si64(_mm_set_sd(value)));
  }
#else
  if constexpr (FastInteger<T>) {
    using Limits = std::numeric_limits<T>;
    return value >= Limits::min() && value <= Limits::max() ? static_cast<T>(value) : T{};
  }
#endif
  return static_cast<T>(value);
}
template <class T>
bool FastFits(FastAbi<T> value) {
  if constexpr (FastInteger<T>) {
    return static_cast<double>(FastTake<T>(value)) == value;
  } else {
    return true;
  }
}

template <class T>
constexpr uint16_t GrantedMaskOf() {
  if constexpr (GrantedArgument<T>) {
    uint16_t mask = 0;
    for (Perm perm : Granter<T>::kPerms) mask |= PermBit(perm);
    return mask;
  } else {
    return 0;
  }
}
template <class T>
inline constexpr bool kIsRef = false;
template <class R>
inline constexpr bool kIsMaybeLocal = false;
template <class V>
inline constexpr bool kIsMaybeLocal<v8::MaybeLocal<V>> = true;
template <class R>
inline constexpr bool kIsRef<Ref<R>> = true;
// A Granted value inside another type: the op table would not know of its permission.
template <class T>
inline constexpr bool kHidesGranted = false;
template <class T>
inline constexpr bool kHidesGranted<std::optional<T>> = GrantedArgument<T>;
template <class T>
inline constexpr bool kHidesGranted<std::vector<T>> = GrantedArgument<T>;

OpHost::Context& RowOf(v8::Local<v8::Value> data);
// RT_NO_TRACING builds an rt without tracing and without the list of recent ops: what these cost
// when they are off is the difference to it (bench/README.md).
#ifdef RT_NO_TRACING
inline constexpr bool kTracing = false;
#else
inline constexpr bool kTracing = true;
#endif
// Every call begins here. True: it is traced.
inline bool EnterOp(OpHost::Context& row) {
  if constexpr (!kTracing) return false;
  row.host->recent_ops().Note(row.decl);
  return row.traced;
}
// A traced call through V8's general interface: `body` does what the plain one does. One function
// serves every op.
using SlowBody = void (*)(const v8::FunctionCallbackInfo<v8::Value>& info, OpHost::Context& row);
void TracedCall(const v8::FunctionCallbackInfo<v8::Value>& info, OpHost::Context& row,
                SlowBody body);
// The error for a result too large to be a JavaScript value.
Error TooLarge(std::string_view op_name);
// What an async op's stub sees when the result comes later.
void ReturnPending(const v8::FunctionCallbackInfo<v8::Value>& info, OpHost& host);

template <class T>
v8::Local<v8::Value> ResultValue(OpHost& host, const OpDecl& decl, Result<T>& result,
                                 bool* failed) {
  v8::Isolate* isolate = host.isolate();
  *failed = true;
  if (!result.ok()) return host.errors().Make(isolate, result.error());
  v8::Local<v8::Value> value = v8::Undefined(isolate);
  if constexpr (!std::is_void_v<T>) {
    if (!ToJs<T>::Make(host, std::move(result).value()).ToLocal(&value)) {
      return host.errors().Make(isolate, TooLarge(decl.name));
    }
  }
  *failed = false;
  return value;
}

// A running async op: its frame, and the context the frame refers to for as long as it lives.
template <class T>
class TypedAsyncCall final : public AsyncCall, private Task<Result<T>>::Listener {
 public:
  TypedAsyncCall(OpHost::Context& row, uint32_t promise_id)
      : AsyncCall(*row.host, *row.decl, promise_id), cx_(row, promise_id) {}

  OpContext& cx() { return cx_; }

  // True when it ended without waiting; then Take() has the result, and the call is not pending.
  bool Start(Task<Result<T>> task) {
    task_.emplace(std::move(task));
    task_->Start(this);
    return task_->done();
  }
  Result<T> Take() { return task_->TakeValue(); }

  v8::Local<v8::Value> TakeOutcome(v8::Isolate*, bool* failed) override {
    Result<T> result = task_->TakeValue();
    return ResultValue(host_, decl(), result, failed);
  }

 private:
  void OnTaskDone() override { host_.async_calls().Finish(this); }

  OpContext cx_;
  std::optional<Task<Result<T>>> task_;
};

// The converted arguments of a call: what std::tuple and std::apply would be, for a tenth of their
// compile time.
template <size_t I, class T>
struct Slot {
  std::optional<T> value;
};
template <class Indices, class... T>
struct Slots;
template <size_t... I, class... T>
struct Slots<std::index_sequence<I...>, T...> : Slot<I, T>... {};
template <size_t I, class T>
std::optional<T>& SlotOf(Slot<I, T>& slot) {
  return slot.value;
}

template <class S>
struct Signature;
template <class R, class... A>
struct Signature<R (*)(OpContext&, A...)> {
  using Return = R;
  static constexpr size_t kArity = sizeof...(A);
  static constexpr bool kAsync = kIsTask<R>;
};

template <auto Fn, class F = decltype(Fn)>
struct Trampoline;
template <auto Fn, class R, class... A>
struct Trampoline<Fn, R (*)(OpContext&, A...)> {
  static constexpr bool kAsync = kIsTask<R>;
  static_assert(sizeof...(A) <= kMaxOpArguments, "too many arguments: pass a struct");
  static_assert(
      !kAsync || ((std::is_same_v<A, std::remove_cvref_t<A>>)&&...),
      "an async op takes its arguments by value: what they refer to is gone after it waits");
  static_assert(!kAsync || (FromJs<std::remove_cvref_t<A>>::kOwned && ...),
                "an async op must own its arguments: no Local, span or GC pointer");
  static_assert(!(kHidesGranted<std::remove_cvref_t<A>> || ...),
                "an optional or repeated target is checked in the body: InBody<...>");
  static constexpr uint16_t kGrantedMask = (GrantedMaskOf<std::remove_cvref_t<A>>() | ... | 0);
  static constexpr bool kTakesRef = (kIsRef<std::remove_cvref_t<A>> || ...);

  template <class T>
  static constexpr bool FastPossible() {
    if constexpr (kAsync) {
      return false;
    } else {
      return FastResult<typename UnwrapResult<T>::Type> &&
             (FastArgument<std::remove_cvref_t<A>> && ...);
    }
  }
  static constexpr bool kFast = FastPossible<R>();

  // Converts the arguments from index `first` on and calls then(arguments...). False: it threw.
  template <class Then>
  static bool WithArguments(const v8::FunctionCallbackInfo<v8::Value>& info, OpHost::Context& row,
                            int first, Then&& then) {
    return WithArguments(info, row, first, then, std::index_sequence_for<A...>{});
  }
  template <class Then, size_t... I>
  static bool WithArguments(const v8::FunctionCallbackInfo<v8::Value>& info, OpHost::Context& row,
                            int first, Then& then, std::index_sequence<I...>) {
    Converter converter(*row.host, *row.decl);
    [[maybe_unused]] Slots<std::index_sequence<I...>, std::remove_cvref_t<A>...> arguments;
    // Left to right; after the first failure the rest is not touched.
    (void)((converter.set_argument(static_cast<int>(I)),
            SlotOf<I, std::remove_cvref_t<A>>(arguments) =
                FromJs<std::remove_cvref_t<A>>::Get(converter, info[first + static_cast<int>(I)]),
            !converter.failed()) &&
           ...);
    if (converter.failed()) {
      row.host->errors().Throw(info.GetIsolate(), converter.error());
      return false;
    }
    return then(std::move(*SlotOf<I, std::remove_cvref_t<A>>(arguments))...);
  }

  // Gives the caller the value, or throws its error: then false.
  template <class T>
  static bool ReturnResult(const v8::FunctionCallbackInfo<v8::Value>& info, OpHost::Context& row,
                           Result<T> result) {
    bool failed = false;
    v8::Local<v8::Value> value = ResultValue(*row.host, *row.decl, result, &failed);
    if (failed) {
      info.GetIsolate()->ThrowException(value);
    } else {
      info.GetReturnValue().Set(value);
    }
    return !failed;
  }

  static void Slow(const v8::FunctionCallbackInfo<v8::Value>& info) {
    OpHost::Context& row = RowOf(info.Data());
    constexpr SlowBody kBody = Body();
    if (EnterOp(row)) [[unlikely]] {
      TracedCall(info, row, kBody);
    } else {
      kBody(info, row);
    }
  }

  static constexpr SlowBody Body() {
    if constexpr (kAsync) {
      return &StartAsync;
    } else {
      return &CallSlow;
    }
  }

  static void CallSlow(const v8::FunctionCallbackInfo<v8::Value>& info, OpHost::Context& row) {
    OpContext cx(row);
    WithArguments(info, row, 0, [&](auto&&... argument) {
      if constexpr (std::is_void_v<R>) {
        Fn(cx, std::move(argument)...);
        return true;
      } else if constexpr (kIsResult<R>) {
        return ReturnResult(info, row, Fn(cx, std::move(argument)...));
      } else if constexpr (kIsMaybeLocal<R>) {
        // Empty: the exception is pending already.
        auto result = Fn(cx, std::move(argument)...);
        if (result.IsEmpty()) return false;
        info.GetReturnValue().Set(result.ToLocalChecked());
        return true;
      } else {
        v8::Local<v8::Value> value;
        if (!ToJs<R>::Make(*row.host, Fn(cx, std::move(argument)...)).ToLocal(&value)) {
          row.host->errors().Throw(info.GetIsolate(), TooLarge(row.decl->name));
          return false;
        }
        info.GetReturnValue().Set(value);
        return true;
      }
    });
  }

  // info[0] is the id of the promise the JavaScript stub makes if the op has to wait.
  static void StartAsync(const v8::FunctionCallbackInfo<v8::Value>& info, OpHost::Context& row) {
    if constexpr (kAsync) {
      using T = typename UnwrapResult<typename R::Value>::Type;
      WithArguments(info, row, 1, [&](auto&&... argument) {
        const uint32_t promise_id = info[0].template As<v8::Uint32>()->Value();
        auto* call = new TypedAsyncCall<T>(row, promise_id);
        std::unique_ptr<AsyncCall> owner(call);
        if (!call->Start(Fn(call->cx(), std::move(argument)...))) {
          row.host->async_calls().AddPending(std::move(owner));
          ReturnPending(info, *row.host);
          return true;
        }
        return ReturnResult(info, row, call->Take());
      });
    }
  }

  static auto FastCall(v8::Local<v8::Object>, FastAbi<std::remove_cvref_t<A>>... argument,
                       v8::FastApiCallbackOptions& options) -> typename UnwrapResult<R>::Type {
    OpHost::Context& row = RowOf(options.data);
    if (EnterOp(row)) [[unlikely]]
      return TracedFast(row, options.isolate, argument...);
    return RunFast<false>(row, options.isolate, argument...);
  }
  [[gnu::cold, gnu::noinline]] static auto TracedFast(OpHost::Context& row, v8::Isolate* isolate,
                                                      FastAbi<std::remove_cvref_t<A>>... argument)
      -> typename UnwrapResult<R>::Type {
    v8::HandleScope handles(isolate);
    const std::array<TraceValue, sizeof...(A)> arguments{TraceValue::Of(argument)...};
    row.host->tracer().Begin(*row.decl, CallPath::kFast, arguments);
    return RunFast<true>(row, isolate, argument...);
  }
  template <bool kTraced>
  static auto RunFast(OpHost::Context& row, v8::Isolate* isolate,
                      FastAbi<std::remove_cvref_t<A>>... argument) ->
      typename UnwrapResult<R>::Type {
    using Value = typename UnwrapResult<R>::Type;
    OpContext cx(row);
    auto fail = [&](const Error& error) {
      v8::HandleScope handles(isolate);
      row.host->errors().Throw(isolate, error, /*may_run_js=*/false);
      if constexpr (kTraced) row.host->tracer().EndFailed(error);
    };
    auto call = [&](auto&&... converted) -> Value {
      if constexpr (std::is_void_v<R>) {
        Fn(cx, converted...);
        if constexpr (kTraced) row.host->tracer().End({});
      } else {
        R result = Fn(cx, converted...);
        if constexpr (kIsResult<R>) {
          if (!result.ok()) {
            fail(result.error());
            if constexpr (std::is_void_v<Value>) {
              return;
            } else {
              return Value{};
            }
          }
          if constexpr (std::is_void_v<Value>) {
            if constexpr (kTraced) row.host->tracer().End({});
          } else {
            Value value = std::move(result).value();
            if constexpr (kTraced) row.host->tracer().End(TraceValue::Of(value));
            return value;
          }
        } else {
          if constexpr (kTraced) row.host->tracer().End(TraceValue::Of(result));
          return result;
        }
      }
    };
    if constexpr ((FastPrimitive<std::remove_cvref_t<A>> && ...)) {
      // All, without a branch for each.
      if ((FastFits<std::remove_cvref_t<A>>(argument) & ... & true)) [[likely]] {
        return call(FastTake<std::remove_cvref_t<A>>(argument)...);
      }
      RefuseFast(row, isolate, argument...);
      if constexpr (!std::is_void_v<Value>) return Value{};
    } else {
      return [&]<size_t... I>(std::index_sequence<I...>)->Value {
        v8::HandleScope handles(isolate);
        Converter converter(*row.host, *row.decl);
        int index = 0;
        // Braces: left to right.
        [[maybe_unused]] Slots<std::index_sequence<I...>, std::remove_cvref_t<A>...> converted{
            {ConvertFast<std::remove_cvref_t<A>>(converter, index, argument)}...};
        if (!converter.failed()) {
          return call(*SlotOf<I, std::remove_cvref_t<A>>(converted)...);
        }
        fail(converter.error());
        if constexpr (!std::is_void_v<Value>) return Value{};
      }
      (std::index_sequence_for<A...>{});
    }
  }
  template <class T>
  static std::optional<T> ConvertFast(Converter& converter, int& index, FastAbi<T> value) {
    converter.set_argument(index++);
    if (converter.failed()) return std::nullopt;
    if constexpr (FastPrimitive<T>) {
      if (FastFits<T>(value)) return FastTake<T>(value);
      // Only an integer does not fit.
      return FromJs<T>::Get(converter,
                            v8::Number::New(converter.isolate(), static_cast<double>(value)));
    } else {
      return FromJs<T>::Get(converter, value);
    }
  }
  // Throws what the slow path would. Apart from the call, so that the call stays short.
  [[gnu::cold, gnu::noinline]] static void RefuseFast(OpHost::Context& row, v8::Isolate* isolate,
                                                      FastAbi<std::remove_cvref_t<A>>... argument) {
    v8::HandleScope handles(isolate);
    Converter converter(*row.host, *row.decl);
    [[maybe_unused]] int index = 0;
    ((void)ConvertFast<std::remove_cvref_t<A>>(converter, index, argument), ...);
    row.host->errors().Throw(isolate, converter.error(), /*may_run_js=*/false);
    if (row.traced) row.host->tracer().EndFailed(converter.error());
  }
  static const v8::CFunction* FastFunction() {
    static const v8::CFunction function = v8::CFunction::Make(&FastCall);
    return &function;
  }

  static consteval void FillArgumentTypes(OpDecl& decl) {
    size_t i = 0;
    ((decl.argument_types[i++] = FromJs<std::remove_cvref_t<A>>::kName), ...);
  }
  static consteval const char* ResultType() {
    if constexpr (kAsync) {
      using T = typename UnwrapResult<typename R::Value>::Type;
      if constexpr (std::is_void_v<T>) {
        return "undefined";
      } else {
        return ToJs<T>::kName;
      }
    } else {
      using T = typename UnwrapResult<R>::Type;
      if constexpr (std::is_void_v<T>) {
        return "undefined";
      } else {
        return ToJs<T>::kName;
      }
    }
  }
};

template <auto Fn, class AuthorityDecl, Fast kFastMode = Fast::kAuto>
consteval OpDecl MakeOp(const char* name) {
  using T = Trampoline<Fn>;
  constexpr PermissionSpec spec = AuthorityDecl::kSpec;
  static_assert(
      spec.authority == Authority::kNeeds ? T::kGrantedMask == spec.mask : T::kGrantedMask == 0,
      "the op's Needs<...> and its Granted arguments disagree");
  static_assert(spec.authority != Authority::kOnResource || T::kTakesRef,
                "OnResource, but the op takes no Ref<...>");
  static_assert(kFastMode != Fast::kRequire || T::kFast,
                "the op is declared fast, but its signature is not fast-callable");
  OpDecl decl{};
  decl.name = name;
  decl.arity = Signature<decltype(Fn)>::kArity;
  decl.kind = T::kAsync ? OpKind::kAsync : OpKind::kSync;
  decl.permission = spec;
  T::FillArgumentTypes(decl);
  decl.result_type = T::ResultType();
  decl.slow = &T::Slow;
  if constexpr (T::kFast && kFastMode != Fast::kOff) {
    decl.fast = true;
    decl.fast_function = &T::FastFunction;
  }
  return decl;
}

}  // namespace internal

// One row: RT_OP(op_fs_cwd, NoPerm<"why">) or RT_OP(op_x, Needs<Perm::kNet>, Fast::kRequire).
#define RT_OP(fn, ...) ::rt::internal::MakeOp<&fn, __VA_ARGS__>(#fn)

}  // namespace rt
