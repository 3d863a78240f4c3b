// Listening, the per-turn lists, and the buffers that connections share. Answers are in
// responses.cc.
#include "src/ext/http/engine/engine.h"

#include <errno.h>
#include <netinet/in.h>
#include <unistd.h>

#include <algorithm>

namespace rt::http {
namespace {

// Buffers kept for the next turn; more than a busy turn has connections would only hold memory.
constexpr size_t kMaxKeptBuffers = 256;
constexpr size_t kMaxKeptBufferBytes = 32 * 1024;

template <class Handle>
void CloseAndFree(Handle* handle) {
  uv_close(reinterpret_cast<uv_handle_t*>(handle),
           [](uv_handle_t* closed) { delete reinterpret_cast<Handle*>(closed); });
}

template <class Handle>
Handle* Unreferenced(Handle* handle, void* data) {
  handle->data = data;
  uv_unref(reinterpret_cast<uv_handle_t*>(handle));
  return handle;
}

}  // namespace

Engine::Engine(uv_loop_t* loop) : loop_(loop), read_buffer_(new char[kReadBufferBytes]) {
  prepare_ = new uv_prepare_t;
  check_ = new uv_check_t;
  idle_ = new uv_idle_t;
  RT_CHECK(uv_prepare_init(loop, prepare_) == 0);
  RT_CHECK(uv_check_init(loop, check_) == 0);
  RT_CHECK(uv_idle_init(loop, idle_) == 0);
  Unreferenced(prepare_, this);
  Unreferenced(check_, this);
  Unreferenced(idle_, this);
  uv_prepare_start(prepare_,
                   [](uv_prepare_t* handle) { static_cast<Engine*>(handle->data)->FlushAll(); });
}

Engine::~Engine() {
  ending_ = true;
  for (auto& server : servers_) {
    server->callbacks_ = {};
    server->Close();
  }
  servers_.clear();
  CloseAndFree(prepare_);
  CloseAndFree(check_);
  CloseAndFree(idle_);
}

Result<Server*> Engine::ListenSockaddr(const sockaddr* address, socklen_t length,
                                       const ListenOptions& options, ServerCallbacks callbacks) {
  int fd = options.activated ? options.activated(address) : -1;
  const bool is_new = fd < 0;
  if (is_new) fd = socket(address->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return Error::FromErrno(errno, "socket");
  const auto fail = [fd](const char* call) {
    Error error = Error::FromErrno(errno, call);
    close(fd);
    return error;
  };
  const int on = 1;
  if (is_new && address->sa_family != AF_UNIX) {
    // Without it a restarted server cannot bind while old connections rest in TIME_WAIT.
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0) return fail("setsockopt");
    if (options.reuse_port && setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on) != 0) {
      return fail("setsockopt");
    }
  }
  if (is_new) {
    const int bound = options.bind ? options.bind(fd, address, length) : bind(fd, address, length);
    if (bound != 0) return fail("bind");
  }
  if (listen(fd, options.backlog) != 0) return fail("listen");
  std::unique_ptr<Server> server(new Server(*this, fd, options, std::move(callbacks)));
  if (Result<void> started = server->Start(); !started.ok()) {
    // Not started: there is no handle that would close the descriptor, and nobody to tell of an
    // end.
    server->callbacks_ = {};
    close(fd);
    return started.TakeError();
  }
  servers_.push_back(std::move(server));
  return servers_.back().get();
}

void Engine::Remove(Server* server) {
  const auto at = std::find_if(servers_.begin(), servers_.end(),
                               [server](const auto& owned) { return owned.get() == server; });
  if (at == servers_.end()) return;
  (*at)->Close();
  servers_.erase(at);
}

void Engine::TakeBuffer(Output* out) {
  if (buffers_.empty()) return;
  *out = std::move(buffers_.back());
  buffers_.pop_back();
}

void Engine::GiveBuffer(Output* out) {
  if (buffers_.size() < kMaxKeptBuffers && out->capacity() <= kMaxKeptBufferBytes) {
    buffers_.push_back(std::move(*out));
  } else {
    Output dropped;
    dropped.swap(*out);
  }
}

void Engine::ScheduleFlush(Connection* connection) {
  if (connection->in_flush_list) return;
  connection->in_flush_list = true;
  to_flush_.push_back(connection);
}

void Engine::FlushAll() {
  if (to_resume_.empty()) uv_idle_stop(idle_);
  // A callback of one flush may queue another connection, or end one that is still in the list.
  for (int round = 0; round < 4 && !to_flush_.empty(); ++round) {
    flushing_.swap(to_flush_);
    for (size_t i = 0; i < flushing_.size(); ++i) {
      Connection* connection = flushing_[i];
      if (connection == nullptr) continue;
      connection->in_flush_list = false;
      connection->Flush();
    }
    flushing_.clear();
  }
  // Not left for after the poll, which may wait for long.
  if (!to_flush_.empty()) uv_idle_start(idle_, [](uv_idle_t*) {});
}

// Parsing what was held back gives new requests, which must be seen before the loop sleeps: the
// idle handle keeps it from sleeping, and the check handle runs after its poll, as reading does.
void Engine::ScheduleResume(Connection* connection) {
  if (connection->in_resume_list) return;
  connection->in_resume_list = true;
  if (to_resume_.empty()) {
    uv_idle_start(idle_, [](uv_idle_t*) {});
    uv_check_start(check_,
                   [](uv_check_t* handle) { static_cast<Engine*>(handle->data)->ResumeAll(); });
  }
  to_resume_.push_back(connection);
}

void Engine::ResumeAll() {
  if (to_flush_.empty()) uv_idle_stop(idle_);
  uv_check_stop(check_);
  resuming_.swap(to_resume_);
  for (size_t i = 0; i < resuming_.size(); ++i) {
    Connection* connection = resuming_[i];
    if (connection == nullptr) continue;
    connection->in_resume_list = false;
    connection->Resume();
  }
  resuming_.clear();
}

void Engine::Forget(Connection* connection) {
  for (auto* list : {&to_flush_, &flushing_, &to_resume_, &resuming_}) {
    if (!connection->in_flush_list && !connection->in_resume_list) break;
    std::replace(list->begin(), list->end(), connection, static_cast<Connection*>(nullptr));
  }
  connection->in_flush_list = connection->in_resume_list = false;
}

}  // namespace rt::http
