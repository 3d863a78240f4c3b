#include "src/base/output.h"

#include <poll.h>
#include <pthread.h>
#include <unistd.h>

#include <cerrno>

namespace rt {
namespace {

// A thread that prints without end must not keep the question from being asked.
pthread_rwlock_t terminal = PTHREAD_RWLOCK_WRITER_NONRECURSIVE_INITIALIZER_NP;

}  // namespace

TerminalTurn::TerminalTurn(For purpose) {
  if (purpose == For::kAsking) {
    pthread_rwlock_wrlock(&terminal);
  } else {
    pthread_rwlock_rdlock(&terminal);
  }
}

TerminalTurn::~TerminalTurn() {
  pthread_rwlock_unlock(&terminal);
}

bool WriteInTurn(int fd, std::string_view text) {
  const TerminalTurn turn(TerminalTurn::For::kWriting);
  return WriteFully(fd, text);
}

bool WriteFully(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = write(fd, text.data(), text.size());
    if (written >= 0) {
      text.remove_prefix(static_cast<size_t>(written));
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      pollfd waiting{fd, POLLOUT, 0};
      poll(&waiting, 1, -1);
    } else if (errno != EINTR) {
      return false;
    }
  }
  return true;
}

}  // namespace rt
