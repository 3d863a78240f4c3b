// Error::FromErrno: the class, code and words scripts match on, which are Deno's.
#include "src/base/error.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <set>
#include <string>

namespace rt {
namespace {

struct ErrnoCase {
  int sys_errno;
  const char* code;
  const char* class_name;
  const char* text;
};

TEST(ErrorFromErrno, ClassCodeAndText) {
  const ErrnoCase cases[] = {
      {ENOENT, "ENOENT", "NotFound", "No such file or directory (os error 2)"},
      {EACCES, "EACCES", "PermissionDenied", "Permission denied (os error 13)"},
      {EPERM, "EPERM", "PermissionDenied", "Operation not permitted (os error 1)"},
      {EEXIST, "EEXIST", "AlreadyExists", "File exists (os error 17)"},
      {ENOTDIR, "ENOTDIR", "NotADirectory", "Not a directory (os error 20)"},
      {EISDIR, "EISDIR", "IsADirectory", "Is a directory (os error 21)"},
      {EINVAL, "EINVAL", "TypeError", "Invalid argument (os error 22)"},
      {EBADF, "EBADF", "BadResource", "Bad file descriptor (os error 9)"},
      {ELOOP, "ELOOP", "FilesystemLoop", "Too many levels of symbolic links (os error 40)"},
      {EADDRINUSE, "EADDRINUSE", "AddrInUse", "Address already in use (os error 98)"},
      {ECONNREFUSED, "ECONNREFUSED", "ConnectionRefused", "Connection refused (os error 111)"},
      {ECONNRESET, "ECONNRESET", "ConnectionReset", "Connection reset by peer (os error 104)"},
      {EPIPE, "EPIPE", "BrokenPipe", "Broken pipe (os error 32)"},
      {ETIMEDOUT, "ETIMEDOUT", "TimedOut", "Connection timed out (os error 110)"},
      {ENOTEMPTY, "ENOTEMPTY", "Error", "Directory not empty (os error 39)"},
      {EXDEV, "EXDEV", "Error", "Invalid cross-device link (os error 18)"},
  };
  for (const ErrnoCase& expected : cases) {
    const Error error = Error::FromErrno(expected.sys_errno);
    EXPECT_EQ(error.code, expected.code);
    EXPECT_EQ(ErrorClassName(error.error_class), expected.class_name) << expected.code;
    EXPECT_EQ(error.message, expected.text);
    EXPECT_EQ(error.sys_errno, expected.sys_errno);
  }
}

TEST(ErrorFromErrno, NamesTheCallWithItsPathsOrNotAtAll) {
  const Error bare = Error::FromErrno(EADDRINUSE, "bind");
  EXPECT_EQ(bare.message, "Address already in use (os error 98)");
  EXPECT_EQ(bare.syscall, "bind");
  EXPECT_EQ(Error::FromErrno(ENOENT, "open", "a.txt").message,
            "No such file or directory (os error 2): open 'a.txt'");
  const Error error = Error::FromErrno(EXDEV, "rename", "a", "b");
  EXPECT_EQ(error.message, "Invalid cross-device link (os error 18): rename 'a' -> 'b'");
  EXPECT_EQ(error.syscall, "rename");
  EXPECT_EQ(error.path, "a");
}

TEST(ErrorFromErrno, AcceptsNegativeAndUnknownCodes) {
  EXPECT_EQ(Error::FromErrno(-ENOENT, "open").code, "ENOENT");
  const Error unknown = Error::FromErrno(4242, "open");
  EXPECT_EQ(unknown.message, "Unknown error 4242 (os error 4242)");
  EXPECT_EQ(unknown.error_class, ErrorClass::kError);
  EXPECT_EQ(unknown.code, "");
}

TEST(ErrorClasses, EveryClassHasANameOfItsOwn) {
  std::set<std::string_view> names;
  for (int i = 0; i < kErrorClassCount; ++i) names.insert(ErrorClassName(ErrorClass(i)));
  EXPECT_EQ(names.size(), static_cast<size_t>(kErrorClassCount));
  EXPECT_EQ(ErrorClassName(ErrorClass::kNotCapable), "NotCapable");
}

TEST(Error, Makers) {
  EXPECT_EQ(Error::Type("x").error_class, ErrorClass::kTypeError);
  EXPECT_EQ(Error::Range("x").error_class, ErrorClass::kRangeError);
  EXPECT_EQ(Error::Dom("AbortError", "gone").code, "AbortError");
  EXPECT_EQ(Error::BadResource().message, "Bad resource ID");
  EXPECT_EQ(Error::BadResource().code, "EBADF");
}

}  // namespace
}  // namespace rt
