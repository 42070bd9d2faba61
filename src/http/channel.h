#pragma once
// A byte channel over a connected socket, plain or TLS, with time-outs. The one door to OpenSSL's SSL in http/.

#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "http/socket.h"

struct ssl_ctx_st;
struct ssl_st;

namespace carillon::http {

// Keys and rules of TLS, 1.2 at least. Thread-safe.
class TlsContext {
 public:
  TlsContext() = default;
  ~TlsContext();
  TlsContext(const TlsContext&) = delete;
  TlsContext& operator=(const TlsContext&) = delete;
  // For a server; may be called again to change the certificate. A fault leaves all as it was.
  Result<void> load_server(const std::string& certificate_file, const std::string& key_file);
  // For a client. `ca_file` "": the system's authorities.
  Result<void> load_client(bool verify, const std::string& ca_file);
  // A new connection's state; the caller owns it. Null when nothing is loaded.
  ssl_st* make() const;

 private:
  void replace(ssl_ctx_st* context);
  mutable std::mutex mutex_;
  ssl_ctx_st* context_ = nullptr;
};

enum class Io { ok, closed, timeout, stopped };

// Single owner. `stop_fd` (-1: none) becoming readable ends every wait.
class Channel {
 public:
  Channel(Fd fd, int stop_fd) : fd_(std::move(fd)), stop_fd_(stop_fd) {}
  ~Channel();
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;

  // TLS handshakes; before any reading or writing. `name` is whom the certificate must be for.
  Io accept_tls(const TlsContext& context, Instant deadline);
  Result<void> connect_tls(const TlsContext& context, const std::string& name, bool verify, Instant deadline);

  // Appends what there is, at least a byte when `ok`.
  Io read(std::string& to, Instant deadline);
  // `silence`: the longest time without progress.
  Io write(std::string_view bytes, Duration silence);
  // Lets time pass; `closed` when the peer goes meanwhile.
  Io wait(Instant until);
  // Says good-bye and lets the peer read what was sent before the socket closes.
  void close_gently();
  int fd() const { return fd_.get(); }

 private:
  Io after_ssl(int result, Instant deadline);
  Fd fd_;
  int stop_fd_;
  ssl_st* ssl_ = nullptr;
};

}  // namespace carillon::http
