// Between JavaScript values and the C++ types an op may take or return. FromJs and ToJs have no
// general definition: a type without a converter does not compile. Converters check types exactly,
// never coerce (JavaScript does, per WebIDL) and never run user code.
#pragma once

#include <v8.h>

#include <array>
#include <cmath>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "src/base/bytes.h"
#include "src/engine/gc_object.h"
#include "src/engine/strings.h"
#include "src/op/op_host.h"
#include "src/permissions/grant_access.h"
#include "src/resource/resource_table.h"

namespace rt {

// What a converter works with. The first failure is kept; later arguments are not converted.
class Converter {
 public:
  Converter(OpHost& host, const OpDecl& decl) : host_(host), decl_(decl) {}
  Converter(const Converter&) = delete;
  Converter& operator=(const Converter&) = delete;
  ~Converter() {
    if (error_) internal::DeleteError(error_);
  }

  OpHost& host() const { return host_; }
  v8::Isolate* isolate() const { return host_.isolate(); }
  std::string_view op_name() const { return decl_.name; }

  bool failed() const { return error_ != nullptr; }
  const Error& error() const { return *error_; }
  void Fail(Error error) {
    if (!error_) error_ = internal::NewError(std::move(error));
  }
  // "op_x: argument 2 must be a string, not undefined"
  void FailType(const char* expected, v8::Local<v8::Value> value);
  void set_argument(int index) { argument_ = index; }

 private:
  OpHost& host_;
  const OpDecl& decl_;
  Error* error_ = nullptr;
  int argument_ = 0;
};

// Each specialisation:
//   static constexpr const char* kName;      what the op table prints
//   static constexpr bool kOwned;            may cross a suspension
//   static std::optional<T> Get(Converter&, v8::Local<v8::Value>);   nothing: it called Fail
template <class T>
struct FromJs;

// Each specialisation:
//   static constexpr const char* kName;
//   static v8::MaybeLocal<v8::Value> Make(OpHost&, T value);         empty: a string or buffer too
//   large
template <class T>
struct ToJs;

// ---- numbers and booleans
// ---------------------------------------------------------------------------

template <>
struct FromJs<bool> {
  static constexpr const char* kName = "bool";
  static constexpr bool kOwned = true;
  static std::optional<bool> Get(Converter& converter, v8::Local<v8::Value> value) {
    if (value->IsBoolean()) return value.As<v8::Boolean>()->Value();
    converter.FailType("a boolean", value);
    return std::nullopt;
  }
};

// -0, which V8 counts to no kind of integer, is 0: a fast call and WebIDL see no difference.
inline bool IsMinusZero(v8::Local<v8::Value> value) {
  return value->IsNumber() && value.As<v8::Number>()->Value() == 0;
}

template <>
struct FromJs<int32_t> {
  static constexpr const char* kName = "i32";
  static constexpr bool kOwned = true;
  static std::optional<int32_t> Get(Converter& converter, v8::Local<v8::Value> value) {
    if (value->IsInt32()) return value.As<v8::Int32>()->Value();
    if (IsMinusZero(value)) return 0;
    converter.FailType("a 32-bit integer", value);
    return std::nullopt;
  }
};

template <>
struct FromJs<uint32_t> {
  static constexpr const char* kName = "u32";
  static constexpr bool kOwned = true;
  static std::optional<uint32_t> Get(Converter& converter, v8::Local<v8::Value> value) {
    if (value->IsUint32()) return value.As<v8::Uint32>()->Value();
    if (IsMinusZero(value)) return 0;
    converter.FailType("an unsigned 32-bit integer", value);
    return std::nullopt;
  }
};

template <>
struct FromJs<double> {
  static constexpr const char* kName = "f64";
  static constexpr bool kOwned = true;
  static std::optional<double> Get(Converter& converter, v8::Local<v8::Value> value) {
    if (value->IsNumber()) return value.As<v8::Number>()->Value();
    converter.FailType("a number", value);
    return std::nullopt;
  }
};

// A number without a fraction within ±2^53, or a bigint that fits.
template <>
struct FromJs<int64_t> {
  static constexpr const char* kName = "i64";
  static constexpr bool kOwned = true;
  static std::optional<int64_t> Get(Converter& converter, v8::Local<v8::Value> value);
};

template <>
struct ToJs<bool> {
  static constexpr const char* kName = "bool";
  static v8::MaybeLocal<v8::Value> Make(OpHost& host, bool value) {
    return v8::Boolean::New(host.isolate(), value);
  }
};
template <>
struct ToJs<int32_t> {
  static constexpr const char* kName = "i32";
  static v8::MaybeLocal<v8::Value> Make(OpHost& host, int32_t value) {
    return v8::Integer::New(host.isolate(), value);
  }
};
template <>
struct ToJs<uint32_t> {
  static constexpr const char* kName = "u32";
  static v8::MaybeLocal<v8::Value> Make(OpHost& host, uint32_t value) {
    return v8::Integer::NewFromUnsigned(host.isolate(), value);
  }
};
template <>
struct ToJs<double> {
  static constexpr const char* kName = "f64";
  static v8::MaybeLocal<v8::Value> Make(OpHost& host, double value) {
    return v8::Number::New(host.isolate(), value);
  }
};
// 64-bit counts become numbers, exact up to 2^53.
template <>
struct ToJs<int64_t> {
  static constexpr const char* kName = "i64";
  static v8::MaybeLocal<v8::Value> Make(OpHost& host, int64_t value) {
    return v8::Number::New(host.isolate(), static_cast<double>(value));
  }
};
template <>
struct ToJs<uint64_t> {
  static constexpr const char* kName = "u64";
  static v8::MaybeLocal<v8::Value> Make(OpHost& host, uint64_t value) {
    return v8::Number::New(host.isolate(), static_cast<double>(value));
  }
};

// ---- text and bytes
// ---------------------------------------------------------------------------------

// UTF-8; lone surrogates arrive as U+FFFD.
template <>
struct FromJs<std::string> {
  static constexpr const char* kName = "string";
  static constexpr bool kOwned = true;
  static std::optional<std::string> Get(Converter& converter, v8::Local<v8::Value> value) {
    if (value->IsString()) return ToUtf8(converter.isolate(), value.As<v8::String>());
    converter.FailType("a string", value);
    return std::nullopt;
  }
};

template <>
struct ToJs<std::string> {
  static constexpr const char* kName = "string";
  static v8::MaybeLocal<v8::Value> Make(OpHost& host, const std::string& value) {
    return TryToV8String(host.isolate(), value).FromMaybe(v8::Local<v8::String>());
  }
};

// Borrowed bytes, for synchronous ops only: valid until the op returns or JavaScript runs.
template <>
struct FromJs<std::span<uint8_t>> {
  static constexpr const char* kName = "buffer";
  static constexpr bool kOwned = false;
  static std::optional<std::span<uint8_t>> Get(Converter& converter, v8::Local<v8::Value> value);
};

// Bytes that stay alive with the op. Shared and resizable buffers are refused: another thread, or
// the script, could change their extent in the middle.
template <>
struct FromJs<Bytes> {
  static constexpr const char* kName = "buffer";
  static constexpr bool kOwned = true;
  static std::optional<Bytes> Get(Converter& converter, v8::Local<v8::Value> value);
};

// A Uint8Array over the same memory.
template <>
struct ToJs<Bytes> {
  static constexpr const char* kName = "Uint8Array";
  static v8::MaybeLocal<v8::Value> Make(OpHost& host, Bytes value);
};

// ---- JavaScript values as they are (synchronous ops only)
// -------------------------------------------

template <>
struct FromJs<v8::Local<v8::Value>> {
  static constexpr const char* kName = "any";
  static constexpr bool kOwned = false;
  static std::optional<v8::Local<v8::Value>> Get(Converter&, v8::Local<v8::Value> value) {
    return value;
  }
};
template <>
struct FromJs<v8::Local<v8::Object>> {
  static constexpr const char* kName = "object";
  static constexpr bool kOwned = false;
  static std::optional<v8::Local<v8::Object>> Get(Converter& converter,
                                                  v8::Local<v8::Value> value) {
    if (value->IsObject()) return value.As<v8::Object>();
    converter.FailType("an object", value);
    return std::nullopt;
  }
};
template <>
struct FromJs<v8::Local<v8::Function>> {
  static constexpr const char* kName = "function";
  static constexpr bool kOwned = false;
  static std::optional<v8::Local<v8::Function>> Get(Converter& converter,
                                                    v8::Local<v8::Value> value) {
    if (value->IsFunction()) return value.As<v8::Function>();
    converter.FailType("a function", value);
    return std::nullopt;
  }
};
template <>
struct FromJs<v8::Local<v8::String>> {
  static constexpr const char* kName = "string";
  static constexpr bool kOwned = false;
  static std::optional<v8::Local<v8::String>> Get(Converter& converter,
                                                  v8::Local<v8::Value> value) {
    if (value->IsString()) return value.As<v8::String>();
    converter.FailType("a string", value);
    return std::nullopt;
  }
};
template <>
struct FromJs<v8::Local<v8::Uint8Array>> {
  static constexpr const char* kName = "Uint8Array";
  static constexpr bool kOwned = false;
  static std::optional<v8::Local<v8::Uint8Array>> Get(Converter& converter,
                                                      v8::Local<v8::Value> value) {
    if (value->IsUint8Array()) return value.As<v8::Uint8Array>();
    converter.FailType("a Uint8Array", value);
    return std::nullopt;
  }
};
template <>
struct FromJs<v8::Local<v8::Array>> {
  static constexpr const char* kName = "array";
  static constexpr bool kOwned = false;
  static std::optional<v8::Local<v8::Array>> Get(Converter& converter, v8::Local<v8::Value> value) {
    if (value->IsArray()) return value.As<v8::Array>();
    converter.FailType("an array", value);
    return std::nullopt;
  }
};

template <class V>
requires std::is_base_of_v<v8::Value, V>
struct ToJs<v8::Local<V>> {
  static constexpr const char* kName = "any";
  static v8::MaybeLocal<v8::Value> Make(OpHost&, v8::Local<V> value) { return value; }
};

// A synchronous op that runs JavaScript: empty when it threw (internal::Trampoline::Slow).
template <class V>
requires std::is_base_of_v<v8::Value, V>
struct ToJs<v8::MaybeLocal<V>> {
  static constexpr const char* kName = "any";
};

// ---- optional, list, pair
// ---------------------------------------------------------------------------

// undefined and null are nothing.
template <class T>
struct FromJs<std::optional<T>> {
  static constexpr const char* kName = FromJs<T>::kName;
  static constexpr bool kOptional = true;
  static constexpr bool kOwned = FromJs<T>::kOwned;
  static std::optional<std::optional<T>> Get(Converter& converter, v8::Local<v8::Value> value) {
    if (value->IsNullOrUndefined()) return std::optional<std::optional<T>>(std::in_place);
    std::optional<T> inner = FromJs<T>::Get(converter, value);
    if (converter.failed()) return std::nullopt;
    return std::optional<std::optional<T>>(std::in_place, std::move(inner));
  }
};
// Nothing becomes null.
template <class T>
struct ToJs<std::optional<T>> {
  static constexpr const char* kName = ToJs<T>::kName;
  static v8::MaybeLocal<v8::Value> Make(OpHost& host, std::optional<T> value) {
    if (!value) return v8::Null(host.isolate());
    return ToJs<T>::Make(host, std::move(*value));
  }
};

// A dense array made by our own JavaScript. Elements must be own data properties; proxies are
// refused.
template <class T>
struct FromJs<std::vector<T>> {
  static constexpr const char* kName = "array";
  static constexpr bool kOwned = FromJs<T>::kOwned;
  static std::optional<std::vector<T>> Get(Converter& converter, v8::Local<v8::Value> value) {
    if (!value->IsArray()) {
      converter.FailType("an array", value);
      return std::nullopt;
    }
    v8::Local<v8::Array> array = value.As<v8::Array>();
    v8::Local<v8::Context> context = converter.isolate()->GetCurrentContext();
    // An element may turn out to be a getter. V8 tells so only for names; here it is kept from
    // running.
    v8::TryCatch refused(converter.isolate());
    v8::Isolate::DisallowJavascriptExecutionScope no_javascript(
        converter.isolate(), v8::Isolate::DisallowJavascriptExecutionScope::THROW_ON_FAILURE);
    std::vector<T> list;
    const uint32_t length = array->Length();
    list.reserve(std::min(length, 4096u));
    for (uint32_t i = 0; i < length; ++i) {
      v8::Local<v8::Value> element;
      if (!array->HasRealIndexedProperty(context, i).FromMaybe(false) ||
          !array->Get(context, i).ToLocal(&element)) {
        converter.FailType("a dense array", value);
        return std::nullopt;
      }
      std::optional<T> item = FromJs<T>::Get(converter, element);
      if (converter.failed()) return std::nullopt;
      list.push_back(std::move(*item));
    }
    return list;
  }
};
template <class T>
struct ToJs<std::vector<T>> {
  static constexpr const char* kName = "array";
  static v8::MaybeLocal<v8::Value> Make(OpHost& host, std::vector<T> list) {
    std::vector<v8::Local<v8::Value>> values;
    values.reserve(list.size());
    for (T& item : list) {
      v8::Local<v8::Value> value;
      if (!ToJs<T>::Make(host, std::move(item)).ToLocal(&value)) return {};
      values.push_back(value);
    }
    return v8::Array::New(host.isolate(), values.data(), values.size());
  }
};
template <class A, class B>
struct ToJs<std::pair<A, B>> {
  static constexpr const char* kName = "pair";
  static v8::MaybeLocal<v8::Value> Make(OpHost& host, std::pair<A, B> value) {
    v8::Local<v8::Value> items[2];
    if (!ToJs<A>::Make(host, std::move(value.first)).ToLocal(&items[0]) ||
        !ToJs<B>::Make(host, std::move(value.second)).ToLocal(&items[1])) {
      return {};
    }
    return v8::Array::New(host.isolate(), items, 2);
  }
};

// ---- structures
// -------------------------------------------------------------------------------------

// A struct becomes convertible by listing its members, as a function found by argument lookup:
//   struct ListenOptions { std::string hostname; uint32_t port; bool reuse_port; };
//   RT_STRUCT(ListenOptions, RT_FIELD(hostname), RT_FIELD(port), RT_FIELD(reuse_port));
// The JavaScript property is the member's name in camelCase. From JavaScript every property must be
// an own property (undefined for an absent optional), so that nothing inherited is ever read.
template <class S, class M>
struct StructField {
  std::string_view name;
  M S::*member;
};
template <size_t N>
struct CamelName {
  char text[N] = {};
  size_t size = 0;
};
template <size_t N>
constexpr CamelName<N> ToCamelCase(const char (&snake)[N]) {
  CamelName<N> camel;
  bool upper = false;
  for (size_t i = 0; i + 1 < N; ++i) {
    if (snake[i] == '_') {
      upper = true;
    } else {
      const char c = snake[i];
      camel.text[camel.size++] = upper && c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
      upper = false;
    }
  }
  return camel;
}
#define RT_FIELD(member)                                                    \
  ([] {                                                                     \
    static constexpr auto kCamel = ::rt::ToCamelCase(#member);              \
    return ::rt::StructField<RtStructSelf, decltype(RtStructSelf::member)>{ \
        std::string_view(kCamel.text, kCamel.size), &RtStructSelf::member}; \
  }())
#define RT_STRUCT(S, ...)                                \
  inline const auto& RtStructFields(const S*) {          \
    using RtStructSelf = S;                              \
    static const auto kFields = std::tuple(__VA_ARGS__); \
    return kFields;                                      \
  }
template <class S>
concept RtStruct = requires(const S* tag) {
  RtStructFields(tag);
};

template <RtStruct S>
struct FromJs<S> {
  static constexpr const char* kName = "object";
  static constexpr bool kOwned = true;
  static std::optional<S> Get(Converter& converter, v8::Local<v8::Value> value) {
    if (!value->IsObject() || value->IsProxy()) {
      converter.FailType("an object", value);
      return std::nullopt;
    }
    v8::Local<v8::Object> object = value.As<v8::Object>();
    v8::Local<v8::Context> context = converter.isolate()->GetCurrentContext();
    S made;
    std::apply(
        [&](const auto&... field) {
          (void)(GetField(converter, context, object, made, field) && ...);
        },
        RtStructFields(static_cast<const S*>(nullptr)));
    if (converter.failed()) return std::nullopt;
    return made;
  }

 private:
  template <class M>
  static bool GetField(Converter& converter, v8::Local<v8::Context> context,
                       v8::Local<v8::Object> object, S& made, const StructField<S, M>& field) {
    v8::Local<v8::String> name = ToInternalized(converter.isolate(), field.name);
    v8::Local<v8::Value> value;
    if (!object->HasRealNamedProperty(context, name).FromMaybe(false) ||
        object->HasRealNamedCallbackProperty(context, name).FromMaybe(true) ||
        !object->Get(context, name).ToLocal(&value)) {
      converter.Fail(Error::Type(std::string(converter.op_name()) + ": missing property '" +
                                 std::string(field.name) + "'"));
      return false;
    }
    std::optional<M> member = FromJs<M>::Get(converter, value);
    if (converter.failed()) return false;
    made.*field.member = std::move(*member);
    return true;
  }
};

template <RtStruct S>
struct ToJs<S> {
  static constexpr const char* kName = "object";
  static v8::MaybeLocal<v8::Value> Make(OpHost& host, S value) {
    const auto& fields = RtStructFields(static_cast<const S*>(nullptr));
    return std::apply(
        [&](const auto&... field) -> v8::MaybeLocal<v8::Value> {
          static const std::array<std::string_view, sizeof...(field)> kNames{field.name...};
          std::array<v8::MaybeLocal<v8::Value>, sizeof...(field)> values{
              MakeField(host, value, field)...};
          for (const auto& made : values) {
            if (made.IsEmpty()) return {};
          }
          return host.ObjectTemplate(kNames)->NewInstance(
              host.isolate()->GetCurrentContext(),
              v8::MemorySpan<v8::MaybeLocal<v8::Value>>(values.data(), values.size()));
        },
        fields);
  }

 private:
  template <class M>
  static v8::MaybeLocal<v8::Value> MakeField(OpHost& host, S& value,
                                             const StructField<S, M>& field) {
    return ToJs<M>::Make(host, std::move(value.*field.member));
  }
};

// ---- resources, GC objects, permissions
// -------------------------------------------------------------

template <class R>
struct FromJs<Ref<R>> {
  static constexpr const char* kName = "rid";
  static constexpr bool kOwned = true;
  static std::optional<Ref<R>> Get(Converter& converter, v8::Local<v8::Value> value) {
    if (!value->IsUint32()) {
      converter.FailType("a resource id", value);
      return std::nullopt;
    }
    auto found = [&] {
      if constexpr (std::is_same_v<R, Resource>) {
        return converter.host().resources().Get(value.As<v8::Uint32>()->Value());
      } else {
        return converter.host().resources().template Get<R>(value.As<v8::Uint32>()->Value());
      }
    }();
    if (!found.ok()) {
      converter.Fail(found.TakeError());
      return std::nullopt;
    }
    return std::move(found).value();
  }
};

// A pointer to a garbage-collected object, from its wrapper. Valid while the op runs (the argument
// keeps the wrapper alive); async ops hold a cppgc::Persistent of their own.
template <class T>
requires std::is_base_of_v<GcObject, T>
struct FromJs<T*> {
  static constexpr const char* kName = "gc object";
  static constexpr bool kOwned = false;
  static std::optional<T*> Get(Converter& converter, v8::Local<v8::Value> value) {
    if (T* object = UnwrapGc<T>(converter.isolate(), value)) return object;
    converter.FailType("an object of the right class", value);
    return std::nullopt;
  }
};

// What a script may name in a HostPort: {hostname, port}.
RT_STRUCT(HostPortRaw, RT_FIELD(host), RT_FIELD(port))

template <>
struct FromJs<std::optional<uint16_t>> {
  static constexpr const char* kName = "u16";
  static constexpr bool kOwned = true;
  static std::optional<std::optional<uint16_t>> Get(Converter& converter,
                                                    v8::Local<v8::Value> value) {
    if (value->IsNullOrUndefined()) return std::optional<std::optional<uint16_t>>(std::in_place);
    if (value->IsUint32() && value.As<v8::Uint32>()->Value() <= 0xffff) {
      return std::optional<uint16_t>(static_cast<uint16_t>(value.As<v8::Uint32>()->Value()));
    }
    if (IsMinusZero(value)) return std::optional<uint16_t>(uint16_t{0});
    converter.FailType("a port number", value);
    return std::nullopt;
  }
};

// Some checks have no target (all of `env`): their argument carries nothing.
template <>
struct FromJs<NoRaw> {
  static constexpr const char* kName = "nothing";
  static constexpr bool kOwned = true;
  static std::optional<NoRaw> Get(Converter&, v8::Local<v8::Value>) { return NoRaw{}; }
};

// A checked value: the raw argument is converted, then the permission is checked, before the op
// runs.
template <GrantedArgument G>
struct FromJs<G> {
  static constexpr const char* kName = FromJs<typename Granter<G>::Raw>::kName;
  static constexpr bool kOwned = true;
  static std::optional<G> Get(Converter& converter, v8::Local<v8::Value> value) {
    using Raw = typename Granter<G>::Raw;
    std::optional<Raw> raw = FromJs<Raw>::Get(converter, value);
    if (converter.failed()) return std::nullopt;
    Result<G> granted =
        Granter<G>::Check(converter.host().permissions(), std::move(*raw), converter.op_name());
    if (!granted.ok()) {
      converter.Fail(granted.TakeError());
      return std::nullopt;
    }
    return std::move(granted).value();
  }
};

}  // namespace rt
