// See the header.
#include "src/ext/tls/tls_stream.h"

#include <openssl/err.h>

#include <algorithm>
#include <climits>

namespace rt {
namespace {

size_t IndexOf(IoDirection direction) {
  return direction == IoDirection::kRead ? 0 : 1;
}

}  // namespace

// --- the stream below as a BIO
// ---------------------------------------------------------------------

const BIO_METHOD* TlsStream::Method() {
  static const BIO_METHOD* const kMethod = [] {
    BIO_METHOD* method = BIO_meth_new(BIO_TYPE_SOURCE_SINK | BIO_get_new_index(), "rt stream");
    RT_CHECK(method != nullptr);
    BIO_meth_set_read_ex(method, &TlsStream::BioRead);
    BIO_meth_set_write_ex(method, &TlsStream::BioWrite);
    BIO_meth_set_ctrl(method, &TlsStream::BioControl);
    return method;
  }();
  return kMethod;
}

int TlsStream::BioRead(BIO* bio, char* into, size_t size, size_t* moved) {
  auto* self = static_cast<TlsStream*>(BIO_get_data(bio));
  BIO_clear_retry_flags(bio);
  auto read = self->below_->TryRead({reinterpret_cast<uint8_t*>(into), size});
  *moved = 0;
  if (!read.ok()) {
    self->below_failure_ = read.TakeError();
    return 0;
  }
  if (!*read) {
    BIO_set_retry_read(bio);
    return 0;
  }
  if (**read == 0) {
    BIO_set_flags(bio, BIO_FLAGS_IN_EOF);
    return 0;
  }
  *moved = **read;
  return 1;
}

int TlsStream::BioWrite(BIO* bio, const char* from, size_t size, size_t* moved) {
  auto* self = static_cast<TlsStream*>(BIO_get_data(bio));
  BIO_clear_retry_flags(bio);
  *moved = 0;
  const iovec part{const_cast<char*>(from), size};
  auto written = self->below_->TryWrite({&part, 1});
  if (!written.ok()) {
    self->below_failure_ = written.TakeError();
    return 0;
  }
  if (!*written) {
    BIO_set_retry_write(bio);
    return 0;
  }
  *moved = **written;
  return 1;
}

long TlsStream::BioControl(BIO* bio, int command, long, void*) {
  switch (command) {
    case BIO_CTRL_FLUSH:
      return 1;
    case BIO_CTRL_EOF:
      return BIO_test_flags(bio, BIO_FLAGS_IN_EOF) != 0;
    default:
      return 0;
  }
}

// --- life
// ------------------------------------------------------------------------------------------

TlsStream::TlsStream(Loop& loop, Ref<StreamResource> below, SslPtr ssl, TlsPeer peer)
    : StreamResource(TypeIdOf<TlsStream>(), loop),
      below_(std::move(below)),
      ssl_(std::move(ssl)),
      peer_(std::move(peer)) {
  BIO* bio = BIO_new(Method());
  RT_CHECK(bio != nullptr);
  BIO_set_data(bio, this);
  BIO_set_init(bio, 1);
  SSL_set_bio(ssl_.get(), bio, bio);
  SSL_set_app_data(ssl_.get(), this);
  SSL_set_mode(ssl_.get(), SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                               SSL_MODE_RELEASE_BUFFERS);
  // Whatever has arrived in one system call, rather than a record's head and body in two.
  SSL_set_read_ahead(ssl_.get(), 1);
  write_waiter_.owner = this;
}

Ref<TlsStream> TlsStream::Start(Loop& loop, Ref<StreamResource> below, SslPtr ssl, TlsPeer peer) {
  auto stream = MakeResource<TlsStream>(loop, std::move(below), std::move(ssl), std::move(peer));
  stream->Drive();
  return stream;
}

TlsStream* TlsStream::Of(const SSL* ssl) {
  return static_cast<TlsStream*>(SSL_get_app_data(ssl));
}

TlsStream::~TlsStream() {
  if (closed_) return;
  below_->Wait(IoDirection::kRead, nullptr);
  below_->Wait(IoDirection::kWrite, nullptr);
  below_->Close();
}

void TlsStream::Close() {
  if (closed_) return;
  closed_ = true;
  const Ref<TlsStream> keep(this);
  if (handshaken_ && !failure_) {
    ERR_clear_error();
    (void)SSL_shutdown(ssl_.get());
    ERR_clear_error();
  }
  below_->Wait(IoDirection::kRead, nullptr);
  below_->Wait(IoDirection::kWrite, nullptr);
  below_->Close();
  WakeAll();
}

// --- the handshake
// -----------------------------------------------------------------------------------

void TlsStream::Drive() {
  ERR_clear_error();
  const int result = SSL_do_handshake(ssl_.get());
  if (result == 1) {
    handshaken_ = true;
    return WakeAll();
  }
  handshake_wants_ = IoDirection::kRead;
  const Moved explained = Explain(result, IoDirection::kRead);
  if (!explained.ok()) return WakeAll();
  // Explain calls an orderly end "0 bytes"; in a handshake there is none.
  if (*explained) {
    failure_ = TlsEof();
    return WakeAll();
  }
  handshake_wants_ = wants_[0];
  below_->Wait(handshake_wants_, handshake_wants_ == IoDirection::kRead
                                     ? static_cast<IoWaiter*>(this)
                                     : &write_waiter_);
}

void TlsStream::OnBelow(IoDirection direction) {
  const Ref<TlsStream> keep(this);
  if (closed_) return;
  if (!handshaken_ && !failure_) {
    if (direction == handshake_wants_) Drive();
    return;
  }
  for (const size_t i : {0u, 1u}) {
    if (wants_[i] != direction) continue;
    if (IoWaiter* waiter = std::exchange(waiters_[i], nullptr)) waiter->OnIoReady();
  }
}

void TlsStream::WakeAll() {
  const Ref<TlsStream> keep(this);
  for (const std::coroutine_handle<> waiting : std::exchange(handshake_waiters_, {})) {
    waiting.resume();
  }
  for (IoWaiter*& each : waiters_) {
    if (IoWaiter* waiter = std::exchange(each, nullptr)) waiter->OnIoReady();
  }
}

class TlsStream::HandshakeWait {
 public:
  explicit HandshakeWait(TlsStream& stream) : stream_(stream) {}
  HandshakeWait(const HandshakeWait&) = delete;
  HandshakeWait& operator=(const HandshakeWait&) = delete;
  ~HandshakeWait() { std::erase(stream_.handshake_waiters_, waiting_); }

  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> awaiting) {
    waiting_ = awaiting;
    stream_.handshake_waiters_.push_back(awaiting);
  }
  void await_resume() const noexcept {}

 private:
  TlsStream& stream_;
  std::coroutine_handle<> waiting_;
};

Task<Result<bool>> TlsStream::Handshake() {
  const Ref<TlsStream> keep(this);
  while (!handshaken_ && !failure_ && !closed_) co_await HandshakeWait(*this);
  if (failure_) co_return Error(*failure_);
  if (closed_) co_return InterruptedError();
  co_return true;
}

std::optional<std::string> TlsStream::alpn_protocol() const {
  const unsigned char* name = nullptr;
  unsigned size = 0;
  SSL_get0_alpn_selected(ssl_.get(), &name, &size);
  if (!handshaken_ || size == 0) return std::nullopt;
  return std::string(reinterpret_cast<const char*>(name), size);
}

// --- bytes
// -------------------------------------------------------------------------------------------

Error TlsStream::Fail(Error error) {
  failure_ = std::move(error);
  return *failure_;
}

// A peer that refuses us says why and closes, and what we write then fails: with TLS 1.3 a server
// judges a client's certificate when the client takes the handshake to be over.
std::optional<Error> TlsStream::PendingAlert() {
  uint8_t byte = 0;
  size_t size = 0;
  int result = SSL_peek_ex(ssl_.get(), &byte, 1, &size);
  // The stream below says once that it is empty after a short read, whatever came since.
  if (SSL_get_error(ssl_.get(), result) == SSL_ERROR_WANT_READ) {
    result = SSL_peek_ex(ssl_.get(), &byte, 1, &size);
  }
  below_failure_.reset();
  if (result != 1 && IsTlsAlert(ERR_peek_error())) return TakeTlsError(peer_.host);
  ERR_clear_error();
  return std::nullopt;
}

ByteStream::Moved TlsStream::Explain(int result, IoDirection direction) {
  switch (SSL_get_error(ssl_.get(), result)) {
    case SSL_ERROR_WANT_READ:
      wants_[IndexOf(direction)] = IoDirection::kRead;
      return std::optional<size_t>();
    case SSL_ERROR_WANT_WRITE:
      wants_[IndexOf(direction)] = IoDirection::kWrite;
      return std::optional<size_t>();
    case SSL_ERROR_ZERO_RETURN:
      return std::optional<size_t>(0);
    default:
      break;
  }
  if (below_failure_) {
    ERR_clear_error();
    Error failure = std::move(*std::exchange(below_failure_, {}));
    if (direction == IoDirection::kWrite && handshaken_) {
      if (std::optional<Error> alert = PendingAlert()) return Fail(std::move(*alert));
    }
    return Fail(std::move(failure));
  }
  if (!handshaken_ && certificate_failure_.code != X509_V_OK &&
      SSL_get_verify_result(ssl_.get()) != X509_V_OK) {
    ERR_clear_error();
    return Fail(CertificateError(certificate_failure_, peer_.host, peer_.store));
  }
  if (ERR_peek_error() == 0) return Fail(TlsEof());
  return Fail(TakeTlsError(peer_.host));
}

ByteStream::Moved TlsStream::TryRead(std::span<uint8_t> into) {
  if (failure_) return Error(*failure_);
  if (closed_) return InterruptedError();
  if (!handshaken_) return std::optional<size_t>();
  ERR_clear_error();
  size_t size = 0;
  const int result = SSL_read_ex(ssl_.get(), into.data(), into.size(), &size);
  if (result == 1) return std::optional<size_t>(size);
  return Explain(result, IoDirection::kRead);
}

ByteStream::Moved TlsStream::TryWrite(std::span<const iovec> parts) {
  if (failure_) return Error(*failure_);
  if (closed_) return InterruptedError();
  if (!handshaken_) return std::optional<size_t>();
  size_t total = 0;
  for (const iovec& part : parts) {
    const auto* data = static_cast<const uint8_t*>(part.iov_base);
    for (size_t at = 0; at < part.iov_len;) {
      ERR_clear_error();
      size_t size = 0;
      const int result = SSL_write_ex(ssl_.get(), data + at, part.iov_len - at, &size);
      if (result != 1) {
        const Moved explained = Explain(result, IoDirection::kWrite);
        // What was taken before is said first; the next call gets the error.
        if (total > 0) return std::optional<size_t>(total);
        if (explained.ok() && *explained) {
          return Fail(Error::FromErrno(EPIPE));  // nothing can be written after the end
        }
        return explained.ok() ? Moved(std::optional<size_t>()) : Moved(Error(explained.error()));
      }
      total += size;
      at += size;
    }
  }
  return std::optional<size_t>(total);
}

Result<bool> TlsStream::TryShutdown() {
  if (failure_) return Error(*failure_);
  if (closed_) return InterruptedError();
  if (!handshaken_) return false;
  ERR_clear_error();
  // 0: our close_notify is out, the peer's has not come; that is all we want.
  const int result = SSL_shutdown(ssl_.get());
  if (result < 0) {
    const Moved explained = Explain(result, IoDirection::kWrite);
    if (!explained.ok()) return Error(explained.error());
    return false;
  }
  return below_->TryShutdown();
}

void TlsStream::Arm(IoDirection direction) {
  const IoDirection wanted = wants_[IndexOf(direction)];
  below_->Wait(wanted,
               wanted == IoDirection::kRead ? static_cast<IoWaiter*>(this) : &write_waiter_);
}

void TlsStream::Wait(IoDirection direction, IoWaiter* waiter) {
  waiters_[IndexOf(direction)] = waiter;
  if (waiter == nullptr) return;
  // Whoever tried first knows that it is closed or has failed.
  RT_CHECK(!closed_ && !failure_);
  // The handshake tells everybody when it is over.
  if (handshaken_) Arm(direction);
}

}  // namespace rt
