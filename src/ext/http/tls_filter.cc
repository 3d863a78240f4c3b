// OpenSSL between two memory BIOs: what was read goes in whole, what it makes is taken out whole.
#include "src/ext/http/tls_filter.h"

#include <openssl/err.h>

namespace rt {
namespace {

constexpr size_t kRecord = 16384;

class TlsFilter final : public http::WireFilter {
 public:
  explicit TlsFilter(std::shared_ptr<TlsServerContext> context)
      : context_(std::move(context)), ssl_(context_->NewSsl()) {
    in_ = BIO_new(BIO_s_mem());
    out_ = BIO_new(BIO_s_mem());
    RT_CHECK(in_ != nullptr && out_ != nullptr);
    // An empty input is "not yet", not the end.
    BIO_set_mem_eof_return(in_, -1);
    SSL_set_bio(ssl_.get(), in_, out_);
    SSL_set_mode(ssl_.get(), SSL_MODE_RELEASE_BUFFERS);
  }

  State Receive(std::string_view bytes, std::string* plain, http::Output* wire) override {
    ERR_clear_error();
    if (BIO_write(in_, bytes.data(), static_cast<int>(bytes.size())) !=
        static_cast<int>(bytes.size())) {
      return State::kBroken;
    }
    State state = State::kOpen;
    char record[kRecord];
    for (;;) {
      size_t size = 0;
      // The handshake is done in here.
      const int result = SSL_read_ex(ssl_.get(), record, sizeof record, &size);
      if (result == 1) {
        plain->append(record, size);
        continue;
      }
      const int why = SSL_get_error(ssl_.get(), result);
      if (why == SSL_ERROR_ZERO_RETURN) state = State::kEnded;
      if (why == SSL_ERROR_SSL || why == SSL_ERROR_SYSCALL) state = State::kBroken;
      break;
    }
    ERR_clear_error();
    TakeOutput(wire);
    return state;
  }

  bool Send(std::string_view plain, http::Output* wire) override {
    ERR_clear_error();
    size_t size = 0;
    // A memory BIO takes everything at once.
    const bool done = SSL_write_ex(ssl_.get(), plain.data(), plain.size(), &size) == 1;
    ERR_clear_error();
    TakeOutput(wire);
    return done && size == plain.size();
  }

  std::string_view Alpn() const override {
    const unsigned char* name = nullptr;
    unsigned size = 0;
    SSL_get0_alpn_selected(ssl_.get(), &name, &size);
    return {reinterpret_cast<const char*>(name), size};
  }

  void End(http::Output* wire) override {
    ERR_clear_error();
    (void)SSL_shutdown(ssl_.get());
    ERR_clear_error();
    TakeOutput(wire);
  }

 private:
  void TakeOutput(http::Output* wire) {
    char* data = nullptr;
    const long size = BIO_get_mem_data(out_, &data);
    if (size <= 0) return;
    wire->Append({data, static_cast<size_t>(size)});
    (void)BIO_reset(out_);
  }

  std::shared_ptr<TlsServerContext> context_;
  SslPtr ssl_;
  BIO* in_;   // owned by ssl_
  BIO* out_;  // owned by ssl_
};

}  // namespace

std::unique_ptr<http::WireFilter> MakeTlsFilter(std::shared_ptr<TlsServerContext> context) {
  return std::make_unique<TlsFilter>(std::move(context));
}

}  // namespace rt
