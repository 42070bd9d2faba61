#include "net/tls.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>

#include <cerrno>

namespace carillon::net {
namespace {

constexpr const char* kSuites12 = "ECDHE+AESGCM:ECDHE+CHACHA20";

std::string why() {
  char text[256] = "unknown error";
  if (const auto code = ERR_get_error(); code != 0) ERR_error_string_n(code, text, sizeof text);
  ERR_clear_error();
  return text;
}

SSL_CTX* new_context(const SSL_METHOD* method) {
  SSL_CTX* c = SSL_CTX_new(method);
  if (c == nullptr) return nullptr;
  SSL_CTX_set_min_proto_version(c, TLS1_2_VERSION);
  SSL_CTX_set_cipher_list(c, kSuites12);
  SSL_CTX_set_options(
      c, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_NO_TICKET | SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_num_tickets(c, 0);
  SSL_CTX_set_session_cache_mode(c, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_mode(c, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
  return c;
}

}  // namespace

TlsContext::~TlsContext() { SSL_CTX_free(context_); }

Result<std::shared_ptr<const TlsContext>> TlsContext::server(const std::string& certificate_file,
                                                             const std::string& key_file) {
  SSL_CTX* c = new_context(TLS_server_method());
  if (c == nullptr) return Fault{FaultKind::internal, "no TLS: " + why(), ""};
  std::shared_ptr<const TlsContext> context(new TlsContext(c));
  if (SSL_CTX_use_certificate_chain_file(c, certificate_file.c_str()) != 1) {
    return Fault{FaultKind::invalid, "cannot use the certificate " + certificate_file + ": " + why(), certificate_file};
  }
  if (SSL_CTX_use_PrivateKey_file(c, key_file.c_str(), SSL_FILETYPE_PEM) != 1 || SSL_CTX_check_private_key(c) != 1) {
    return Fault{FaultKind::invalid, "cannot use the private key " + key_file + ": " + why(), key_file};
  }
  return context;
}

Result<std::shared_ptr<const TlsContext>> TlsContext::client(const std::string& ca_file) {
  SSL_CTX* c = new_context(TLS_client_method());
  if (c == nullptr) return Fault{FaultKind::internal, "no TLS: " + why(), ""};
  std::shared_ptr<const TlsContext> context(new TlsContext(c));
  SSL_CTX_set_verify(c, SSL_VERIFY_PEER, nullptr);
  if (ca_file.empty()) {
    SSL_CTX_set_default_verify_paths(c);
  } else if (SSL_CTX_load_verify_locations(c, ca_file.c_str(), nullptr) != 1) {
    return Fault{FaultKind::invalid, "cannot use the authorities in " + ca_file + ": " + why(), ca_file};
  }
  return context;
}

Stream::~Stream() { SSL_free(ssl_); }

Stream::Stream(Stream&& o) noexcept
    : fd_(std::move(o.fd_)), ssl_(std::exchange(o.ssl_, nullptr)), wants_write_(o.wants_write_) {}

bool Stream::accept_tls(const TlsContext& context) {
  ssl_ = SSL_new(context.handle());
  if (ssl_ == nullptr || SSL_set_fd(ssl_, fd_.get()) != 1) return false;
  SSL_set_accept_state(ssl_);
  return true;
}

bool Stream::connect_tls(const TlsContext& context, const Address& peer) {
  ssl_ = SSL_new(context.handle());
  if (ssl_ == nullptr || SSL_set_fd(ssl_, fd_.get()) != 1) return false;
  SSL_set_connect_state(ssl_);
  return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl_), peer.ip_text().c_str()) == 1;
}

Io Stream::judge(int result) {
  const int error = SSL_get_error(ssl_, result);
  wants_write_ = error == SSL_ERROR_WANT_WRITE;
  if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE) return Io::again;
  ERR_clear_error();
  return Io::closed;
}

Io Stream::handshake() {
  if (ssl_ == nullptr) return Io::done;
  ERR_clear_error();
  const int result = SSL_do_handshake(ssl_);
  if (result != 1) return judge(result);
  wants_write_ = false;
  return Io::done;
}

Io Stream::read(std::span<char> into, size_t* got) {
  *got = 0;
  if (ssl_ != nullptr) {
    ERR_clear_error();
    const int result = SSL_read_ex(ssl_, into.data(), into.size(), got);
    if (result == 1) return wants_write_ = false, Io::done;
    return judge(result);
  }
  const ssize_t n = recv(fd_.get(), into.data(), into.size(), 0);
  if (n > 0) return *got = static_cast<size_t>(n), Io::done;
  return n < 0 && (errno == EAGAIN || errno == EINTR) ? Io::again : Io::closed;
}

Io Stream::write(std::string_view bytes, size_t* sent) {
  *sent = 0;
  if (ssl_ != nullptr) {
    ERR_clear_error();
    const int result = SSL_write_ex(ssl_, bytes.data(), bytes.size(), sent);
    if (result == 1) return Io::done;
    return judge(result);
  }
  const ssize_t n = send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
  if (n >= 0) return *sent = static_cast<size_t>(n), Io::done;
  return errno == EAGAIN || errno == EINTR ? Io::again : Io::closed;
}

void Stream::finish() {
  if (ssl_ != nullptr) ERR_clear_error(), SSL_shutdown(ssl_), ERR_clear_error();
  shutdown(fd_.get(), SHUT_WR);
}

}  // namespace carillon::net
