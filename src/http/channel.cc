#include "http/channel.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>

#include <cerrno>

#include "base/address.h"

namespace carillon::http {
namespace {

constexpr size_t kPiece = 32 * 1024;

std::string ssl_why() {
  char text[200] = "unknown";
  if (const auto code = ERR_get_error(); code != 0) ERR_error_string_n(code, text, sizeof text);
  ERR_clear_error();
  return text;
}

Io io_of(Ready ready) {
  switch (ready) {
    case Ready::yes:
      return Io::ok;
    case Ready::timeout:
      return Io::timeout;
    case Ready::stopped:
      break;
  }
  return Io::stopped;
}

void set_peer_name(SSL* ssl, const std::string& name) {
  if (Address::parse_ip(name, 0)) {
    X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), name.c_str());
  } else {
    SSL_set_tlsext_host_name(ssl, name.c_str());
    SSL_set1_host(ssl, name.c_str());
  }
}

}  // namespace

TlsContext::~TlsContext() { replace(nullptr); }

void TlsContext::replace(ssl_ctx_st* context) {
  const std::lock_guard lock(mutex_);
  SSL_CTX_free(context_);  // connections that stand keep a count of their own
  context_ = context;
}

ssl_st* TlsContext::make() const {
  const std::lock_guard lock(mutex_);
  return context_ == nullptr ? nullptr : SSL_new(context_);
}

Result<void> TlsContext::load_server(const std::string& certificate_file, const std::string& key_file) {
  SSL_CTX* context = SSL_CTX_new(TLS_server_method());
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  if (SSL_CTX_use_certificate_chain_file(context, certificate_file.c_str()) != 1) {
    SSL_CTX_free(context);
    return Fault{FaultKind::invalid, "cannot use the certificate " + certificate_file + ": " + ssl_why(),
                 certificate_file};
  }
  if (SSL_CTX_use_PrivateKey_file(context, key_file.c_str(), SSL_FILETYPE_PEM) != 1 ||
      SSL_CTX_check_private_key(context) != 1) {
    SSL_CTX_free(context);
    return Fault{FaultKind::invalid, "cannot use the private key " + key_file + ": " + ssl_why(), key_file};
  }
  replace(context);
  return {};
}

Result<void> TlsContext::load_client(bool verify, const std::string& ca_file) {
  SSL_CTX* context = SSL_CTX_new(TLS_client_method());
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_verify(context, verify ? SSL_VERIFY_PEER : SSL_VERIFY_NONE, nullptr);
  const bool loaded = ca_file.empty() ? SSL_CTX_set_default_verify_paths(context) == 1
                                      : SSL_CTX_load_verify_locations(context, ca_file.c_str(), nullptr) == 1;
  if (verify && !loaded) {
    SSL_CTX_free(context);
    return Fault{FaultKind::invalid, "cannot use the authorities in " + ca_file + ": " + ssl_why(), "ca-file"};
  }
  ERR_clear_error();
  replace(context);
  return {};
}

Channel::~Channel() { SSL_free(ssl_); }

// What to do after an SSL call that gave `result` <= 0: `ok` is "try again".
Io Channel::after_ssl(int result, Instant deadline) {
  switch (SSL_get_error(ssl_, result)) {
    case SSL_ERROR_WANT_READ:
      return io_of(wait_for(fd_.get(), false, stop_fd_, deadline));
    case SSL_ERROR_WANT_WRITE:
      return io_of(wait_for(fd_.get(), true, stop_fd_, deadline));
    default:
      return Io::closed;  // the reason stays in the thread's error queue until the next call
  }
}

Io Channel::accept_tls(const TlsContext& context, Instant deadline) {
  ssl_ = context.make();
  if (ssl_ == nullptr || SSL_set_fd(ssl_, fd_.get()) != 1) return Io::closed;
  while (true) {
    ERR_clear_error();
    const int result = SSL_accept(ssl_);
    if (result == 1) return Io::ok;
    if (const Io io = after_ssl(result, deadline); io != Io::ok) return io;
  }
}

Result<void> Channel::connect_tls(const TlsContext& context, const std::string& name, bool verify, Instant deadline) {
  ssl_ = context.make();
  if (ssl_ == nullptr || SSL_set_fd(ssl_, fd_.get()) != 1) return Fault{FaultKind::internal, "TLS cannot start", ""};
  if (verify) set_peer_name(ssl_, name);
  while (true) {
    ERR_clear_error();
    const int result = SSL_connect(ssl_);
    if (result == 1) return {};
    const Io io = after_ssl(result, deadline);
    if (io == Io::ok) continue;
    if (const long bad = SSL_get_verify_result(ssl_); verify && bad != X509_V_OK) {
      return Fault{FaultKind::denied,
                   "the server's certificate is not trusted: " + std::string(X509_verify_cert_error_string(bad)) +
                       " (--ca-file FILE names its authority, --insecure goes without)",
                   "ca-file"};
    }
    return Fault{FaultKind::unavailable,
                 "TLS with " + name + " failed: " + (io == Io::timeout ? "no answer" : ssl_why()), ""};
  }
}

Io Channel::read(std::string& to, Instant deadline) {
  const size_t old = to.size();
  to.resize(old + kPiece);
  while (true) {
    ssize_t got;
    if (ssl_ != nullptr) {
      ERR_clear_error();
      got = SSL_read(ssl_, to.data() + old, kPiece);
    } else {
      got = ::recv(fd_.get(), to.data() + old, kPiece, 0);
    }
    if (got > 0) {
      to.resize(old + static_cast<size_t>(got));
      return Io::ok;
    }
    Io io = Io::closed;
    if (ssl_ != nullptr) {
      io = after_ssl(static_cast<int>(got), deadline);
    } else if (got < 0 && (errno == EAGAIN || errno == EINTR)) {
      io = io_of(wait_for(fd_.get(), false, stop_fd_, deadline));
    }
    if (io != Io::ok) {
      to.resize(old);
      return io;
    }
  }
}

Io Channel::write(std::string_view bytes, Duration silence) {
  Instant deadline = monotonic_now() + silence;
  while (!bytes.empty()) {
    ssize_t sent;
    if (ssl_ != nullptr) {
      ERR_clear_error();
      sent = SSL_write(ssl_, bytes.data(), static_cast<int>(std::min(bytes.size(), kPiece)));
    } else {
      sent = ::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    }
    if (sent > 0) {
      bytes.remove_prefix(static_cast<size_t>(sent));
      deadline = monotonic_now() + silence;
      continue;
    }
    Io io = Io::closed;
    if (ssl_ != nullptr) {
      io = after_ssl(static_cast<int>(sent), deadline);
    } else if (errno == EAGAIN || errno == EINTR) {
      io = io_of(wait_for(fd_.get(), true, stop_fd_, deadline));
    }
    if (io != Io::ok) return io;
  }
  return Io::ok;
}

Io Channel::wait(Instant until) {
  const Ready ready = wait_for(fd_.get(), false, stop_fd_, until);
  if (ready == Ready::timeout) return Io::ok;
  if (ready == Ready::stopped) return Io::stopped;
  // Bytes or an end. Bytes of a next request are no reason to stop: then only the end of this wait is watched.
  char byte;
  if (::recv(fd_.get(), &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0) return Io::closed;
  return wait_for(-1, false, stop_fd_, until) == Ready::stopped ? Io::stopped : Io::ok;
}

void Channel::close_gently() {
  if (ssl_ != nullptr) SSL_shutdown(ssl_);
  ERR_clear_error();
  ::shutdown(fd_.get(), SHUT_WR);
  // Closing with unread bytes would reset the connection and take our answer with it (RFC 9112 §9.6).
  const Instant deadline = monotonic_now() + milliseconds(500);
  char piece[4096];
  for (size_t total = 0; total < (1u << 20);) {
    if (wait_for(fd_.get(), false, stop_fd_, deadline) != Ready::yes) return;
    const ssize_t got = ::recv(fd_.get(), piece, sizeof piece, MSG_DONTWAIT);
    if (got <= 0) return;
    total += static_cast<size_t>(got);
  }
}

}  // namespace carillon::http
