#pragma once
// TLS for the edge: contexts (keys and rules), and streams that are plain or TLS behind one face. OpenSSL's SSL in net/
// is used here only.

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/address.h"
#include "base/result.h"
#include "net/fd.h"

struct ssl_ctx_st;
struct ssl_st;

namespace carillon::net {

// TLS 1.2 and 1.3, AEAD suites only, no renegotiation, no compression, no tickets. Thread-safe to use once made.
class TlsContext {
 public:
  static Result<std::shared_ptr<const TlsContext>> server(const std::string& certificate_file,
                                                          const std::string& key_file);
  // Peers must show a certificate that the system's authorities (or `ca_file` when not empty) vouch for.
  static Result<std::shared_ptr<const TlsContext>> client(const std::string& ca_file);
  ~TlsContext();
  TlsContext(const TlsContext&) = delete;
  TlsContext& operator=(const TlsContext&) = delete;
  ssl_ctx_st* handle() const { return context_; }

 private:
  explicit TlsContext(ssl_ctx_st* context) : context_(context) {}
  ssl_ctx_st* context_;
};

enum class Io { done, again, closed };  // again: wait for readable() or writable(), see wants_write()

// A connected non-blocking socket, with or without TLS. Single owner. SIGPIPE must be ignored or blocked.
class Stream {
 public:
  explicit Stream(Fd fd) : fd_(std::move(fd)) {}
  ~Stream();
  Stream(Stream&& o) noexcept;
  Stream& operator=(Stream&&) = delete;

  // Before reading or writing. False when there is no memory for it.
  bool accept_tls(const TlsContext& context);
  // The peer's certificate must be for this address.
  bool connect_tls(const TlsContext& context, const Address& peer);
  Io handshake();
  // `got`: bytes put into `into`, more than 0 when done.
  Io read(std::span<char> into, size_t* got);
  // `sent`: bytes taken, more than 0 when done.
  Io write(std::string_view bytes, size_t* sent);
  // Says that nothing more will come from us.
  void finish();
  bool wants_write() const { return wants_write_; }  // TLS needs to write before it can go on
  bool secure() const { return ssl_ != nullptr; }
  int fd() const { return fd_.get(); }

 private:
  Io judge(int result);
  Fd fd_;
  ssl_st* ssl_ = nullptr;
  bool wants_write_ = false;
};

}  // namespace carillon::net
