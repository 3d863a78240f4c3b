#include "src/ext/fs/open.h"

#include "src/permissions/env_sinks.h"

namespace rt {
namespace {

Error OptionsError(const char* message) {
  return Error::Make(ErrorClass::kError, message);
}

Result<int> FlagsOf(const OpenOptions& options, std::string_view path) {
  const bool writes = options.write || options.append;
  if (!options.read && !writes && !options.truncate && !options.create && !options.create_new) {
    return OptionsError("'options' requires at least one option to be true");
  }
  if (options.truncate && !options.write) {
    return OptionsError("'truncate' option requires 'write' to be true");
  }
  if ((options.create || options.create_new) && !writes) {
    return OptionsError("'create' or 'createNew' options require 'write' or 'append' to be true");
  }
  if (options.append && options.truncate && !options.create_new) {
    const std::string why = "creating or truncating a file requires write or append access";
    return Error::Make(ErrorClass::kTypeError, why + ": open '" + std::string(path) + "'",
                       "EINVAL");
  }
  int flags = options.read ? (writes ? O_RDWR : O_RDONLY) : O_WRONLY;
  if (options.append) flags |= O_APPEND;
  if (options.truncate) flags |= O_TRUNC;
  if (options.create) flags |= O_CREAT;
  if (options.create_new) flags |= O_CREAT | O_EXCL;
  return flags;
}

Result<void> CheckAffix(std::string_view affix) {
  for (const char c : affix) {
    const auto code = static_cast<unsigned char>(c);
    if (code < 0x20 || code == 0x7f) {
      std::string shown = "\\0";
      if (code != 0) {
        constexpr char kHex[] = "0123456789abcdef";
        shown = {'\\', 'x', kHex[code >> 4], kHex[code & 15]};
      }
      return Error::Type("Invalid control character in prefix or suffix: \"" + shown + "\"");
    }
    if (c == '/' || c == '\\') {
      return Error::Type(std::string("Invalid character in prefix or suffix: \"") +
                         (c == '/' ? "/" : "\\\\") + "\"");
    }
  }
  return {};
}

}  // namespace

Result<OwnedFd> OpenJob::Run() const {
  return OpenGranted(path, "open", flags, mode);
}

Result<OpenJob> PrepareOpen(Permissions& permissions, std::string path, const OpenOptions& options,
                            std::string_view api) {
  RT_TRY(const int flags, FlagsOf(options, path));
  const bool writes = options.write || options.append;
  RT_TRY(auto granted, GrantAccess::CheckOpen(permissions, path, options.read, writes, api));
  // Metadata of a file opened for writing is readable if its path is, and the other way round for
  // times: asked now, while the path means what it meant to the open.
  const auto may = [&](bool opened_for, Perm perm) {
    if (opened_for || permissions.IsUnscoped(perm)) return true;
    const auto status = permissions.Query(perm, path);
    return status.ok() && status->state == PermState::kGranted;
  };
  FileResource::Rights rights{.read = options.read,
                              .write = writes,
                              .stat = may(options.read, Perm::kRead),
                              .touch = may(writes, Perm::kWrite),
                              .path = granted->shown()};
  const mode_t mode = static_cast<mode_t>(options.mode.value_or(0666) & 07777);
  return OpenJob{std::move(granted), flags, mode, std::move(rights)};
}

Result<TempJob> PrepareTemp(Permissions& permissions, std::optional<std::string> dir,
                            std::string prefix, std::string suffix, std::string_view api) {
  RT_TRY_VOID(CheckAffix(prefix));
  RT_TRY_VOID(CheckAffix(suffix));
  const bool is_default = !dir.has_value();
  RT_TRY(auto granted, GrantAccess::CheckPath<Perm::kWrite>(
                           permissions, is_default ? TemporaryDirectory() : std::move(*dir), api,
                           is_default ? "<TMP>" : ""));
  return TempJob{std::move(granted), std::move(prefix), std::move(suffix)};
}

}  // namespace rt
