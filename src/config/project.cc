#include "src/config/project.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "src/config/config_notes.h"

namespace rt {
namespace {

constexpr off_t kMaxConfigBytes = 64 << 20;

}  // namespace

Result<std::optional<std::string>> ReadConfigText(const std::string& path) {
  // Not blocking: a FIFO in a file's place must not hang the program.
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) {
    if (errno == ENOENT || errno == ENOTDIR) return std::optional<std::string>();
    return Error::FromErrno(errno, "open", path);
  }
  struct Closer {
    int fd;
    ~Closer() { close(fd); }
  } closer{fd};
  struct stat info;
  if (fstat(fd, &info) != 0) return Error::FromErrno(errno, "stat", path);
  if (S_ISDIR(info.st_mode)) return std::optional<std::string>();
  // A character device is where /dev/null and /dev/stdin lead.
  if (!S_ISREG(info.st_mode) && !S_ISCHR(info.st_mode)) {
    return Error::Type("\"" + path + "\" is no regular file");
  }
  std::string text;
  char part[16 * 1024];
  for (;;) {
    const ssize_t size = read(fd, part, sizeof part);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return Error::FromErrno(errno, "read", path);
    if (size == 0) return std::optional<std::string>(std::move(text));
    text.append(part, static_cast<size_t>(size));
    if (text.size() > static_cast<size_t>(kMaxConfigBytes)) {
      return Error::Range("Too large (64 MiB at most): " + path);
    }
  }
}

Result<std::string> ReadNamedText(const std::string& path) {
  RT_TRY(std::optional<std::string> text, ReadConfigText(path));
  if (text) return std::move(*text);
  struct stat info;
  const bool is_folder = stat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode);
  return Error::FromErrno(is_folder ? EISDIR : ENOENT, is_folder ? "read" : "open", path);
}

Result<ProjectConfig> ReadProjectConfig(const std::string& path) {
  RT_TRY(const std::string text, ReadNamedText(path));
  ProjectConfig config;
  config.path = path;
  config.folder = path.substr(0, path.rfind('/'));
  auto json = ParseJson(text, JsonSyntax::kWithComments);
  if (!json.ok()) {
    return Error::Make(ErrorClass::kSyntaxError, path + ":" + json.error().message);
  }
  if (!json->AsObject()) {
    return Error::Type(path + ": must hold an object, not " + std::string(json->KindName()));
  }
  config.json = std::move(*json);
  NoteConfig(config);
  return config;
}

Result<std::optional<ProjectConfig>> FindProjectConfig(std::string folder) {
  while (folder.ends_with('/')) folder.pop_back();
  for (;;) {
    for (const char* name : {"/deno.json", "/deno.jsonc"}) {
      if (access((folder + name).c_str(), F_OK) != 0) continue;
      RT_TRY(ProjectConfig config, ReadProjectConfig(folder + name));
      return std::optional<ProjectConfig>(std::move(config));
    }
    if (folder.empty()) return std::optional<ProjectConfig>();
    folder.resize(folder.rfind('/'));
  }
}

}  // namespace rt
