// Sessions are resumed by connections of the same identity and by no other. Certificates are made
// here.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>

#include "src/ext/net/net.h"
#include "src/ext/tls/tls.h"

namespace rt {
namespace {

std::string TextOf(BIO* memory) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(memory, &data);
  return std::string(data, static_cast<size_t>(size));
}

// Signed by itself, for localhost, valid for an hour.
TlsKeyPair MakePair(long serial) {
  const EvpPkeyPtr key(EVP_EC_gen("P-256"));
  const X509Ptr certificate(X509_new());
  X509_set_version(certificate.get(), 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), serial);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -60);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
  X509_set_pubkey(certificate.get(), key.get());
  X509_NAME* name = X509_get_subject_name(certificate.get());
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>("localhost"), -1, -1, 0);
  X509_set_issuer_name(certificate.get(), name);
  X509_EXTENSION* names =
      X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, "DNS:localhost");
  X509_add_ext(certificate.get(), names, -1);
  X509_EXTENSION_free(names);
  X509_sign(certificate.get(), key.get(), EVP_sha256());
  TlsKeyPair pair;
  const BioPtr cert_text(BIO_new(BIO_s_mem()));
  PEM_write_bio_X509(cert_text.get(), certificate.get());
  pair.cert = TextOf(cert_text.get());
  const BioPtr key_text(BIO_new(BIO_s_mem()));
  PEM_write_bio_PrivateKey(key_text.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  pair.key = TextOf(key_text.get());
  return pair;
}

class SessionTest : public testing::Test {
 protected:
  void SetUp() override {
    auto loop = Loop::Create();
    ASSERT_TRUE(loop.ok());
    loop_ = std::move(loop).value();
    pair_ = MakePair(1);
    TlsServerOptions server_options;
    server_options.key_pairs = {pair_};
    auto server = TlsServerContext::Create(server_options, TlsSettings());
    ASSERT_TRUE(server.ok());
    server_ = std::move(server).value();
    options_.hostname = "localhost";
    options_.port = 1;
    options_.ca_certs = {pair_.cert};
  }

  Ref<SocketStream> Adopt(int fd) {
    auto stream = SocketStream::Create(*loop_, OwnedFd(fd), SocketStream::Kind::kUnix);
    RT_CHECK(stream.ok());
    return std::move(stream).value();
  }

  template <class T>
  Result<T> Finish(Task<Result<T>> task) {
    task.Start(nullptr);
    while (!task.done()) loop_->Poll(true);
    return task.TakeValue();
  }

  // Connects, moves a byte (so that the tickets arrive) and closes. Whether it was resumed.
  Result<bool> Connect(TlsClients& clients, const TlsClientOptions& options) {
    int ends[2];
    RT_CHECK(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends) == 0);
    const auto server = server_->Start(*loop_, Adopt(ends[0]));
    auto started = clients.Start(*loop_, Adopt(ends[1]), options);
    if (!started.ok()) return started.TakeError();
    const auto client = std::move(started).value();
    auto done = Finish(client->Handshake());
    if (!done.ok()) return done.TakeError();
    const uint8_t byte[] = {7};
    RT_CHECK(Finish(WriteAll(*server, byte)).ok());
    uint8_t read[1] = {0};
    RT_CHECK(*Finish(ReadSome(*client, read)) == 1 && read[0] == 7);
    const bool resumed = client->resumed();
    client->Close();
    server->Close();
    return resumed;
  }

  std::unique_ptr<Loop> loop_;
  TlsKeyPair pair_;
  std::shared_ptr<TlsServerContext> server_;
  TlsClientOptions options_;
};

TEST_F(SessionTest, TheSameIdentityResumes) {
  TlsClients clients(nullptr);
  EXPECT_FALSE(*Connect(clients, options_));
  EXPECT_TRUE(*Connect(clients, options_));
  EXPECT_TRUE(*Connect(clients, options_));
}

TEST_F(SessionTest, EveryOptionIsPartOfTheIdentity) {
  TlsClients clients(nullptr);
  EXPECT_FALSE(*Connect(clients, options_));
  auto differs = [&](auto change) {
    TlsClientOptions other = options_;
    change(other);
    auto resumed = Connect(clients, other);
    return resumed.ok() && !*resumed;
  };
  EXPECT_TRUE(differs([](TlsClientOptions& o) { o.port = 2; }));
  EXPECT_TRUE(differs([](TlsClientOptions& o) { o.verify_hostname = false; }));
  EXPECT_TRUE(differs([](TlsClientOptions& o) { o.alpn = {"http/1.1"}; }));
  EXPECT_TRUE(differs([](TlsClientOptions& o) { o.key_pair = MakePair(2); }));
  EXPECT_TRUE(differs([](TlsClientOptions& o) { o.ca_certs.push_back(MakePair(3).cert); }));
  EXPECT_TRUE(*Connect(clients, options_));
}

TEST_F(SessionTest, LooseTrustIsNeverResumedUnderStrictTrust) {
  auto settings = std::make_shared<TlsSettings>();
  settings->ignore_errors = true;
  settings->ignore_hosts = {"loose.test"};
  TlsClients clients(settings);
  TlsClientOptions loose = options_;
  loose.hostname = "loose.test";
  loose.ca_certs.clear();
  EXPECT_FALSE(*Connect(clients, loose));
  TlsClientOptions strict = options_;
  strict.ca_certs.clear();
  auto refused = Connect(clients, strict);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().error_class, ErrorClass::kInvalidData);
  EXPECT_NE(refused.error().message.find("UnknownIssuer (localhost"), std::string::npos);
}

TEST_F(SessionTest, DroppingAStreamInTheMiddleOfTheHandshakeIsHarmless) {
  TlsClients clients(nullptr);
  int ends[2];
  ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends), 0);
  { auto dropped = clients.Start(*loop_, Adopt(ends[1]), options_); }
  uint8_t rest[4096];
  EXPECT_GT(read(ends[0], rest, sizeof rest), 0);
  EXPECT_EQ(read(ends[0], rest, sizeof rest), 0);
  close(ends[0]);
  loop_->Poll(false);
}

}  // namespace
}  // namespace rt
