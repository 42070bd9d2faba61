#pragma once
// HTTP/1.1 server: bytes into a Request, a Response into bytes. Over TCP, TLS and a UNIX socket. A small pool of threads,
// blocking handlers, one request at a time on each; never a call thread.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/address.h"
#include "base/result.h"

namespace carillon::http {

struct Request {
  std::string method;
  std::string path;      // decoded, without query
  std::vector<std::pair<std::string, std::string>> query;
  std::vector<std::pair<std::string, std::string>> headers;  // names in lower case
  std::string body;
  bool local = false;    // came over the UNIX socket: the operating system vouched for the caller
  Address remote;
  std::string_view header(std::string_view lower_name) const;
  std::string_view parameter(std::string_view name) const;
};

struct Response {
  int status = 200;
  std::string content_type = "application/json";
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  // When set, called again and again for the next piece of a streamed (chunked) body until it gives an empty one.
  std::function<std::string()> stream;
};

using Handler = std::function<Response(const Request&)>;

struct ServerOptions {
  std::vector<Address> http;
  std::vector<Address> https;
  std::string unix_socket;       // path, "" for none; mode 0600
  std::string certificate_file, key_file;
  size_t threads = 4;
  size_t max_body = 64u << 20;   // bytes (imports are large): 413 above
};

class Server {
 public:
  Server(ServerOptions options, Handler handler);
  ~Server();
  // Opens the sockets; a fault names the one that cannot be opened.
  Result<void> start();
  void reload_certificate();
  void stop();
  // What was bound, ports filled in.
  std::vector<std::pair<std::string, Address>> bound() const;  // "http" or "https"

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace carillon::http
