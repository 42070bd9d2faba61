#pragma once
// HTTP/1.1 server: bytes into a Request, a Response into bytes (RFC 9110, RFC 9112). Over TCP, TLS 1.2 and later, and a
// UNIX socket. One blocking thread for each connection, bounded; never a call thread. A handler may block; at most
// `threads` of them run at once, streamed bodies not counted.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/address.h"
#include "base/result.h"
#include "base/time.h"

namespace carillon::http {

struct Request {
  std::string method;
  std::string path;    // decoded, without query
  std::string target;  // the path as it came: escapes untouched, so that %2F stays within a segment
  std::vector<std::pair<std::string, std::string>> query;
  std::vector<std::pair<std::string, std::string>> headers;  // names in lower case
  std::string body;
  bool local = false;  // came over the UNIX socket: the operating system vouched for the caller
  Address remote;
  // The first of that name; "" when there is none.
  std::string_view header(std::string_view lower_name) const;
  std::string_view parameter(std::string_view name) const;
};

// Where a streamed body goes.
class Writer {
 public:
  virtual ~Writer() = default;
  // Sends a piece at once; false when the peer has gone or the server stops: give up then.
  virtual bool write(std::string_view piece) = 0;
  // Lets time pass; false as above.
  virtual bool wait(Duration time) = 0;
};

struct Response {
  int status = 200;
  std::string content_type = "application/json";
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  // When set, called again and again for the next piece of a streamed (chunked) body until it gives an empty one.
  std::function<std::string()> stream;
  // When set, called once to write a streamed body as it comes to be.
  std::function<void(Writer&)> produce;
};

using Handler = std::function<Response(const Request&)>;

struct ServerOptions {
  std::vector<Address> http;
  std::vector<Address> https;
  std::string unix_socket;  // path, "" for none; mode 0600
  std::string certificate_file, key_file;
  size_t threads = 4;
  size_t max_body = 64u << 20;  // bytes (imports are large): 413 above
  // Asked when the header is complete, before any of the body is read: a response refuses the request there and then,
  // so that a stranger's body costs nothing.
  std::function<std::optional<Response>(const Request&)> admit;
  size_t connections = 256;              // over TCP at once; the one that idles longest gives way to a new one
  size_t local_connections = 64;         // the same over the UNIX socket
  Duration header_time = seconds(10);    // for a whole header, and for a TLS handshake: 408 after that
  Duration body_silence = seconds(60);   // without a byte of the body: 408
  Duration idle_time = seconds(60);      // of a connection that is kept alive
  Duration write_silence = seconds(30);  // a peer that takes nothing for so long is dropped
};

class Server {
 public:
  Server(ServerOptions options, Handler handler);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  // Opens the sockets; a fault names the one that cannot be opened. Ignores SIGPIPE for the process.
  Result<void> start();
  // Reads the certificate and key again; connections that stand keep what they have. False when the files cannot be
  // used: the old certificate stays then.
  bool reload_certificate();
  // Ends all connections and waits for the handlers that run. May be called again.
  void stop();
  // What was bound, ports filled in.
  std::vector<std::pair<std::string, Address>> bound() const;  // "http" or "https"

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace carillon::http
