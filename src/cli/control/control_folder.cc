#include "src/cli/control/control_folder.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace rt::cli {

Result<int> OpenControlFolder(const std::string& cache_folder, bool make) {
  if (cache_folder.empty()) {
    return Error::Make(ErrorClass::kNotFound, "there is no cache folder (RT_DIR, HOME)");
  }
  const std::string path = cache_folder + "/control";
  if (make) {
    for (size_t end = path.find('/', 1); end != std::string::npos; end = path.find('/', end + 1)) {
      mkdir(path.substr(0, end).c_str(), 0700);
    }
    mkdir(path.c_str(), 0700);
  }
  const int folder = open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (folder < 0) return Error::FromErrno(errno, "open", path);
  struct stat info;
  if (fstat(folder, &info) != 0 || info.st_uid != geteuid() || (info.st_mode & 077) != 0) {
    close(folder);
    return Error::Make(ErrorClass::kNotCapable,
                       "\"" + path + "\" must be this user's, and nobody else's to enter");
  }
  return folder;
}

std::string ControlSocketPath(int folder, int pid) {
  return "/proc/self/fd/" + std::to_string(folder) + "/" + std::to_string(pid) + ".sock";
}

Result<int> CheckPeer(int socket) {
  ucred peer{};
  socklen_t size = sizeof peer;
  if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) {
    return Error::FromErrno(errno, "getsockopt");
  }
  if (peer.uid != geteuid()) {
    return Error::Make(ErrorClass::kNotCapable, "the other process is another user's");
  }
  return peer.pid;
}

Result<std::string> ReadLine(int socket, size_t limit, int timeout_ms) {
  std::string line;
  for (;;) {
    pollfd waiting{socket, POLLIN, 0};
    const int ready = poll(&waiting, 1, timeout_ms);
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0) return Error::Make(ErrorClass::kTimedOut, "it does not answer");
    // One by one: what follows the line is somebody else's to read.
    char c = 0;
    const ssize_t size = read(socket, &c, 1);
    if (size < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (size <= 0) return Error::Make(ErrorClass::kUnexpectedEof, "it ended the connection");
    if (c == '\n') return line;
    if (line.size() >= limit) return Error::Type("its line is too long");
    line += c;
  }
}

}  // namespace rt::cli
