#include "src/cli/control/control_folder.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "src/base/cache_names.h"
#include "src/base/make_folders.h"

namespace rt::cli {

Result<int> OpenControlFolder(const std::string& cache_folder, bool make) {
  if (cache_folder.empty()) {
    return Error::Make(ErrorClass::kNotFound, "there is no cache folder (RT_DIR, HOME)");
  }
  const std::string path = cache::PathOf(cache_folder, cache::kControl);
  // Whether it worked shows when it is opened.
  if (make) (void)MakeFolders(path);
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

bool SendEnd(int from, const std::string& path, int end) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
  char byte = 0;
  iovec part{&byte, 1};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {};
  msghdr message{.msg_name = &address,
                 .msg_namelen = sizeof address,
                 .msg_iov = &part,
                 .msg_iovlen = 1,
                 .msg_control = control,
                 .msg_controllen = sizeof control,
                 .msg_flags = 0};
  cmsghdr* header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(sizeof(int));
  std::memcpy(CMSG_DATA(header), &end, sizeof end);
  return sendmsg(from, &message, MSG_NOSIGNAL) == 1;
}

int ReceiveEnd(int at, int pid) {
  char byte = 0;
  iovec part{&byte, 1};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int)) + CMSG_SPACE(sizeof(ucred))] = {};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  if (recvmsg(at, &message, MSG_CMSG_CLOEXEC | MSG_DONTWAIT) != 1) return -1;
  int end = -1;
  ucred sender{};
  for (cmsghdr* header = CMSG_FIRSTHDR(&message); header != nullptr;
       header = CMSG_NXTHDR(&message, header)) {
    if (header->cmsg_level != SOL_SOCKET) continue;
    if (header->cmsg_type == SCM_RIGHTS && header->cmsg_len == CMSG_LEN(sizeof end)) {
      std::memcpy(&end, CMSG_DATA(header), sizeof end);
    } else if (header->cmsg_type == SCM_CREDENTIALS) {
      std::memcpy(&sender, CMSG_DATA(header), sizeof sender);
    }
  }
  if (end >= 0 && sender.pid == pid && sender.uid == geteuid()) return end;
  if (end >= 0) close(end);
  return -1;
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
