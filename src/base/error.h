// The error value every fallible function of rt returns. Which JavaScript class an error becomes
// and which `code` it carries is decided here, once: the list below also makes the JS classes
// (js/bootstrap/errors.js checks itself against it) and docs/errors.md. No V8, no libuv.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace rt {

// X(enumerator, JavaScript class name). The first group are ECMAScript's own constructors, then
// DOMException (whose `name` is Error::code), then the classes of the `Deno.errors` namespace.
#define RT_ERROR_CLASSES(X)                    \
  X(kError, "Error")                           \
  X(kTypeError, "TypeError")                   \
  X(kRangeError, "RangeError")                 \
  X(kSyntaxError, "SyntaxError")               \
  X(kReferenceError, "ReferenceError")         \
  X(kUriError, "URIError")                     \
  X(kDomException, "DOMException")             \
  X(kNotFound, "NotFound")                     \
  X(kPermissionDenied, "PermissionDenied")     \
  X(kConnectionRefused, "ConnectionRefused")   \
  X(kConnectionReset, "ConnectionReset")       \
  X(kConnectionAborted, "ConnectionAborted")   \
  X(kNotConnected, "NotConnected")             \
  X(kAddrInUse, "AddrInUse")                   \
  X(kAddrNotAvailable, "AddrNotAvailable")     \
  X(kBrokenPipe, "BrokenPipe")                 \
  X(kAlreadyExists, "AlreadyExists")           \
  X(kInvalidData, "InvalidData")               \
  X(kTimedOut, "TimedOut")                     \
  X(kInterrupted, "Interrupted")               \
  X(kWriteZero, "WriteZero")                   \
  X(kWouldBlock, "WouldBlock")                 \
  X(kUnexpectedEof, "UnexpectedEof")           \
  X(kBadResource, "BadResource")               \
  X(kHttp, "Http")                             \
  X(kBusy, "Busy")                             \
  X(kNotSupported, "NotSupported")             \
  X(kFilesystemLoop, "FilesystemLoop")         \
  X(kIsADirectory, "IsADirectory")             \
  X(kNetworkUnreachable, "NetworkUnreachable") \
  X(kNotADirectory, "NotADirectory")           \
  X(kNotCapable, "NotCapable")

enum class ErrorClass : uint8_t {
#define RT_X(enumerator, name) enumerator,
  RT_ERROR_CLASSES(RT_X)
#undef RT_X
};

inline constexpr int kErrorClassCount = 0
#define RT_X(enumerator, name) +1
    RT_ERROR_CLASSES(RT_X)
#undef RT_X
    ;

// The JavaScript name of a class: "NotFound" for ErrorClass::kNotFound.
std::string_view ErrorClassName(ErrorClass error_class);

struct Error {
  ErrorClass error_class = ErrorClass::kError;
  // Becomes the `code` property when not empty: "ENOENT", "ERR_INVALID_ARG_TYPE"; for kDomException
  // the exception's name ("AbortError").
  std::string code;
  std::string message;
  int sys_errno = 0;    // positive errno value, or 0
  std::string syscall;  // "open"; empty if none
  std::string path;     // what the call was about, as the caller spelt it; empty if none

  static Error Make(ErrorClass error_class, std::string message, std::string code = {}) {
    return Error{error_class, std::move(code), std::move(message), 0, {}, {}};
  }
  static Error Type(std::string message) {
    return Make(ErrorClass::kTypeError, std::move(message));
  }
  static Error Range(std::string message) {
    return Make(ErrorClass::kRangeError, std::move(message));
  }
  static Error Dom(std::string name, std::string message) {
    return Make(ErrorClass::kDomException, std::move(message), std::move(name));
  }
  static Error BadResource(std::string message = "Bad resource ID") {
    return Make(ErrorClass::kBadResource, std::move(message), "EBADF");
  }

  // From a positive errno (libuv's negative codes are accepted too). The message has Deno's form:
  // "No such file or directory (os error 2): open 'a.txt'"; with `to`, "...: rename 'a' -> 'b'";
  // without a path the system's words alone.
  static Error FromErrno(int sys_errno, std::string_view syscall = {}, std::string_view path = {},
                         std::string_view to = {});
};

}  // namespace rt
