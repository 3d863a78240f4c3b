#include "src/module/module_source.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>

#include "src/base/redact.h"
#include "src/ext/url/data_url.h"
#include "src/module/remote/charset.h"
#include "src/module/specifier.h"
#include "src/permissions/grant_access.h"
#include "src/permissions/owned_fd.h"
#include "src/permissions/sinks.h"
#include "src/permissions/wall_helper.h"

namespace rt {
namespace {

// V8 cannot hold a longer string.
constexpr off_t kMaxSourceBytes = (off_t{1} << 29) - 32;
constexpr int kMaxLinks = 40;  // as Linux follows

std::string RealPath(const std::string& path) {
  char* resolved = realpath(path.c_str(), nullptr);
  if (!resolved) return {};
  std::string text = resolved;
  free(resolved);
  return text;
}

bool HasUtf16Mark(std::string_view text) {
  return text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF");
}

// Where an open file really is.
std::string OpenedPath(int fd) {
  char target[4096];
  const std::string link = "/proc/self/fd/" + std::to_string(fd);
  const ssize_t size = readlink(link.c_str(), target, sizeof target);
  return size > 0 ? std::string(target, static_cast<size_t>(size)) : std::string();
}

// The resolved folder of a file that may not exist, with a "/" at its end.
std::string FolderPath(const std::string& path) {
  std::string folder = RealPath(path.substr(0, path.rfind('/') + 1));
  if (!folder.empty() && !folder.ends_with('/')) folder += '/';
  return folder;
}

// Where a path leads that cannot be opened: with the links at its end followed, whether or not
// there is anything. Empty: its folder is not there.
std::string LeadsTo(std::string path) {
  for (int links = 0; links < kMaxLinks; ++links) {
    const std::string folder = FolderPath(path);
    if (folder.empty()) return {};
    const std::string resolved = folder + path.substr(path.rfind('/') + 1);
    char target[4096];
    const ssize_t size = readlink(resolved.c_str(), target, sizeof target);
    if (size <= 0) return resolved;
    const std::string_view text(target, static_cast<size_t>(size));
    path = text.starts_with('/') ? std::string(text) : folder + std::string(text);
    while (path.size() > 1 && path.ends_with('/')) path.pop_back();
  }
  return {};
}

bool IsRegular(int fd) {
  struct stat info;
  return fstat(fd, &info) == 0 && S_ISREG(info.st_mode);
}

Result<std::string> ReadAll(int fd, const std::string& path) {
  struct stat info;
  if (fstat(fd, &info) != 0) return Error::FromErrno(errno, "stat", path);
  if (S_ISDIR(info.st_mode)) return Error::FromErrno(EISDIR, "read", path);
  if (info.st_size > kMaxSourceBytes) {
    return Error::Range("Module is too large (512 MiB at most): " + path);
  }
  std::string text;
  text.resize(static_cast<size_t>(info.st_size));
  size_t filled = 0;
  for (;;) {
    if (filled == text.size()) text.resize(filled + 4096);
    const ssize_t size = read(fd, text.data() + filled, text.size() - filled);
    if (size < 0) {
      if (errno == EINTR) continue;
      return Error::FromErrno(errno, "read", path);
    }
    if (size == 0) break;
    filled += static_cast<size_t>(size);
    if (filled > static_cast<size_t>(kMaxSourceBytes)) {
      return Error::Range("Module is too large (512 MiB at most): " + path);
    }
  }
  text.resize(filled);
  return text;
}

// Without parameters, in lower case.
std::string MimeEssence(std::string_view mime_type) {
  std::string essence(mime_type.substr(0, mime_type.find(';')));
  while (essence.ends_with(' ') || essence.ends_with('\t')) essence.pop_back();
  for (char& c : essence) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
  return essence;
}

Result<ModuleSource> LoadDataUrl(const std::string& url, ModuleType wanted) {
  auto data = url::ParseDataUrl(url);
  if (!data) return Error::Type("Invalid data URL: " + url.substr(0, 100));
  const std::string mime_type = MimeEssence(data->mime_type);
  ModuleSource source;
  source.text = std::move(data->body);
  if (wanted == ModuleType::kText || wanted == ModuleType::kBytes) {
    source.type = wanted;
  } else if (mime_type == "application/json" || mime_type == "text/json" ||
             mime_type.ends_with("+json")) {
    source.type = ModuleType::kJson;
  } else if (mime_type == "application/wasm") {
    source.type = ModuleType::kWasm;
  } else if (source.media = MediaTypeOfMime(mime_type); source.media) {
    source.type = ModuleType::kJavaScript;
  } else {
    return Error::Type("Expected a JavaScript or JSON module, but the data URL's media type is \"" +
                       mime_type + "\"");
  }
  return source;
}

}  // namespace

std::optional<typescript::MediaType> MediaTypeOfMime(std::string_view mime_type) {
  using typescript::MediaType;
  // https://html.spec.whatwg.org/multipage/webappapis.html#fetch-a-single-module-script asks for
  // those of JavaScript; the others are Deno's.
  static constexpr std::pair<std::string_view, MediaType> kTypes[] = {
      {"text/javascript", MediaType::kJavaScript},
      {"application/javascript", MediaType::kJavaScript},
      {"application/ecmascript", MediaType::kJavaScript},
      {"text/ecmascript", MediaType::kJavaScript},
      {"application/x-javascript", MediaType::kJavaScript},
      {"application/typescript", MediaType::kTypeScript},
      {"text/typescript", MediaType::kTypeScript},
      {"application/x-typescript", MediaType::kTypeScript},
      {"video/mp2t", MediaType::kTypeScript},
      {"text/jsx", MediaType::kJsx},
      {"text/tsx", MediaType::kTsx},
  };
  const std::string essence = MimeEssence(mime_type);
  for (const auto& [name, media] : kTypes) {
    if (name == essence) return media;
  }
  return std::nullopt;
}

void ModuleSources::SetMainModule(const std::string& url) {
  root_.clear();
  auto path = FileUrlToPath(url);
  if (!path.ok()) return;
  const std::string folder = path->substr(0, path->rfind('/') + 1);
  root_ = RealPath(folder.empty() ? "/" : folder);
  if (!root_.empty() && !root_.ends_with('/')) root_ += '/';
  // A program in the root folder is not given the whole disk.
  if (root_ == "/") root_.clear();
}

void ModuleSources::SetWorker(WorkerModules worker) {
  if (!worker.foreign) root_ = std::move(worker.root);
  isolated_ = worker.isolated;
  code_permissions_ = std::move(worker.code_permissions);
}

bool ModuleSources::InsideRoot(const std::string& resolved) const {
  return !root_.empty() && resolved.starts_with(root_);
}

// Of /app/node_modules/x/index.js with the main module in /app or below it.
bool ModuleSources::IsInstalledPackage(const std::string& resolved) const {
  const size_t folder = resolved.find("/node_modules/");
  return folder != std::string::npos && !root_.empty() &&
         root_.starts_with(resolved.substr(0, folder + 1));
}

bool ModuleSources::IsStored(const Permissions& permissions, const std::string& resolved) const {
  if (!store_ || !store_->PackageOf(resolved)) return false;
  auto status = permissions.Query(Perm::kRead, resolved);
  return status.ok() && status->state != PermState::kDenied;
}

bool ModuleSources::MayAlwaysRead(const Permissions& permissions,
                                  const std::string& resolved) const {
  if (!InsideRoot(resolved) && !IsInstalledPackage(resolved)) return false;
  for (const char* kernel : {"/proc/", "/sys/", "/dev/"}) {
    if (resolved.starts_with(kernel)) return false;
  }
  // A deny rule wins over being part of the program.
  auto status = permissions.Query(Perm::kRead, resolved);
  return status.ok() && status->state != PermState::kDenied;
}

bool ModuleSources::IsNear(const Permissions& permissions, const std::string& path,
                           bool foreign) const {
  // Whatever a link in its place leads to is not what will be read.
  if (store_ && store_->HasFile(path)) return IsStored(permissions, path);
  const std::string leads_to = LeadsTo(path);
  const std::string& resolved = leads_to.empty() ? path : leads_to;
  if (!foreign && !isolated_ && MayAlwaysRead(permissions, resolved)) return true;
  return IsStored(permissions, resolved);
}

Result<void> ModuleSources::CheckProbe(Permissions& permissions, const std::string& path,
                                       bool foreign) const {
  if (IsNear(permissions, path, foreign)) return {};
  auto granted = GrantAccess::CheckPath<Perm::kRead>(permissions, path, "require()");
  if (!granted.ok()) return granted.TakeError();
  return {};
}

Result<ModuleSource> ModuleSources::Load(Permissions& permissions, const std::string& url,
                                         ModuleType wanted, ImportKind kind) {
  if (url.starts_with("data:")) return LoadDataUrl(url, wanted);
  if (url.starts_with("blob:")) {
    // Only a worker's main module may be one, and that is not read from here.
    return Error::Make(ErrorClass::kTypeError, "Module not found \"" + url + "\"",
                       "ERR_MODULE_NOT_FOUND");
  }
  if (!url.starts_with("file:")) {
    const std::string scheme = url.substr(0, url.find(':'));
    return Error::Make(ErrorClass::kNotSupported, "not implemented: importing from \"" + scheme +
                                                      ":\" (" + RedactCredentials(url) + ")");
  }
  RT_TRY(const std::string path, FileUrlToPath(url));
  ModuleSource source;
  if (wanted == ModuleType::kText || wanted == ModuleType::kBytes) {
    source.type = wanted;
  } else {
    source.type = path.ends_with(".json")   ? ModuleType::kJson
                  : path.ends_with(".wasm") ? ModuleType::kWasm
                                            : ModuleType::kJavaScript;
  }
  const bool is_code = source.type == ModuleType::kJavaScript || source.type == ModuleType::kWasm;
  const bool anywhere = kind == ImportKind::kMain || (kind == ImportKind::kStatic && is_code);
  const bool worker_code = kind == ImportKind::kWorker && is_code;
  const bool is_import = is_code || wanted == ModuleType::kJson;
  const bool near_counts = !isolated_ || worker_code;
  Permissions& judge = worker_code && code_permissions_ ? *code_permissions_ : permissions;
  const Error not_found =
      Error::Make(ErrorClass::kTypeError, "Module not found \"" + RedactCredentials(url) + "\"",
                  "ERR_MODULE_NOT_FOUND");
  // Opened first, judged by what was opened: a link swapped in between changes nothing.
  // Only the person at the command line may name a FIFO (`<(…)`), which blocks until it is written.
  // A file of a registry's package is a file: what else stands there is damage, as if it were gone.
  const bool is_published = store_ && store_->HasFile(path);
  const int flags = O_RDONLY | O_CLOEXEC | (is_published ? O_NOFOLLOW : 0) |
                    (kind == ImportKind::kMain && !is_published ? 0 : O_NONBLOCK);
  OwnedFd fd(open(path.c_str(), flags));
  int open_errno = errno;
  if (!fd && anywhere && WallHelper::MayBeTheWall(open_errno)) {
    // The kernel's wall is lower than what the program's own graph may read.
    auto outside = WallHelper::Get()->OpenCode(path);
    if (outside && outside->ok()) fd = std::move(*outside).value();
  }
  if (is_published && (fd ? !IsRegular(fd.get()) : open_errno == ELOOP)) {
    fd.Reset();
    open_errno = ENOENT;
  }
  const std::string opened_path = anywhere       ? std::string()
                                  : fd           ? OpenedPath(fd.get())
                                  : is_published ? path
                                                 : LeadsTo(path);
  const bool allowed =
      anywhere ||
      (kind != ImportKind::kForeign && near_counts && MayAlwaysRead(judge, opened_path)) ||
      (is_import && IsStored(judge, opened_path));
  if (!allowed) {
    // Refused alike whether or not there is such a file.
    fd.Reset();
    RT_TRY(auto granted, GrantAccess::CheckPath<Perm::kRead>(
                             judge, path, kind == ImportKind::kWorker ? "Worker" : "import()"));
    auto opened = OpenForRead(granted, "open");
    if (!opened.ok()) {
      return opened.error().error_class == ErrorClass::kNotFound ? not_found : opened.TakeError();
    }
    fd = std::move(opened).value();
  } else if (!fd) {
    if (open_errno == ENOENT || open_errno == ENOTDIR) {
      if (!store_) return not_found;
      RT_TRY(auto restored, store_->Published(path, std::nullopt));
      if (!restored) return not_found;
      source.text = std::move(*restored);
      return source;
    }
    return Error::FromErrno(open_errno, "open", path);
  }
  struct stat info;
  if (kind != ImportKind::kMain && fstat(fd.get(), &info) == 0 && !S_ISREG(info.st_mode) &&
      !S_ISDIR(info.st_mode)) {
    return Error::Type("Module is no regular file: " + path);
  }
  RT_TRY(source.text, ReadAll(fd.get(), path));
  if (store_) {
    // A file of a registry's package is what was published, whatever happened to the cache.
    const std::string& place = opened_path.empty() ? path : opened_path;
    RT_TRY(auto published, store_->Published(place, std::move(source.text)));
    if (!published) return not_found;
    source.text = std::move(*published);
  }
  // What an editor saved as UTF-16; text and bytes are imported as they are.
  if ((is_code || source.type == ModuleType::kJson) && HasUtf16Mark(source.text)) {
    RT_TRY(source.text, DecodeBody(source.text, ""));
  }
  return source;
}

}  // namespace rt
