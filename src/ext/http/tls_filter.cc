// OpenSSL below HTTP: it reads what came from the socket where it lies, and writes into the
// connection's output.
#include "src/ext/http/tls_filter.h"

#include <openssl/err.h>

#include <algorithm>
#include <cstring>
#include <utility>

namespace rt {
namespace {

constexpr size_t kRecord = 16384;

// SSL_get_error takes what anybody left in the thread's queue for its own. Clearing touches all of
// it, looking does not.
void ClearErrors() {
  if (ERR_peek_error() != 0) [[unlikely]]
    ERR_clear_error();
}

class TlsFilter final : public http::WireFilter {
 public:
  explicit TlsFilter(std::shared_ptr<TlsServerContext> context)
      : context_(std::move(context)), ssl_(context_->NewSsl()) {
    BIO* bio = BIO_new(Method());
    RT_CHECK(bio != nullptr);
    BIO_set_data(bio, this);
    BIO_set_init(bio, 1);
    SSL_set_bio(ssl_.get(), bio, bio);
    // All that there is at once, rather than a record's head and then its body.
    SSL_set_read_ahead(ssl_.get(), 1);
  }

  State Receive(std::string_view bytes, std::string* plain, http::Output* wire) override {
    ClearErrors();
    input_ = bytes;
    wire_ = wire;
    State state = State::kOpen;
    char record[kRecord];
    do {
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
      ERR_clear_error();
      break;
    } while (!input_.empty() || SSL_has_pending(ssl_.get()) == 1);
    input_ = {};
    wire_ = nullptr;
    return state;
  }

  bool Send(std::string_view plain, http::Output* wire) override {
    ClearErrors();
    wire_ = wire;
    size_t size = 0;
    // The output takes everything at once.
    const bool done = SSL_write_ex(ssl_.get(), plain.data(), plain.size(), &size) == 1;
    wire_ = nullptr;
    if (!done) ERR_clear_error();
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
    wire_ = wire;
    (void)SSL_shutdown(ssl_.get());
    wire_ = nullptr;
    ERR_clear_error();
  }

  // A connection that works keeps its two buffers of a record each: making them anew for every
  // request is a tenth of what TLS costs.
  void Rest() override { (void)SSL_free_buffers(ssl_.get()); }

 private:
  static const BIO_METHOD* Method() {
    static const BIO_METHOD* const kMethod = [] {
      BIO_METHOD* method =
          BIO_meth_new(BIO_TYPE_SOURCE_SINK | BIO_get_new_index(), "rt HTTP connection");
      RT_CHECK(method != nullptr);
      BIO_meth_set_read_ex(method, &TlsFilter::Read);
      BIO_meth_set_write_ex(method, &TlsFilter::Write);
      BIO_meth_set_ctrl(method, &TlsFilter::Control);
      return method;
    }();
    return kMethod;
  }

  // Nothing left is "not yet": the end of the connection is not told here.
  static int Read(BIO* bio, char* into, size_t size, size_t* moved) {
    auto* self = static_cast<TlsFilter*>(BIO_get_data(bio));
    BIO_clear_retry_flags(bio);
    *moved = std::min(size, self->input_.size());
    if (*moved == 0) {
      BIO_set_retry_read(bio);
      return 0;
    }
    std::memcpy(into, self->input_.data(), *moved);
    self->input_.remove_prefix(*moved);
    return 1;
  }

  static int Write(BIO* bio, const char* from, size_t size, size_t* moved) {
    auto* self = static_cast<TlsFilter*>(BIO_get_data(bio));
    BIO_clear_retry_flags(bio);
    *moved = 0;
    // Only while a call of ours is under way.
    if (self->wire_ == nullptr) return 0;
    self->wire_->Append({from, size});
    *moved = size;
    return 1;
  }

  static long Control(BIO*, int command, long, void*) { return command == BIO_CTRL_FLUSH ? 1 : 0; }

  std::shared_ptr<TlsServerContext> context_;
  SslPtr ssl_;
  std::string_view input_;        // what Receive was given and OpenSSL has not taken
  http::Output* wire_ = nullptr;  // where what it makes goes
};

}  // namespace

std::unique_ptr<http::WireFilter> MakeTlsFilter(std::shared_ptr<TlsServerContext> context) {
  return std::make_unique<TlsFilter>(std::move(context));
}

}  // namespace rt
