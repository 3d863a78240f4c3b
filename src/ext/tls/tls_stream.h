// TlsStream: TLS 1.2 or 1.3 over any stream resource, itself a stream resource. OpenSSL reads from
// and writes to the stream below directly; there is no buffer between them. The handshake starts at
// once and goes on by itself; reads and writes wait for it. A failure is kept: every later call
// gets the same error. Closing sends close_notify if that needs no waiting, and closes the stream
// below.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "src/ext/tls/openssl_ptr.h"
#include "src/ext/tls/tls_error.h"
#include "src/resource/stream_resource.h"

namespace rt {

// What one connection needs besides the SSL object; all of it is kept until the stream is gone.
struct TlsPeer {
  std::string host;               // for messages; empty on the server's side
  std::string store;              // what was trusted, for messages
  std::string session_key;        // client: names the session to resume
  std::shared_ptr<void> context;  // keeps the SSL_CTX's owner, which SSL callbacks refer to
};

class TlsStream final : public StreamResource, private IoWaiter {
 public:
  // `ssl` has its side (connect or accept) set. Takes over `below`, which nobody else may use.
  static Ref<TlsStream> Start(Loop& loop, Ref<StreamResource> below, SslPtr ssl, TlsPeer peer);
  TlsStream(Loop& loop, Ref<StreamResource> below, SslPtr ssl, TlsPeer peer);

  std::string_view name() const override { return "tlsStream"; }
  void Close() override;

  Moved TryRead(std::span<uint8_t> into) override;
  Moved TryWrite(std::span<const iovec> parts) override;
  Result<bool> TryShutdown() override;
  void Wait(IoDirection direction, IoWaiter* waiter) override;

  // Waits until the handshake is done; any number of callers.
  Task<Result<bool>> Handshake();
  bool handshaken() const { return handshaken_; }
  // What ALPN chose; nothing before the handshake, or when nothing was offered.
  std::optional<std::string> alpn_protocol() const;
  bool resumed() const { return SSL_session_reused(ssl_.get()) == 1; }
  const TlsPeer& peer() const { return peer_; }
  StreamResource& below() const { return *below_; }

  // For the verification callback: the stream that an SSL object belongs to.
  static TlsStream* Of(const SSL* ssl);
  void NoteFailure(CertificateFailure failure) { certificate_failure_ = std::move(failure); }

 private:
  ~TlsStream() override;
  bool closed() const override { return closed_; }

  // Told when the stream below can be written; this object itself when it can be read.
  struct WriteWaiter final : IoWaiter {
    TlsStream* owner = nullptr;
    void OnIoReady() override { owner->OnBelow(IoDirection::kWrite); }
  };
  class HandshakeWait;

  static int BioRead(BIO* bio, char* into, size_t size, size_t* moved);
  static int BioWrite(BIO* bio, const char* from, size_t size, size_t* moved);
  static long BioControl(BIO* bio, int command, long number, void* pointer);
  static const BIO_METHOD* Method();

  void OnIoReady() override { OnBelow(IoDirection::kRead); }
  void OnBelow(IoDirection direction);
  void Drive();
  void WakeAll();
  // Waits for what OpenSSL wanted last in one direction.
  void Arm(IoDirection direction);
  // Nothing: it must wait; remembers for what. Else the error.
  Moved Explain(int result, IoDirection direction);
  // The peer's last word, if that is what comes next.
  std::optional<Error> PendingAlert();
  Error Fail(Error error);

  Ref<StreamResource> below_;
  SslPtr ssl_;
  TlsPeer peer_;
  bool closed_ = false;
  bool handshaken_ = false;
  std::optional<Error> failure_;
  std::optional<Error> below_failure_;  // what the stream below said last
  CertificateFailure certificate_failure_;
  WriteWaiter write_waiter_;
  IoWaiter* waiters_[2] = {nullptr, nullptr};
  IoDirection wants_[2] = {IoDirection::kRead, IoDirection::kWrite};
  IoDirection handshake_wants_ = IoDirection::kRead;
  std::vector<std::coroutine_handle<>> handshake_waiters_;
};

}  // namespace rt
