// errno -> Error. The table is Deno's mapping (which is Rust's io::ErrorKind), because scripts
// match on these classes.
#include "src/base/error.h"

#include <cerrno>
#include <cstring>
#include <iterator>

#include "src/base/result.h"

namespace rt {
namespace {

struct ErrnoRow {
  int sys_errno;
  const char* code;
  ErrorClass error_class;
};

// Codes with a class of their own first, then codes that only need their name.
constexpr ErrnoRow kErrnoRows[] = {
    {ENOENT, "ENOENT", ErrorClass::kNotFound},
    {EACCES, "EACCES", ErrorClass::kPermissionDenied},
    {EPERM, "EPERM", ErrorClass::kPermissionDenied},
    {ECONNREFUSED, "ECONNREFUSED", ErrorClass::kConnectionRefused},
    {ECONNRESET, "ECONNRESET", ErrorClass::kConnectionReset},
    {ECONNABORTED, "ECONNABORTED", ErrorClass::kConnectionAborted},
    {ENOTCONN, "ENOTCONN", ErrorClass::kNotConnected},
    {EADDRINUSE, "EADDRINUSE", ErrorClass::kAddrInUse},
    {EADDRNOTAVAIL, "EADDRNOTAVAIL", ErrorClass::kAddrNotAvailable},
    {EPIPE, "EPIPE", ErrorClass::kBrokenPipe},
    {EEXIST, "EEXIST", ErrorClass::kAlreadyExists},
    {EINVAL, "EINVAL", ErrorClass::kTypeError},
    {ETIMEDOUT, "ETIMEDOUT", ErrorClass::kTimedOut},
    {EINTR, "EINTR", ErrorClass::kInterrupted},
    {EAGAIN, "EAGAIN", ErrorClass::kWouldBlock},
    {EBADF, "EBADF", ErrorClass::kBadResource},
    {EBUSY, "EBUSY", ErrorClass::kBusy},
    {ENOTSUP, "ENOTSUP", ErrorClass::kNotSupported},
    {ENOSYS, "ENOSYS", ErrorClass::kNotSupported},
    {ELOOP, "ELOOP", ErrorClass::kFilesystemLoop},
    {EISDIR, "EISDIR", ErrorClass::kIsADirectory},
    {ENETUNREACH, "ENETUNREACH", ErrorClass::kNetworkUnreachable},
    {ENOTDIR, "ENOTDIR", ErrorClass::kNotADirectory},
    {EHOSTUNREACH, "EHOSTUNREACH", ErrorClass::kError},
    {ENOTEMPTY, "ENOTEMPTY", ErrorClass::kError},
    {EMFILE, "EMFILE", ErrorClass::kError},
    {ENFILE, "ENFILE", ErrorClass::kError},
    {ENOSPC, "ENOSPC", ErrorClass::kError},
    {EDQUOT, "EDQUOT", ErrorClass::kError},
    {EFBIG, "EFBIG", ErrorClass::kError},
    {EROFS, "EROFS", ErrorClass::kError},
    {EXDEV, "EXDEV", ErrorClass::kError},
    {EIO, "EIO", ErrorClass::kError},
    {ENOMEM, "ENOMEM", ErrorClass::kError},
    {ENAMETOOLONG, "ENAMETOOLONG", ErrorClass::kError},
    {ESPIPE, "ESPIPE", ErrorClass::kError},
    {ENXIO, "ENXIO", ErrorClass::kError},
    {ENODEV, "ENODEV", ErrorClass::kError},
    {ETXTBSY, "ETXTBSY", ErrorClass::kError},
    {EMLINK, "EMLINK", ErrorClass::kError},
    {EFAULT, "EFAULT", ErrorClass::kError},
    {ENOTTY, "ENOTTY", ErrorClass::kError},
    {E2BIG, "E2BIG", ErrorClass::kError},
    {ESRCH, "ESRCH", ErrorClass::kNotFound},
    {ECHILD, "ECHILD", ErrorClass::kNotFound},
    {ECANCELED, "ECANCELED", ErrorClass::kInterrupted},
    {EDESTADDRREQ, "EDESTADDRREQ", ErrorClass::kError},
    {EMSGSIZE, "EMSGSIZE", ErrorClass::kError},
    {EPROTO, "EPROTO", ErrorClass::kError},
    {EAFNOSUPPORT, "EAFNOSUPPORT", ErrorClass::kError},
    {ENOBUFS, "ENOBUFS", ErrorClass::kError},
    {ENETDOWN, "ENETDOWN", ErrorClass::kError},
    {EALREADY, "EALREADY", ErrorClass::kError},
    {ERANGE, "ERANGE", ErrorClass::kError},
};

constexpr std::string_view kClassNames[] = {
#define RT_X(enumerator, name) name,
    RT_ERROR_CLASSES(RT_X)
#undef RT_X
};

}  // namespace

std::string_view ErrorClassName(ErrorClass error_class) {
  return kClassNames[static_cast<size_t>(error_class)];
}

Error Error::FromErrno(int sys_errno, std::string_view syscall, std::string_view path,
                       std::string_view to) {
  const int positive = sys_errno < 0 ? -sys_errno : sys_errno;
  Error error;
  error.sys_errno = positive;
  error.syscall = syscall;
  error.path = path;
  for (const ErrnoRow& row : kErrnoRows) {
    if (row.sys_errno == positive) {
      error.error_class = row.error_class;
      error.code = row.code;
      break;
    }
  }
  char text[128] = "";
  // The GNU form returns the text; it may or may not be in our buffer.
  error.message = strerror_r(positive, text, sizeof text);
  error.message += " (os error " + std::to_string(positive) + ")";
  // As in Deno: what was tried is told with what it was tried on, or not at all.
  if (!path.empty()) {
    error.message.append(": ").append(syscall).append(syscall.empty() ? "'" : " '");
    error.message.append(path).append("'");
  }
  if (!to.empty()) error.message.append(" -> '").append(to).append("'");
  return error;
}

namespace internal {

Error* NewError(Error&& error) {
  return new Error(std::move(error));
}
void DeleteError(Error* error) {
  delete error;
}

}  // namespace internal
}  // namespace rt
