// What a script's unix socket path is granted as. Deno spells an abstract name with a leading NUL;
// scopes and granted values with "@". Must never touch the file system.
#pragma once

#include <string>

#include "src/op/op_host.h"
#include "src/permissions/grant_access.h"
#include "src/permissions/net_sinks.h"

namespace rt {

inline bool IsAbstractName(const std::string& path) {
  return path.starts_with('\0');
}

// Only for an abstract name.
inline Result<Granted<Perm::kNet, UnixPath>> CheckAbstractName(OpContext& cx, std::string path,
                                                               NetUse use) {
  path[0] = '@';
  return GrantAccess::CheckUnix(cx.permissions(), std::move(path), cx.op_name(), use);
}

// For a path that was checked for reading and writing: `found`. A file that is called "@x" is not
// the abstract name.
inline Result<Granted<Perm::kNet, UnixPath>> CheckUnixFile(OpContext& cx, const PathTarget& found,
                                                           NetUse use) {
  const std::string& path = found.path();
  RT_TRY(auto granted,
         GrantAccess::CheckUnix(cx.permissions(), path.starts_with('@') ? "./" + path : path,
                                cx.op_name(), use));
  RT_TRY_VOID(CheckSocketPlace(cx.permissions(), found, use, cx.op_name()));
  return granted;
}

// Binds to the path or the abstract name, after all checks.
inline Result<BoundUnix> BindChecked(OpContext& cx, std::string path, UnixKind kind) {
  if (IsAbstractName(path)) {
    RT_TRY(const auto name, CheckAbstractName(cx, std::move(path), NetUse::kListen));
    return BindAbstractSocket(name, kind);
  }
  RT_TRY(const auto entry, GrantAccess::CheckEntryReadWrite(cx.permissions(), path, cx.op_name()));
  RT_TRY(const auto address, CheckUnixFile(cx, *entry, NetUse::kListen));
  return BindUnixSocket(entry, address, kind);
}

}  // namespace rt
